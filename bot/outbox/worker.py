"""The courier's rounds: claims rows, has them sent side by side, and writes down what came of it."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.images.cache import ImageCache
from bot.images.render_process import Renderer
from bot.outbox.rate_limit import OutboxPause, RateLimit, RateLimiter
from bot.outbox.slack_sender import SlackSender
from bot.slack_api.errors import AppRevoked, Delivered, Retry, SendResult, remedy
from bot.store.models import NEW_MESSAGES, SLACK, Row
from bot.store.outbox_protocol import Outbox
from bot.store.protocol import Run, StoreError, no_crash

if TYPE_CHECKING:
    from bot.outbox.sender import TicketSender

_log = structlog.get_logger("bot.outbox")

_SENDERS = 16
"""Rows under way at once. A lane has one at most, so that a slow channel takes one place and no more."""
_MIRROR_SENDERS = 2
"""Rows under way at once for one mirror: one that hangs takes no place from Slack or from another."""
_MIRROR_ATTEMPTS = 296
"""With five minutes between two, a mirror may be away for a day before a row of it is given up."""
_RESPOND_ATTEMPTS = 2
_LONGEST_BACKOFF = 300.0
_BACKOFF_FACTOR = 3.0
_SCRUB_EVERY = 30.0


AttemptObserver = Callable[[Row, str, float, datetime], None]
"""Is told of each attempt: the row, "delivered", "again" or "dead", how many seconds it took, and when it is."""


def unwatched(_row: Row, _outcome: str, _seconds: float, _now: datetime) -> None:
    """Nobody counts."""


class OutboxWorker:
    """Brings the outbox to Slack.

    `run` runs a call on the store's thread. `client` must not retry by itself (`retry_handlers=[]`). Times are
    in seconds: `send_limit` for one attempt, `poll` between two looks into the outbox without a wake, `backoff`
    before the second attempt, and three times as long before each further one. A row is given up after
    `max_attempts`. While Slack does not know the app none of its rows is touched, and it is asked after the same times.
    `at` is called with the name of each point where a kill would hurt: before_send, after_send, before_record,
    after_record. A row for one of the `mirrors` is given up after `mirror_attempts`. Without an `album` messages go
    without their pictures; who made it closes it. `render` makes a PNG of the figures' SVG.
    """

    def __init__(
        self,
        store: Outbox,
        run: Run,
        client: AsyncWebClient,
        *,
        clock: Callable[[], datetime],
        pace: RateLimit = RateLimit(),  # noqa: B008 - it is frozen
        send_limit: float = 10.0,
        max_attempts: int = 8,
        poll: float = 1.0,
        backoff: float = 1.0,
        http: Callable[[], aiohttp.ClientSession] = aiohttp.ClientSession,
        at: Callable[[str], None] = no_crash,
        image_cache: ImageCache | None = None,
        render: Callable[[str], Awaitable[bytes]] | None = None,
        watch: AttemptObserver = unwatched,
        mirrors: Iterable["TicketSender"] = (),
        mirror_attempts: int = _MIRROR_ATTEMPTS,
    ) -> None:
        self._store = store
        self._run = run
        self._clock = clock
        self._rate_limiter = RateLimiter(pace)
        mirrors = tuple(mirrors)
        self._mirrored = bool(mirrors)
        self._sender = SlackSender(
            store, run, client, clock=clock, send_limit=send_limit, http=http, at=at, image_cache=image_cache,
            render=render or Renderer().png, mirrors=mirrors,
        )  # fmt: skip
        # An attempt that was given up has arrived, or never will, when a moment more has passed.
        self._moment = timedelta(seconds=send_limit * 0.1)
        self._lease = timedelta(seconds=send_limit) + self._moment
        self._max_attempts = max_attempts
        self._attempts = {"respond": min(_RESPOND_ATTEMPTS, max_attempts), "mirror": mirror_attempts}
        self._poll = poll
        self._backoff = backoff
        self._at = at
        self._watch = watch
        self._woken = asyncio.Event()
        self._idle = asyncio.Event()
        self._under_way: dict[asyncio.Task[None], Row] = {}
        self._going = False
        self._to_scrub = False
        self._scrubbed_at = time.monotonic()
        self._pause = OutboxPause(client, self._patience)

    @property
    def paused(self) -> str:
        """Slack's code while it does not know the app and every row waits, else empty."""
        return self._pause.reason

    def wake(self) -> None:
        """Say that something was committed. To be called on the courier's loop."""
        self._woken.set()

    async def run_forever(self, stop: asyncio.Event) -> None:
        """Go round until `stop` is set, then let what is under way come to its end."""
        self._going = True
        stopper = asyncio.create_task(stop.wait())
        stopper.add_done_callback(lambda _: self.wake())
        try:
            while not stop.is_set():
                await self._rest(await self._round(stop))
            await self._come_home()
        finally:
            self._going = False
            for task in (stopper, *self._under_way):
                task.cancel()
            await asyncio.gather(stopper, *self._under_way, return_exceptions=True)
            await self._sender.close()

    async def drain(self, timeout: float = 60.0) -> None:  # noqa: ASYNC109 - one deadline for a test
        """Wait until nothing is left to carry, going round if nobody does; or `TimeoutError`."""
        self._idle.clear()
        self.wake()
        stop = asyncio.Event()
        own = None if self._going else asyncio.create_task(self.run_forever(stop))
        try:
            async with asyncio.timeout(timeout):
                await self._idle.wait()
        except TimeoutError:
            under_way = [f"{row.method} {row.key}" for row in self._under_way.values()]
            raise TimeoutError(f"the outbox is not empty after {timeout:g} s; under way: {under_way}") from None
        finally:
            stop.set()
            if own is not None:
                await own

    async def _round(self, stop: asyncio.Event) -> float:
        """Start what can be started; how long to rest at most."""
        self._woken.clear()
        try:
            await self._reap()
            while len(self._under_way) < _SENDERS and not stop.is_set():
                busy = self._busy() if await self._pause.over() else self._busy() | {SLACK}
                row = await self._run(self._store.claim, self._clock(), self._lease, self._rate_limiter.held(), busy)
                if row is None:
                    return await self._rest_after_all() if SLACK not in busy else self._rest_of_pause()
                self._start(row)
        except StoreError as error:
            # Rows keep their lease; what is under way is looked for before it is sent again.
            _log.error("outbox_unusable", error=str(error))
        return self._poll

    def _rest_of_pause(self) -> float:
        """Mirrors go on meanwhile, if there are any: what they want to be tried again for has its own time."""
        return min(self._pause.seconds, self._poll) if self._mirrored else self._pause.seconds

    def _busy(self) -> frozenset[str]:
        """The mirrors that have as many rows under way as they may."""
        under_way = Counter(row.destination.to for row in self._under_way.values() if row.method == "mirror")
        return frozenset(name for name, count in under_way.items() if count >= _MIRROR_SENDERS)

    def _start(self, row: Row) -> None:
        if row.method in NEW_MESSAGES and row.ordering_key is not None:
            self._rate_limiter.take(row.ordering_key)
        task = asyncio.create_task(self._carry(row))
        self._under_way[task] = row
        task.add_done_callback(lambda _: self.wake())

    async def _rest_after_all(self) -> float:
        if self._to_scrub and not self._under_way and time.monotonic() - self._scrubbed_at >= _SCRUB_EVERY:
            await self._scrub()
        waits = [self._poll]
        due_at = await self._run(self._store.next_due)
        if due_at is None and not self._under_way and not self._woken.is_set():
            self._idle.set()
        if due_at is not None:
            waits.append((due_at - self._clock()).total_seconds())
        waits.append(self._rate_limiter.wait() or 0.0)
        # What is due already and was not claimed is held by the meter.
        return min(seconds for seconds in waits if seconds > 0)

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _reap(self) -> None:
        """Forget what is done. An attempt that failed by our own mistake may have got through."""
        for task in [task for task in self._under_way if task.done()]:
            row = self._under_way.pop(task)
            mistake = task.exception()
            if isinstance(mistake, StoreError):
                raise mistake
            if mistake is not None:
                await self._record(row, Retry(type(mistake).__name__, unsure=True), 0.0)

    async def _come_home(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=self._lease.total_seconds())
        try:
            await self._reap()
            if self._to_scrub:
                await self._scrub()
        except StoreError as error:
            _log.error("outbox_unusable", error=str(error))

    async def _scrub(self) -> None:
        self._to_scrub = not await self._run(self._store.scrub, self._clock())
        self._scrubbed_at = time.monotonic()

    async def _carry(self, row: Row) -> None:
        began = time.monotonic()
        outcome = await self._sender.attempt(row)
        self._at("before_record")
        await self._record(row, outcome, time.monotonic() - began)
        self._at("after_record")

    async def _record(self, row: Row, outcome: SendResult, seconds: float) -> None:
        about = _log.bind(row=row.id, method=row.method, ordering_key=row.ordering_key, attempt=row.attempts)
        about = about.bind(ms=round(seconds * 1000, 1))
        if isinstance(outcome, Delivered):
            await self._run(self._store.delivered, row, outcome.channel, outcome.ts)
            self._to_scrub = True
            if row.method != "mirror":
                self._pause.proved_needless()
            about.info("outbox_row", outcome=outcome.how)
            self._watch(row, "delivered", seconds, self._clock())
        elif isinstance(outcome, Retry | AppRevoked) and row.attempts < self._attempts_for(row):
            if isinstance(outcome, AppRevoked):
                self._pause.begin(outcome.error)
            await self._run(self._store.postpone, row, self._next_time(row, outcome), outcome.error)
            about.warning("outbox_row", outcome="again", error=outcome.error)
            self._watch(row, "again", seconds, self._clock())
        else:
            gave_up = f"given up after {row.attempts} attempts: " if isinstance(outcome, Retry | AppRevoked) else ""
            await self._run(self._store.dead_letter, row, gave_up + outcome.error)
            todo = remedy(outcome.error)
            about.error("outbox_row_dead", outcome="dead", error=gave_up + outcome.error, todo=todo)
            self._watch(row, "dead", seconds, self._clock())

    def _attempts_for(self, row: Row) -> int:
        return self._attempts.get(row.method, self._max_attempts)

    def _patience(self, attempts: int) -> float:
        return min(_LONGEST_BACKOFF, self._backoff * _BACKOFF_FACTOR ** (attempts - 1))

    def _next_time(self, row: Row, outcome: Retry | AppRevoked) -> datetime:
        if isinstance(outcome, AppRevoked):
            return self._clock()  # the pause decides when, for all rows alike
        backoff = self._patience(row.attempts)
        due_at = self._clock() + timedelta(seconds=backoff if outcome.after is None else outcome.after)
        if not outcome.unsure or row.method not in NEW_MESSAGES:
            return due_at
        # Until the end of the lease, or a moment from now where the attempt began late, a message given up for lost may
        # still arrive.
        return max(due_at, row.due_at, self._clock() + self._moment)
