"""A step that Slack refused is said again: at the person's next word, and at the next start."""

from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Row
from bot.store.outbox_protocol import REFUSED_CONTENT

AT_ONCE = 50
"""So many in one transaction: with other processes at the same database nobody waits long for it."""


def say_again(unit: UnitOfWork) -> None:
    """Post the user's steps again whose message was given up, if the use case has not done so already.

    Called at the end of every use case: at most once for each thing that a person does.
    """
    if unit.user.user_id:
        _post_again(unit, unit.tx.dead_steps(unit.user.team_id, unit.user.user_id))


def say_some_again(unit: UnitOfWork) -> int:
    """The same for everybody, the oldest `AT_ONCE` first; how many. For the start, until there is none left."""
    rows = unit.tx.dead_steps()[:AT_ONCE]
    _post_again(unit, rows)
    return len(rows)


def _post_again(unit: UnitOfWork, rows: list[Row]) -> None:
    for row in rows:
        record = unit.tx.walk(row.walk_id) if row.walk_id is not None else None
        if record is not None:
            shown = unit.acting_for(record.team_id, record.worker_id).show_again(record)
            if row.error in REFUSED_CONTENT and shown.live_key is not None:
                unit.make_plain(shown.live_key)  # it was refused in its shortened form too
