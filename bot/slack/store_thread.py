"""The threads that use the store, and what happens while another program locks the database, or it does not answer.

SQLite has one thread, PostgreSQL several. In a thread itself nothing waits long for a lock: the connection gives up
after `BUSY_SECONDS`. From then on callers wait outside the thread, which checks every `LOOK_SECONDS` whether the lock
is gone. So a lock delays neither calls that need no lock nor the refusal of callers that have waited long enough.
Only that wait counts: not the one for a thread, or of the whole process for a busy machine.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TypeVar

import structlog

from bot.store.protocol import ConcurrentChange, StatementError, StoreError, StoreLockedError

Result = TypeVar("Result")

BUSY_SECONDS = 0.2
"""How long one call waits in the thread for another program's lock."""
LOCK_SECONDS = 1.2
"""How long a request waits for a lock in all. Slack gives three seconds for everything; the rest is for saying so."""
OUTAGE_SECONDS = 2.1
"""The same for a server: it is restarted, or another one takes its place, and that takes about two seconds."""
LOOK_SECONDS = 0.1
"""Between two looks whether the lock is over."""

log = structlog.get_logger()


class Patience:
    """How long a request still waits for a lock or a server, and how it went so far."""

    def __init__(self) -> None:
        self._limits = LOCK_SECONDS, OUTAGE_SECONDS
        self._began = self._counted_until = time.monotonic()
        self._waited = 0.0
        self._attempts = 0
        self._last_error = ""

    def left(self, *, on_server: bool) -> float:
        """How many seconds more it waits."""
        return max(0.0, self._limits[on_server] - self._waited)

    def count(self, since: float = 0.0) -> None:
        """The store has not answered since this moment (monotonic), or since the last count."""
        now = time.monotonic()
        self._waited += now - max(self._counted_until, since)
        self._counted_until = now

    def failed(self, error: BaseException) -> None:
        """An attempt has ended so."""
        self._attempts += 1
        while error.__cause__ is not None:
            error = error.__cause__
        self._last_error = type(error).__name__

    @property
    def seconds(self) -> float:
        """How long ago the request arrived."""
        return time.monotonic() - self._began

    def told(self) -> dict[str, object]:
        """For the log: how long ago it began, how much of that it waited, how often it was tried, and what failed."""
        return {
            "seconds": round(self.seconds, 2), "waited": round(self._waited, 2),
            "attempts": self._attempts, "last_error": self._last_error,
        }  # fmt: skip


class _Endless(Patience):
    """Of what nobody waits for."""

    def left(self, *, on_server: bool) -> float:  # noqa: ARG002 - the same for both
        return math.inf


_patience: ContextVar[Patience | None] = ContextVar("patience", default=None)
"""Of the request that is being handled."""


def begin_request() -> None:
    """From now on all that this request asks of the store waits `LOCK_SECONDS`, for a server `OUTAGE_SECONDS`."""
    _patience.set(Patience())


def patience() -> Patience:
    """Of the request that is being handled; a new one outside of any."""
    return _patience.get() or Patience()


