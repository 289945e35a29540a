"""When the outbox worker may send: the pace that Slack wants, and the pause while Slack does not know the app."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_api.errors import REQUEST_ERRORS, remedy
from bot.store.outbox_protocol import Outbox
from bot.store.protocol import Run

LONGEST_HOLD = 60.0
"""Seconds of a `Retry-After` that others like the row wait for too: Slack counts by the minute."""


@dataclass(frozen=True)
class RateLimit:
    """`burst` new messages at once, then `per_second`. Slack allows about one a second per channel; edits are free."""

    burst: int = 5
    per_second: float = 1.0

    @property
    def seconds_each(self) -> float:
        """How long it takes until one more message may be sent."""
        return 1 / self.per_second

    @property
    def seconds_ahead(self) -> float:
        """How much of that may be used in advance."""
        return (self.burst - 1) / self.per_second


class Pace(Protocol):
    """How fast messages may follow one another, by name: an ordering key, or what `Row.limited_as` returns."""

    async def held(self) -> Mapping[str, float]:
        """The names under which nothing may be sent yet, and for how many seconds."""

    async def take(self, name: str) -> None:
        """Count one new message."""

    async def hold(self, name: str, seconds: float) -> None:
        """Slack has asked to wait so long."""


class OwnPace:
    """`Pace` of a process that has the database for itself. `seconds` is a clock that is never set back."""

    def __init__(self, limit: RateLimit, seconds: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._seconds = seconds
        self._even_at: dict[str, float] = {}
        """When nothing will have been used in advance."""
        self._held_until: dict[str, float] = {}

    async def held(self) -> Mapping[str, float]:
        now = self._seconds()
        self._even_at = {name: at for name, at in self._even_at.items() if at > now}
        self._held_until = {name: at for name, at in self._held_until.items() if at > now}
        free_in = {name: at - self._limit.seconds_ahead - now for name, at in self._even_at.items()}
        for name, at in self._held_until.items():
            free_in[name] = max(at - now, free_in.get(name, 0.0))
        return {name: seconds for name, seconds in free_in.items() if seconds > 0}

    async def take(self, name: str) -> None:
        now = self._seconds()
        self._even_at[name] = max(now, self._even_at.get(name, now)) + self._limit.seconds_each

    async def hold(self, name: str, seconds: float) -> None:
        until = self._seconds() + seconds
        self._held_until[name] = max(until, self._held_until.get(name, until))


class SharedPace:
    """`Pace` of all processes at one database together. The database's clock counts. `run` as for the worker."""

    def __init__(self, limit: RateLimit, store: Outbox, run: Run) -> None:
        self._limit = limit
        self._store = store
        self._run = run

    async def held(self) -> Mapping[str, float]:
        held: Mapping[str, float] = await self._run(self._store.held, self._limit.seconds_ahead)
        return held

    async def take(self, name: str) -> None:
        await self._run(self._store.take_turn, name, self._limit.seconds_each)

    async def hold(self, name: str, seconds: float) -> None:
        await self._run(self._store.hold, name, seconds)


def pace_of(store: Outbox, run: Run, limit: RateLimit) -> Pace:
    """The pace of a worker that takes rows from `store`."""
    return SharedPace(limit, store, run) if store.is_shared else OwnPace(limit)


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
