"""Which question somebody means.

Each question is a bag of words, of words that mean the same, and of letter groups (three to five letters within a word:
typing mistakes, German compounds), from its phrasings and once from its answer. A feature weighs as much as it is more
frequent here than in all other questions: complement naive Bayes, a few lines. BM25 finds less, because with a
dozen questions about one thing it takes its name for what tells them apart; its packages bring numpy besides.
What is nearly a phrasing (rapidfuzz) needs no such guess.

Features are hashed into arrays: all questions of a procedure take about 2 MB a language.
"""

import zlib
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from rapidfuzz import fuzz, process

from conversations.engine.texts import Language
from conversations.engine.understanding.questions import Match, Question
from conversations.engine.understanding.words import NEGATING, OPPOSITES, fold, is_turning, stems, turns

LONGEST = 300
"""Characters of a message that are read: nobody needs more for one question."""
_BUCKETS = 1 << 16
_GROUPS = (3, 4, 5)
_SAME_MEANING, _LETTERS = 5.0, 0.2
"""What a group of words with one meaning, and a group of letters, weigh against a word."""
_SMOOTHING, _FOREIGN = 0.1, -1.5
"""What every feature has in every question, and what a feature weighs that a question does not have."""
_HERE, _ANYWHERE, _NEAR = 1.2, 0.35, 0.5
"""What belonging to the present step is worth, belonging to no step, and each step away from there (a factor)."""
_COMPOUND = 8, 5
"""How long a German compound is at least, and its part."""
_OF_SCORE, _OF_LEAD, _OF_WORDING, _OF_COMMON, _BASE = 0.65, 3.0, 3.9, 5.0, -7.8
"""How sure the best question is, as the logarithm of the odds, from: its score; how far it leads, 1 at most; how like
its likest phrasing is to the message, as a whole and in their common words. Fitted by logistic regression."""
_SURE, _OFFERED, _BEHIND = 1.8, -1.8, 1.0
"""From which sureness on a question is answered, or offered; how far behind the best the next ones are offered."""
_WORDING = 90.0
"""From this likeness on (per cent) a message is a phrasing with a typing mistake."""
_CERTAIN = 9.9
"""The sureness of a phrasing."""
_NEARLY, _NEAREST = 0.7, 0.9
"""From which share of common words on all small words must be the same ones; which share of the highest is as near."""


@dataclass(frozen=True)
class Scored:
    """How well a question fits a message."""

    question: Question
    score: float


