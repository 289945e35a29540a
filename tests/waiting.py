"""Waiting for a condition: one limit for the whole suite, so generous that only what never happens meets it."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any

from bot.sandbox.world import PATIENCE

LIMIT = PATIENCE
"""Seconds, the same as at the sandbox. No test is right because they ran out."""
LOOK = 0.01
QUICK: Any = {"rates": math.inf, "processing": 0.0}
"""Arguments of a `Sandbox` that is not to take time as Slack does: no rate limits, files that can be shown at once."""


class NeverHappened(AssertionError):  # noqa: N818 - it fails a test like an assertion
    """What was waited for did not happen."""


async def until(
    holds: Callable[[], Any], what: str, tell: Callable[[], Awaitable[str]] | None = None, limit: float = LIMIT
) -> None:
    """Return as soon as `holds` is true; else the failure names `what`, and tells what `tell` gives."""
    end = time.monotonic() + limit
    while not await _value(holds()):
        if time.monotonic() > end:
            told = await tell() if tell is not None else ""
            raise NeverHappened(f"waited {limit:g} s for {what}\n{told}")
        await asyncio.sleep(LOOK)


async def _value(given: Any) -> Any:
    return await given if isawaitable(given) else given
