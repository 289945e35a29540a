"""One connection to a SQLite file: statements by name, transactions, and what errors mean for the operator."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlite_utils import Database

from bot.store.protocol import StatementError, StoreError, StoreLockedError
from bot.store.queries import QUERIES
from bot.store.statements import Statements

_LOCKED = "is locked by another program (an open SQLite tool, a backup?). Close it and try again"
_NO_RIGHT = "is not writable. Give this user the right to write to the file and to its folder"
_MEANING = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full. Make room and try again",
    sqlite3.SQLITE_READONLY: _NO_RIGHT,
    sqlite3.SQLITE_PERM: _NO_RIGHT,
    sqlite3.SQLITE_CANTOPEN: _NO_RIGHT,
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports an error. Look at the disk",
    sqlite3.SQLITE_NOTADB: "is not a database. Name another file, or restore a backup",
    sqlite3.SQLITE_CORRUPT: "is damaged. Restore a backup",
}


class SqliteStatements(Statements):
    """Runs statements on one connection."""

    def __init__(self, db: Database) -> None:
        super().__init__()
        self.db = db
        self._changes = db.conn.total_changes

    @property
    def changed(self) -> bool:
        return bool(self.db.conn.total_changes != self._changes)

    def _rows(self, query: str, /, **values: Any) -> list[dict[str, Any]]:
        # `Database.query` would put a savepoint around each statement, which costs twice as much as the statement.
        cursor = self._run(query, values)
        cursor.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in cursor]
        except sqlite3.Error as error:
            raise understood(error) from error

    def _value(self, query: str, /, **values: Any) -> Any:
        row = self._run(query, values).fetchone()
        return None if row is None else row[0]

    def _change(self, query: str, /, **values: Any) -> int:
        return self._run(query, values).rowcount

    def _run(self, query: str, values: dict[str, Any]) -> sqlite3.Cursor:
        try:
            return self.db.execute(QUERIES[query], values)
        except sqlite3.Error as error:
            raise understood(error) from error


def explained(error: sqlite3.Error, path: str = "") -> StoreError | None:
    """What the operator can do about it; `None` when the mistake is in the program.

    `path` names the file where it is known.
    """
    # The low byte is the kind of error, the rest its variety (https://sqlite.org/rescode.html).
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    meaning = _MEANING.get(code)
    if meaning is None:
        return None
    kind = StoreLockedError if code == sqlite3.SQLITE_BUSY else StoreError
    return kind(f"The database {path} {meaning}." if path else f"The database {meaning}.")


def understood(error: sqlite3.Error) -> StoreError | StatementError:
    """The store's own error for one of SQLite's."""
    return explained(error) or StatementError(str(error))


@contextmanager
def _understanding() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise understood(error) from error


def _still_open(db: Database) -> None:
    """For a full disk, say, SQLite rolls back by itself; a savepoint would then begin a transaction of its own."""
    if not db.conn.in_transaction:
        raise StoreError("The database took back what was written together with something that it could not keep.")


@contextmanager
def transaction(db: Database, kind: str) -> Iterator[None]:
    """BEGIN; COMMIT at the end of the block, ROLLBACK on any exception. Errors come as SQLite raises them."""
    if db.conn.in_transaction:
        raise RuntimeError("a transaction is open already; transactions are not nested")
    try:
        db.execute(f"BEGIN {kind}")
        yield
        _still_open(db)
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise


@contextmanager
def read(db: Database) -> Iterator[None]:
    """One view of the file for everything read in the block; writers are not kept waiting.

    `StoreError` when SQLite cannot go on.
    """
    with _understanding(), transaction(db, "DEFERRED"):
        yield


@contextmanager
def write(db: Database) -> Iterator[None]:
    """One transaction that holds the writer's lock from its beginning: reading first cannot end in "locked".

    `StoreError` when SQLite cannot go on.
    """
    with _understanding(), transaction(db, "IMMEDIATE"):
        yield


@contextmanager
def part(db: Database) -> Iterator[None]:
    """One of several parts of an open transaction: an exception takes back what the part did, and nothing else.

    `StoreError` when SQLite cannot go on.
    """
    with _understanding():
        _still_open(db)
        with db.atomic():
            yield


def pragma(db: Database, text: str) -> Any:
    """What SQLite answers to a PRAGMA: its first value, or `None`. Errors come as SQLite raises them."""
    found = db.execute(f"PRAGMA {text}").fetchone()
    return None if found is None else found[0]


def truncate_log(db: Database, busy_milliseconds: int) -> bool:
    """Cut off the write-ahead log, so that what was overwritten leaves the disk. False when a reader is in the way."""
    with _understanding():
        usual = pragma(db, "busy_timeout")
        pragma(db, f"busy_timeout = {busy_milliseconds}")
        try:
            return bool(pragma(db, "wal_checkpoint(TRUNCATE)") == 0)
        finally:
            pragma(db, f"busy_timeout = {usual}")
