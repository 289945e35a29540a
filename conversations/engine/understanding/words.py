"""The words of what somebody typed: folded, so that spellings of the same word are equal, and reduced to stems."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

from conversations.engine.texts import Language

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_APOSTROPHES = str.maketrans("’‘ʼ´`", "'''''")
_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[^a-z0-9]+")
_NOT = re.compile(
    r"\b(?:(ca)n'?t|(wo)n'?t|(can)not|(is|are|was|were|does|did|has|have|had|do|could|would|should|ai)n'?t)\b"
)
"""The short English forms of „not“, typed without an apostrophe too."""
_TURNING: dict[Language, dict[str, str]] = {
    "de": {
        "not": "nicht nichts kein keine keinen keinem keiner keines nie niemals ohne weder net ned nich nix nimmer",
        "only": "nur bloss lediglich ausschliesslich",
        "also": "auch ebenfalls zusaetzlich ausserdem",
        "again": "wieder erneut nochmal nochmals",
        "still": "noch weiterhin",
        "already": "schon bereits",
        "old": "alt alte alten altes alter altem bisherige bisherigen bisheriges",
        "new": "neu neue neuen neues neuer neuem",
        "before": "vor vorher bevor zuvor",
        "after": "nach nachher danach nachdem hinterher",
    },
    "en": {
        "not": "not no none nothing never without neither nor",
        "only": "only just solely",
        "also": "also too either",
        "again": "again",
        "still": "still yet",
        "already": "already",
        "old": "old previous former",
        "new": "new",
        "before": "before beforehand",
        "after": "after afterwards",
    },
}
_TURNS = {
    language: {word: kind for kind, words in kinds.items() for word in words.split()}
    for language, kinds in _TURNING.items()
}
NEGATING = frozenset({"not", "only", "also"})
"""Kinds of small words without which a sentence says something else, whatever else is in it."""
AGES = frozenset({"old", "new"})
OPPOSITES = (AGES, frozenset({"before", "after"}))
"""Kinds that exclude each other; a sentence with neither says nothing about it."""
_ALGORITHMS = {"de": "german", "en": "english"}


def fold(text: str, language: Language) -> str:
    """The text in lower case, compatibility characters and umlauts spelled out, without accents and punctuation.

    Letters and digits remain, in words separated by one blank: „Läuft's, Größe?“ is "laeufts groesse". English short
    forms are written out, so that "can't" is "can not" as "cannot" is.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES)
    if language == "en":
        plain = _NOT.sub(_written_out, plain)
    plain = plain.replace("'", "").translate(_UMLAUTS)
    if plain.isascii():  # nearly always, and in a third of the time
        return _NEITHER_LETTER_NOR_DIGIT.sub(" ", plain).strip()
    plain = unicodedata.normalize("NFKD", plain)
    kept = (character if character.isalnum() else " " for character in plain if not unicodedata.combining(character))
    return " ".join("".join(kept).split())


def stems(text: str, language: Language) -> tuple[str, ...]:
    """The stem of each word of `text`, in their order; no word is left out."""
    return stems_of(fold(text, language), language)


def stems_of(folded: str, language: Language) -> tuple[str, ...]:
    """The same of a folded text."""
    return tuple(_stem(word, language) for word in folded.split())


def turns(text: str, language: Language) -> frozenset[str]:
    """The kinds of small words in `text` that turn its sense: "not" for „nicht“, „kein“ and „ohne“, and so on."""
    return parted(fold(text, language), language)[1]


def parted(folded: str, language: Language) -> tuple[frozenset[str], frozenset[str]]:
    """The stems of the words of a folded text that do not turn its sense, and the kinds of those that do."""
    kinds, words = _TURNS[language], folded.split()
    content = frozenset(_stem(word, language) for word in words if word not in kinds)
    return content, frozenset(kinds[word] for word in words if word in kinds)


def is_turning(word: str, language: Language) -> bool:
    """Whether a folded word is one of those."""
    return word in _TURNS[language]


def _written_out(match: re.Match[str]) -> str:
    word = next(part for part in match.groups() if part)
    return {"ca": "can", "wo": "will", "ai": "is"}.get(word, word) + " not"


@lru_cache(maxsize=2048)
def _stem(word: str, language: Language) -> str:
    # A stemmer keeps the word that it works on, so threads cannot share one.
    stem: str = snowballstemmer.stemmer(_ALGORITHMS[language]).stemWord(word)
    return stem
