"""The lists of what people say that are in the common texts: `words.<list>`, both languages read as one."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from conversations.engine.texts import Language, Texts
from conversations.engine.understanding.phrases import (
    WordRow,
    has_phrase,
    is_slip,
    phrase,
    same_words,
    without,
    words_of,
)

WORD_LISTS = (
    "cancel", "restart", "where", "language", "german", "english",
    "agree", "finished", "yes", "no", "works", "works_not",
    "trouble", "thanks", "greeting", "presence", "later", "one_by_one", "together",
    "later_around", "later_hour", "later_evening", "later_morning", "later_monday",
    "acknowledged", "laughter", "declined", "person",
    "person_nouns", "person_asks", "person_parts", "person_not", "person_asked_about", "person_self",
    "interjections", "particles", "negations", "not_yet", "hedges", "future", "conditions", "contrasts", "asking",
    "question_verbs", "subjects",
)  # fmt: skip
"""The names of the lists. The text files say what each is for."""

_LONG = 30
"""In longer messages no slips are looked for."""

COMMAND_LISTS = ("cancel", "restart", "where", "language", "german", "english")
"""Those whose phrases are commands and mean nothing else."""


class WordLists:
    """The lists of one procedure's texts, in all languages together."""

    def __init__(self, texts: Mapping[Language, Texts]) -> None:
        self._texts = tuple(texts.values())
        self._phrases: dict[str, tuple[WordRow, ...]] = {}
        self._sets: dict[str, frozenset[WordRow]] = {}
        self._cores: dict[tuple[str, ...], tuple[WordRow, ...]] = {}
        self._words: dict[str, frozenset[str]] = {}

    def phrases(self, name: str) -> tuple[WordRow, ...]:
        """The phrases of a list, word by word."""
        if name not in self._phrases:
            entries = (entry for texts in self._texts for entry in texts.words(f"words.{name}"))
            self._phrases[name] = tuple(dict.fromkeys(map(phrase, entries)))
        return self._phrases[name]

    def words(self, name: str) -> frozenset[str]:
        """Every word of a list."""
        if name not in self._words:
            self._words[name] = frozenset(word for words in self.phrases(name) for word in words)
        return self._words[name]

    @cached_property
    def known(self) -> frozenset[str]:
        """Every word that occurs in any text or list: none of them is taken for another one, mistyped."""
        spoken: Iterable[str] = (text for texts in self._texts for text in texts.texts.values())
        lists = (entry for texts in self._texts for entries in texts.lists.values() for entry in entries)
        return frozenset(word for text in (*spoken, *lists) for word in words_of(text))

    def core(self, said: WordRow) -> WordRow:
        """The words without exclamations at the beginning or the end, and without particles."""
        interjections = self.words("interjections")
        words = list(said)
        while len(words) > 1 and words[0] in interjections:
            words.pop(0)
        while len(words) > 1 and words[-1] in interjections:
            words.pop()
        return without(tuple(words), self.words("particles"))

    def cores(self, entries: tuple[str, ...]) -> tuple[WordRow, ...]:
        """The core of each of these phrases; they are kept, so that they are found once only."""
        if entries not in self._cores:
            self._cores[entries] = tuple(self.core(phrase(entry)) for entry in entries)
        return self._cores[entries]

    def has(self, name: str, said: WordRow, dropped: frozenset[str] = frozenset()) -> bool:
        """Whether `said` is a phrase of the list, as a whole and but for one slip; `dropped` words do not count."""
        phrases = self._set(name)
        if said in phrases:
            return True
        core = tuple(word for word in said if word not in dropped)
        if core and core in phrases:
            return True
        return self.may_slip(said) and any(same_words(said, meant, self.known) for meant in phrases)

    def has_part(self, name: str, said: WordRow, gap: int = 0) -> bool:
        """Whether `said` has a phrase of the list in it, with at most `gap` other words between two of its words."""
        present = set(said)
        return any(part[0] in present and has_phrase(said, part, gap) for part in self.phrases(name))

    def corrected(self, said: WordRow, names: Sequence[str]) -> WordRow:
        """`said` with each mistyped word of these lists corrected."""
        if not self.may_slip(said):
            return said
        meant = sorted(frozenset().union(*map(self.words, names)))
        known = self.known
        return tuple(
            word if word in known else next((one for one in meant if is_slip(word, one, known)), word) for word in said
        )

    def may_slip(self, said: WordRow) -> bool:
        """Whether a word is none that occurs anywhere, so that it may be mistyped; not asked of long texts."""
        return len(said) <= _LONG and not self.known.issuperset(said)

    def _set(self, name: str) -> frozenset[WordRow]:
        if name not in self._sets:
            self._sets[name] = frozenset(self.phrases(name))
        return self._sets[name]
