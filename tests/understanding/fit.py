"""Fits `WEIGHTS` of the index: those with which the right question is most likely, by logistic regression.

Every fold is left out once: if the weights that the others give are as good for it as the shipped ones, these are not
fitted too closely to the phrasings by which they are judged.
"""

import random
from collections.abc import Sequence
from math import exp, log

from conversations.engine.texts import LANGUAGES
from conversations.engine.understanding.question_index import WEIGHTS
from tests.understanding import measure

_CANDIDATES, _ROUNDS, _STEP = 8, 120, 0.5
_Sample = tuple[int, list[tuple[float, ...]]]
"""Which of the candidates is right, and what speaks for each."""


def samples() -> list[list[_Sample]]:
    """The phrasings of each fold, both languages together, whose question is among the first candidates."""
    found: list[list[_Sample]] = [[] for _ in range(measure.FOLDS)]
    for language in LANGUAGES:
        dice = random.Random(2)  # noqa: S311 - the same steps every time
        for fold, (known, held_out) in zip(found, measure.folds(language), strict=True):
            index = measure.knowing(language, known)
            holding = {question.only_if for question in index.questions if question.only_if}
            for question, text in held_out:
                step = measure.step_for(question, index, dice)
                candidates = index.speaking_for(text, step, holding)[:_CANDIDATES]
                keys = [candidate.key for candidate, _ in candidates]
                if question.key in keys:
                    fold.append((keys.index(question.key), [speaking for _, speaking in candidates]))
    return found


def fitted(known: Sequence[_Sample], start: Sequence[float] = WEIGHTS) -> tuple[float, ...]:
    """The weights for these samples, by gradient ascent from `start`."""
    weights = list(start)
    spread = [_spread(known, place) for place in range(len(weights))]
    for _ in range(_ROUNDS):
        slope = [0.0] * len(weights)
        for right, candidates in known:
            for shares, speaking, own in zip(
                _shares(candidates, weights), candidates, range(len(candidates)), strict=True
            ):
                miss = (own == right) - shares
                for place, value in enumerate(speaking):
                    slope[place] += miss * value
        for place, one in enumerate(slope):
            weights[place] += _STEP * one / len(known) / spread[place] ** 2
    return tuple(weights)


def loss(judged: Sequence[_Sample], weights: Sequence[float]) -> float:
    """How surprising the right questions are with these weights, on average (negative log likelihood)."""
    return -sum(log(_shares(candidates, weights)[right]) for right, candidates in judged) / len(judged)


def _shares(candidates: Sequence[Sequence[float]], weights: Sequence[float]) -> list[float]:
    scores = [sum(weight * one for weight, one in zip(weights, own, strict=True)) for own in candidates]
    odds = [exp(score - max(scores)) for score in scores]
    return [one / sum(odds) for one in odds]


def _spread(known: Sequence[_Sample], place: int) -> float:
    values = [speaking[place] for _, candidates in known for speaking in candidates]
    mean = sum(values) / len(values)
    return (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5


def main() -> None:
    """Print the weights from all folds, and for each left out what they and the shipped ones are worth there."""
    found = samples()
    for number, left_out in enumerate(found):
        weights = fitted([sample for fold in found if fold is not left_out for sample in fold])
        print(f"without fold {number}: {_shown(weights)}, loss there {loss(left_out, weights):.4f}")
        print(f"  as shipped:    {_shown(WEIGHTS)}, loss there {loss(left_out, WEIGHTS):.4f}")
    print(f"all:             {_shown(fitted([sample for fold in found for sample in fold]))}")


def _shown(weights: Sequence[float]) -> str:
    return " ".join(f"{weight:5.2f}" for weight in weights)
