"""When the next reminder of a walkthrough is due, and that none are wanted."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.store.models import Person, Reminder, WalkRecord
from bot.store.protocol import Transaction
from conversations.engine.reminders import ReminderWaits
from conversations.engine.walkthrough import AnyWalk

LATER = "later:"
"""Prefix of the job that shows a step again at the time that the person chose; the number of the walk follows."""
DEFAULT_ZONE = "Europe/Berlin"
"""Where the merchants of a German ERP are, when Slack does not know better."""


@dataclass(frozen=True, kw_only=True)
class ReminderPolicy:
    """After how long a walk is reminded of, and between which hours of the merchant's day."""

    waits: ReminderWaits = field(default_factory=ReminderWaits)
    while_talking: timedelta = timedelta(days=1)
    """How long a reminder is put off while a person of support talks with the merchant."""
    day_begins: time = time(8)
    day_ends: time = time(20)

    def by_day(self, moment: datetime, person: Person | None) -> datetime:
        """`moment`, or the next morning where it falls outside the person's day. UTC in, UTC out."""
        local = moment.astimezone(zone_of(person))
        if self.day_begins <= local.time() < self.day_ends:
            return moment
        day = local.date() if local.time() < self.day_begins else local.date() + timedelta(days=1)
        return datetime.combine(day, self.day_begins, tzinfo=local.tzinfo).astimezone(UTC)


def zone_of(person: Person | None) -> ZoneInfo:
    """The person's time zone; the usual one where we have not met them, or Slack names none that is known."""
    try:
        return ZoneInfo((person and person.zone) or DEFAULT_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(DEFAULT_ZONE)


def plan(
    tx: Transaction,
    reminders: ReminderPolicy,
    record: WalkRecord,
    walk: AnyWalk,
    now: datetime,
    sent: int = 0,
    *,
    moved: bool = False,
) -> None:
    """Set the one next reminder of a walk that has just shown a sign of life; a declined one stays declined.

    While somebody who has put the step off is waited for, there is none; having `moved` on, nobody is.
    """
    put_off = f"{LATER}{record.id}"
    if tx.job_due_at(put_off) is not None:
        if not moved:
            tx.plan_reminder(record.id, None, sent)
            return
        tx.unschedule_job(put_off)
    if record.ended_at is not None:
        tx.forget_reminder(record.id)
        return
    wait = walk.procedure.reminder_wait(walk.state, sent, reminders.waits)
    person = tx.person(record.team_id, record.worker_id)
    due_at = reminders.by_day(now + wait, person) if wait is not None else None
    tx.plan_reminder(record.id, due_at, sent)


def has_reminded(tx: Transaction, walk_id: int) -> bool:
    """Whether the live message is a reminder, and its merchant has not declined more of them."""
    reminder = tx.reminder(walk_id)
    return reminder is not None and reminder.sent > 0 and not reminder.declined


def decline(tx: Transaction, walk_id: int) -> None:
    """The merchant wants no more reminders of this walk."""
    reminder = tx.reminder(walk_id)
    tx.save_reminder(Reminder(walk_id=walk_id, due_at=None, sent=reminder.sent if reminder else 0, declined=True))
