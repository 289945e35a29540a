"""The outbox worker: claims rows, has them sent side by side, and records what came of each."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.images.cache import ImageCache
from bot.images.render_process import Renderer
from bot.outbox.outcomes import following, is_channel, passes, unless_closed
from bot.outbox.rate_limit import LONGEST_HOLD, OutboxPause, Pace, RateLimit, backoff_seconds, pace_of
from bot.outbox.sender import TicketSender, TicketSenders
from bot.outbox.slack_sender import SlackSender
from bot.slack_api.errors import (
    CLOSED_CODES,
    REQUEST_ERRORS,
    AppRevoked,
    Delivered,
    Retry,
    SendResult,
    classify,
    remedy,
)
from bot.store.models import NEW_MESSAGES, SLACK, Row
from bot.store.outbox_protocol import NEVER_ARRIVED, Outbox
from bot.store.protocol import ConcurrentChange, CrashPoints, Run, StoreError, no_crash

_log = structlog.get_logger("bot.outbox")

_MOST_IN_FLIGHT = 16
"""Rows being sent at once. Of each ordering key there is one at most, so a slow channel takes one of these places."""
_LONGEST_WAIT = 900.0
"""Seconds of a `Retry-After` that are waited for; then Slack is asked again."""
_SCRUB_EVERY = 30.0

AttemptObserver = Callable[[Row, str, float, datetime], None]
"""Called after each attempt with the row, "delivered", "again" or "dead", the seconds it took, and the time."""
Recovered = Callable[[str], object]
"""Called, on the store's thread, with the ID of a channel that takes messages again after it refused one for good."""


def ignore(*_: object) -> None:
    """Do nothing: no one is to be told."""


