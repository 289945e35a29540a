"""Which texts are hard to read, and at which steps people have trouble: the report of `amazon-token guide`.

Readability is measured with Flesch's formula for English and Amstad's for German.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from bot.statistics.compute import Figures
from bot.statistics.rows import NotUnderstoodRow
from bot.statistics.walkthroughs import StepFigures
from conversations.engine.understanding.words import fold

if TYPE_CHECKING:
    from pyphen import Pyphen

LEAST_WORDS = 8
"""For shorter texts the formulas are meaningless."""
LONG_SENTENCE = 25
"""Words; a longer sentence gets the remark "long"."""
HARD = {"de": 40.0, "en": 50.0}
"""A text with less ease gets the remark "hard". German has longer words and so a lower ease for the same effort."""
_PLACEHOLDER = re.compile(r"\{[a-z_0-9]+\}")
_MARKUP = re.compile(r"[*_`•>]|https?://\S+")
_VOWEL = re.compile(r"[aeiouyäöüéè]", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
# A dot ends a sentence only before a space and no small letter, and not after one sign: "z. B.", "1. April", "4.9.24".
_END = re.compile(r"(?:(?<![\s(„“\"]\w)[.!?:…]+[“”\"')]*\s+(?=[„“\"(]?[A-ZÄÖÜ0-9])|\n+)")


@dataclass(frozen=True)
class Reading:
    """`longest` counts the words of the longest sentence. `ease`: about 0 (hard) to 100 (easy), `None` if too short."""

    words: int
    sentences: int
    longest: int
    ease: float | None


def measure(text: str, language: str) -> Reading:
    """Length and ease of a text in "de" or "en". A placeholder counts as one word; Slack's markup does not count."""
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
    """The number of parts with a vowel when the word is hyphenated, at least one. The patterns miss a few breaks."""
    pieces = re.split(r"[-’']", _patterns(language).inserted(word))
    return sum(_VOWEL.search(piece) is not None for piece in pieces) or 1


@cache
def _patterns(language: str) -> "Pyphen":
    from pyphen import Pyphen  # noqa: PLC0415 - it reads its patterns, which only the report needs

    return Pyphen(lang={"de": "de_DE", "en": "en_US"}[language], left=1, right=1)


@dataclass(frozen=True)
class MissingQuestion:
    """Something that people typed and that was not understood, as first written, and how often.

    `nearest` is the question that came close, or "".
    """

    step: str
    language: str
    times: int
    words: str
    nearest: str


def missing_questions(rows: Sequence[NotUnderstoodRow]) -> list[MissingQuestion]:
    """What to write next, by step, the most frequent first; the same words in other spelling count together."""
    groups: dict[tuple[str, str, str], list[NotUnderstoodRow]] = defaultdict(list)
    for row in rows:
        folded = fold(row.text, "de" if row.language == "de" else "en")
        groups[row.step, row.language, folded].append(row)
    asked_at = Counter(row.step for row in rows)
    found = [
        MissingQuestion(step, language, len(group), group[0].text, group[-1].nearest)
        for (step, language, _), group in groups.items()
    ]
    return sorted(found, key=lambda one: (-asked_at[one.step], one.step, -one.times, one.words))


@dataclass(frozen=True)
class TextReport:
    """One text in one language, with remarks: "hard", "long"."""

    key: str
    language: str
    reading: Reading
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class StepReport:
    """One step: its titles, its picture ("yes", "none", or "" where it happens on no screen), ease, and figures.

    `ease` and `words` are by language; of several variants of the step's text they show the hardest and the longest.
    """

    step: str
    titles: dict[str, str]
    picture: str
    words: dict[str, int]
    ease: dict[str, float | None]
    figures: StepFigures | None

    @property
    def stumbled(self) -> float:
        """Signs of trouble for each walk that reached the step; 0 when none did."""
        return self.figures.stumbled / self.figures.walks if self.figures is not None and self.figures.walks else 0.0


def text_reports(all_texts: Mapping[str, Mapping[str, str]]) -> list[TextReport]:
    """A report on every text (`all_texts`: language → key → text).

    Texts with remarks come first, among them those of the steps, among these the hardest.
    """
    reports = [_of_text(key, language, text) for language, texts in all_texts.items() for key, text in texts.items()]
    return sorted(reports, key=_rank)


def _of_text(key: str, language: str, text: str) -> TextReport:
    reading = measure(text, language)
    hard = reading.ease is not None and reading.ease < HARD[language]
    remarks = (*(["hard"] if hard else []), *(["long"] if reading.longest > LONG_SENTENCE else []))
    return TextReport(key, language, reading, remarks)


def step_reports(
    all_texts: Mapping[str, Mapping[str, str]], steps: Sequence[str], pictures: Mapping[str, str], figures: Figures
) -> list[StepReport]:
    """A report on every step, those with the most trouble first. `pictures` maps steps to `StepReport.picture`."""
    by_step = {step_figures.step: step_figures for step_figures in figures.steps}
    reports = [_of_step(step, all_texts, pictures[step], by_step.get(step)) for step in steps]
    return sorted(reports, key=lambda report: -report.stumbled)


def _of_step(
    step: str, all_texts: Mapping[str, Mapping[str, str]], picture: str, figures: StepFigures | None
) -> StepReport:
    words, ease, titles = {}, {}, {}
    for language, texts in all_texts.items():
        titles[language] = texts[f"steps.{step}.title"]
        main = f"steps.{step}.text"
        readings = [measure(text, language) for key, text in texts.items() if f"{key}.".startswith(f"{main}.")]
        words[language] = max((reading.words for reading in readings), default=0)
        ease[language] = min((reading.ease for reading in readings if reading.ease is not None), default=None)
    return StepReport(step, titles, picture, words, ease, figures)


def _rank(report: TextReport) -> tuple[bool, bool, float, str, str]:
    """The texts of the steps before others, since every merchant reads them."""
    ease = 1000.0 if report.reading.ease is None else report.reading.ease
    return (not report.remarks, not report.key.startswith("steps."), ease, report.key, report.language)
