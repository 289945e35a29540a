"""What monitors read: figures of the store as they were last read, so that nobody waits for the store."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Generic, TypeVar

from bot.store.protocol import StoreLockedError

Figures = TypeVar("Figures")

READ_SECONDS = 0.2
"""How long a reading may take until the one before is good enough."""


class LastKnown(Generic[Figures]):
    """Figures and the time of their reading. `read` gets the time; it is a coroutine, run once at a time."""

    def __init__(self, read: Callable[[datetime], Coroutine[Any, Any, Figures]], clock: Callable[[], datetime]) -> None:
        self._read = read
        self._clock = clock
        self._reading: asyncio.Task[None] | None = None
        self._known: tuple[Figures, datetime] | None = None

    async def get(self) -> tuple[Figures, datetime] | None:
        """The newest figures and when they were read, within `READ_SECONDS`; `None` when they never were.

        Raises `StoreError` when they cannot be read, for another reason than that they have to be waited for.
        """
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_now())
        reading = self._reading
        await asyncio.wait({reading}, timeout=READ_SECONDS)
        if reading.done():
            reading.result()
        return self._known

    async def _read_now(self) -> None:
        now = self._clock()
        try:
            self._known = await self._read(now), now
        except StoreLockedError:  # the page says so; what was known before stays
            return
