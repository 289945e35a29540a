"""Where the middle of a set of durations lies."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import quantiles

MIN_CASES = 5
"""With fewer there is no median: it would be somebody's own figure."""


@dataclass(frozen=True)
class Spread:
    """A median and its quartiles in seconds; `None` below the least number of cases."""

    cases: int
    median: float | None = None
    lower: float | None = None
    upper: float | None = None


def spread(seconds: Iterable[float], at_least: int = MIN_CASES) -> Spread:
    """The quartiles of `seconds`, interpolated between neighbours (the inclusive method)."""
    known = sorted(seconds)
    if len(known) < max(at_least, 2):
        return Spread(len(known))
    lower, median, upper = quantiles(known, n=4, method="inclusive")
    return Spread(len(known), median, lower, upper)
