"""When the outbox worker may send: the rate limit per ordering key, and the pause while Slack does not know the app."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_api.errors import REQUEST_ERRORS, remedy


@dataclass(frozen=True)
class RateLimit:
    """`burst` new messages at once, then `per_second`. Slack allows about one a second per channel; edits are free."""

    burst: int = 5
    per_second: float = 1.0


class RateLimiter:
    """A token bucket for each ordering key. `seconds` is a clock that is never set back."""

    def __init__(self, limit: RateLimit, seconds: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._seconds = seconds
        self._buckets: dict[str, tuple[float, float]] = {}
        """The messages left in each bucket that is not full, and when that was counted."""

    def take(self, ordering_key: str) -> None:
        """Count one new message."""
        now = self._seconds()
        self._buckets[ordering_key] = (self._left(ordering_key, now) - 1, now)

    def blocked(self) -> frozenset[str]:
        """The ordering keys that must not have a new message yet."""
        now = self._seconds()
        left_by_key = {ordering_key: self._left(ordering_key, now) for ordering_key in self._buckets}
        for ordering_key, left in left_by_key.items():
            if left >= self._limit.burst:
                del self._buckets[ordering_key]
        return frozenset(ordering_key for ordering_key, left in left_by_key.items() if left < 1)

    def seconds_until_free(self) -> float | None:
        """Seconds until the next blocked key is free, or `None` when none is blocked."""
        now = self._seconds()
        missing = [1 - self._left(ordering_key, now) for ordering_key in self._buckets]
        return min((count / self._limit.per_second for count in missing if count > 0), default=None)

    def _left(self, ordering_key: str, now: float) -> float:
        left, counted_at = self._buckets.get(ordering_key, (float(self._limit.burst), now))
        return min(self._limit.burst, left + (now - counted_at) * self._limit.per_second)


_LONGEST_BACKOFF = 300.0
_BACKOFF_FACTOR = 3.0


def backoff_seconds(first: float, attempts: int) -> float:
    """Seconds to wait after so many failed attempts: `first`, then three times as long each time, at most 300."""
    return min(_LONGEST_BACKOFF, first * _BACKOFF_FACTOR ** (attempts - 1))


_ASK_SECONDS = 3.0
"""Asking Slack must delay neither a shutdown nor the recording of results."""

_log = structlog.get_logger("bot.outbox")


class OutboxPause:
    """The pause of all rows for Slack while it does not know the app.

    Slack is asked with `auth.test` whether it knows the app again, the n-th time after another `wait(n)` seconds.
    """

    def __init__(self, client: AsyncWebClient, wait: Callable[[int], float]) -> None:
        self._client = client
        self._wait = wait
        self._times_asked = 0
        self._ask_at = 0.0
        self.reason = ""
        """Slack's code during the pause, else empty."""

    @property
    def seconds(self) -> float:
        """How long until Slack is asked again."""
        return max(0.0, self._ask_at - time.monotonic())

    def begin(self, code: str) -> None:
        """Slack has refused a row with `code`, one of `REVOKED_CODES`. During a pause nothing changes."""
        if self.reason:
            return
        self.reason = code
        self._postpone()
        _log.error("outbox_paused", error=code, todo=remedy(code), again_in=round(self.seconds, 1))

    def message_delivered(self) -> None:
        """Slack has accepted a message: the next pause begins with the shortest wait."""
        if not self.reason:
            self._times_asked = 0

    async def is_over(self) -> bool:
        """Whether rows may be sent. Asks Slack when that is due."""
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
        self._times_asked += 1
        self._ask_at = time.monotonic() + self._wait(self._times_asked)
