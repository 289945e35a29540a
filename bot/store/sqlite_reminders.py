"""Reminders in SQLite: one row for each walk under way, so that after a downtime only the nearest one is due."""

from datetime import datetime

from bot.store import sql
from bot.store.models import Reminder
from bot.store.sqlite_walks import Verbs
from bot.store.times import maybe_moment, maybe_text, to_text


class ReminderVerbs(Verbs):
    """The part of `bot.store.protocol.Transaction` about reminders."""

    def reminder(self, walk_id: int) -> Reminder | None:
        """The reminder of a walk, due or not."""
        found = self._execute(sql.REMINDER, (walk_id,)).fetchone()
        return None if found is None else _reminder(found)

    def due_reminder(self, now: datetime) -> Reminder | None:
        """The reminder that has been due longest, or `None`."""
        found = self._execute(sql.DUE_REMINDER, (to_text(now),)).fetchone()
        return None if found is None else _reminder(found)

    def save_reminder(self, reminder: Reminder) -> None:
        """Insert or replace."""
        values = (reminder.walk_id, maybe_text(reminder.due_at), reminder.sent, int(reminder.declined))
        self._execute(sql.SAVE_REMINDER, values)

    def forget_reminder(self, walk_id: int) -> None:
        """The walk is over."""
        self._execute(sql.FORGET_REMINDER, (walk_id,))


def _reminder(found: tuple[int, str | None, int, int]) -> Reminder:
    return Reminder(walk_id=found[0], due_at=maybe_moment(found[1]), sent=found[2], declined=bool(found[3]))
