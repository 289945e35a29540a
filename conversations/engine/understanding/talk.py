"""What is said besides acts, values and questions: commands, the wish for a person, yes and no, and chatter."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from conversations.engine.later import ALL_LATER
from conversations.engine.texts import Language
from conversations.engine.understanding.intents import (
    Chatter,
    ChatterKind,
    Command,
    CommandWord,
    Confirm,
    Intent,
    PersonWanted,
    ProblemTold,
)
from conversations.engine.understanding.phrases import Typed, WordRow, without
from conversations.engine.understanding.word_lists import WordLists

_LANGUAGES: dict[str, Language] = {"german": "de", "english": "en"}
_COMMANDS: tuple[CommandWord, ...] = (
    "back",
    "help",
    "start",
    "status",
    "privacy",
    "restart",
    "cancel",
    "where",
    "language",
)
_PERSON_LISTS = ("person", "person_nouns", "person_asks", "person_parts")
_SHORT, _ABOUT_ME = 7, 11
"""So many words say nothing but that a person is wanted, and so many with „ich“ among them."""
_GAP = 2
"""So many other words may be between two words of a part."""


def command(heard: Typed, lists: WordLists) -> Intent | None:
    """The command that the whole message is. „Weiter?“ asks what comes, and neither goes on nor back."""
    said = heard.words
    polite = lists.words("interjections")
    core = without(said, polite)
    for candidate in dict.fromkeys((said, _trimmed(said, polite), core)):
        for name, language in _LANGUAGES.items():
            if candidate in lists.phrases(name):
                return Command("language", language)
        if heard.asks and any(candidate in lists.phrases(word) for word in ("next", "back")):
            return None
        for word in _COMMANDS:
            if candidate in lists.phrases(word):
                return PersonWanted("") if word == "help" and candidate in lists.phrases("person") else Command(word)
        if candidate in lists.phrases("next"):
            return Command("next")
    return _part_is_command(heard, lists)


def _trimmed(said: WordRow, polite: Collection[str]) -> WordRow:
    """The words without the polite ones around them: within a phrase, such as "everything about you", they count."""
    meant = [at for at, word in enumerate(said) if word not in polite]
    return said[meant[0] : meant[-1] + 1] if meant else said


def _part_is_command(heard: Typed, lists: WordLists) -> Intent | None:
    """„STOP, ich will abbrechen“: several clauses, of which one at least is „abbrechen“ and none says anything else."""
    if heard.asks or len(heard.clauses) < 2 or set(heard.words) & lists.words("negations"):  # noqa: PLR2004 - one clause is no part
        return None
    polite = lists.words("interjections")
    said = [clause for clause in heard.clauses if not set(clause) <= polite]
    for word in ("cancel", "restart"):
        if said and all(clause in lists.phrases(word) for clause in said):
            return Command(word, exact=False)
    return None


def person_wanted(heard: Typed, text: str, lists: WordLists, *, surely: bool) -> Intent | None:
    """Whether a person is wanted, in any words; `Chatter` when that is denied.

    With `surely` only what says nothing else: „kann das ein Mitarbeiter mit Unterkonto?“ may be a question.
    """
    said = lists.corrected(heard.words, _PERSON_LISTS)
    harmless = lists.words("interjections") | lists.words("particles")
    if not said or lists.has("presence", heard.words, harmless):
        return None
    if lists.has("declined", said, harmless) or _denied(said, lists):
        return Chatter("declined")
    if lists.has("person", said, harmless):
        return PersonWanted(text)
    if any(said[: len(part)] == part for part in lists.phrases("person_asked_about")):
        return None
    if surely and len(said) > (_ABOUT_ME if set(said) & lists.words("person_self") else _SHORT):
        return None
    clauses = (lists.corrected(clause, _PERSON_LISTS) for clause in heard.clauses)
    wanted = lists.has_part("person_parts", said, _GAP) or any(
        _asks_for_person(clause, harmless, lists) for clause in clauses
    )
    return PersonWanted(text) if wanted else None


def _denied(said: WordRow, lists: WordLists) -> bool:
    """„Kein Ticket“: denied, and nothing else of the message wants a person („kein Ticket, ruft mich an“)."""
    return lists.has_part("person_not", said, 1) and not lists.has_part("person_parts", said)


def _asks_for_person(clause: WordRow, harmless: frozenset[str], lists: WordLists) -> bool:
    nouns = set(clause) & lists.words("person_nouns")
    if not nouns:
        return False
    others = set(clause) - nouns
    return bool(others & lists.words("person_asks")) or others <= harmless


@dataclass(frozen=True)
class Replies:
    """What counts as yes and as no after a question of the bot's: the phrases of these lists, and some more."""

    yes: tuple[str, ...] = ("yes",)
    no: tuple[str, ...] = ("no",)
    more_yes: frozenset[WordRow] = frozenset()
    more_no: frozenset[WordRow] = frozenset()

    def verdict(self, said: WordRow, lists: WordLists) -> bool | None:
        """Yes, no, or neither. Exclamations and the like around it do not count."""
        harmless = lists.words("interjections") | lists.words("particles")
        for candidate in dict.fromkeys((said, tuple(word for word in said if word not in harmless))):
            if not candidate:
                continue
            first, rest = candidate[:1], candidate[1:]
            if self._denies(candidate, lists) or (first in lists.phrases("no") and self._denies(rest, lists)):
                return False
            if self._agrees(candidate, lists) or (first in lists.phrases("yes") and self._agrees(rest, lists)):
                return True
        return None

    def _denies(self, said: WordRow, lists: WordLists) -> bool:
        return said in self.more_no or any(lists.has(name, said) for name in self.no)

    def _agrees(self, said: WordRow, lists: WordLists) -> bool:
        return said in self.more_yes or any(lists.has(name, said) for name in self.yes)


