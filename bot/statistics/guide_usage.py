"""How easily a text reads in its language: Flesch's formula for English, Amstad's for German."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from bot.statistics.compute import Figures
from bot.statistics.walkthroughs import StepFigures

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


@dataclass(frozen=True)
class TextReport:
    """One text of one guide, and what is worth a look in it: "hard", "long"."""

    key: str
    language: str
    reading: Reading
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class StepReport:
    """One step: its titles, its picture ("yes", "none", or "" where it is on no screen), ease, and what people did.

    `ease` and `words` are those of its main texts by language, the hardest where there are several.
    """

    step: str
    titles: dict[str, str]
    picture: str
    words: dict[str, int]
    ease: dict[str, float | None]
    figures: StepFigures | None

    @property
    def stumbled(self) -> float:
        """Signs of trouble for each walk that came here; 0 where nobody did."""
        return self.figures.stumbled / self.figures.walks if self.figures is not None and self.figures.walks else 0.0


def text_reports(all_texts: Mapping[str, Mapping[str, str]]) -> list[TextReport]:
    """Every text of every guide (language → key → text).

    Those with remarks come first, of them those of the steps, of these the hardest.
    """
    found = [_of_text(key, language, text) for language, texts in all_texts.items() for key, text in texts.items()]
    return sorted(found, key=_rank)


def _of_text(key: str, language: str, text: str) -> TextReport:
    reading = measure(text, language)
    hard = reading.ease is not None and reading.ease < HARD[language]
    remarks = (*(["hard"] if hard else []), *(["long"] if reading.longest > LONG_SENTENCE else []))
    return TextReport(key, language, reading, remarks)


def step_reports(
    all_texts: Mapping[str, Mapping[str, str]], steps: Sequence[str], pictures: Mapping[str, str], figures: Figures
) -> list[StepReport]:
    """The steps, those where people stumble most first. `pictures` says for each step what `StepReport` holds."""
    counted = {one.step: one for one in figures.steps}
    found = [_of_step(step, all_texts, pictures[step], counted.get(step)) for step in steps]
    return sorted(found, key=lambda one: -one.stumbled)


def _of_step(
    step: str, all_texts: Mapping[str, Mapping[str, str]], picture: str, figures: StepFigures | None
) -> StepReport:
    words, ease, titles = {}, {}, {}
    for language, texts in all_texts.items():
        titles[language] = texts[f"steps.{step}.title"]
        main = f"steps.{step}.text"
        readings = [measure(text, language) for key, text in texts.items() if f"{key}.".startswith(f"{main}.")]
        words[language] = max((one.words for one in readings), default=0)
        ease[language] = min((one.ease for one in readings if one.ease is not None), default=None)
    return StepReport(step, titles, picture, words, ease, figures)


def _rank(one: TextReport) -> tuple[bool, bool, float, str, str]:
    """What merchants walk by is read most."""
    ease = 1000.0 if one.reading.ease is None else one.reading.ease
    return (not one.remarks, not one.key.startswith("steps."), ease, one.key, one.language)
