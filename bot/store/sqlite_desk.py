"""What happens in a ticket, in SQLite: acts, messages, and the one next thing that happens by itself."""

import json
import sqlite3
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.store import sql_desk as sql
from bot.store.models import TicketEvent, TicketMessage, TicketTimer
from bot.store.protocol import Conflict
from bot.store.sqlite_walks import Verbs
from bot.store.times import to_text


class DeskVerbs(Verbs):
    """The part of `bot.store.protocol.Transaction` about what happens in a ticket."""

    def add_ticket_event(self, event: TicketEvent) -> None:
        """Append to a ticket's history."""
        values = (event.number, to_text(event.at), event.actor_id, event.name, event.state, event.next_state)
        self._execute(sql.ADD_EVENT, (*values, json.dumps(event.detail)))

    def ticket_events(self, number: int) -> list[TicketEvent]:
        """A ticket's history, oldest first."""
        return [
            TicketEvent(
                number=number, at=datetime.fromisoformat(at), actor_id=actor_id, name=name, state=state,
                next_state=next_state, detail=json.loads(detail),
            )
            for at, actor_id, name, state, next_state, detail in self._execute(sql.EVENTS, (number,))
        ]  # fmt: skip

    def add_ticket_message(self, message: TicketMessage) -> TicketMessage:
        """Store a message and give it its ID. `Conflict` when its `source` is stored already."""
        values = (message.number, message.side, message.author_id, to_text(message.at), message.text, message.state)
        more = (message.key, message.note_key, message.source)
        try:
            added = self._execute(sql.ADD_MESSAGE, (*values, *more)).lastrowid
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_UNIQUE:
                raise Conflict from error
            raise
        return replace(message, id=added or 0)

    def ticket_message(self, message_id: int) -> TicketMessage | None:
        """The message of this ID."""
        found = self._execute(sql.MESSAGE, (message_id,)).fetchone()
        return None if found is None else _message(found)

    def ticket_message_of(self, source: str) -> TicketMessage | None:
        """The message that passed on the merchant's own one at `source`."""
        found = self._execute(sql.MESSAGE_OF, (source,)).fetchone()
        return None if found is None else _message(found)

    def save_ticket_message(self, message: TicketMessage) -> None:
        """Store a changed message."""
        self._execute(sql.SAVE_MESSAGE, (message.text, message.state, message.key, message.note_key, message.id))

    def ticket_messages(self, number: int) -> list[TicketMessage]:
        """What was written in a ticket, oldest first."""
        return [_message(found) for found in self._execute(sql.MESSAGES, (number,))]

    def ticket_timer(self, number: int) -> TicketTimer | None:
        """The next thing that happens to a ticket by itself."""
        return _timer(self._execute(sql.TIMER, (number,)).fetchone())

    def due_ticket_timer(self, now: datetime) -> TicketTimer | None:
        """The timer that has been due longest, or `None`."""
        return _timer(self._execute(sql.DUE_TIMER, (to_text(now),)).fetchone())

    def save_ticket_timer(self, timer: TicketTimer) -> None:
        """Insert or replace: a ticket has one at most."""
        self._execute(sql.SAVE_TIMER, (timer.number, to_text(timer.due_at), timer.kind))

    def forget_ticket_timer(self, number: int) -> None:
        """Nothing happens to this ticket by itself."""
        self._execute(sql.FORGET_TIMER, (number,))

    def chore(self, name: str) -> datetime | None:
        """When the recurring task of this name is next due; `None` when it never ran."""
        found = self._execute(sql.CHORE, (name,)).fetchone()
        return None if found is None else datetime.fromisoformat(found[0])

    def save_chore(self, name: str, due_at: datetime) -> None:
        """Set when a recurring task is next due."""
        self._execute(sql.SAVE_CHORE, (name, to_text(due_at)))

    def due_chore(self, kind: str, now: datetime) -> str | None:
        """The name of the task that has been due longest among those whose name begins with `kind`, or `None`."""
        found: tuple[str] | None = self._execute(sql.DUE_CHORE, (kind, to_text(now))).fetchone()
        return None if found is None else found[0]

    def forget_chore(self, name: str) -> None:
        """This task is done and does not come again by itself."""
        self._execute(sql.FORGET_CHORE, (name,))


def _message(found: tuple[Any, ...]) -> TicketMessage:
    names = ("id", "number", "side", "author_id", "at", "text", "state", "key", "note_key", "source")
    values = dict(zip(names, found, strict=True))
    return TicketMessage(**values | {"at": datetime.fromisoformat(values["at"])})


def _timer(found: tuple[int, str, str] | None) -> TicketTimer | None:
    return (
        None if found is None else TicketTimer(number=found[0], due_at=datetime.fromisoformat(found[1]), kind=found[2])
    )
