"""Which act a message means: a button's words or what people say instead, and only when the whole message says it."""

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.engine.understanding.intents import AskWhich, Chatter, Intent, OfferedAct, Press
from conversations.engine.understanding.phrases import Typed, WordRow, phrase, same_words
from conversations.engine.understanding.situation import Situation
from conversations.engine.understanding.word_lists import WordLists

_MOST_MODIFIERS = 4
"""A near miss has at most so many words more than the phrase itself."""
_FEWEST_STATED = 2
"""Content words of a phrase without which it is stated by too many messages."""
_DOUBTS = ("negations", "not_yet", "contrasts", "conditions", "trouble")


@dataclass(frozen=True)
class _Said:
    """The acts that one clause says, or that it says nothing („danke“)."""

    acts: tuple[OfferedAct, ...]
    filler: bool = False


def button_pressed(text: str, situation: Situation) -> Intent | None:
    """The press by the exact words of a button, in any case and without their punctuation; else `None`."""
    said, asks = phrase(text), "?" in text
    found = [
        act
        for act in situation.acts
        if any(phrase(button) == said and ("?" in button or not asks) for button in _buttons(act, situation))
    ]
    return _pressed(found)


def act_meant(heard: Typed, situation: Situation) -> Intent | None:
    """The act that the whole message means, `AskWhich` for a mixed one, `None` when it says something else."""
    lists = situation.vocabulary.lists
    if heard.asks or not situation.acts:
        return None
    whole = _acts_of(heard.words, situation.acts, lists) or _acts_of(_merged(heard, lists), situation.acts, lists)
    if whole:
        return _pressed(whole)
    said = [_clause(clause, situation, lists) for clause in heard.clauses]
    found = list(dict.fromkeys(act for clause in said for act in clause.acts))
    negative = any(
        clause.acts and set(words) & lists.words("negations") for clause, words in zip(said, heard.clauses, strict=True)
    )
    alone = len(found) == 1 and all(
        # „Nein, hat nicht geklappt“ says one thing, „nein, hat geklappt“ two.
        clause.acts or clause.filler or (negative and words in lists.phrases("no"))
        for clause, words in zip(said, heard.clauses, strict=True)
    )
    return Press(found[0]) if alone else None


def agreed(heard: Typed, situation: Situation) -> Intent | None:
    """What "ok", „fertig“ or 👍 mean: the first button of a plain step; elsewhere nothing is pressed by so little."""
    lists, primary = situation.vocabulary.lists, situation.primary
    finished = not heard.asks and _only(heard, ("finished",), lists)
    weak = not heard.asks and _only(heard, ("agree",), lists)
    if not finished and not weak:
        return None
    if primary is None or situation.walk is None:
        asked = _offered(situation) if finished and situation.acts else None
        return _by_first_word(heard, situation) or asked or (None if heard.words else Chatter("acknowledged"))
    signs_only = not heard.words
    plain = (
        not signs_only
        and primary.form is None
        and not situation.several_acts
        and not situation.walk.properties.confirmation
    )
    if plain and (finished or not situation.danger_zone):
        return Press(primary)
    return _by_first_word(heard, situation) or (None if _thankful(heard, lists) else _offered(situation))


def refused(heard: Typed, situation: Situation) -> Intent | None:
    """What a bare „nein“ means: the button that begins with it, or a question which act is meant."""
    if heard.asks or not _only(heard, ("no",), situation.vocabulary.lists):
        return None
    lists = situation.vocabulary.lists
    if lists.has("later", heard.words):
        return Chatter("later")
    return _by_first_word(heard, situation) or (_offered(situation) if situation.acts else None)


def mixed(heard: Typed, situation: Situation) -> Intent | None:
    """What a message means of which a part is an act: „klappt, nur UK nicht“ is asked, „noch nicht gesichert“ waits."""
    lists = situation.vocabulary.lists
    if heard.asks or lists.words("asking") & set(heard.words):
        return None
    if any(_clause(clause, situation, lists).acts for clause in heard.clauses):
        return _offered(situation)
    words = set(heard.words)
    negated = words & lists.words("negations")
    waits = words & lists.words("not_yet") if negated else words & lists.words("future")
    return Chatter("later") if waits and _resembling(heard, situation) else None


def among_others(heard: Typed, situation: Situation, *, surely: bool) -> Intent | None:
    """The acts that a message states among other words, „bin jetzt als Hauptnutzer drin, fertig“: they are asked.

    With `surely` only where nothing of it doubts, and there is no trouble: that may be a question all the same.
    """
    lists, words = situation.vocabulary.lists, set(heard.words)
    if heard.asks or words & lists.words("asking") or _asks_by_order(heard.words, lists):
        return None
    if surely and any(words & lists.words(name) for name in _DOUBTS):
        return None
    shown = (act for act in situation.acts if not act.guarded or act.primary)
    found = [act for act in shown if any(_states(words, core, lists) for core in lists.cores(act.words))]
    return AskWhich(tuple(found[:5])) if found else None


def _states(words: set[str], core: WordRow, lists: WordLists) -> bool:
    """Whether all that this phrase says is among the words."""
    content = set(core) - lists.words("interjections") - lists.words("hedges") - lists.words("particles")
    return len(content) >= _FEWEST_STATED and content <= words


