"""A mirror: another place that is told of tickets. Whoever adds one reads docs/mirrors.md."""

from typing import Protocol

from bot.services.ticket_sync import TicketRenderer
from bot.slack_api.errors import SendResult
from bot.store.models import Row

LONGEST_RETRY_AFTER = 3600.0
"""Seconds. No other desk decides that the bot waits for days."""


class TicketSender(TicketRenderer, Protocol):
    """What `render` made is brought to its place by `send`, at least once and in the order of the ticket."""

    async def send(self, row: Row) -> SendResult:
        """Try once. `row.content` is what `render` gave; a repeat has the same `row.key`, by which it is known again.

        Trouble that may pass is `Again`, what will never be taken is `Never`. What a request raises of aiohttp's or of
        the operating system's may be raised: it is tried again.
        """

    async def probe(self) -> str:
        """Connect, send nothing, and say in a few words what is there. Raises `OSError` or what a request raises."""
