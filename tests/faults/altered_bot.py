"""`amazon-token` with something other than in the product: `python -m tests.faults.altered_bot eager,stops serve`."""

import os
import signal
import sys
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from aiohttp import ClientRequest
from sqlite_utils import Database

from bot.__main__ import app
from bot.app import crash_points, scheduler
from bot.services.reminder_policy import ReminderPolicy
from bot.store import postgres_owner
from bot.store.migrations import MIGRATIONS
from bot.store.postgres import PostgresTransaction
from bot.store.postgres_statements import PostgresStatements
from tests import shared_pictures

STOPPED = Path("stopped")
"""A file in the bot's folder: it has stopped itself."""


def program(*alterations: str) -> list[str]:
    """What starts it in a process of its own: with the run's pictures, if there are any."""
    return [sys.executable, "-m", __name__, ",".join(alterations), *shared_pictures.shared_folder()]


def _look_often() -> None:
    """Whether a reminder is due is looked at every half second, and reminders are sent at any hour."""
    scheduler.REMIND_SECONDS = 0.5
    _write_at_any_hour()


def _write_at_any_hour() -> None:
    """A test at night is the same as by day."""
    ReminderPolicy.by_day = _at_once  # type: ignore[method-assign]


def _at_once(_policy: ReminderPolicy, moment: datetime, *_person: object, **_named: object) -> datetime:
    return moment


def _stop_instead() -> None:
    """Where it would kill itself (`bot.app.crash_points`) it stops, until somebody lets it go on."""
    _instead_of_killing(_stop)


def _stop_while_posting() -> None:
    """The next message after the point where it would kill itself leaves it, and it stops before Slack has it."""
    posting = False
    send = ClientRequest.send

    def from_now_on() -> None:
        nonlocal posting
        posting = True

    async def sent(request: ClientRequest, connection: Any) -> Any:
        nonlocal posting
        if posting and request.url.path.endswith("/chat.postMessage"):
            posting = False
            _stop()
        return await send(request, connection)

    ClientRequest.send = sent  # type: ignore[method-assign]
    _instead_of_killing(from_now_on)


def _stop() -> None:
    STOPPED.touch()
    os.kill(os.getpid(), signal.SIGSTOP)


def _instead_of_killing(act: Callable[[], None]) -> None:
    system = SimpleNamespace(kill=lambda _number, _signal: act(), getpid=os.getpid, environ=os.environ)
    crash_points.os = system  # type: ignore[attr-defined]


def _add_a_migration() -> None:
    """The next version as it could be: its schema has a table, columns and an index more."""

    @MIGRATIONS()
    def next_version(db: Database) -> None:
        for table in ("walks", "tickets", "outbox", "events", "people"):
            db.execute(f"ALTER TABLE {table} ADD COLUMN next_version TEXT NOT NULL DEFAULT ''")
        db.execute("CREATE TABLE next_version (id INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT")
        db.execute("CREATE INDEX walks_of_next_version ON walks (next_version)")


def _without_owner_lock() -> None:
    """Nobody sees that a process lives."""
    postgres_owner.LOCK_CLASS = 7999


def _without_ordering_lock() -> None:
    """Rows of one ordering key get their numbers in any order."""
    for statements in (PostgresTransaction, PostgresStatements):
        statements._lock_ordering_key = lambda _self, _key: None  # type: ignore[method-assign]


LOCKS: dict[str, Callable[[], None]] = {"owner_lock": _without_owner_lock, "ordering_lock": _without_ordering_lock}
"""What can be taken out, to see whether that is noticed."""
_ALTERATIONS = {
    "eager": _look_often, "any_hour": _write_at_any_hour, "next_version": _add_a_migration,
    "stops": _stop_instead, "stops_while_posting": _stop_while_posting,
    **{f"without_{lock}": take_out for lock, take_out in LOCKS.items()},
}  # fmt: skip


def alter(alterations: Collection[str]) -> None:
    """Make them in this process."""
    for name in alterations:
        _ALTERATIONS[name]()


if __name__ == "__main__":
    alter(sys.argv.pop(1).split(","))
    if Path(sys.argv[1]).is_dir():
        shared_pictures.main()
    else:
        app()