def nearly(heard: Typed, situation: Situation) -> Intent | None:
    """What a message means that is an act but for a „nicht“ or „fast“: it is asked."""
    lists = situation.vocabulary.lists
    found = _resembling(heard, situation)
    if heard.asks or not found or lists.words("asking") & set(heard.words):
        return None
    return _offered(situation) if set(heard.words) & lists.words("negations") else AskWhich(tuple(found))


def _resembling(heard: Typed, situation: Situation) -> list[OfferedAct]:
    """The acts that the message would mean without negation, "yet", „fast“ and the like."""
    lists = situation.vocabulary.lists
    if set(heard.words) & lists.words("conditions"):
        return []
    stripped = _bare(heard.words, lists)
    if not stripped or not 0 < len(heard.words) - len(stripped) <= _MOST_MODIFIERS:
        return []
    core = lists.core(stripped)
    return _acts_of(stripped, situation.acts, lists) or [
        act for act in situation.acts if any(core == _bare(meant, lists) for meant in lists.cores(act.words))
    ]


def _bare(said: WordRow, lists: WordLists) -> WordRow:
    """The words without what negates, doubts or puts off."""
    modifiers = [lists.words(name) for name in ("negations", "not_yet", "hedges", "future")]
    return tuple(word for word in said if not any(word in words for words in modifiers))


def _pressed(found: Sequence[OfferedAct]) -> Intent | None:
    if not found:
        return None
    return Press(found[0]) if len(found) == 1 else AskWhich(tuple(found))


def _offered(situation: Situation) -> Intent:
    return AskWhich(tuple(act for act in situation.acts if not act.guarded or act.primary)[:5])


def _buttons(act: OfferedAct, situation: Situation) -> tuple[str, ...]:
    return situation.vocabulary.buttons(act.at, act.event, act.choice)


def _acts_of(said: WordRow, acts: Sequence[OfferedAct], lists: WordLists) -> list[OfferedAct]:
    """The acts of which a phrase is `said`: first of those that have the very words, then of the others."""
    if not said:
        return []
    exact = [act for act in acts if any(phrase(entry) == said for entry in act.words)]
    if exact:
        return exact
    slips = lists.may_slip(said)
    mistyped = [
        act for act in acts if slips and any(same_words(said, phrase(entry), lists.known) for entry in act.words)
    ]
    if mistyped or _asks_by_order(said, lists):
        return mistyped
    core = lists.core(said)
    return [
        act
        for act in acts
        for cores in (lists.cores(act.words),)
        if core in cores
        or (slips and any(same_words(core, meant, lists.known) for meant in cores))
        or any(core == _turned(meant) for meant in cores)
    ]


def _turned(meant: WordRow) -> WordRow:
    """The German sentence the other way round, with its verb still second: „Schlüsselset sehe ich“."""
    return (*meant[2:], *meant[1:2], *meant[:1])


def _asks_by_order(said: WordRow, lists: WordLists) -> bool:
    """Whether the words have the order of a question: a verb, then who or what („ist das Menü offen“)."""
    interjections = lists.words("interjections")
    words = list(said)
    while words and words[0] in interjections:
        words.pop(0)
    return len(words) > 1 and words[0] in lists.words("question_verbs") and words[1] in lists.words("subjects")


def _merged(heard: Typed, lists: WordLists) -> WordRow:
    """The words of all clauses but those that say nothing."""
    kept = [clause for clause in heard.clauses if not _filler(clause, lists)]
    return tuple(word for clause in kept for word in clause)


def _clause(clause: WordRow, situation: Situation, lists: WordLists) -> _Said:
    found = tuple(_acts_of(clause, situation.acts, lists))
    return _Said(found, not found and _filler(clause, lists))


def _filler(clause: WordRow, lists: WordLists) -> bool:
    harmless = lists.words("interjections") | lists.words("particles")
    if all(word in harmless for word in clause):
        return True
    return any(lists.has(name, clause) for name in ("thanks", "greeting", "laughter", "acknowledged", "finished"))


def _only(heard: Typed, names: Sequence[str], lists: WordLists) -> bool:
    """Whether every clause and sign is of these lists or polite, and one at least is of them."""
    units = [*heard.clauses, *((sign,) for sign in heard.signs)]
    of_them = [unit for unit in units if any(lists.has(name, unit, _fillers(lists)) for name in names)]
    polite = [unit for unit in units if unit not in of_them and (unit[0] in heard.signs or _filler(unit, lists))]
    return bool(of_them) and len(of_them) + len(polite) == len(units)


def _fillers(lists: WordLists) -> frozenset[str]:
    return lists.words("interjections") | lists.words("particles")


def _thankful(heard: Typed, lists: WordLists) -> bool:
    return any(lists.has("thanks", unit) for unit in [*heard.clauses, heard.words, *((s,) for s in heard.signs)])


def _by_first_word(heard: Typed, situation: Situation) -> Intent | None:
    """The one act whose button begins with the word that was said: „Nein“ for „Nein, es kommen keine mehr“."""
    said = heard.words
    found = [
        act
        for act in situation.acts
        if len(said) == 1 and any(phrase(b)[0] == said[0] for b in _buttons(act, situation))
    ]
    return Press(found[0]) if len(found) == 1 else None
