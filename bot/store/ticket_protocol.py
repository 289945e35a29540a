"""What the services need of a store for tickets."""

from datetime import datetime
from typing import Protocol

from bot.store.models import TicketEvent, TicketMessage, TicketRecord, TicketTimer
from conversations.ticket.models import TicketState


class Tickets(Protocol):
    """Tickets, what is written in them and what happens to them by itself, inside a transaction."""

    def ticket(self, number: int) -> TicketRecord | None:
        """The ticket of this number."""

    def ticket_of_walk(self, walk_id: int) -> TicketRecord | None:
        """The one ticket of a walk, or the one into which that was merged."""

    def ticket_of_card(self, key: str) -> TicketRecord | None:
        """The ticket whose card the row of `key` posted."""

    def open_ticket_without_walk(self, team_id: str, merchant_id: str) -> TicketRecord | None:
        """The ticket that this person opened outside any walk and that is neither resolved nor closed."""

    def tickets(
        self,
        *,
        team_id: str | None = None,
        merchant_id: str | None = None,
        claimed_by: str | None = None,
        states: frozenset[TicketState] | None = None,
        limit: int = 100,
    ) -> list[TicketRecord]:
        """Tickets for which all that is named holds, newest first."""

    def add_ticket(self, ticket: TicketRecord) -> TicketRecord:
        """Store a new ticket and give it its number. `Conflict` when its walk has one already."""

    def save_ticket(self, ticket: TicketRecord) -> None:
        """Store a changed ticket; like every save, it raises when there is none of this number or ID."""

    def ticket_of_talk(self, team_id: str, channel: str, ts: str) -> TicketRecord | None:
        """The ticket whose conversation is the thread of the message at `ts` in the merchant's direct message.

        If it was merged into another one, that one.
        """

    def add_ticket_event(self, event: TicketEvent) -> None:
        """Append to a ticket's history."""

    def ticket_events(self, number: int) -> list[TicketEvent]:
        """A ticket's history, oldest first."""

    def add_ticket_message(self, message: TicketMessage) -> TicketMessage:
        """Store a message and give it its ID. `Conflict` when its `source` is stored already."""

    def ticket_message(self, message_id: int) -> TicketMessage | None:
        """The message of this ID."""

    def ticket_message_of(self, source: str) -> TicketMessage | None:
        """The message that passed on the merchant's own one at `source`."""

    def save_ticket_message(self, message: TicketMessage) -> None:
        """Store a changed message."""

    def ticket_messages(self, number: int) -> list[TicketMessage]:
        """What was written in a ticket, oldest first."""

    def merge_ticket(self, number: int, into: int) -> None:
        """What was written in the ticket, and what was merged into it earlier, belongs to the ticket `into` now."""

    def ticket_timer(self, number: int) -> TicketTimer | None:
        """The next thing that happens to a ticket by itself."""

    def due_ticket_timer(self, now: datetime) -> TicketTimer | None:
        """The timer that has been due longest, or `None`."""

    def save_ticket_timer(self, timer: TicketTimer) -> None:
        """Insert or replace: a ticket has one at most."""

    def forget_ticket_timer(self, number: int) -> None:
        """Nothing happens to this ticket by itself."""
