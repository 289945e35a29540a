"""The store in one SQLite file. It belongs to the thread that opened it."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlite_utils import Database

from bot.statistics.rows import HistoryRows, Selection
from bot.store import seal
from bot.store.migrations import migrate
from bot.store.models import Person
from bot.store.protocol import StoreError
from bot.store.retention import SqlRetention
from bot.store.sql_outages import SqlOutages
from bot.store.sql_outbox import Result, SqlOutgoing
from bot.store.sql_store import SqlStore
from bot.store.sql_templates import SqlTemplates
from bot.store.sql_tickets import SqlTickets
from bot.store.sqlite_connection import SqliteStatements, explained, part, pragma, read, truncate_log, write

_SCHEME = "sqlite:///"
_OWNER_ONLY = 0o600


class SqliteTransaction(SqliteStatements, SqlRetention, SqlTickets, SqlTemplates, SqlOutages, SqlOutgoing):
    """`bot.store.protocol.Transaction` inside `SqliteStore.transaction()`."""


class SqliteStore(SqliteStatements, SqlStore):
    """`bot.store.protocol.Store` on one connection; one thread uses it."""

    threads = 1
    is_shared = False
    _sharing = False

    def _whole(self, function: Callable[..., Result], *args: Any) -> Result:
        with write(self.db):
            return function(*args)

    @contextmanager
    def transaction(self) -> Iterator[SqliteTransaction]:
        with part(self.db) if self._sharing else write(self.db):
            yield SqliteTransaction(self.db)

    @contextmanager
    def shared_commit(self) -> Iterator[None]:
        with write(self.db):
            self._sharing = True
            try:
                yield
            finally:
                self._sharing = False

    def scrub(self, now: datetime) -> bool:
        self._forget_response_urls(now)
        # The log keeps old pages until it is truncated. A long reader elsewhere must not hold up the services.
        if not truncate_log(self.db, busy_milliseconds=50):
            return False
        seal.mark_anew(self.db)
        return True

    def renew_seal(self) -> bool:
        return seal.renew(self.db)

    def wait_for_locks(self, seconds: float) -> None:
        pragma(self.db, f"busy_timeout = {int(seconds * 1000)}")

    def others_differ(self, known: int) -> bool:  # noqa: ARG002 - one process has the file
        """Nobody else serves."""
        return False

    def try_lock(self) -> None:
        with write(self.db):
            pass

    def person(self, team_id: str, user_id: str) -> Person | None:
        with read(self.db):
            return SqliteTransaction(self.db).person(team_id, user_id)

    def history(self, selection: Selection, default_language: str) -> HistoryRows:
        with read(self.db):
            return SqliteTransaction(self.db).history(selection, default_language)

    def close(self) -> None:
        self.db.close()


def open_store(database_url: str, *, busy_seconds: float = 10.0) -> SqliteStore:
    """Open, or make, the file that `sqlite:///path` names and bring its schema up to date.

    Three slashes begin a relative path, four an absolute one. The file and what SQLite keeps beside it can be
    read by this user only. `busy_seconds` is how long to wait for another writer. `StoreError` also when something of
    the database is missing (`bot.store.seal`).
    """
    path = database_path(database_url)
    _make_file(path)
    db = Database(path, execute_plugins=False)
    try:
        _prepare(db, busy_seconds)
        migrate(db)
        if not seal.is_sealed(db):
            seal.renew(db)
    except sqlite3.Error as error:
        db.close()
        if meaning := explained(error, str(path)):
            raise meaning from error
        raise
    except StoreError:
        db.close()
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
    seal.check(path)
    try:
        # SQLite gives the files beside it the same mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY))
    except OSError as error:
        raise StoreError(f"{path} is not writable ({error.strerror}). Let this user write to it.") from error


def _prepare(db: Database, busy_seconds: float) -> None:
    # Without `isolation_level` the driver begins nothing by itself.
    db.conn.isolation_level = None
    pragma(db, f"busy_timeout = {int(busy_seconds * 1000)}")
    _enable_wal(db, busy_seconds)
    # FULL: what was committed is there after a power cut. secure_delete: freed bytes are overwritten.
    for setting in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON", "temp_store = MEMORY"):
        pragma(db, setting)


def _enable_wal(db: Database, busy_seconds: float) -> None:
    """Switch to the write-ahead log. The busy timeout does not cover this change, so wait here."""
    give_up = time.monotonic() + busy_seconds
    while True:
        try:
            mode = pragma(db, "journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            break
    if mode != "wal":
        raise StoreError("The disk of the database allows no write-ahead log. Put the file on a local disk.")
