"""Tickets and invitations in SQLite. None of it is on the hot path: sqlite-utils writes the statements."""

import json
import sqlite3
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from bot.store import sql
from bot.store.models import Invitation, TicketRecord, TicketState
from bot.store.protocol import Conflict
from bot.store.sqlite_walks import Verbs
from bot.store.times import to_text

_TICKET_TIMES = ("opened_at", "claimed_at", "resolved_at", "closed_at", "answered_at", "waiting_since")
_INVITATION_TIMES = ("invited_at", "answered_at")


class CaseVerbs(Verbs):
    """The part of `bot.store.protocol.Transaction` about tickets and invitations."""

    def ticket(self, number: int) -> TicketRecord | None:
        """The ticket of this number."""
        return self._first_ticket("number = ?", [number])

    def ticket_of_walk(self, walk_id: int) -> TicketRecord | None:
        """The one ticket of a walk."""
        # Without sqlite-utils, which adds statements of its own: every step asks for its walk's ticket.
        found = self._execute(sql.TICKET_OF_WALK, (walk_id,))
        row, names = found.fetchone(), [column[0] for column in found.description]
        return None if row is None else _ticket(dict(zip(names, row, strict=True)))

    def ticket_of_card(self, key: str) -> TicketRecord | None:
        """The ticket whose card the row of `key` posted."""
        return self._first_ticket("card_key = ?", [key])

    def open_ticket_without_walk(self, team_id: str, merchant_id: str) -> TicketRecord | None:
        """The ticket that this person opened outside any walk and that is neither resolved nor closed."""
        where = "team_id = ? AND merchant_id = ? AND walk_id IS NULL AND state NOT IN ('resolved', 'closed')"
        return self._first_ticket(where, [team_id, merchant_id])

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
        wanted = {
            "team_id = ?": team_id,
            "merchant_id = ?": merchant_id,
            "claimed_by = ?": claimed_by,
            "state IN (SELECT value FROM json_each(?))": json.dumps(sorted(states)) if states is not None else None,
        }
        held = {where: value for where, value in wanted.items() if value is not None}
        return self._tickets(" AND ".join(held) or None, list(held.values()), limit)

    def add_ticket(self, ticket: TicketRecord) -> TicketRecord:
        """Store a new ticket and give it its number. `Conflict` when its walk has one already."""
        values = _ticket_values(ticket)
        del values["number"]
        try:
            number = self._db.table("tickets").insert(values).last_rowid
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_UNIQUE:
                raise Conflict from error
            raise
        return replace(ticket, number=number or 0)

    def save_ticket(self, ticket: TicketRecord) -> None:
        """Store a changed ticket. An unknown number raises `sqlite_utils.db.NotFoundError`."""
        values = _ticket_values(ticket)
        self._db.table("tickets").update(values.pop("number"), values)

    def ticket_of_talk(self, team_id: str, channel: str, ts: str) -> TicketRecord | None:
        """The ticket whose conversation is the thread of the message at `ts` in the merchant's direct message."""
        where = "team_id = ? AND talk_key IN (SELECT key FROM outbox WHERE team_id = ? AND channel = ? AND ts = ?)"
        return self._first_ticket(where, [team_id, team_id, channel, ts])

    def add_invitation(self, invitation: Invitation) -> Invitation:
        """Store an invitation and give it its ID."""
        values = _plain(asdict(invitation), _INVITATION_TIMES)
        del values["id"]
        return replace(invitation, id=self._db.table("invitations").insert(values).last_rowid or 0)

    def invitation(self, invitation_id: int) -> Invitation | None:
        """The invitation of this ID."""
        found = next(self._db.table("invitations").rows_where("id = ?", [invitation_id]), None)
        return None if found is None else Invitation(**_rich(found, _INVITATION_TIMES))

    def save_invitation(self, invitation: Invitation) -> None:
        """Store an answered invitation. An unknown ID raises `sqlite_utils.db.NotFoundError`."""
        values = _plain(asdict(invitation), _INVITATION_TIMES)
        self._db.table("invitations").update(values.pop("id"), values)

    def _first_ticket(self, where: str, values: list[Any]) -> TicketRecord | None:
        return next(iter(self._tickets(where, values, 1)), None)

    def _tickets(self, where: str | None, values: list[Any], limit: int) -> list[TicketRecord]:
        rows = self._db.table("tickets").rows_where(where, values, order_by="number desc", limit=limit)
        return [_ticket(row) for row in rows]


def _ticket_values(ticket: TicketRecord) -> dict[str, Any]:
    return _plain(asdict(ticket), _TICKET_TIMES) | {"words": json.dumps(ticket.words, ensure_ascii=False)}


def _ticket(found: dict[str, Any]) -> TicketRecord:
    return TicketRecord(**_rich(found, _TICKET_TIMES) | {"words": tuple(json.loads(found["words"]))})


def _plain(values: dict[str, Any], times: tuple[str, ...]) -> dict[str, Any]:
    return values | {name: to_text(values[name]) for name in times if values[name] is not None}


def _rich(values: dict[str, Any], times: tuple[str, ...]) -> dict[str, Any]:
    return values | {name: datetime.fromisoformat(values[name]) for name in times if values[name] is not None}
