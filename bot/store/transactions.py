"""The one way to write to SQLite, and to read much of it at once, and what its errors mean for the operator."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from bot.store.protocol import StatementError, StoreError

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


def explained(error: sqlite3.Error, path: str = "") -> StoreError | None:
    """What the operator can do about it; `None` when the mistake is in the program.

    `path` names the file where it is known.
    """
    # The low byte is the kind of error, the rest its variety (https://sqlite.org/rescode.html).
    meaning = _MEANING.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if meaning is None:
        return None
    return StoreError(f"The database {path} {meaning}." if path else f"The database {meaning}.")


@contextmanager
def _explaining() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise explained(error) or StatementError(str(error)) from error


def _not_nested(conn: sqlite3.Connection) -> None:
    if conn.in_transaction:
        raise RuntimeError("a transaction is open already; transactions are not nested")


def _still_open(conn: sqlite3.Connection) -> None:
    """For a full disk, say, SQLite rolls back by itself; a savepoint would then begin a transaction of its own."""
    if not conn.in_transaction:
        raise StoreError("The database took back what was written together with something that it could not keep.")


@contextmanager
def read(conn: sqlite3.Connection) -> Iterator[None]:
    """One view of the file for everything read in the block; writers go on meanwhile.

    `StoreError` when SQLite cannot go on.
    """
    _not_nested(conn)
    with _explaining():
        try:
            conn.execute("BEGIN DEFERRED")
            yield
        finally:
            conn.rollback()


@contextmanager
def write(conn: sqlite3.Connection) -> Iterator[None]:
    """One transaction that holds the writer's lock from its beginning: reading first cannot end in "locked".

    Commits at the end of the block, rolls back on any exception. `StoreError` when SQLite cannot go on.
    """
    _not_nested(conn)
    with _explaining():
        try:
            conn.execute("BEGIN IMMEDIATE")
            yield
            _still_open(conn)
            conn.execute("COMMIT")
        except BaseException:
            conn.rollback()
            raise


@contextmanager
def part(conn: sqlite3.Connection) -> Iterator[None]:
    """One of several parts of an open transaction: an exception takes back what the part did, and nothing else.

    `StoreError` when SQLite cannot go on.
    """
    with _explaining():
        _still_open(conn)
        conn.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            # An error for which SQLite rolls everything back takes the savepoint with it.
            if conn.in_transaction:
                conn.execute("ROLLBACK TO part")
                conn.execute("RELEASE part")
            raise
        conn.execute("RELEASE part")
