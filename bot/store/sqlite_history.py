"""The history in SQLite, read for figures: four statements, one pass over what they give."""

import sqlite3
from datetime import datetime
from typing import Any

from bot.statistics.rows import EventRow, HistoryRows, Selection, TicketRow, WalkRow
from bot.store import sql_history as sql
from bot.store.sqlite_walks import Verbs
from bot.store.times import maybe_moment, maybe_text


class HistoryVerbs(Verbs):
    """The part of `bot.store.protocol.Transaction` about figures."""

    def teams(self) -> list[str]:
        """The workspaces of which there is a history."""
        return [team_id for (team_id,) in self._execute(sql.TEAMS)]

    def history(self, selection: Selection, default_language: str) -> HistoryRows:
        """The rows of a selection; `default_language` is that of people whose language nobody knows."""
        return read_history(self._db.conn, selection, default_language)


def read_history(conn: sqlite3.Connection, selection: Selection, default_language: str) -> HistoryRows:
    """The same on a connection in whose transaction all of it is read."""
    values = {
        "since": maybe_text(selection.since), "until": maybe_text(selection.until), "language": selection.language,
        "guide": selection.guide_version, "team_id": selection.team_id, "default_language": default_language,
    }  # fmt: skip
    (agents,) = conn.execute(sql.AGENTS, values).fetchone()
    return HistoryRows(
        walks=[_walk(found) for found in conn.execute(sql.WALKS, values)],
        events=[
            EventRow(walk_id, datetime.fromisoformat(at), *rest)
            for walk_id, at, *rest in conn.execute(sql.EVENTS, values)
        ],
        tickets=[_ticket(found) for found in conn.execute(sql.TICKETS, values)],
        agents=agents,
    )


def _walk(found: tuple[Any, ...]) -> WalkRow:
    number, started_at, ended_at, step, language, guide_version, phone = found
    began = datetime.fromisoformat(started_at)
    return WalkRow(number, began, maybe_moment(ended_at), step, language, guide_version, bool(phone))


def _ticket(found: tuple[Any, ...]) -> TicketRow:
    number, opened_at, taken_at, answered_at, resolved_at, *rest = found
    times = (maybe_moment(taken_at), maybe_moment(answered_at), maybe_moment(resolved_at))
    return TicketRow(number, datetime.fromisoformat(opened_at), *times, *rest)
