"""The store in one SQLite file. It belongs to the thread that opened it."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlite_utils import Database

from bot.statistics.rows import HistoryRows, Selection
from bot.store import sql
from bot.store.migrations import migrate
from bot.store.models import Erased, Purged
from bot.store.protocol import StoreError
from bot.store.sqlite_cases import CaseVerbs
from bot.store.sqlite_desk import DeskVerbs
from bot.store.sqlite_export import ExportVerbs
from bot.store.sqlite_figures import SqliteFigures
from bot.store.sqlite_forgetting import ForgettingVerbs
from bot.store.sqlite_history import HistoryVerbs, read_history
from bot.store.sqlite_outbox import OutgoingVerbs
from bot.store.sqlite_pictures import SqliteImages
from bot.store.sqlite_reminders import ReminderVerbs
from bot.store.sqlite_walks import WalkVerbs
from bot.store.times import to_text
from bot.store.transactions import explained, part, read, write

_SCHEME = "sqlite:///"
_OWNER_ONLY = 0o600


class SqliteTransaction(
    WalkVerbs, ReminderVerbs, CaseVerbs, DeskVerbs, OutgoingVerbs, ForgettingVerbs, ExportVerbs, HistoryVerbs
):
    """`bot.store.protocol.Transaction` inside `SqliteStore.transaction()`."""


class SqliteStore(SqliteImages, SqliteFigures):
    """`bot.store.protocol.Store` on one connection; one thread uses it."""

    _sharing = False

    @contextmanager
    def transaction(self) -> Iterator[SqliteTransaction]:
        """Begin; commit at the end of the block, roll back on any exception. Not nested."""
        with part(self._conn) if self._sharing else write(self._conn):
            yield SqliteTransaction(self.db)

    @contextmanager
    def shared_commit(self) -> Iterator[None]:
        """Let the transactions of the block, one after the other, become durable with one commit at its end.

        One that fails is rolled back by itself. An error of the commit takes all of them.
        """
        with write(self._conn):
            self._sharing = True
            try:
                yield
            finally:
                self._sharing = False

    def forget_seen(self, before: datetime) -> int:
        """Forget deliveries seen before that moment; how many."""
        return self._execute(sql.FORGET_SEEN, (to_text(before),)).rowcount

    def erase_person(self, team_id: str, user_id: str) -> Erased:
        """Forget somebody, in one transaction. The bytes leave the disk with the next `scrub`."""
        with self.transaction() as tx:
            return tx.erase_person(team_id, user_id)

    def export_person(self, team_id: str, user_id: str) -> dict[str, Any]:
        """All that is kept of somebody, ready for JSON."""
        with self.transaction() as tx:
            return tx.export_person(team_id, user_id)

    def purge(self, now: datetime, keep: timedelta) -> Purged:
        """Forget whatever ended longer than `keep` ago, in one transaction, and `scrub`."""
        with self.transaction() as tx:
            purged = tx.purge(now, keep)
        self.scrub(now)
        return purged

    def history(self, selection: Selection, default_language: str) -> HistoryRows:
        """The rows for figures as they stand at one moment; nobody waits for it."""
        with read(self._conn):
            return read_history(self._conn, selection, default_language)

    def close(self) -> None:
        """Release the file."""
        self.db.close()


def open_store(database_url: str, *, busy_seconds: float = 10.0) -> SqliteStore:
    """Open, or make, the file that `sqlite:///path` names and bring its schema up to date.

    Three slashes begin a relative path, four an absolute one. The file and what SQLite keeps beside it can be
    read by this user only. `busy_seconds` is how long to wait for another writer.
    """
    path = database_path(database_url)
    _make_file(path)
    # Without `isolation_level` the driver begins nothing by itself.
    conn = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
    try:
        _prepare(conn, busy_seconds)
        db = Database(conn, execute_plugins=False)
        migrate(db)
    except sqlite3.Error as error:
        conn.close()
        if told := explained(error, str(path)):
            raise told from error
        raise
    except StoreError:
        conn.close()
        raise
    return SqliteStore(db)


def database_path(database_url: str) -> Path:
    """The file that a database URL names, or `StoreError`. The URL is not shown: it may hold a password."""
    if not database_url.startswith(_SCHEME):
        scheme = database_url.partition(":")[0] if ":" in database_url else "no scheme"
        raise StoreError(f"The database URL must look like sqlite:///bot.db, but it begins with {scheme}.")
    name = database_url.removeprefix(_SCHEME)
    if name in {"", ":memory:"}:
        raise StoreError("The database must be a file, or every restart forgets everybody. Name one: sqlite:///bot.db")
    return Path(name)


@contextmanager
def serving_lock(path: Path) -> Iterator[None]:
    """Hold the right to serve the database at `path`. `StoreError` when another process has it."""
    lock = FileLock(f"{path}.serving", timeout=0, mode=_OWNER_ONLY)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreError(
            f"Another process is serving {path} already. Stop it first, or name another database here."
        ) from error
    except OSError as error:
        raise StoreError(f"{path}.serving cannot be made: {error.strerror}. Make its folder writable.") from error
    try:
        yield
    finally:
        lock.release()


def _make_file(path: Path) -> None:
    if not path.parent.is_dir():
        raise StoreError(f"The folder {path.parent} does not exist. Make it, or name another database file.")
    if path.is_dir():
        raise StoreError(f"{path} is a folder. Name a database file.")
    try:
        # SQLite gives the files beside it the same mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY))
    except OSError as error:
        raise StoreError(f"{path} is not writable ({error.strerror}). Let this user write to it.") from error


def _prepare(conn: sqlite3.Connection, busy_seconds: float) -> None:
    _enable_wal(conn, busy_seconds)
    # FULL: what was committed is there after a power cut. secure_delete: freed bytes are overwritten.
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON", "temp_store = MEMORY"):
        conn.execute(f"PRAGMA {pragma}").fetchall()


def _enable_wal(conn: sqlite3.Connection, busy_seconds: float) -> None:
    """Switch to the write-ahead log. The busy timeout does not cover this change, so wait here."""
    give_up = time.monotonic() + busy_seconds
    while True:
        try:
            (mode,) = conn.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            break
    if mode != "wal":
        raise StoreError("The disk of the database allows no write-ahead log. Put the file on a local disk.")
