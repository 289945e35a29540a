"""How well questions are understood: every phrasing is asked of an index that has not seen it."""

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from pathlib import Path

import yaml

from conversations.engine.texts import Language, placeholders
from conversations.engine.understanding.question_index import QuestionIndex
from conversations.engine.understanding.questions import Match, Question
from conversations.engine.understanding.words import fold, is_turning, turns
from conversations.registry import PROCEDURES
from tests.guides import FIRST, shipped
from tests.timing import untraced

DATA = Path(__file__).parent / "data"
FOLDS = 5
_SHIPPED = PROCEDURES[FIRST]
_SMALL: dict[Language, tuple[str, ...]] = {
    "de": ("nicht", "nur", "auch", "ohne"),
    "en": ("not", "only", "also", "without"),
}


@dataclass
class Figures:
    """What came of some messages: how many of each outcome, and how long each took, in milliseconds."""

    outcomes: Counter[str] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)

    def share(self, *outcomes: str) -> float:
        """The share of messages with one of these outcomes, in per cent."""
        return 100 * sum(self.outcomes[outcome] for outcome in outcomes) / (self.outcomes.total() or 1)

    def took(self, quantile: float) -> float:
        """The milliseconds within which this share of the messages was answered."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(quantile * len(ordered)))]


@cache
def shipped_index(language: Language, procedure: str = FIRST) -> QuestionIndex:
    """The index of the procedure; unless one is named, of that which most tests walk through."""
    return shipped().questions(language, procedure)


def knowing(language: Language, questions: Sequence[Question], procedure: str = FIRST) -> QuestionIndex:
    """An index of these questions, with everything else as it is shipped."""
    index = shipped_index(language, procedure)
    return QuestionIndex(language, questions, index.alike, index.steps)


def _asked(index: QuestionIndex, text: str, step: str | None, figures: Figures) -> Match:
    """What the index says while every condition holds; the processor time it took is added to the figures."""
    holding = {question.only_if for question in index.questions if question.only_if}
    with untraced() as taken:
        match = index.match(text, step, holding)
        figures.milliseconds.append(taken())
    return match


def folds(language: Language, procedure: str = FIRST) -> Iterator[tuple[list[Question], list[tuple[Question, str]]]]:
    """The questions without a fifth of their phrasings, and those; in each fold another fifth."""
    questions = shipped_index(language, procedure).questions
    dice = random.Random(1)  # noqa: S311 - the same folds every time
    orders = {question.key: dice.sample(question.asks, len(question.asks)) for question in questions}
    for number in range(FOLDS):
        known, held_out = [], []
        for question in questions:
            order = orders[question.key]
            kept = tuple(text for place, text in enumerate(order) if place % FOLDS != number)
            known.append(replace(question, asks=kept))
            held_out += [(question, text) for place, text in enumerate(order) if place % FOLDS == number]
        yield known, held_out


def cross_validated(language: Language, most_folds: int = FOLDS, procedure: str = FIRST) -> Figures:
    """Each phrasing asked of an index that has not seen it: "right", "offered", "wrong" or "not understood".

    Most are asked at a step of their question, some near it or where no step is known.
    """
    figures = Figures()
    dice = random.Random(2)  # noqa: S311 - the same steps every time
    for known, held_out in islice(folds(language, procedure), most_folds):
        index = knowing(language, known, procedure)
        for question, text in held_out:
            step = step_for(question, index, dice)
            match = _asked(index, text, step, figures)
            outcome = outcome_of(match, question)
            figures.outcomes[outcome] += 1
            if outcome == "wrong":
                found = match.sure.key if match.sure is not None else ""
                figures.examples.append(f"{text} ({question.key}) at {step}: {found}")
    return figures


def outcome_of(match: Match, asked: Question) -> str:
    """What came of a message that asks this question; several questions may have one answer."""
    if match.sure is not None:
        return "right" if match.sure.answer_key == asked.answer_key else "wrong"
    if asked.answer_key in {question.answer_key for question in match.offers}:
        return "offered"
    return "not understood"


def step_for(question: Question, index: QuestionIndex, dice: random.Random) -> str | None:
    """The step at which it is asked: mostly its own, some near it, or none."""
    allowed = [step for step in index.steps if step not in question.excluded]
    if not question.steps:
        return dice.choice([None, dice.choice(allowed)])
    step = dice.choice(question.steps)
    if dice.random() < 0.7 or placeholders(question.answer):
        return step
    place = index.steps.index(step) + dice.choice([-2, -1, 1, 2])
    near = index.steps[max(0, min(len(index.steps) - 1, place))]
    return dice.choice([None, near if near in allowed else step])


def nonsense(language: Language, procedure: str = FIRST) -> Figures:
    """What no guide answers, at every third step: "answered", "offered" or "left alone"."""
    index, figures = shipped_index(language, procedure), Figures()
    for text in yaml.safe_load((DATA / "nonsense.yaml").read_text("utf-8"))[language]:
        for step in (None, *index.steps[::3]):
            match = _asked(index, text, step, figures)
            outcome = "answered" if match.sure is not None else "offered" if match.offers else "left alone"
            figures.outcomes[outcome] += 1
            if match.sure is not None:
                figures.examples.append(f"{text} at {step}: {match.sure.key}")
    return figures


def turned(language: Language, every: int = 1, procedure: str = FIRST) -> Figures:
    """Every phrasing (or one in `every`) with a turning word more or less: "dangerous" if it gets the same answer."""
    index, figures = shipped_index(language, procedure), Figures()
    for number, question in enumerate(index.questions):
        for phrasing in question.asks[number % every :: every]:
            for text in _turned(phrasing, language):
                match = _asked(index, text, question.steps[0] if question.steps else None, figures)
                wrong = match.sure is not None and match.sure.answer_key == question.answer_key and not match.same_words
                figures.outcomes["dangerous" if wrong else "kept apart"] += 1
                if wrong:
                    figures.examples.append(f"{text}: {question.key}")
    return figures


def _turned(phrasing: str, language: Language) -> Iterator[str]:
    words = fold(phrasing, language).split()
    left = [word for word in words if not is_turning(word, language)]
    if left != words and left:
        yield " ".join(left)
    for small in _SMALL[language]:
        if not turns(small, language) & turns(phrasing, language):
            yield " ".join([*words[:-1], small, words[-1]])


def cases() -> dict[str, dict[str, Figures]]:
    """The sample messages, by language and kind; a question counts as "sure", "offered" or "not understood"."""
    found: dict[str, dict[str, Figures]] = {}
    for case in json.loads((DATA / "phrases.json").read_text("utf-8")):
        kind = case["expect"].split(":")[0]
        index = shipped_index(case["lang"])
        figures = found.setdefault(case["lang"], {}).setdefault(kind, Figures())
        match = _asked(index, case["text"], _SHIPPED.current_id(case["step"] or ""), figures)
        outcome = "sure" if match.sure is not None else "offered" if match.offers else "not understood"
        figures.outcomes[outcome] += 1
        named = match.sure.key if match.sure is not None else ", ".join(question.key for question in match.offers)
        figures.examples.append(f"{outcome:14} {case['step']:20} {case['text']} -> {named}")
    return found
