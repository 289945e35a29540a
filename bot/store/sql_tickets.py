"""Tickets: acts, messages, the one next thing that happens by itself, and invitations."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.store.dialect import loaded
from bot.store.models import TicketEvent, TicketMessage, TicketRecord, TicketTimer
from bot.store.protocol import Conflict
from bot.store.statements import Statements
from bot.store.support_models import Invitation
from conversations.ticket.models import TicketState


class SqlTickets(Statements):
    """The part of `bot.store.protocol.Transaction` about tickets and invitations.

    What is saved under a number or an ID that is unknown raises `LookupError`.
    """

    def ticket(self, number: int) -> TicketRecord | None:
        return self._ticket("ticket", number=number)

    def ticket_of_walk(self, walk_id: int) -> TicketRecord | None:
        return self._ticket("ticket_of_walk", walk_id=walk_id)

    def ticket_of_card(self, key: str) -> TicketRecord | None:
        return self._ticket("ticket_of_card", key=key)

    def ticket_of_talk(self, team_id: str, channel: str, ts: str) -> TicketRecord | None:
        return self._ticket("ticket_of_talk", team_id=team_id, channel=channel, ts=ts)

    def open_ticket_without_walk(self, team_id: str, merchant_id: str) -> TicketRecord | None:
        return self._ticket("open_ticket_without_walk", team_id=team_id, merchant_id=merchant_id)

    def tickets(
        self,
        *,
        team_id: str | None = None,
        merchant_id: str | None = None,
        claimed_by: str | None = None,
        states: frozenset[TicketState] | None = None,
        limit: int = 100,
    ) -> list[TicketRecord]:
        asked: dict[str, Any] = {"team_id": team_id, "claimed_by": claimed_by, "states": states, "limit": limit}
        if merchant_id is None:
            return self._tickets("tickets", **asked)
        return self._tickets("tickets_of_merchant", merchant_id=merchant_id, **asked)

    def add_ticket(self, ticket: TicketRecord) -> TicketRecord:
        number = self._value("add_ticket", **vars(ticket))
        if number is None:
            raise Conflict
        return replace(ticket, number=number)

    def save_ticket(self, ticket: TicketRecord) -> None:
        self._change_one("save_ticket", **vars(ticket))

    def add_ticket_event(self, event: TicketEvent) -> None:
        self._change("add_ticket_event", **vars(event))

    def ticket_events(self, number: int) -> list[TicketEvent]:
        return [TicketEvent(**loaded(row)) for row in self._rows("ticket_events", number=number)]

    def add_ticket_message(self, message: TicketMessage) -> TicketMessage:
        message_id = self._value("add_ticket_message", **vars(message))
        if message_id is None:
            raise Conflict
        return replace(message, id=message_id)

    def ticket_message(self, message_id: int) -> TicketMessage | None:
        return next(iter(self._messages("ticket_message", message_id=message_id)), None)

    def ticket_message_of(self, source: str) -> TicketMessage | None:
        return next(iter(self._messages("ticket_message_of", source=source)), None)

    def save_ticket_message(self, message: TicketMessage) -> None:
        self._change_one("save_ticket_message", **vars(message))

    def ticket_messages(self, number: int) -> list[TicketMessage]:
        return self._messages("ticket_messages", number=number)

    def merge_ticket(self, number: int, into: int) -> None:
        for query in ("merge_earlier", "move_ticket_messages"):
            self._change(query, number=number, into=into)

    def ticket_timer(self, number: int) -> TicketTimer | None:
        found = self._row("ticket_timer", number=number)
        return None if found is None else TicketTimer(**loaded(found))

    def due_ticket_timer(self, now: datetime) -> TicketTimer | None:
        found = self._row("due_ticket_timer", now=now)
        return None if found is None else TicketTimer(**loaded(found))

    def save_ticket_timer(self, timer: TicketTimer) -> None:
        self._change("save_ticket_timer", **vars(timer))

    def forget_ticket_timer(self, number: int) -> None:
        self._change("forget_ticket_timer", number=number)

    def add_invitation(self, invitation: Invitation) -> Invitation:
        invitation_id = self._value("add_invitation", **vars(invitation))
        if invitation_id is None:
            raise Conflict
        return replace(invitation, id=invitation_id)

    def invitation(self, invitation_id: int) -> Invitation | None:
        return next(iter(self._invitations("invitation", invitation_id=invitation_id)), None)

    def last_invitation(self, team_id: str, merchant_id: str) -> Invitation | None:
        return next(iter(self._invitations("last_invitation", team_id=team_id, merchant_id=merchant_id)), None)

    def due_invitation(self, now: datetime) -> Invitation | None:
        return next(iter(self._invitations("due_invitation", now=now)), None)

    def invitations_of_list(self, list_key: str) -> list[Invitation]:
        return self._invitations("invitations_of_list", list_key=list_key)

    def pending_invitations(self, team_id: str, limit: int) -> list[Invitation]:
        return self._invitations("pending_invitations", team_id=team_id, limit=limit)

    def save_invitation(self, invitation: Invitation) -> None:
        self._change_one("save_invitation", **vars(invitation))

    def keep_refusal(self, mark: str, at: datetime) -> None:
        self._change("keep_refusal", mark=mark, at=at)

    def has_refused(self, mark: str) -> bool:
        return self._row("refusal", mark=mark) is not None

    def _invitations(self, query: str, /, **values: Any) -> list[Invitation]:
        return [Invitation(**loaded(row)) for row in self._rows(query, **values)]

    def _ticket(self, query: str, /, **values: Any) -> TicketRecord | None:
        return next(iter(self._tickets(query, **values)), None)

    def _tickets(self, query: str, /, **values: Any) -> list[TicketRecord]:
        return [TicketRecord(**loaded(row)) for row in self._rows(query, **values)]

    def _messages(self, query: str, /, **values: Any) -> list[TicketMessage]:
        return [TicketMessage(**loaded(row)) for row in self._rows(query, **values)]
