"""Which question somebody means.

What speaks for a question: its words, pairs of neighbouring words, words that mean the same, and groups of three to
five letters within a word (typing mistakes, German compounds), from its phrasings and half from its answer; how near
its steps are; and how like its likest phrasing is. Weighted and added up, that is the logarithm of a probability. How
sure the best question is follows from its odds against the others and "neither", and from the words that no question
has. What is nearly a phrasing (rapidfuzz) needs no such guess.
"""

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import exp, log

from rapidfuzz import fuzz, process

from conversations.engine.texts import Language
from conversations.engine.understanding.evidence import Evidence, hashed
from conversations.engine.understanding.questions import Match, Question
from conversations.engine.understanding.words import AGES, NEGATING, OPPOSITES, fold, parted, stems, stems_of

LONGEST = 300
"""Characters of a message that are read: nobody needs more for one question."""
WEIGHTS = (0.8, 0.84, 0.49, 1.6, 5.7, 3.8)
"""What evidence weighs: words, pairs, meanings, letters, how near the step is, how like the likest phrasing is. Fitted
by `make understanding FIT=1`."""
_NEITHER, _UNKNOWN = 7.5, 4.0
"""What speaks for no question at all; how much less sure a question is if no word of the message is in any."""
_LIKEST = 6
"""Of so many questions the phrasings are compared."""
_GROUPS = (3, 4, 5)
_APART = 3
"""Words that are at most so far apart are a pair."""
_ANSWER = 0.5
"""What a word of the answer counts against one of a phrasing."""
_ANYWHERE, _NEAR = 0.5, 0.5
"""What belonging to no step is worth against the present one, and each step away from there (a factor)."""
_COMPOUND = 8, 5
"""How long a German compound is at least, and its part."""
_SURE, _OFFERED = 1.2, -1.1
"""From which sureness on (the logarithm of the odds) a question is answered, or offered."""
_WORDING = 90.0
"""From this likeness on (per cent) a message is a phrasing with a typing mistake."""
_CERTAIN = 9.9
"""The sureness of a phrasing."""
_SAME, _NEARLY, _NEAREST = 0.9, 0.8, 0.9
"""From which share of common words on all small words must be the same, or those that negate be the ones of the nearest
phrasings; which share of the highest is as near."""


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
                self._meanings.setdefault(" ".join(stems(word, language)), []).append(words[0])
        self._phrasings = [fold(phrasing, language) for question in questions for phrasing in question.asks]
        self._asking = array("H", (number for number, one in enumerate(questions) for _ in one.asks))
        ends = accumulate((len(question.asks) for question in questions), initial=0)
        self._own = {question.key: slice(*two) for question, two in zip(questions, pairwise(ends), strict=True)}
        counted = [self._counted(question) for question in questions]
        self._evidence = [Evidence(one) for one in zip(*counted, strict=True)]

    @property
    def rule(self) -> str:
        """What decides, for people who wonder."""
        return (
            "Sureness is the logarithm of the odds of the best score against the other questions and none, less up to "
            f"{_UNKNOWN:g} for words that are in no question. A question "
            f"is answered from {_SURE:g} on, with the small words (not, only …) of a phrasing, and offered from "
            f"{_OFFERED:g} on."
        )

    def match(self, text: str, step: str | None, holding: Collection[str] = ()) -> Match:
        """What `text` asks at `step` (`None`: without a walk) while the conditions `holding` hold."""
        text = text[:LONGEST]
        folded = fold(text, self._language)
        usable = [question.true_at(step, holding) for question in self.questions]
        if not folded or not any(usable):
            return Match()
        if worded := self._nearest_wording(folded, usable):
            question, same = worded
            if same or self._says_the_same(folded, question):
                return Match(question, (), same, question, _CERTAIN)
        ranked = self.ranked(text, step, holding)
        best = ranked[0].question
        sureness = _log_odds(ranked, _NEITHER) - _UNKNOWN * self._unknown(text)
        if sureness >= _SURE and self._says_the_same(folded, best):
            return Match(best, nearest=best, sureness=sureness)
        offers = list({one.question.answer_key: one.question for one in reversed(ranked[:4])}.values())[::-1][:3]
        return Match(None, tuple(offers) if sureness >= _OFFERED else (), nearest=best, sureness=sureness)

    def ranked(self, text: str, step: str | None, holding: Collection[str] = ()) -> list[Scored]:
        """The questions that may be answered there, the best first."""
        return [Scored(question, _weighed(found)) for question, found in self.speaking_for(text, step, holding)]

    def speaking_for(
        self, text: str, step: str | None, holding: Collection[str] = ()
    ) -> list[tuple[Question, tuple[float, ...]]]:
        """What speaks for each of these questions, in the order of `WEIGHTS`."""
        text = text[:LONGEST]
        folded = fold(text, self._language)
        kinds = (evidence.of(own) for evidence, own in zip(self._evidence, self._features(text), strict=False))
        found = [
            (question, (*own, self._nearness(question, step)))
            for question, *own in zip(self.questions, *kinds, strict=True)
            if question.true_at(step, holding)
        ]
        found.sort(key=lambda one: -_weighed(one[1]))
        # To compare all phrasings takes too long; beyond the first few it would make no difference.
        likest = [self._likest(folded, question) for question, _ in found[:_LIKEST]]
        likest += [min(likest, default=0.0)] * (len(found) - len(likest))
        both = [(question, (*own, like)) for (question, own), like in zip(found, likest, strict=True)]
        return sorted(both, key=lambda one: -_weighed(one[1]))

    def _likest(self, folded: str, question: Question) -> float:
        """How like the likest phrasing is in the words that both have, from 0 to 1."""
        phrasings = self._phrasings[self._own[question.key]]
        return max(fuzz.token_set_ratio(folded, phrasing) for phrasing in phrasings) / 100

    def _counted(self, question: Question) -> "list[tuple[array[int], array[float]]]":
        asked = [self._features(phrasing) for phrasing in question.asks]
        # An answer is long: what it says twice counts once.
        answered = [{one: _ANSWER * min(n, 1.0) for one, n in kind.items()} for kind in self._features(question.answer)]
        return [hashed(_summed(kind)) for kind in zip(*asked, answered, strict=True)]

    def _features(self, text: str) -> tuple[Mapping[str, float], ...]:
        """How often each word, pair, meaning and group of letters is in it."""
        folded = fold(text, self._language)
        single = stems_of(folded, self._language)
        later = ((word, other) for at, word in enumerate(single) for other in single[at + 1 : at + 1 + _APART])
        # „Entwickler-ID“ is two words.
        terms = (*single, *(" ".join(pair) for pair in pairwise(single)))
        meanings = {meaning: 1.0 for term in terms for meaning in self._meanings_of(term)}
        letters = _letter_groups(folded.split())
        return Counter(single), Counter(" ".join(pair) for pair in later), meanings, Counter(letters)

    def _meanings_of(self, stem: str) -> Sequence[str]:
        found = self._meanings.get(stem)
        whole, part = _COMPOUND
        if found is not None or len(stem) < whole or " " in stem:
            return found or ()
        ends = [stem[:length] for length in range(part, len(stem))] + [
            stem[-length:] for length in range(part, len(stem))
        ]
        return [meaning for end in ends for meaning in self._meanings.get(end, ())]

    def _unknown(self, text: str) -> float:
        """The share of what its words tell that is in no question."""
        return self._evidence[0].unknown(Counter(stems(text, self._language)))

    def _nearness(self, question: Question, step: str | None) -> float:
        if step is None or not question.steps:
            return _ANYWHERE
        if step in question.steps:
            return 1.0
        places = [self._order[own] for own in question.steps if own in self._order]
        if step not in self._order or not places:
            return 0.0
        return _NEAR ** min(abs(place - self._order[step]) for place in places)

    def _shared(self, own: frozenset[str], key: str) -> Iterator[tuple[float, frozenset[str]]]:
        """For each phrasing of the question: its share of the words `own`, and its small words."""
        for phrasing in self._phrasings[self._own[key]]:
            content, small = parted(phrasing, self._language)
            yield _common(own, content), small

    def _nearest_wording(self, folded: str, usable: Sequence[bool]) -> tuple[Question, bool] | None:
        """The question of which this is a phrasing, typing mistakes allowed, and whether word for word."""
        found = process.extract(folded, self._phrasings, scorer=fuzz.ratio, score_cutoff=_WORDING, limit=5)
        for phrasing, _, place in found:
            number = self._asking[place]
            if usable[number]:
                return self.questions[number], phrasing == folded
        return None

    def _says_the_same(self, folded: str, question: Question) -> bool:
        """Whether a phrasing has the same small words: „nur“ or „nicht“ turn an answer.

        The more a phrasing says the same otherwise, the more it decides: with the same other words, all small words
        must be the same in every such phrasing, even if another one has those of the message („Bin ich der
        Hauptbenutzer?“ is no reason to take „ich bin der Hauptbenutzer“ for „ich bin nicht der Hauptbenutzer“); with
        nearly the same ones, those that negate must be the ones of one of the nearest; else of any. „alt“ and „neu“
        must always be in one of them.
        """
        own, small = parted(folded, self._language)
        same_answer = [one.key for one in self.questions if one.answer_key == question.answer_key]
        said_by = {key: [*self._shared(own, key)] for key in same_answer}
        said = said_by[question.key]
        most = max(share for share, _ in said)
        nearest = [other for share, other in said if most < _NEARLY or share >= _NEAREST * most]
        # The old token is not the new one, and „Wie alt bist du?“ is about neither.
        if not small & AGES <= frozenset().union(*(other for _, other in said)):
            return False
        same = [other for one in said_by.values() for share, other in one if share >= _SAME]
        if same:
            return all(small == other for other in same)
        return any(small & NEGATING == other & NEGATING and not _opposed(small, other) for other in nearest)


def _opposed(one: frozenset[str], other: frozenset[str]) -> bool:
    return any(pair & one and pair & other and pair & one != pair & other for pair in OPPOSITES)


def _common(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of common words, from 0 to 1 (Dice)."""
    return 2 * len(one & other) / ((len(one) + len(other)) or 1)


def _weighed(found: Iterable[float]) -> float:
    return sum(weight * one for weight, one in zip(WEIGHTS, found, strict=False))


def _log_odds(ranked: Sequence[Scored], neither: float) -> float:
    """Of the first question's answer, whichever question gives it, against all others and none."""
    best = ranked[0]
    speaking, against = 0.0, exp(neither - best.score)
    for one in ranked:
        odds = exp(one.score - best.score)
        if one.question.answer_key == best.question.answer_key:
            speaking += odds
        else:
            against += odds
    return log(speaking) - log(against)


def _letter_groups(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        framed = f"^{word}$"
        for length in _GROUPS:
            for start in range(len(framed) - length + 1):
                yield framed[start : start + length]


def _summed(counted: Iterable[Mapping[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for counts in counted:
        for feature, count in counts.items():
            total[feature] = total.get(feature, 0.0) + count
    return total
