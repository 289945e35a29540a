"""Ticket senders bring tickets to systems other than Slack. docs/ticket-sync.md says how to add one."""

from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from bot.services.ticket_sync import TicketRenderer
from bot.slack_api.errors import SENDER_REMOVED, Delivered, Fail, SendResult
from bot.store.models import Row
from bot.store.protocol import CrashPoints

LONGEST_RETRY_AFTER = 3600.0
"""Seconds. A receiver cannot make the bot wait for days."""
_MOST_RUNNING = 2
"""Rows that one sender may have running at once: one that hangs takes no place from Slack or from another."""


class TicketSender(TicketRenderer, Protocol):
    """Sends what its `render` made: at least once, and in order for each ticket."""

    async def send(self, row: Row) -> SendResult:
        """Try once. `row.content` is what `render` returned; a repeat has the same `row.key`.

        Returns `Retry` when another attempt may work and `Fail` when none will. May raise what a request of aiohttp
        and the operating system raise: then it is tried again.
        """

    async def probe(self) -> str:
        """Connect without sending anything and describe the receiver in a few words, for `check`.

        Raises `OSError` or what a request raises.
        """


class TicketSenders:
    """The ticket senders that are switched on. The outbox worker sends rows of the method "mirror" with them."""

    def __init__(self, senders: Iterable[TicketSender], at: CrashPoints) -> None:
        self._senders = {sender.name: sender for sender in senders}
        self._at = at

    def __bool__(self) -> bool:
        return bool(self._senders)

    async def send(self, row: Row) -> SendResult:
        """Try `row` once with its sender. The receiver cannot be searched: it knows a repeat by the row's key."""
        sender = self._senders.get(row.destination.to)
        if sender is None:
            return Fail(SENDER_REMOVED)
        if not row.content:
            return Delivered(how="forgotten")  # the person was erased meanwhile
        self._at("before_send")
        result = await sender.send(row)
        self._at("after_send")
        return result

    @staticmethod
    def busy(running: Iterable[Row]) -> frozenset[str]:
        """The names of the senders that have as many of the `running` rows as they may."""
        counts = Counter(row.destination.to for row in running if row.method == "mirror")
        return frozenset(name for name, count in counts.items() if count >= _MOST_RUNNING)