def confirmed(heard: Typed, replies: Replies, lists: WordLists) -> Confirm | Literal["both"] | None:
    """Yes or no to a question of the bot's; "both" where more is said than that, `None` where neither is."""
    units = [*heard.clauses, *((sign,) for sign in heard.signs)]
    if heard.asks or not units:
        return None
    harmless = lists.words("interjections") | lists.words("particles")
    if heard.words and (verdict := replies.verdict(heard.words, lists)) is not None:
        return Confirm(verdict)
    verdicts = [replies.verdict(unit, lists) for unit in units]
    other = [
        unit
        for unit, verdict in zip(units, verdicts, strict=True)
        if verdict is None and not set(unit) <= harmless and chatter_of(unit, lists) is None
    ]
    said = {verdict for verdict in verdicts if verdict is not None}
    if len(said) == 1 and not other:
        return Confirm(said.pop())
    return "both" if said else None


def works_now(heard: Typed, text: str, replies: Replies, lists: WordLists) -> Intent | None:
    """Yes, no, or a problem in other words, after "does it work now?"; `None` for anything else."""
    answer = confirmed(heard, replies, lists)
    if isinstance(answer, Confirm):
        return answer
    troubled = set(heard.words) & (lists.words("negations") | lists.words("trouble"))
    if heard.asks or (answer is None and (not troubled or chatter(heard, lists) is not None)):
        return None
    return ProblemTold(text)


def grouping(heard: Typed, lists: WordLists) -> Intent | None:
    """Whether somebody wants to see the steps of a message one by one, or together again."""
    if heard.asks:
        return None
    polite = lists.words("interjections")
    said = tuple(word for word in heard.words if word not in polite)
    words: tuple[CommandWord, ...] = ("one_by_one", "together")
    return next((Command(word) for word in words if {said, heard.words} & set(lists.phrases(word))), None)


def later(heard: Typed, lists: WordLists) -> Intent | None:
    """„Morgen früh“, „erinnern Sie mich in einer Stunde“: later, and when. Of „morgen um 9“ the hour is left out."""
    around = lists.words("later_around")
    said = tuple(word for word in heard.words if word not in around)
    if heard.asks or not said:
        return None
    said_with = (said, tuple(word for word in said if not word.isdigit()))
    for when in ALL_LATER:
        meant = (tuple(word for word in one if word not in around) for one in lists.phrases(f"later_{when}"))
        if any(one in said_with for one in meant if one):
            return Chatter("later", when)
    return None


def chatter(heard: Typed, lists: WordLists) -> Intent | None:
    """Thanks, a greeting, "later" and the like, if the message is nothing else and asks nothing but who is there."""
    units = [*heard.clauses, *((sign,) for sign in heard.signs)]
    whole = chatter_of(heard.words, lists) if heard.words else None
    kinds = [whole] if whole is not None else [chatter_of(unit, lists) for unit in units]
    if not kinds or None in kinds:
        return None
    strongest = min((kind for kind in kinds if kind is not None), key=_RANK.index)
    return None if heard.asks and strongest not in {"presence", "greeting"} else Chatter(strongest)


_RANK: tuple[ChatterKind, ...] = ("presence", "declined", "later", "thanks", "greeting", "laughter", "acknowledged")
"""Every kind, the one that counts most first."""


def chatter_of(said: WordRow, lists: WordLists) -> ChatterKind | None:
    """The kind of chatter that these words are."""
    if not said:
        return None
    harmless = lists.words("interjections") | lists.words("particles")
    for dropped in (frozenset(), harmless):
        found = next((kind for kind in _RANK if lists.has(kind, said, dropped)), None)
        if found is not None:
            return found
    return "acknowledged" if set(said) <= lists.words("interjections") else None
