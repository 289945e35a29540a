"""A pause of the whole outbox while Slack does not know the app: what it refuses to one row it refuses to all."""

import asyncio
import time
from collections.abc import Callable

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.courier.outcomes import TROUBLE, remedy

_ASK_SECONDS = 3.0
"""Asking must not hold up a stop, nor the recording of what is under way."""

_log = structlog.get_logger("bot.courier")


class Pause:
    """Asks Slack with `auth.test` whether the app is known again, after `wait(n)` seconds for the n-th time."""

    def __init__(self, client: AsyncWebClient, wait: Callable[[int], float]) -> None:
        self._client = client
        self._wait = wait
        self._asked = 0
        self._until = 0.0
        self.reason = ""
        """Slack's code while the pause lasts, else empty."""

    @property
    def seconds(self) -> float:
        """How long until Slack is asked again."""
        return max(0.0, self._until - time.monotonic())

    def begin(self, code: str) -> None:
        """A row was refused with `code`, which concerns every row. Refusals of others under way change nothing."""
        if self.reason:
            return
        self.reason = code
        self._postpone()
        _log.error("outbox_paused", error=code, todo=remedy(code), again_in=round(self.seconds, 1))

    def proved_needless(self) -> None:
        """A message has reached Slack: the next pause begins with a short wait again."""
        if not self.reason:
            self._asked = 0

    async def over(self) -> bool:
        """Whether rows may be sent; Slack is asked when it is time to."""
        if self.reason and not self.seconds:
            await self._ask()
        return not self.reason

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(_ASK_SECONDS):
                await self._client.auth_test()
        except TROUBLE as error:
            self._postpone()
            _log.warning("outbox_still_paused", error=type(error).__name__, again_in=round(self.seconds, 1))
            return
        _log.info("outbox_goes_on", after=self.reason)
        self.reason = ""

    def _postpone(self) -> None:
        self._asked += 1
        self._until = time.monotonic() + self._wait(self._asked)
