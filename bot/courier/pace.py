"""How fast new messages may follow each other in one lane (Slack: about one a second and channel)."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """`burst` messages at once, then `per_second`. Only new messages count, what changes one does not."""

    burst: int = 5
    per_second: float = 1.0


class Meter:
    """Counts the new messages of every lane by a clock that never jumps, in seconds."""

    def __init__(self, pace: Pace, seconds: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace
        self._seconds = seconds
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, lane: str) -> None:
        """Count one new message in `lane`."""
        now = self._seconds()
        self._left[lane] = (self._now_left(lane, now) - 1, now)

    def held(self) -> frozenset[str]:
        """The lanes that must not have a new message yet."""
        now = self._seconds()
        left = {lane: self._now_left(lane, now) for lane in self._left}
        for lane, value in left.items():
            if value >= self._pace.burst:
                del self._left[lane]
        return frozenset(lane for lane, value in left.items() if value < 1)

    def wait(self) -> float | None:
        """Seconds until the next held lane is free, or `None` when none is held."""
        now = self._seconds()
        short = [1 - self._now_left(lane, now) for lane in self._left]
        return min((value / self._pace.per_second for value in short if value > 0), default=None)

    def _now_left(self, lane: str, now: float) -> float:
        value, since = self._left.get(lane, (float(self._pace.burst), now))
        return min(self._pace.burst, value + (now - since) * self._pace.per_second)
