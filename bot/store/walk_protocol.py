"""What the services need of a store for walkthroughs."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.store.models import Event, NotUnderstood, Rating, Reminder, WalkRecord


class Walks(Protocol):
    """Walkthroughs, their history and their reminders, inside a transaction."""

    def walk(self, walk_id: int) -> WalkRecord | None:
        """The walk of this ID, ended or not."""

    def open_walks(self, team_id: str, worker_id: str) -> list[WalkRecord]:
        """The walks under way that this person works, the one changed last first."""

    def walks_elsewhere(self, procedure: str, steps: Collection[str]) -> list[WalkRecord]:
        """The walks under way through this procedure, of all teams, that are at none of `steps`."""

    def last_walk(self, team_id: str, worker_id: str) -> WalkRecord | None:
        """The walk this person changed last, ended or not."""

    def add_walk(self, walk: WalkRecord) -> WalkRecord:
        """Store a new walk with version 1. `Conflict` when one of the same team, worker and name is under way."""

    def save_walk(self, walk: WalkRecord) -> WalkRecord:
        """Store a changed walk, its version one higher. `Conflict` unless `walk.version` is the stored one.

        Team, worker and `for_name` say which walk it is and are not changed, nor is `started_at`.
        """

    def save_walk_state(self, walk: WalkRecord) -> None:
        """Store what a walk knows besides its step. The version stays, so its buttons work. `Conflict` as above."""

    def add_event(self, event: Event) -> None:
        """Append to the history."""

    def add_not_understood(self, message: NotUnderstood) -> None:
        """Keep what was not understood."""

    def events(self, walk_id: int) -> list[Event]:
        """The history of a walk, oldest first."""

    def rating(self, walk_id: int) -> Rating | None:
        """What was said at the end of the walk."""

    def save_rating(self, rating: Rating) -> None:
        """Store it; what was said before is replaced."""

    def reminder(self, walk_id: int) -> Reminder | None:
        """The reminder of a walk, due or not."""

    def due_reminder(self, now: datetime) -> Reminder | None:
        """The reminder that has been due longest, or `None`."""

    def plan_reminder(self, walk_id: int, due_at: datetime | None, sent: int) -> None:
        """Set when the next reminder is due, after `sent` others; never, where they were declined."""

    def save_reminder(self, reminder: Reminder) -> None:
        """Insert or replace."""

    def forget_reminder(self, walk_id: int) -> None:
        """The walk is over."""

    def walks_under_way(self, team_id: str, limit: int = 100) -> list[WalkRecord]:
        """All walks of a team under way, the one that has not changed for longest first."""
