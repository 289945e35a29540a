"""After how long somebody who has stopped half-way is reminded."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class ReminderWaits:
    """The waits that the operator sets: for a walk that is urgent, once more after that, and for any other."""

    urgent: timedelta = timedelta(minutes=30)
    still_urgent: timedelta = timedelta(days=1)
    idle: timedelta = timedelta(days=2)


def usual_wait(sent: int, waits: ReminderWaits, *, urgent: bool) -> timedelta | None:
    """Two reminders of an urgent walk, one of any other; `None` after that."""
    in_turn = (waits.urgent, waits.still_urgent) if urgent else (waits.idle,)
    return in_turn[sent] if sent < len(in_turn) else None