class OutboxWorker:
    """Sends the rows of the outbox: those of one ordering key in order, the others side by side.

    `run` runs a call on the store's thread. `client` must not retry by itself (`retry_handlers=[]`). In seconds:
    `send_limit` is the time one attempt may take from its claim on, `poll` how often the outbox is looked at without a
    `wake`, and `backoff` the wait before the second attempt. Trouble that passes gives up no row: the first of its
    ordering key is tried at growing intervals, and what waits behind it goes out in order when it is over; of a
    `Retry-After` at most `longest_wait` is waited. While Slack does not know the app, no row for it is tried. Trouble
    of one row alone is given up after `max_attempts` (`outcomes.passes`). `at` is called with the names of the crash
    points before_send, after_send, before_record and after_record. Without an `image_cache` messages are sent without
    their images; the caller closes it. `render` makes a PNG of a chart's SVG.
    """

    def __init__(
        self,
        store: Outbox,
        run: Run,
        client: AsyncWebClient,
        *,
        clock: Callable[[], datetime],
        rate_limit: RateLimit = RateLimit(),  # noqa: B008 - it is frozen
        send_limit: float = 10.0,
        max_attempts: int = 8,
        poll: float = 1.0,
        backoff: float = 1.0,
        http: Callable[[], aiohttp.ClientSession] = aiohttp.ClientSession,
        at: CrashPoints = no_crash,
        image_cache: ImageCache | None = None,
        render: Callable[[str], Awaitable[bytes]] | None = None,
        observer: AttemptObserver = ignore,
        ticket_senders: Iterable[TicketSender] = (),
        longest_wait: float = _LONGEST_WAIT,
        recovered: Recovered = ignore,
    ) -> None:
        self._store = store
        self._run = run
        self._clock = clock
        self._pace: Pace = pace_of(store, run, rate_limit)
        self._ticket_senders = TicketSenders(ticket_senders, at)
        self._slack_sender = SlackSender(
            store, run, client, clock=clock, http=http, at=at, image_cache=image_cache, render=render or Renderer().png
        )
        self._send_limit = send_limit
        # A request that was given up has arrived, or never will, when this much more time has passed.
        self._grace = timedelta(seconds=send_limit * 0.1)
        self._lease = timedelta(seconds=send_limit) + self._grace
        self._max_attempts = max_attempts
        self._longest_wait = longest_wait
        self._poll = poll
        self._backoff = backoff
        self._at = at
        self._observer = observer
        self._recovered = recovered
        self._refusing: set[str] = set()
        """Channels of which the last message that was given up was so for a new reason, and none was accepted since."""
        self._woken = asyncio.Event()
        self._idle = asyncio.Event()
        self._in_flight: dict[asyncio.Task[None], Row] = {}
        self._is_running = False
        self._needs_scrub = False
        self._scrubbed_at = time.monotonic()
        self._pause = OutboxPause(client, self._backoff_seconds)

    @property
    def paused(self) -> str:
        """Slack's code while it does not know the app and every row waits, else empty."""
        return self._pause.reason

    def wake(self) -> None:
        """Look into the outbox soon. To be called on the worker's event loop, after a commit."""
        self._woken.set()

    async def run_forever(self, stop: asyncio.Event) -> None:
        """Send rows until `stop` is set, then finish those in flight."""
        self._is_running = True
        stopper = asyncio.create_task(stop.wait())
        stopper.add_done_callback(lambda _: self.wake())
        try:
            while not stop.is_set():
                await self._wait_for_wake(await self._start_due(stop))
            await self._finish_in_flight()
        finally:
            self._is_running = False
            for task in (stopper, *self._in_flight):
                task.cancel()
            await asyncio.gather(stopper, *self._in_flight, return_exceptions=True)
            await self._slack_sender.close()

    async def drain(self, timeout: float = 60.0) -> None:  # noqa: ASYNC109 - one deadline for a test
        """Wait until the outbox is empty, and run meanwhile if `run_forever` does not. Raises `TimeoutError`."""
        self._idle.clear()
        self.wake()
        stop = asyncio.Event()
        own_run = None if self._is_running else asyncio.create_task(self.run_forever(stop))
        try:
            async with asyncio.timeout(timeout):
                await self._idle.wait()
        except TimeoutError:
            in_flight = [f"{row.method} {row.key}" for row in self._in_flight.values()]
            raise TimeoutError(f"the outbox is not empty after {timeout:g} s; under way: {in_flight}") from None
        finally:
            stop.set()
            if own_run is not None:
                await own_run

    async def _start_due(self, stop: asyncio.Event) -> float:
        """Start to send what may be sent now; how many seconds to wait at most before the next look."""
        self._woken.clear()
        try:
            await self._collect_finished()
            while len(self._in_flight) < _MOST_IN_FLIGHT and not stop.is_set():
                busy = self._ticket_senders.busy(self._in_flight.values())
                if not await self._pause.is_over():
                    busy |= {SLACK}
                held = await self._pace.held()
                row = await self._run(self._store.claim, self._clock(), self._lease, frozenset(held), busy)
                if row is None:
                    return self._wait_in_pause() if SLACK in busy else await self._wait_without_due_row(held)
                if row.method in NEW_MESSAGES and row.ordering_key is not None:
                    await self._pace.take(row.ordering_key)
                self._start(row)
        except StoreError as error:
            # Rows keep their lease; those in flight are searched for before they are sent again.
            _log.error("outbox_unusable", error=str(error))
        except ConcurrentChange:  # other processes claim all the time; the next look does so as of then
            _log.warning("claim_put_off")
        return self._poll

    def _start(self, row: Row) -> None:
        task = asyncio.create_task(self._send_row(row))
        self._in_flight[task] = row
        task.add_done_callback(lambda _: self.wake())

    def _wait_in_pause(self) -> float:
        """During a pause only ticket senders need the usual polling."""
        return min(self._pause.seconds, self._poll) if self._ticket_senders else self._pause.seconds

    async def _wait_without_due_row(self, held: Mapping[str, float]) -> float:
        if self._needs_scrub and not self._in_flight and time.monotonic() - self._scrubbed_at >= _SCRUB_EVERY:
            await self._scrub()
        waits = [self._poll, *held.values()]
        due_at = await self._run(self._store.next_due)
        if due_at is None and not self._in_flight and not self._woken.is_set():
            self._idle.set()
        if due_at is not None:
            waits.append((due_at - self._clock()).total_seconds())
        return min(seconds for seconds in waits if seconds > 0)  # a row that is due already waits for the pace

    async def _wait_for_wake(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _collect_finished(self) -> None:
        """Remove the tasks that are done. A row whose attempt ended in an unexpected exception is tried again."""
        for task in [task for task in self._in_flight if task.done()]:
            row = self._in_flight.pop(task)
            error = task.exception()
            if isinstance(error, StoreError):
                raise error
            if error is not None:
                await self._record(row, Retry(type(error).__name__, unsure=True, unexpected=True), 0.0)

    async def _finish_in_flight(self) -> None:
        if self._in_flight:
            await asyncio.wait(self._in_flight, timeout=self._lease.total_seconds())
        try:
            await self._collect_finished()
            if self._needs_scrub:
                await self._scrub()
        except StoreError as error:
            _log.error("outbox_unusable", error=str(error))

    async def _scrub(self) -> None:
        self._needs_scrub = not await self._run(self._store.scrub, self._clock())
        self._scrubbed_at = time.monotonic()

    async def _send_row(self, row: Row) -> None:
        # What is left of the lease when the row has waited for its turn, or this process for the machine.
        seconds = (row.due_at - self._grace - self._clock()).total_seconds()
        if seconds <= 0:
            # It is claimed again, and looked for before it is sent.
            _log.warning("outbox_row_late", row=row.id, method=row.method, attempt=row.attempts)
            return
        started_at = time.monotonic()
        result = await self._attempt(row, min(seconds, self._send_limit))
        self._at("before_record")
        await self._record(row, result, time.monotonic() - started_at)
        self._at("after_record")

    async def _attempt(self, row: Row, seconds: float) -> SendResult:
        sender = self._ticket_senders if row.method == "mirror" else self._slack_sender
        try:
            async with asyncio.timeout(seconds):
                return await sender.send(row)
        except REQUEST_ERRORS as error:
            return unless_closed(classify(error), row)

    async def _record(self, row: Row, result: SendResult, seconds: float) -> None:
        log = _log.bind(
            row=row.id, method=row.method, ordering_key=row.ordering_key, attempt=row.attempts,
            ms=round(seconds * 1000, 1),
        )  # fmt: skip
        if isinstance(result, Delivered):
            await self._run(
                self._store.delivered, row, result.channel, result.ts, following(row, result, self._clock())
            )
            self._needs_scrub = True
            if row.method != "mirror":
                self._pause.message_delivered()
            log.info("outbox_row", outcome=result.how)
            self._observer(row, "delivered", seconds, self._clock())
            if row.destination.to in self._refusing:
                await self._run(self._recovered, row.destination.to)
                self._refusing.discard(row.destination.to)
                self.wake()
        elif passes(result, row, self._max_attempts):
            if isinstance(result, AppRevoked):
                self._pause.begin(result.error)
            elif result.after and row.limited_as is not None:
                await self._pace.hold(row.limited_as, min(result.after, LONGEST_HOLD))
            await self._run(self._store.postpone, row, self._next_attempt_at(row, result), result.error)
            todo = {"todo": remedy(result.error)} if result.error in CLOSED_CODES else {}
            log.warning("outbox_row", outcome="again", error=result.error, **todo)
            self._observer(row, "again", seconds, self._clock())
        else:
            gave_up = f"given up after {row.attempts} attempts: " if isinstance(result, Retry | AppRevoked) else ""
            error = gave_up + result.error
            await self._run(self._store.dead_letter, row, error)
            if row.method == "post" and is_channel(row.destination.to) and error not in {row.error, NEVER_ARRIVED}:
                # What is refused twice for the same reason is refused for itself: no recovery helps it.
                self._refusing.add(row.destination.to)
            log.error("outbox_row_dead", outcome="dead", error=error, todo=remedy(result.error))
            self._observer(row, "dead", seconds, self._clock())

    def _backoff_seconds(self, attempts: int) -> float:
        return backoff_seconds(self._backoff, attempts)

    def _next_attempt_at(self, row: Row, result: Retry | AppRevoked) -> datetime:
        if isinstance(result, AppRevoked):
            return self._clock()  # the pause decides when, for all rows alike
        backoff = self._backoff_seconds(row.attempts)
        wait = backoff if result.after is None else min(result.after, self._longest_wait)
        due_at = self._clock() + timedelta(seconds=wait)
        if not result.unsure or row.method not in NEW_MESSAGES:
            return due_at
        # A message that seems lost may still arrive until the lease ends, or a little later where the attempt began
        # late: it must not be searched for before that.
        return max(due_at, row.due_at, self._clock() + self._grace)
