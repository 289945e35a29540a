"""What monitors read: figures of the store as they were last read, so that nobody waits for the store."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from bot.store.protocol import StoreError, StoreLockedError

Figures = TypeVar("Figures")

READ_SECONDS = 0.2
"""How long a reading may take until the one before is good enough."""

STUCK_SECONDS = 10.0
"""How long a reading may take until the store counts as unusable."""


class LastKnown(Generic[Figures]):
    """Figures and the time of their reading. `read` gets the time; it is a coroutine, run once at a time."""

    def __init__(self, read: Callable[[datetime], Coroutine[Any, Any, Figures]], clock: Callable[[], datetime]) -> None:
        self._read = read
        self._clock = clock
        self._reading: asyncio.Task[None] | None = None
        self._began = clock()
        self._known: tuple[Figures, datetime] | None = None

    async def get(self) -> tuple[Figures, datetime] | None:
        """The newest figures and when they were read, within `READ_SECONDS`; `None` when they never were.

        Raises `StoreError` when they cannot be read, for another reason than that they have to be waited for.
        """
        reading = self._begin()
        await asyncio.wait({reading}, timeout=READ_SECONDS)
        if reading.done():
            reading.result()
        return self._known

    def look(self) -> tuple[Figures, datetime] | None:
        """The same without waiting at all: what was read last; another reading begins.

        Raises `StoreError` also when a reading has not ended for `STUCK_SECONDS`.
        """
        last = self._reading
        self._begin()
        if last is not None and last.done():
            last.result()
        elif self._clock() - self._began > timedelta(seconds=STUCK_SECONDS):
            raise StoreError(f"The database has not answered since {self._began:%Y-%m-%d %H:%M:%S} UTC.")
        return self._known

    def _begin(self) -> asyncio.Task[None]:
        """The reading that is going on, or a new one."""
        if self._reading is None or self._reading.done():
            self._began = self._clock()
            self._reading = asyncio.create_task(self._read_now())
        return self._reading

    async def _read_now(self) -> None:
        began = self._began
        try:
            self._known = await self._read(began), began
        except StoreLockedError:  # the page says so; what was known before stays
            return
