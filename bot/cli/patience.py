"""Calls of Slack by a command: tried again while Slack asks to wait, which the person at the terminal is told."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.cli.findings import Say
from bot.slack_api.errors import REQUEST_ERRORS, Retry, classify

_ATTEMPTS, _WAIT = 5, 2.0
"""How often one call is tried, and for how long it waits where Slack does not say."""
_Answer = TypeVar("_Answer")


async def patiently(call: Callable[[], Awaitable[_Answer]], say: Say, *, repeatable: bool = True) -> _Answer:
    """What `call` returns. Raises one of `REQUEST_ERRORS` when Slack refuses, or after a few attempts.

    A call that is not `repeatable` is only tried again where Slack has certainly not carried it out.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return await call()
        except REQUEST_ERRORS as error:
            means = classify(error)
            if not isinstance(means, Retry) or attempt == _ATTEMPTS or (means.unsure and not repeatable):
                raise
            wait = _WAIT if means.after is None else means.after
            say(f"Slack asks to wait {math.ceil(wait)} s ({means.error})")
            await asyncio.sleep(wait)
    raise AssertionError
