"""People and their walks in SQLite."""

import json
import sqlite3
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.store import sql
from bot.store.models import Event, Person, WalkRecord
from bot.store.protocol import Conflict
from bot.store.times import maybe_moment, maybe_text, to_text


class Verbs:
    """Verbs of an open transaction. The hot path uses the connection itself, the rest sqlite-utils."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._conn = db.conn
        self._execute = db.conn.execute
        self._changes = db.conn.total_changes
        self._people: dict[tuple[str, str], Person | None] = {}


class WalkVerbs(Verbs):
    """The part of `bot.store.protocol.Transaction` about people, walks and their history."""

    @property
    def changed(self) -> bool:
        """Whether anything was written so far."""
        return bool(self._conn.total_changes != self._changes)

    def first_time(self, event_id: str, at: datetime) -> bool:
        """Whether this delivery is new; it is remembered in the same breath."""
        return self._execute(sql.FIRST_TIME, (event_id, to_text(at))).rowcount == 1

    def person(self, team_id: str, user_id: str) -> Person | None:
        """The person, or `None` when never met. Read once for each transaction."""
        who = (team_id, user_id)
        if who not in self._people:
            found = self._execute(sql.PERSON, who).fetchone()
            self._people[who] = None if found is None else _person(team_id, user_id, *found)
        return self._people[who]

    def save_person(self, person: Person) -> None:
        """Insert or replace."""
        self._people.clear()
        values = (person.team_id, person.user_id, person.name, person.locale, person.language)
        self._execute(sql.SAVE_PERSON, (*values, int(person.home_opened), person.zone, int(person.support_home)))

    def support_homes(self) -> list[tuple[str, str]]:
        """(team ID, user ID) of everybody whose Home tab shows the support desk."""
        return self._execute(sql.SUPPORT_HOMES).fetchall()

    def walk(self, walk_id: int) -> WalkRecord | None:
        """The walk of this ID, ended or not."""
        found = self._execute(sql.WALK, (walk_id,)).fetchone()
        return None if found is None else _walk(found)

    def open_walks(self, team_id: str, worker_id: str) -> list[WalkRecord]:
        """The walks under way that this person works, the one changed last first."""
        return [_walk(found) for found in self._execute(sql.OPEN_WALKS, (team_id, worker_id))]

    def walks_elsewhere(self, steps: Collection[str]) -> list[WalkRecord]:
        """The walks under way of all teams that stand at none of `steps`."""
        return [_walk(found) for found in self._execute(sql.WALKS_ELSEWHERE, (json.dumps(sorted(steps)),))]

    def walks_under_way(self, team_id: str, limit: int = 100) -> list[WalkRecord]:
        """All walks of a team under way, the one that has stood still longest first."""
        return [_walk(found) for found in self._execute(sql.WALKS_UNDER_WAY, (team_id, limit))]

    def last_walk(self, team_id: str, worker_id: str) -> WalkRecord | None:
        """The walk this person changed last, ended or not."""
        found = self._execute(sql.LAST_WALK, (team_id, worker_id)).fetchone()
        return None if found is None else _walk(found)

    def add_walk(self, walk: WalkRecord) -> WalkRecord:
        """Store a new walk with version 1. `Conflict` when one of the same three is under way."""
        values = (
            walk.team_id,
            walk.worker_id,
            walk.for_name,
            walk.invited_by,
            walk.step,
            walk.facts,
            walk.guide_version,
            walk.live_key,
            to_text(walk.started_at),
            to_text(walk.updated_at),
            maybe_text(walk.ended_at),
        )
        walk_id = insert_unique(self._db.conn, sql.ADD_WALK, values)
        return replace(walk, id=walk_id, version=1)

    def save_walk(self, walk: WalkRecord) -> WalkRecord:
        """Store a changed walk, its version one higher. `Conflict` unless it is the stored version.

        Team, worker and `for_name` say which walk it is and stay as they are, and so does `started_at`.
        """
        values = (
            walk.invited_by,
            walk.step,
            walk.facts,
            walk.guide_version,
            walk.live_key,
            to_text(walk.updated_at),
            maybe_text(walk.ended_at),
            walk.id,
            walk.version,
        )
        if self._execute(sql.SAVE_WALK, values).rowcount != 1:
            raise Conflict
        return replace(walk, version=walk.version + 1)

    def add_event(self, event: Event) -> None:
        """Append to the history."""
        values = (event.walk_id, event.version, to_text(event.at), event.actor_id, event.name)
        self._execute(sql.ADD_EVENT, (*values, event.step, event.next_step, json.dumps(event.detail)))

    def events(self, walk_id: int) -> list[Event]:
        """The history of a walk, oldest first."""
        return [
            Event(**found | {"at": datetime.fromisoformat(found["at"]), "detail": json.loads(found["detail"])})
            for found in self._db.query(sql.EVENTS, [walk_id])
        ]


def insert_unique(conn: sqlite3.Connection, statement: str, values: tuple[Any, ...]) -> int:
    """Insert and return the new ID. `Conflict` when a unique index says somebody else was first."""
    try:
        return conn.execute(statement, values).lastrowid or 0
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_UNIQUE:
            raise Conflict from error
        raise


def _person(
    team_id: str, user_id: str, name: str, locale: str | None, language: str | None, home_opened: int,
    zone: str | None, support_home: int,
) -> Person:  # fmt: skip
    return Person(
        team_id=team_id,
        user_id=user_id,
        name=name,
        locale=locale,
        language=language,
        home_opened=bool(home_opened),
        zone=zone,
        support_home=bool(support_home),
    )


def _walk(found: tuple[Any, ...]) -> WalkRecord:
    (walk_id, team_id, worker_id, for_name, invited_by, step, version, *rest) = found
    (facts, guide_version, live_key, started_at, updated_at, ended_at) = rest
    return WalkRecord(
        id=walk_id,
        team_id=team_id,
        worker_id=worker_id,
        for_name=for_name,
        invited_by=invited_by,
        step=step,
        version=version,
        facts=facts,
        guide_version=guide_version,
        live_key=live_key,
        started_at=datetime.fromisoformat(started_at),
        updated_at=datetime.fromisoformat(updated_at),
        ended_at=maybe_moment(ended_at),
    )
