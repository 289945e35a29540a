"""The outbox in SQLite: what the desk puts in, and what the courier takes out."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pydantic_core import from_json, to_json
from sqlite_utils import Database

from bot.store import sql
from bot.store.models import RESPONSE_URL_LIFE, Destination, Row
from bot.store.sqlite_walks import Verbs
from bot.store.times import maybe_moment, to_text
from bot.store.transactions import explained, write


class OutgoingVerbs(Verbs):
    """The part of `bot.store.protocol.Transaction` about the outbox."""

    def enqueue(self, row: Row) -> None:
        """Let the courier send `row` after the commit."""
        values = (
            row.key,
            row.destination.team_id,
            row.method,
            row.destination.to,
            to_json(row.content).decode(),
            row.ordering_key,
            row.target,
            row.thread,
            row.response_url,
            row.walk_id,
            to_text(row.created_at),
            to_text(row.due_at),
            int(row.erased),
        )
        self._execute(sql.ENQUEUE, values)

    def drop_pending(self, key: str) -> bool:
        """Take back a row that the courier has not touched yet. False when it was attempted before."""
        return self._execute(sql.DROP_PENDING, (key,)).rowcount == 1

    def mark_delivered(self, key: str, channel: str, ts: str) -> None:
        """A press has proved that the message of `key` stands in `channel` at `ts`."""
        self._execute(sql.MARK_DELIVERED, (channel, ts, key))

    def address(self, key: str) -> tuple[str, str] | None:
        """Channel and ts of the message that the row of `key` posted, or `None`."""
        found: tuple[str, str] | None = self._execute(sql.ADDRESS, (key,)).fetchone()
        return found

    def dead(self, limit: int = 100) -> list[Row]:
        """Rows that were given up, oldest first."""
        return _dead(self._execute(sql.DEAD, (limit,)))

    def drop_unsent(self, key: str) -> bool:
        """Give a dead or waiting row up for good, with its words. False when it is neither."""
        return self._execute(sql.DROP_UNSENT, (key,)).rowcount == 1

    def is_delivered(self, key: str) -> bool:
        """Whether the message of `key` is known to stand in Slack."""
        found: tuple[str] | None = self._execute(sql.STATE, (key,)).fetchone()
        return found == ("delivered",)


class SqliteOutbox:
    """`bot.store.protocol.Outbox` on one connection. Each call is a transaction of its own."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self._conn = db.conn

    def _execute(self, statement: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._conn.execute(statement, values)
        except sqlite3.DatabaseError as error:
            if told := explained(error):
                raise told from error
            raise

    def claim(
        self, now: datetime, lease: timedelta, held_lanes: frozenset[str], busy: frozenset[str] = frozenset()
    ) -> Row | None:
        """The oldest due row that is first of its lane, now "running" with one more attempt, or `None`.

        No new message is claimed in `held_lanes`, and nothing for Slack or the mirrors that are `busy`.
        A row whose lease has run out counts as due. It comes with
        the end of its lease in `due_at` and the error of the attempt before. An update of a message that was
        dropped, or that is dead, is dropped on the way.
        """
        until = now + lease
        with write(self._conn):
            while found := self._head(now, held_lanes, busy):
                *columns, target_state = found
                if target_state not in {"dropped", "dead"}:
                    self._conn.execute(sql.CLAIM, (to_text(until), columns[0]))
                    row = _row(columns)
                    return replace(row, state="running", attempts=row.attempts + 1, due_at=until)
                self._conn.execute(sql.DROP, (f"its message is {target_state}", columns[0]))
        return None

    def _head(self, now: datetime, held_lanes: frozenset[str], busy: frozenset[str]) -> Sequence[Any] | None:
        found: Sequence[Any] | None
        found = self._conn.execute(
            sql.HEAD, (to_text(now), json.dumps(list(busy)), json.dumps(list(held_lanes)))
        ).fetchone()
        return found

    def next_due(self) -> datetime | None:
        """When the next first row of a lane wants to be looked at; a running one at the end of its lease."""
        (due_at,) = self._execute(sql.NEXT_DUE).fetchone()
        return maybe_moment(due_at)

    def delivered(self, row: Row, channel: str | None, ts: str | None) -> None:
        """It stands in Slack: words and response URL are forgotten. Nothing if the attempt is an old one."""
        self._execute(sql.DELIVERED, (channel, ts, row.key, row.attempts))

    def postpone(self, row: Row, due_at: datetime, error: str) -> None:
        """It did not go through; try again at `due_at`. Nothing if the attempt is an old one."""
        self._execute(sql.POSTPONE, (to_text(due_at), error, row.key, row.attempts))

    def dead_letter(self, row: Row, error: str) -> None:
        """It will not be tried again by itself: "dead", visible to the operator. The lane goes on."""
        self._execute(sql.BURY, (error, row.key, row.attempts))

    def address(self, key: str) -> tuple[str, str] | None:
        """Channel and ts of the message that the row of `key` posted, or `None`."""
        found: tuple[str, str] | None = self._execute(sql.ADDRESS, (key,)).fetchone()
        return found

    def state(self, key: str) -> str | None:
        """The state of the row of `key`, or `None` when there is none."""
        found = self._execute(sql.STATE, (key,)).fetchone()
        return None if found is None else str(found[0])

    def recover(self) -> int:
        """Put rows left running by a killed process back to pending, due when their lease ends; how many."""
        return self._execute(sql.RECOVER).rowcount

    def outbox_counts(self) -> dict[str, int]:
        """Rows by state; all five states are there."""
        counts = dict.fromkeys(("pending", "running", "delivered", "dropped", "dead"), 0)
        return counts | dict(self._execute(sql.COUNTS).fetchall())

    def unsent_counts(self) -> dict[str, int]:
        """Rows that have not arrived: pending, running and dead. However many have arrived, it takes no longer."""
        return dict.fromkeys(("pending", "running", "dead"), 0) | dict(self._execute(sql.UNSENT_COUNTS).fetchall())

    def dead(self, limit: int = 100) -> list[Row]:
        """Rows that were given up, oldest first."""
        return _dead(self._execute(sql.DEAD, (limit,)))

    def send_again(self, key: str, now: datetime) -> bool:
        """Let the courier try a dead row again, after a look into Slack. False when it is not dead."""
        return self._execute(sql.SEND_AGAIN, (to_text(now), key)).rowcount == 1

    def unsent(self, limit: int = 100) -> list[Row]:
        """Rows that have not reached Slack, without their words; dead ones first, then oldest first."""
        return [_told(found) for found in self._execute(sql.UNSENT, (limit,))]

    def row(self, key: str) -> Row | None:
        """The row of `key` without its words, or `None`."""
        found = self._execute(sql.ROW, (key,)).fetchone()
        return None if found is None else _told(found)

    def drop_unsent(self, key: str) -> bool:
        """Give a dead or waiting row up for good, with its words. False when it is neither."""
        return self._execute(sql.DROP_UNSENT, (key,)).rowcount == 1

    def scrub(self, now: datetime) -> bool:
        """Make forgotten words leave the disk; forget old response URLs. False if a reader is in the way."""
        self._execute(sql.FORGET_RESPONSE_URLS, (to_text(now - RESPONSE_URL_LIFE),))
        (usual,) = self._execute("PRAGMA busy_timeout").fetchone()
        # The log keeps old pages until it is cut off. A long reader elsewhere must not hold up the desk.
        self._execute("PRAGMA busy_timeout = 50")
        try:
            busy, _, _ = self._execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            self._execute(f"PRAGMA busy_timeout = {int(usual)}")
        return not busy


def _dead(found: Iterable[Sequence[Any]]) -> list[Row]:
    return [replace(_row(columns), state="dead") for columns in found]


def _told(found: Sequence[Any]) -> Row:
    *columns, state, due_at = found
    return replace(_row(columns), state=state, due_at=datetime.fromisoformat(due_at))


def _row(columns: Sequence[Any]) -> Row:
    (row_id, key, team_id, method, recipient, content, ordering_key, target, thread, response_url, *rest) = columns
    (walk_id, attempts, created_at, channel, ts, error) = rest
    return Row(
        id=row_id,
        key=key,
        destination=Destination(team_id, recipient),
        method=method,
        content=from_json(content),
        ordering_key=ordering_key,
        target=target,
        thread=thread,
        response_url=response_url,
        walk_id=walk_id,
        attempts=attempts,
        created_at=datetime.fromisoformat(created_at),
        due_at=datetime.fromisoformat(created_at),
        channel=channel,
        ts=ts,
        error=error,
    )