class QuestionIndex:
    """The questions of one procedure in one language.

    `alike` are words that mean the same, and `steps` the procedure's steps in their order.
    """

    def __init__(
        self,
        language: Language,
        questions: Sequence[Question],
        alike: Iterable[Sequence[str]] = (),
        steps: Iterable[str] = (),
    ) -> None:
        self.questions, self.alike, self.steps = tuple(questions), tuple(alike), tuple(steps)
        self._language = language
        self._order = {step: number for number, step in enumerate(self.steps)}
        self._meanings: dict[str, list[str]] = {}
        for words in self.alike:
            for word in words:
                self._meanings.setdefault(" ".join(stems(word, language)), []).append(f"={words[0]}")
        self._phrasings = [fold(phrasing, language) for question in questions for phrasing in question.asks]
        self._asking = array("H", (number for number, one in enumerate(questions) for _ in one.asks))
        self._starts, self._owners, self._weights = self._weighed()

    @property
    def rule(self) -> str:
        """What decides, for people who wonder."""
        return (
            "Sureness follows from the best score, its lead, and how like a phrasing the message is. It is answered "
            f"from {_SURE:g} on, with the small words (not, only …) of a phrasing, and offered from {_OFFERED:g} on."
        )

    def match(self, text: str, step: str | None, holding: Collection[str] = ()) -> Match:
        """What `text` asks at `step` (`None`: without a walk) while the conditions `holding` hold."""
        text = text[:LONGEST]
        folded = fold(text, self._language)
        ranked = self.ranked(text, step, holding) if folded else []
        if not ranked:
            return Match()
        usable = [question.true_at(step, holding) for question in self.questions]
        if worded := self._nearest_wording(folded, usable):
            question, same = worded
            if same or self._says_the_same(text, question):
                return Match(question, (), same, question, _CERTAIN)
        best = ranked[0].question
        sureness = self._sureness(folded, ranked)
        if sureness >= _SURE and self._says_the_same(text, best):
            return Match(best, nearest=best, sureness=sureness)
        offers = [one.question for one in ranked[:3] if one.score >= ranked[0].score - _BEHIND]
        return Match(None, tuple(offers) if sureness >= _OFFERED else (), nearest=best, sureness=sureness)

    def ranked(self, text: str, step: str | None, holding: Collection[str] = ()) -> list[Scored]:
        """The questions that may be answered there, the best first."""
        features = self._features(text[:LONGEST])
        total = sum(features.values()) or 1.0
        scores = [_FOREIGN * total] * len(self.questions)
        for bucket, count in _buckets(features).items():
            for place in range(self._starts[bucket], self._starts[bucket + 1]):
                scores[self._owners[place]] += count * self._weights[place]
        fitting = [
            Scored(question, score / total + self._nearness(question, step))
            for question, score in zip(self.questions, scores, strict=True)
            if question.true_at(step, holding)
        ]
        return sorted(fitting, key=lambda one: -one.score)

    def _sureness(self, folded: str, ranked: Sequence[Scored]) -> float:
        best = ranked[0]
        lead = min(1.0, best.score - ranked[1].score) if len(ranked) > 1 else 1.0
        phrasings = [fold(phrasing, self._language) for phrasing in best.question.asks]
        wording = max(fuzz.ratio(folded, phrasing) for phrasing in phrasings) / 100
        common = max(fuzz.token_set_ratio(folded, phrasing) for phrasing in phrasings) / 100
        return _OF_SCORE * best.score + _OF_LEAD * lead + _OF_WORDING * wording + _OF_COMMON * common + _BASE

    def _weighed(self) -> "tuple[array[int], array[int], array[float]]":
        """For each bucket where its entries start; the question and the weight of each entry.

        Everything is kept in arrays on the way too: as objects it would take ten times the memory.
        """
        everywhere = array("f", bytes(4 * _BUCKETS))
        starts = array("I", bytes(4 * (_BUCKETS + 1)))
        own: list[tuple[array[int], array[float]]] = []
        for question in self.questions:
            counts = self._counts(question)
            own.append((array("I", counts), array("f", counts.values())))
            for bucket, count in counts.items():
                everywhere[bucket] += count
                starts[bucket + 1] += 1
        total, kinds = sum(everywhere), sum(map(bool, everywhere))
        for bucket in range(_BUCKETS):
            starts[bucket + 1] += starts[bucket]
        owners, weights = array("H", bytes(2 * starts[-1])), array("f", bytes(4 * starts[-1]))
        free = starts[:]
        for number, (buckets, found) in enumerate(own):
            here = sum(found)
            for bucket, count in zip(buckets, found, strict=True):
                share = (count + _SMOOTHING) / (here + _SMOOTHING * kinds)
                elsewhere = (max(0.0, everywhere[bucket] - count) + _SMOOTHING) / (total - here + _SMOOTHING * kinds)
                place, free[bucket] = free[bucket], free[bucket] + 1
                owners[place], weights[place] = number, log(share / elsewhere) - _FOREIGN
        return starts, owners, weights

    def _counts(self, question: Question) -> dict[int, float]:
        asked = [self._features(phrasing) for phrasing in question.asks]
        # An answer is long: what it says twice counts once.
        answered = {feature: min(count, 1.0) for feature, count in self._features(question.answer).items()}
        return _summed(item for features in (*asked, answered) for item in _buckets(features).items())

    def _features(self, text: str) -> dict[str, float]:
        features: dict[str, float] = {}
        words = fold(text, self._language).split()
        single = stems(text, self._language)
        for stem in single:
            features[stem] = features.get(stem, 0.0) + 1.0
        # „Entwickler-ID“ is two words.
        for term in (*single, *(" ".join(pair) for pair in pairwise(single))):
            for meaning in self._meanings_of(term):
                features[meaning] = features.get(meaning, 0.0) + _SAME_MEANING
        for group in _letter_groups(words):
            features[group] = features.get(group, 0.0) + _LETTERS
        return features

    def _meanings_of(self, stem: str) -> Sequence[str]:
        found = self._meanings.get(stem)
        whole, part = _COMPOUND
        if found is not None or len(stem) < whole or " " in stem:
            return found or ()
        ends = [stem[:length] for length in range(part, len(stem))] + [
            stem[-length:] for length in range(part, len(stem))
        ]
        return [meaning for end in ends for meaning in self._meanings.get(end, ())]

    def _nearness(self, question: Question, step: str | None) -> float:
        if step is None or not question.steps:
            return _HERE * _ANYWHERE
        if step in question.steps:
            return _HERE
        places = [self._order[own] for own in question.steps if own in self._order]
        if step not in self._order or not places:
            return 0.0
        return _HERE * _NEAR ** min(abs(place - self._order[step]) for place in places)

    def _nearest_wording(self, folded: str, usable: Sequence[bool]) -> tuple[Question, bool] | None:
        """The question of which this is a phrasing, typing mistakes allowed, and whether word for word."""
        found = process.extract(folded, self._phrasings, scorer=fuzz.ratio, score_cutoff=_WORDING, limit=5)
        for phrasing, _, place in found:
            number = self._asking[place]
            if usable[number]:
                return self.questions[number], phrasing == folded
        return None

    def _says_the_same(self, text: str, question: Question) -> bool:
        """Whether a phrasing has the same small words: „nur“ or „nicht“ turn an answer.

        If a phrasing has nearly the same other words, all of them must be the same in the nearest ones.
        """
        own, small = self._content(text), turns(text, self._language)
        said = [(_common(own, self._content(phrasing)), turns(phrasing, self._language)) for phrasing in question.asks]
        most = max(share for share, _ in said)
        if most >= _NEARLY:
            return small in [other for share, other in said if share >= _NEAREST * most]
        return any(small & NEGATING == other & NEGATING and not _opposed(small, other) for _, other in said)

    def _content(self, text: str) -> frozenset[str]:
        words = fold(text, self._language).split()
        return frozenset(
            stem
            for word, stem in zip(words, stems(text, self._language), strict=True)
            if not is_turning(word, self._language)
        )


def _opposed(one: frozenset[str], other: frozenset[str]) -> bool:
    return any(pair & one and pair & other and pair & one != pair & other for pair in OPPOSITES)


def _common(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of common words, from 0 to 1 (Dice)."""
    return 2 * len(one & other) / ((len(one) + len(other)) or 1)


def _letter_groups(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        framed = f"^{word}$"
        for length in _GROUPS:
            for start in range(len(framed) - length + 1):
                yield f"~{framed[start : start + length]}"


def _buckets(features: Mapping[str, float]) -> dict[int, float]:
    return _summed((zlib.crc32(feature.encode()) % _BUCKETS, count) for feature, count in features.items())


def _summed(counts: Iterable[tuple[int, float]]) -> dict[int, float]:
    total: dict[int, float] = {}
    for bucket, count in counts:
        total[bucket] = total.get(bucket, 0.0) + count
    return total
