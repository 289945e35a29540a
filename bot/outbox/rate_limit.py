"""How fast new messages may follow each other in one lane (Slack: about one a second and channel)."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_api.errors import REQUEST_ERRORS, remedy


@dataclass(frozen=True)
class RateLimit:
    """`burst` messages at once, then `per_second`. Only new messages count, what changes one does not."""

    burst: int = 5
    per_second: float = 1.0


class RateLimiter:
    """Counts the new messages of every lane by a clock that never jumps, in seconds."""

    def __init__(self, pace: RateLimit, seconds: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace
        self._seconds = seconds
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, ordering_key: str) -> None:
        """Count one new message in `lane`."""
        now = self._seconds()
        self._left[ordering_key] = (self._now_left(ordering_key, now) - 1, now)

    def held(self) -> frozenset[str]:
        """The lanes that must not have a new message yet."""
        now = self._seconds()
        left = {ordering_key: self._now_left(ordering_key, now) for ordering_key in self._left}
        for ordering_key, value in left.items():
            if value >= self._pace.burst:
                del self._left[ordering_key]
        return frozenset(ordering_key for ordering_key, value in left.items() if value < 1)

    def wait(self) -> float | None:
        """Seconds until the next held lane is free, or `None` when none is held."""
        now = self._seconds()
        short = [1 - self._now_left(ordering_key, now) for ordering_key in self._left]
        return min((value / self._pace.per_second for value in short if value > 0), default=None)

    def _now_left(self, ordering_key: str, now: float) -> float:
        value, since = self._left.get(ordering_key, (float(self._pace.burst), now))
        return min(self._pace.burst, value + (now - since) * self._pace.per_second)


_ASK_SECONDS = 3.0
"""Asking must not hold up a stop, nor the recording of what is under way."""

_log = structlog.get_logger("bot.outbox")


class OutboxPause:
    """Asks Slack with `auth.test` whether the app is known again, after `wait(n)` seconds for the n-th time."""

    def __init__(self, client: AsyncWebClient, wait: Callable[[int], float]) -> None:
        self._client = client
        self._wait = wait
        self._asked = 0
        self._until = 0.0
        self.reason = ""
        """Slack's code while the pause lasts, else empty."""

    @property
    def seconds(self) -> float:
        """How long until Slack is asked again."""
        return max(0.0, self._until - time.monotonic())

    def begin(self, code: str) -> None:
        """A row was refused with `code`, which concerns every row. Refusals of others under way change nothing."""
        if self.reason:
            return
        self.reason = code
        self._postpone()
        _log.error("outbox_paused", error=code, todo=remedy(code), again_in=round(self.seconds, 1))

    def proved_needless(self) -> None:
        """A message has reached Slack: the next pause begins with a short wait again."""
        if not self.reason:
            self._asked = 0

    async def over(self) -> bool:
        """Whether rows may be sent; Slack is asked when it is time to."""
        if self.reason and not self.seconds:
            await self._ask()
        return not self.reason

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(_ASK_SECONDS):
                await self._client.auth_test()
        except REQUEST_ERRORS as error:
            self._postpone()
            _log.warning("outbox_still_paused", error=type(error).__name__, again_in=round(self.seconds, 1))
            return
        _log.info("outbox_goes_on", after=self.reason)
        self.reason = ""

    def _postpone(self) -> None:
        self._asked += 1
        self._until = time.monotonic() + self._wait(self._asked)
