"""How easily a text reads in its language: Flesch's formula for English, Amstad's for German."""

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyphen import Pyphen

LEAST_WORDS = 8
"""Below, the formulas say nothing."""
LONG_SENTENCE = 25
"""Words; the voice of the guides asks for fewer."""
HARD = {"de": 40.0, "en": 50.0}
"""Below, a text is worth another look. German counts lower for the same effort: its words are longer."""
_PLACEHOLDER = re.compile(r"\{[a-z_0-9]+\}")
_MARKUP = re.compile(r"[*_`•>]|https?://\S+")
_VOWEL = re.compile(r"[aeiouyäöüéè]", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
# A dot ends a sentence only before a space and no small letter, and not after one sign: "z. B.", "1. April", "4.9.24".
_END = re.compile(r"(?:(?<![\s(„“\"]\w)[.!?:…]+[“”\"')]*\s+(?=[„“\"(]?[A-ZÄÖÜ0-9])|\n+)")


@dataclass(frozen=True)
class Reading:
    """`ease` goes from about 0 (hard) to 100 (easy); `None` where there is too little to judge."""

    words: int
    sentences: int
    longest: int
    ease: float | None


def measure(text: str, language: str) -> Reading:
    """Length and ease of `text` ("de" or "en"). A placeholder counts as one word; marks of Slack do not count."""
    plain = _MARKUP.sub(" ", _PLACEHOLDER.sub("Wert" if language == "de" else "value", text))
    sentences = [words for part in _END.split(plain) if (words := _WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    longest = max(map(len, sentences), default=0)
    if len(words) < LEAST_WORDS:
        return Reading(len(words), len(sentences), longest, None)
    return Reading(len(words), len(sentences), longest, round(_ease(words, len(sentences), language), 1))


def _ease(words: list[str], sentences: int, language: str) -> float:
    length = len(words) / sentences
    syllables = sum(syllables_of(word, language) for word in words) / len(words)
    if language == "de":
        return 180 - length - 58.5 * syllables  # T. Amstad, Wie verständlich sind unsere Zeitungen?, Zürich 1978
    return 206.835 - 1.015 * length - 84.6 * syllables  # R. Flesch, A New Readability Yardstick, 1948


def syllables_of(word: str, language: str) -> int:
    """The pieces of hyphenation in which a vowel stands; at least one. The patterns leave out a few."""
    pieces = re.split(r"[-’']", _patterns(language).inserted(word))
    return sum(_VOWEL.search(piece) is not None for piece in pieces) or 1


@cache
def _patterns(language: str) -> "Pyphen":
    from pyphen import Pyphen  # noqa: PLC0415 - the patterns are read when the first text is measured

    return Pyphen(lang={"de": "de_DE", "en": "en_US"}[language], left=1, right=1)
