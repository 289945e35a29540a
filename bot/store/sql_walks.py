"""People, their walks, reminders and recurring tasks, and the history that statistics are computed from."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.statistics.rows import INFERRED, EventRow, HistoryRows, NotUnderstoodRow, Selection, TicketRow, WalkRow
from bot.store.dialect import loaded
from bot.store.models import Event, NotUnderstood, Person, Rating, Reminder, WalkRecord
from bot.store.protocol import Conflict
from bot.store.statements import Statements


class SqlWalks(Statements):
    """The part of `bot.store.protocol.Transaction` about people and walks."""

    def __init__(self) -> None:
        super().__init__()
        self._people: dict[tuple[str, str], Person | None] = {}

    def in_the_name_of(self, team_id: str, user_id: str) -> None:
        """One writer at a time needs no more."""

    def first_time(self, event_id: str, at: datetime) -> bool:
        return self._change("first_time", event_id=event_id, at=at) == 1

    def person(self, team_id: str, user_id: str) -> Person | None:
        key = (team_id, user_id)  # read once for each transaction
        if key not in self._people:
            found = self._row("person", team_id=team_id, user_id=user_id)
            self._people[key] = None if found is None else Person(**loaded(found))
        return self._people[key]

    def save_person(self, person: Person) -> None:
        self._people.clear()
        self._change("save_person", **vars(person))

    def support_homes(self) -> list[tuple[str, str]]:
        return [(row["team_id"], row["user_id"]) for row in self._rows("support_homes")]

    def walk(self, walk_id: int) -> WalkRecord | None:
        return next(iter(self._walks("walk", walk_id=walk_id)), None)

    def open_walks(self, team_id: str, worker_id: str) -> list[WalkRecord]:
        return self._walks("open_walks", team_id=team_id, worker_id=worker_id)

    def walks_elsewhere(self, procedure: str, steps: Collection[str]) -> list[WalkRecord]:
        return self._walks("walks_elsewhere", procedure=procedure, steps=list(steps))

    def walks_under_way(self, team_id: str, limit: int = 100) -> list[WalkRecord]:
        return self._walks("walks_under_way", team_id=team_id, limit=limit)

    def last_walk(self, team_id: str, worker_id: str) -> WalkRecord | None:
        return next(iter(self._walks("last_walk", team_id=team_id, worker_id=worker_id)), None)

    def add_walk(self, walk: WalkRecord) -> WalkRecord:
        walk_id = self._value("add_walk", **vars(walk))
        if walk_id is None:
            raise Conflict
        return replace(walk, id=walk_id, version=1)

    def save_walk(self, walk: WalkRecord) -> WalkRecord:
        if self._change("save_walk", **vars(walk)) != 1:
            raise Conflict
        return replace(walk, version=walk.version + 1)

    def save_walk_state(self, walk: WalkRecord) -> None:
        if self._change("save_walk_state", id=walk.id, version=walk.version, state=walk.state) != 1:
            raise Conflict

    def add_event(self, event: Event) -> None:
        self._change("add_event", **vars(event))

    def add_not_understood(self, message: NotUnderstood) -> None:
        self._change("add_not_understood", **vars(message))

    def events(self, walk_id: int) -> list[Event]:
        return [Event(**loaded(row)) for row in self._rows("events", walk_id=walk_id)]

    def rating(self, walk_id: int) -> Rating | None:
        found = self._row("rating", walk_id=walk_id)
        return None if found is None else Rating(**loaded(found))

    def save_rating(self, rating: Rating) -> None:
        self._change("save_rating", **vars(rating))

    def reminder(self, walk_id: int) -> Reminder | None:
        found = self._row("reminder", walk_id=walk_id)
        return None if found is None else Reminder(**loaded(found))

    def due_reminder(self, now: datetime) -> Reminder | None:
        found = self._row("due_reminder", now=now)
        return None if found is None else Reminder(**loaded(found))

    def plan_reminder(self, walk_id: int, due_at: datetime | None, sent: int) -> None:
        self._change("plan_reminder", walk_id=walk_id, due_at=due_at, sent=sent)

    def save_reminder(self, reminder: Reminder) -> None:
        self._change("save_reminder", **vars(reminder))

    def forget_reminder(self, walk_id: int) -> None:
        self._change("forget_reminder", walk_id=walk_id)

    def job_due_at(self, name: str) -> datetime | None:
        due_at = self._value("job_due_at", name=name)
        return None if due_at is None else datetime.fromisoformat(due_at)

    def schedule_job(self, name: str, due_at: datetime) -> None:
        self._change("schedule_job", name=name, due_at=due_at)

    def due_job(self, kind: str, now: datetime) -> str | None:
        found: str | None = self._value("due_job", kind=kind, now=now)
        return found

    def is_planned(self, kind: str, by: datetime) -> bool:
        return self._value("is_planned", kind=kind, by=by) is not None

    def unschedule_job(self, name: str) -> None:
        self._change("unschedule_job", name=name)

    def teams(self) -> list[str]:
        return [row["team_id"] for row in self._rows("teams")]

    def history(self, selection: Selection, default_language: str) -> HistoryRows:
        asked = vars(selection) | {
            "guide": selection.guide_version, "default_language": default_language, "inferred": INFERRED,
        }  # fmt: skip
        return HistoryRows(
            walks=[WalkRow(**loaded(row)) for row in self._rows("history_walks", **asked)],
            # The one long list; only this column differs from what is stored.
            events=[
                EventRow(**row | {"at": datetime.fromisoformat(row["at"])})
                for row in self._rows("history_events", **asked)
            ],
            tickets=[TicketRow(**loaded(row)) for row in self._rows("history_tickets", **asked)],
            sentences=[(row["face"], row["sentence"]) for row in self._rows("history_sentences", **asked)],
            not_understood=[NotUnderstoodRow(**row) for row in self._rows("history_not_understood", **asked)],
        )

    def _walks(self, query: str, /, **values: Any) -> list[WalkRecord]:
        return [WalkRecord(**loaded(row)) for row in self._rows(query, **values)]
