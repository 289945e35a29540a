"""What an editor looks at: each text with its length and ease, and the steps at which people stumble."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.figures.computing import Figures
from bot.figures.reading import HARD, LONG_SENTENCE, Reading, measure
from bot.figures.walks import StepFigures


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


def text_reports(guides: Mapping[str, Mapping[str, str]]) -> list[TextReport]:
    """Every text of every guide (language → key → text).

    Those with remarks come first, of them those of the steps, of these the hardest.
    """
    found = [_of_text(key, language, text) for language, texts in guides.items() for key, text in texts.items()]
    return sorted(found, key=_rank)


def _of_text(key: str, language: str, text: str) -> TextReport:
    reading = measure(text, language)
    hard = reading.ease is not None and reading.ease < HARD[language]
    remarks = (*(["hard"] if hard else []), *(["long"] if reading.longest > LONG_SENTENCE else []))
    return TextReport(key, language, reading, remarks)


def step_reports(
    guides: Mapping[str, Mapping[str, str]], steps: Sequence[str], pictures: Mapping[str, str], figures: Figures
) -> list[StepReport]:
    """The steps, those where people stumble most first. `pictures` says for each step what `StepReport` holds."""
    counted = {one.step: one for one in figures.steps}
    found = [_of_step(step, guides, pictures[step], counted.get(step)) for step in steps]
    return sorted(found, key=lambda one: -one.stumbled)


def _of_step(
    step: str, guides: Mapping[str, Mapping[str, str]], picture: str, figures: StepFigures | None
) -> StepReport:
    words, ease, titles = {}, {}, {}
    for language, texts in guides.items():
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
