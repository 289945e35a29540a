"""Messages and phrases word by word, and when two of them say the same.

Words are compared whole, not by their stems: "saving" and "saved", „deaktiviere“ and „deaktiviert“ are not the same.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from conversations.engine.understanding.words import fold

WordRow = tuple[str, ...]
"""The folded words of a message, a clause or a phrase in their order."""

_SIGN = re.compile(r":[a-z0-9_+-]{1,40}:(?::skin-tone-[2-6]:)?|[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_SIGN_REST = re.compile("[\ufe0f\u200d\U0001f3fb-\U0001f3ff]")
_CLAUSE = re.compile(r"[,;:!?\n…()\"„“”]+|\.(?!\w)|\s[-–—]+\s")
_APOSTROPHES = str.maketrans("’‘ʼ´`", "'''''")
_SHORT = re.compile(
    r"\b(hat|hab|habe|geht|gibt|ging|ist|war|kann|klappt|kommt|läuft|liegt|macht|passt|steht|tut)'?s\b"
    r"|'(s|m|re|ve|ll|d)\b",
    re.IGNORECASE,
)
_LONG = {"s": " is", "m": " am", "re": " are", "ve": " have", "ll": " will", "d": " would"}
_SPOKEN = {
    "hab": ("habe",), "net": ("nicht",), "ned": ("nicht",), "nich": ("nicht",), "nix": ("nichts",),
    "nimmer": ("nicht", "mehr"), "jetz": ("jetzt",), "heut": ("heute",), "grad": ("gerade",),
    "pls": ("please",), "plz": ("please",), "thru": ("through",),
}  # fmt: skip
"""Spoken and short forms of words, written out."""
_LONG_WORD, _WORD = 8, 4
"""A word of so many letters may have two slips, or one; a shorter one is another word."""


@dataclass(frozen=True)
class Typed:
    """What was typed: its signs such as 👍 or `:+1:`, and its words by clause."""

    signs: tuple[str, ...]
    clauses: tuple[WordRow, ...]
    asks: bool
    """Whether it has a question mark."""

    @property
    def words(self) -> WordRow:
        """All words in their order."""
        return tuple(word for clause in self.clauses for word in clause)


def words_of(text: str) -> WordRow:
    """The folded words of `text`, in whatever language: short forms ("it's", „hat’s“) and umlauts are written out."""
    words = fold(_SHORT.sub(_written_out, text.translate(_APOSTROPHES)), "en").split()
    return tuple(written for word in words for written in _SPOKEN.get(word, (word,)))


def _written_out(match: re.Match[str]) -> str:
    german, rest = match[1], match[2]
    return f"{german} es" if german else _LONG[rest.lower()]


@lru_cache(maxsize=4096)
def phrase(text: str) -> WordRow:
    """The words of a phrase from the text files; a phrase that is a sign alone is that sign."""
    return (text.strip(),) if _SIGN.fullmatch(text.strip()) else words_of(text)


def message(text: str) -> Typed:
    """`text` in words and signs."""
    signs = tuple(sign.split("::")[0].rstrip(":") + ":" if sign[0] == ":" else sign for sign in _SIGN.findall(text))
    plain = _SIGN_REST.sub("", _SIGN.sub(" , ", text))
    clauses = tuple(filter(None, (words_of(part) for part in _CLAUSE.split(plain))))
    return Typed(signs, clauses, "?" in text)


def same_words(said: WordRow, meant: WordRow, known: Collection[str]) -> bool:
    """Whether the words are the same but for one slip; a word that is `known` is no slip of another one."""
    if said == meant:
        return True
    if len(said) != len(meant):
        return len(meant) > 1 and "".join(said) == "".join(meant)
    other = [(one, two) for one, two in zip(said, meant, strict=True) if one != two]
    return len(other) == 1 and is_slip(*other[0], known)


def is_slip(said: str, meant: str, known: Collection[str]) -> bool:
    """Whether `said` is `meant`, mistyped: it begins with the same letter, and is no word by itself."""
    if said in known or said[:1] != meant[:1] or not meant.isalpha():
        return False
    allowed = 2 if len(meant) >= _LONG_WORD else 1 if len(meant) >= _WORD else 0
    return 0 < OSA.distance(said, meant, score_cutoff=allowed) <= allowed


def has_phrase(said: WordRow, meant: WordRow, gap: int = 0) -> bool:
    """Whether `said` has the words of `meant` in their order, with at most `gap` other words between two of them."""
    return any(_goes_on(said, start, meant, gap) for start in range(len(said) - len(meant) + 1))


def _goes_on(said: WordRow, start: int, meant: WordRow, gap: int) -> bool:
    if said[start] != meant[0]:
        return False
    at = start + 1
    for word in meant[1:]:
        if word not in said[at : at + 1 + gap]:
            return False
        at = said.index(word, at) + 1
    return True


def without(said: WordRow, dropped: Collection[str]) -> WordRow:
    """The words that are not among `dropped`; all of them when nothing would be left."""
    return tuple(word for word in said if word not in dropped) or said
