"""The one way to write to SQLite, and to read much of it at once, and what its errors mean for the operator."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from bot.store.protocol import StoreError

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
def read(conn: sqlite3.Connection) -> Iterator[None]:
    """One view of the file for everything read in the block; writers go on meanwhile.

    `StoreError` when SQLite cannot go on.
    """
    if conn.in_transaction:
        raise RuntimeError("a transaction is open already; transactions are not nested")
    try:
        conn.execute("BEGIN DEFERRED")
        yield
    except sqlite3.Error as error:
        if told := explained(error):
            raise told from error
        raise
    finally:
        conn.rollback()


@contextmanager
def write(conn: sqlite3.Connection) -> Iterator[None]:
    """One transaction that holds the writer's lock from its beginning: reading first cannot end in "locked".

    Commits at the end of the block, rolls back on any exception. `StoreError` when SQLite cannot go on.
    """
    if conn.in_transaction:
        raise RuntimeError("a transaction is open already; transactions are not nested")
    try:
        conn.execute("BEGIN IMMEDIATE")
        yield
        conn.execute("COMMIT")
    except sqlite3.Error as error:
        conn.rollback()
        if told := explained(error):
            raise told from error
        raise
    except BaseException:
        conn.rollback()
        raise
