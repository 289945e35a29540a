"""How much the features of a text speak for each of several questions, one kind of feature at a time.

Complement naive Bayes: a feature speaks for a question by how much more frequent it is there than in all others. It is
a few lines; packages for it bring numpy, which takes more memory than all questions together.
"""

import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from math import log

_SMOOTHING = 0.05
"""What every feature has in every question."""


def hashed(features: Mapping[str, float]) -> "tuple[array[int], array[float]]":
    """The features as numbers, and how often each is there. As strings they would take ten times the memory."""
    return array("I", (zlib.crc32(feature.encode()) for feature in features)), array("f", features.values())


class Evidence:
    """Features of one kind, such as words, in some questions; `counted` is what each question has, from `hashed`."""

    def __init__(self, counted: Iterable[tuple[Iterable[int], Iterable[float]]]) -> None:
        everywhere: dict[int, float] = {}
        own = list(counted)
        holders: dict[int, int] = {}
        for features, counts in own:
            for feature, count in zip(features, counts, strict=True):
                everywhere[feature] = everywhere.get(feature, 0.0) + count
                holders[feature] = holders.get(feature, 0) + 1
        self._features = array("I", sorted(everywhere))
        self._starts = array("I", [0])
        for feature in self._features:
            self._starts.append(self._starts[-1] + holders[feature])
        self._owners, self._weights = array("H", bytes(2 * self._starts[-1])), array("f", bytes(4 * self._starts[-1]))
        self._alone = array("f")
        free = dict(zip(self._features, self._starts, strict=False))
        total, smoothing = sum(everywhere.values()), _SMOOTHING * (len(everywhere) or 1)
        for number, (features, counts) in enumerate(own):
            here = 0.0
            for feature, count in zip(features, counts, strict=True):
                here += count
                place, free[feature] = free[feature], free[feature] + 1
                most = everywhere[feature] + _SMOOTHING
                self._owners[place] = number
                self._weights[place] = log((count + _SMOOTHING) / _SMOOTHING * most / (max(0.0, most - count)))
            # A long question has more of everything. Of many questions each is as unlikely as of few.
            others = (total - here + smoothing) / max(1, len(own) - 1)
            self._alone.append(log(others / (here + smoothing)))

    def of(self, features: Mapping[str, float]) -> list[float]:
        """How much they speak for each question, on average; nothing speaks for any if there are none."""
        if not features:
            return [0.0] * len(self._alone)
        total = sum(features.values())
        found = list(self._alone)
        for feature, count in zip(*hashed(features), strict=True):
            at = bisect_left(self._features, feature)
            if self._is_at(at, feature):
                share = count / total
                for place in range(self._starts[at], self._starts[at + 1]):
                    found[self._owners[place]] += share * self._weights[place]
        return found

    def unknown(self, features: Mapping[str, float]) -> float:
        """The share of them that no question has, from 0 to 1; a feature counts more the fewer questions have it."""
        holders = [self._holders(one) for one in hashed(features)[0]]
        tells = [log((len(self._alone) + 1) / (own + 0.5)) for own in holders]
        missing = sum(telling for telling, own in zip(tells, holders, strict=True) if not own)
        return missing / (sum(tells) or 1.0)

    def _holders(self, feature: int) -> int:
        """How many questions have it."""
        at = bisect_left(self._features, feature)
        return self._starts[at + 1] - self._starts[at] if self._is_at(at, feature) else 0

    def _is_at(self, place: int, feature: int) -> bool:
        return place < len(self._features) and self._features[place] == feature
