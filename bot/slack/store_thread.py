"""The threads that use the store, and what happens while another program locks the database, or it does not answer.

SQLite has one thread, PostgreSQL several. In a thread itself nothing waits long for a lock: the connection gives up
after `BUSY_SECONDS`. From then on callers wait outside the thread, which checks every `LOOK_SECONDS` whether the lock
is gone. So a lock delays neither calls that need no lock nor the refusal of callers that have waited long enough.
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
"""How long a request waits for a lock. Slack gives three seconds for everything; the rest is for saying so."""
OUTAGE_SECONDS = 2.1
"""The same for a server: it is restarted, or another one takes its place, and that takes about two seconds."""
LOOK_SECONDS = 0.1
"""Between two looks whether the lock is over."""
_MOMENT = 3 * LOOK_SECONDS

log = structlog.get_logger()

_give_up_at: ContextVar[tuple[float, float] | None] = ContextVar("give_up_at", default=None)
"""Of a request: with a file, and with a server."""


def begin_request() -> None:
    """From now on all that this request asks of the store waits `LOCK_SECONDS`, for a server `OUTAGE_SECONDS`."""
    _give_up_at.set(_limits())


def _limits() -> tuple[float, float]:
    now = time.monotonic()
    return now + LOCK_SECONDS, now + OUTAGE_SECONDS


class StoreThread:
    """Calls functions of the store: one after the other, or as many at once as there are `threads`.

    A function that ends with `StoreLockedError` or `ConcurrentChange` has changed nothing, and is called again.
    """

    def __init__(self, threads: int = 1, *, on_server: bool = False) -> None:
        self.threads = threads
        self._on_server = on_server
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="store")
        # Both are set in the store's thread only, and read anywhere.
        self._locked_since: datetime | None = None
        self._explanation = ""
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
        return self._explanation

    async def run(self, function: Callable[..., Result], *args: Any) -> Result:
        """Call `function` in the store's thread and return its result, for somebody who waits for it.

        Raises `StoreLockedError` when the request, or the call where it belongs to none, has waited `LOCK_SECONDS`.
        """
        return await self.patiently(lambda: self.submit(function, *args))

    async def in_background(self, function: Callable[..., Result], *args: Any) -> Result:
        """The same for what nobody waits for: it is done when the lock is over, however long that takes."""
        return await self.patiently(lambda: self.submit(function, *args), give_up_at=math.inf)

    async def at_once(self, function: Callable[..., Result], *args: Any) -> Result:
        """The same for what needs no lock, such as reading: it does not wait for one to be over."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)

    async def patiently(self, attempt: Callable[[], Awaitable[Result]], give_up_at: float | None = None) -> Result:
        """The result of `attempt`, which calls `submit`, tried again until `give_up_at` (monotonic).

        That is done after each lock, and where other processes were faster for as long as the store tries by itself.
        """
        if give_up_at is None:
            give_up_at = (_give_up_at.get() or _limits())[self._on_server]
        once_more = self._on_server
        while True:
            await self._until_free(give_up_at)
            try:
                return await attempt()
            except (StoreLockedError, ConcurrentChange):
                if self._ending:
                    raise
                if time.monotonic() >= give_up_at:
                    if not once_more:
                        raise
                    # An attempt that asks after its lost commit may take all the time, and the server be back by then.
                    once_more, give_up_at = False, time.monotonic() + _MOMENT

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
            raise StoreLockedError(self._explanation)
        try:
            return function(*args)
        except StoreLockedError as error:
            self._explanation = str(error)
            self._locked_since = datetime.now(UTC)
            raise

    async def _until_free(self, give_up_at: float) -> None:
        while self._locked_since is not None:
            if self._ending:
                raise StoreLockedError(self._explanation)
            if self._watch is None or self._watch.done():
                self._watch = asyncio.create_task(self._until_a_look_succeeds())
            seconds = None if give_up_at == math.inf else max(0.0, give_up_at - time.monotonic())
            await asyncio.wait({self._watch}, timeout=seconds)
            # Others may have met the next lock meanwhile.
            if self._locked_since is not None and time.monotonic() >= give_up_at:
                raise StoreLockedError(self._explanation)

    async def _until_a_look_succeeds(self) -> None:
        started = time.monotonic()
        log.warning("database_locked", todo=self._explanation)
        while self._locked_since is not None:
            await asyncio.sleep(LOOK_SECONDS)
            await self.at_once(self._look)
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
