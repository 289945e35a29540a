"""The store in one SQLite file. It belongs to the thread that opened it."""

import json
import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlite_utils import Database

from bot.statistics.rows import HistoryRows, Selection
from bot.store import seal
from bot.store.dialect import loaded, stored
from bot.store.migrations import migrate
from bot.store.models import SLACK, ImageRecord, OutboxBacklog, Person, StoreCounts
from bot.store.protocol import StoreError
from bot.store.retention import SqliteRetention
from bot.store.sqlite_connection import explained, part, pragma, read, write
from bot.store.sqlite_outbox import SqliteOutbox, SqliteOutgoing
from bot.store.sqlite_tickets import SqliteTickets

_SCHEME = "sqlite:///"
_OWNER_ONLY = 0o600


class SqliteTransaction(SqliteRetention, SqliteTickets, SqliteOutgoing):
    """`bot.store.protocol.Transaction` inside `SqliteStore.transaction()`."""


class SqliteStore(SqliteOutbox):
    """`bot.store.protocol.Store` on one connection; one thread uses it."""

    _sharing = False

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
        if not super().scrub(now):
            return False
        seal.mark_anew(self.db)
        return True

    def renew_seal(self) -> bool:
        """Let the seal beside the file tell of everything committed so far; False when a reader is in the way."""
        return seal.renew(self.db)

    def wait_for_locks(self, seconds: float) -> None:
        """Wait that long from now on when another program holds the lock of writers."""
        pragma(self.db, f"busy_timeout = {int(seconds * 1000)}")

    def try_lock(self) -> None:
        """Take the lock of writers for a moment; `StoreLockedError` when another program holds it."""
        with write(self.db):
            pass

    def person(self, team_id: str, user_id: str) -> Person | None:
        with read(self.db):
            return SqliteTransaction(self.db).person(team_id, user_id)

    def history(self, selection: Selection, default_language: str) -> HistoryRows:
        with read(self.db):
            return SqliteTransaction(self.db).history(selection, default_language)

    def figures(self, now: datetime) -> StoreCounts:
        undelivered = self.undelivered_tickets()
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        walks: dict[tuple[str, str], int] = {}
        backlog: dict[str, dict[str, int]] = {SLACK: {}}
        oldest: dict[str, list[datetime]] = defaultdict(list)
        for row in map(loaded, self._rows("figures", now=now)):
            kind, name = row["kind"], row["name"]
            if kind == "outbox":
                backlog.setdefault(name, {})[row["state"]] = row["count"]
            elif kind == "walks":
                walks[name, row["state"]] = row["count"]
            else:
                counts[kind][name] = row["count"]
            if row["oldest_at"] is not None:
                oldest[f"outbox of {name}" if kind == "outbox" else kind].append(row["oldest_at"])
        return StoreCounts(
            outbox={
                name: OutboxBacklog(rows=rows, oldest_seconds=_age(oldest[f"outbox of {name}"], now))
                for name, rows in backlog.items()
            },
            walks=walks,
            tickets=counts["tickets"],
            due=counts["due"],
            uploads=counts["uploads"],
            not_understood=counts["not_understood"],
            paused=tuple(self.paused()),
            unclaimed_seconds=_age(oldest["tickets"], now),
            undelivered_tickets=undelivered.count,
            undelivered_seconds=_age([undelivered.since] if undelivered.since is not None else [], now),
        )

    def picture(self, team_id: str, name: str, language: str, digest: str) -> ImageRecord | None:
        return _picture(self._row("picture", team_id=team_id, name=name, language=language, digest=digest))

    def served_picture(self, name: str, language: str, digest: str) -> ImageRecord | None:
        return _picture(self._row("served_picture", name=name, language=language, digest=digest))

    def save_picture(self, picture: ImageRecord) -> None:
        record = vars(picture) | {"filled": json.dumps(picture.values, separators=(",", ":"))}
        del record["values"]
        with write(self.db):
            if picture.file_id is not None:
                self._change("forget_earlier_pictures", **record)
            self.db.table("pictures").upsert(stored(record), pk=("team_id", "name", "language", "digest"))

    def forget_picture(self, picture: ImageRecord) -> None:
        self._change("forget_picture", **vars(picture))

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


def _picture(found: dict[str, Any] | None) -> ImageRecord | None:
    if found is None:
        return None
    values = tuple((name, value) for name, value in json.loads(found.pop("filled")))
    return ImageRecord(values=values, **loaded(found))


def _age(moments: list[datetime], now: datetime) -> float:
    return max(0.0, (now - min(moments)).total_seconds()) if moments else 0.0
