"""Waiting for a condition: one limit for the whole suite, so generous that only what never happens meets it."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.sandbox.waiting import PATIENCE

LIMIT = PATIENCE
"""Seconds, the same as at the sandbox. No test is right because they ran out."""
LOOK = 0.01
T = TypeVar("T")


class NeverHappened(AssertionError):  # noqa: N818 - it fails a test like an assertion
    """What was waited for did not happen."""


async def until(holds: Callable[[], T | Awaitable[T]], what: str, limit: float = LIMIT) -> T:
    """What `holds` gives as soon as it is true, or its last word in the failure, which names `what`."""
    end = time.monotonic() + limit
    while True:
        found = holds()
        if inspect.isawaitable(found):
            found = await found
        if found:
            return found
        if time.monotonic() > end:
            raise NeverHappened(f"waited {limit:g} s for {what}; the last look gave {found!r}")
        await asyncio.sleep(LOOK)