class StoreThread:
    """Calls functions of the store: one after the other, or as many at once as there are `threads`.

    A function that ends with `StoreLockedError` or `ConcurrentChange` has changed nothing, and is called again.
    """

    def __init__(self, threads: int = 1, *, on_server: bool = False) -> None:
        self.threads = threads
        self._on_server = on_server
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="store")
        # All three are set in the store's threads only, and read anywhere.
        self._locked_since: datetime | None = None
        self._away_since = 0.0
        self._error = StoreLockedError("")
        self._watch: asyncio.Task[None] | None = None
        self._ending = False
        self._used_at = time.monotonic()
        self.look: Callable[[], object] | None = None
        """Raises `StoreLockedError` while the lock lasts. Without it everybody just tries again after a moment."""

    @property
    def locked_since(self) -> datetime | None:
        """Since when another program has locked the database, as far as is known; `None` while it does not."""
        return self._locked_since

    @property
    def idle_seconds(self) -> float:
        """For how long nothing has been given to it to do."""
        return time.monotonic() - self._used_at

    @property
    def explanation(self) -> str:
        """What the operator can do about the lock."""
        return str(self._error)

    async def run(self, function: Callable[..., Result], *args: Any) -> Result:
        """Call `function` in the store's thread and return its result, for somebody who waits for it.

        Raises `StoreLockedError` when the request, or the call where it belongs to none, has waited `LOCK_SECONDS`.
        """
        return await self.patiently(lambda: self.submit(function, *args))

    async def in_background(self, function: Callable[..., Result], *args: Any) -> Result:
        """The same for what nobody waits for: it is done when the lock is over, however long that takes."""
        return await self.patiently(lambda: self.submit(function, *args), _Endless())

    async def at_once(self, function: Callable[..., Result], *args: Any) -> Result:
        """The same for what needs no lock, such as reading: it does not wait for one to be over."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)

    async def patiently(self, attempt: Callable[[], Awaitable[Result]], waiting: Patience | None = None) -> Result:
        """The result of `attempt`, which calls `submit`, tried again after each lock as long as the patience lasts.

        Where other processes were faster the store itself has tried as long as anybody waits; what nobody waits for is
        tried again.
        """
        waiting = waiting or patience()
        while True:
            await self._until_free(waiting)
            try:
                return await attempt()
            except (StoreLockedError, ConcurrentChange) as error:
                waiting.failed(error)
                if self._ending or (isinstance(error, ConcurrentChange) and not isinstance(waiting, _Endless)):
                    raise

    def submit(self, function: Callable[..., Result], *args: Any) -> asyncio.Future[Result]:
        """One attempt: a future of the result. `StoreLockedError` at once while a lock is known."""
        self._used_at = time.monotonic()
        return asyncio.get_running_loop().run_in_executor(self._pool, self._attempt, function, args)

    def end_waiting(self) -> None:
        """From now on nobody waits for a lock to be over: the bot stops."""
        self._ending = True
        if self._watch is not None:
            self._watch.cancel()

    def close(self) -> None:
        """Finish what is running and end the thread."""
        self.end_waiting()
        self._pool.shutdown(wait=True)

    def _attempt(self, function: Callable[..., Result], args: tuple[Any, ...]) -> Result:
        if self._locked_since is not None:
            raise self._refusal from self._error
        try:
            return function(*args)
        except StoreLockedError as error:
            self._error, self._away_since = error, time.monotonic() - error.silent
            self._locked_since = datetime.now(UTC)
            raise

    @property
    def _refusal(self) -> StoreLockedError:
        return StoreLockedError(str(self._error))

    async def _until_free(self, waiting: Patience) -> None:
        while self._locked_since is not None:
            if self._ending:
                raise self._refusal from self._error
            if self._watch is None or self._watch.done():
                self._watch = asyncio.create_task(self._until_a_look_succeeds())
            waiting.count(self._away_since)
            left = waiting.left(on_server=self._on_server)
            await asyncio.wait({self._watch}, timeout=None if left == math.inf else left)
            waiting.count()
            # Others may have met the next lock meanwhile.
            if self._locked_since is not None and not waiting.left(on_server=self._on_server):
                raise self._refusal from self._error

    async def _until_a_look_succeeds(self) -> None:
        started = time.monotonic()
        log.warning("database_locked", todo=self.explanation)
        while self._locked_since is not None:
            await asyncio.sleep(LOOK_SECONDS)
            # A server is asked over a connection of its own, so not after those who wait for a thread.
            await (asyncio.to_thread(self._look) if self._on_server else self.at_once(self._look))
        log.warning("database_free", seconds=round(time.monotonic() - started, 1))

    def _look(self) -> None:
        try:
            if self.look is not None:
                self.look()
        except StoreLockedError:
            return
        except (StoreError, StatementError) as error:
            # Something else is wrong: the next caller gets the error.
            log.warning("database_trouble", error=str(error))
        self._locked_since = None
