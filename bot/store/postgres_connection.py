"""Connections to PostgreSQL: one for each thread that uses the store, transactions, and what errors mean."""

import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from threading import Lock, local
from typing import Any, Literal, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row

from bot.store.dialect import stored
from bot.store.postgres_session import Session, Vanished, network_limits
from bot.store.protocol import (
    CONFLICT_SECONDS,
    ConcurrentChange,
    Conflict,
    ConnectionLostError,
    StatementError,
    StoreError,
    StoreLockedError,
)

LEAST_ATTEMPTS = 3
_OUTCOME_SECONDS = 2.0
"""How long to ask whether a commit arrived whose answer was lost."""
_PAUSE_SECONDS = 0.05
ROW_LOCK = "200ms"
"""How long a statement waits for a row that another transaction has changed."""
_OPTIONS = {
    "timezone": "UTC",
    # To wait longer for a row is of no use: when the other transaction commits, this one has to be repeated anyway. And
    # two that wait for each other do so no longer than this; the server itself would notice after a second.
    "lock_timeout": ROW_LOCK,
    # A process that is stopped in a transaction keeps others waiting no longer than this, so within their patience.
    "idle_in_transaction_session_timeout": "2s",
    # The server notices within half a minute that a machine is gone, and with it what the machine owned.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
_TIME_TO_COMPUTE = b"; SET LOCAL idle_in_transaction_session_timeout = '15s'"
"""For the next attempt of what was ended for being idle: its process may not be stopped, but slow."""
NO_IDLE_LIMIT = "SET LOCAL idle_in_transaction_session_timeout = 0"
"""For a transaction that holds no lock for which a use case waits, and may compute for longer than that."""
_BY_OTHERS = (
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.LockNotAvailable,
    psycopg.errors.UniqueViolation,  # a transaction does not see what another one has added since it began
    # This process was stopped in the middle of a transaction, which the server has rolled back.
    psycopg.errors.IdleInTransactionSessionTimeout,
)
_NUMBERED = b"""
INSERT INTO commits (session, number, at) SELECT %s, %s, now() WHERE pg_current_xact_id_if_assigned() IS NOT NULL
ON CONFLICT (session) DO UPDATE SET number = EXCLUDED.number, at = EXCLUDED.at
"""
"""The number of the newest commit of a connection, written by that commit. The server's own number of a transaction
says nothing: after a crash, or on a standby that took over, another transaction gets the number of one that was lost.
"""
_LAST_NUMBER = b"""
INSERT INTO commits (session, number, at) VALUES (%s, 0, now())
ON CONFLICT (session) DO UPDATE SET at = EXCLUDED.at RETURNING number
"""
"""It writes, so it waits until a commit that is still under way has ended; after that none can follow."""
_ALL_COLUMNS = re.compile(r"SELECT (\w+\.)?\*")
_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")

Isolation = Literal["REPEATABLE READ", "READ COMMITTED", "REPEATABLE READ READ ONLY"]
Result = TypeVar("Result")


@dataclass(frozen=True)
class PreparedText:
    """A statement as psycopg takes it, and the names of its values."""

    text: bytes
    names: frozenset[str]
    reads: bool
    all_columns: bool = False  # whatever there are when it runs


def as_psycopg(sql: str) -> PreparedText:
    """The statement with `%(name)s` for `:name`."""
    text = _PARAMETER.sub(r"%(\1)s", sql.replace("%", "%%"))
    return PreparedText(
        text.encode(),
        frozenset(_PARAMETER.findall(sql)),
        sql.startswith("SELECT"),
        _ALL_COLUMNS.search(sql) is not None,
    )


def understood(error: psycopg.Error) -> Conflict | StoreError | StatementError:
    """The store's own error for one of PostgreSQL's."""
    if isinstance(error, _BY_OTHERS):
        return ConcurrentChange(str(error))
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        silent = error.seconds if isinstance(error, Vanished) else 0.0
        return StoreLockedError(f"PostgreSQL does not answer ({reason}). Start it, or correct DATABASE_URL.", silent)
    return StatementError(str(error))


def understood_on(connection: Session, error: psycopg.Error) -> Conflict | StoreError | StatementError:
    """The same for a statement: `ConnectionLostError` where its connection has ended, and another one may work."""
    meaning = understood(error)
    if isinstance(meaning, StoreLockedError) and connection.closed and not isinstance(error, Vanished):
        return ConnectionLostError(str(meaning))
    return meaning


class Connections:
    """The connections of one process to one database: one for each thread, made when the thread first needs it.

    What fails raises `ConcurrentChange` when another transaction was faster, `StoreLockedError` when the server does
    not answer (`ConnectionLostError`: it may by now) and nothing has changed, `StoreError` when nobody knows that.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._threads = local()
        self._all: list[Session] = []
        self._lock = Lock()
        self._closed = False

    def connect(self) -> Session:
        """A new connection, which `close` ends at the latest. `StoreError` after that."""
        connection = self._connected()
        with self._lock:
            if not self._closed:
                self._all = [*(other for other in self._all if not other.closed), connection]
                return connection
        connection.close()
        raise StoreError("The store is closed.")

    def _connected(self) -> Session:
        options = " ".join(f"-c {name}={value}" for name, value in _OPTIONS.items())
        try:
            options += " " + str(conninfo_to_dict(self._url).get("options", ""))
            return Session.connect(
                self._url, autocommit=True, row_factory=dict_row, options=options, application_name="amazon-token",
                **network_limits(self._url),
            )  # fmt: skip
        except psycopg.Error as error:
            raise understood(error) from error

    def close(self) -> None:
        """Close all connections. A thread that is still at work gets an error and cannot connect again."""
        with self._lock:
            self._closed = True
            for connection in self._all:
                connection.close()
            self._all.clear()

    @property
    def in_transaction(self) -> bool:
        """Whether the calling thread is in a transaction."""
        return getattr(self._threads, "in_transaction", False)

    @contextmanager
    def using(self, connection: Session) -> Iterator[None]:
        """Let the calling thread use this connection in the block."""
        own = self._own()
        self._threads.connection = connection
        try:
            yield
        finally:
            self._threads.connection = own

    @contextmanager
    def transaction(self, isolation: Isolation) -> Iterator[None]:
        """BEGIN; COMMIT at the end of the block, ROLLBACK on any exception."""
        if self.in_transaction:
            raise RuntimeError("a transaction is open already; transactions are not nested")
        connection = self._begun(isolation)
        self._threads.in_transaction = True
        try:
            yield
            numbered = not isolation.endswith("READ ONLY") and self._numbered(connection)
            self._commit(connection, numbered=numbered)
            self._threads.was_slow = False
        except BaseException as error:
            self._threads.was_slow = isinstance(error.__cause__, psycopg.errors.IdleInTransactionSessionTimeout)
            with suppress(psycopg.Error):
                connection.execute("ROLLBACK")
            raise
        finally:
            self._threads.in_transaction = False

    def whole(self, function: Callable[..., Result], *args: Any) -> Result:
        """Call `function` in a transaction in which every statement sees what is committed by then (READ COMMITTED)."""

        def attempt() -> Result:
            with self.transaction("READ COMMITTED"):
                return function(*args)

        return repeated(attempt)

    def execute(self, statement: PreparedText, values: dict[str, Any]) -> psycopg.Cursor[DictRow]:
        """Run the statement: in the thread's transaction, or alone: twice where its connection is lost."""
        if self.in_transaction:
            return self._execute(self._own(), statement, values)
        return repeated(lambda: self._execute(self._working(), statement, values))

    def _execute(self, connection: Session, statement: PreparedText, values: dict[str, Any]) -> psycopg.Cursor[DictRow]:
        bound = stored({name: values[name] for name in statement.names})
        try:
            # A prepared statement is refused when its columns have become others.
            return connection.execute(statement.text, bound, prepare=False if statement.all_columns else None)
        except psycopg.Error as error:
            raise understood_on(connection, error) from error

    def _own(self) -> Session:
        """The thread's connection, which may be broken without anybody knowing."""
        connection: Session | None = getattr(self._threads, "connection", None)
        if connection is None or connection.closed:
            connection = self.connect()
            self._threads.connection = connection
        return connection

    def _working(self) -> Session:
        """The thread's connection, a new one if the server has ended it."""
        connection = self._own()
        try:
            connection.execute("")
        except Vanished as error:
            raise understood(error) from error
        except psycopg.Error:
            return self._own()
        return connection

    def _begun(self, isolation: Isolation) -> Session:
        begin = b"BEGIN ISOLATION LEVEL " + isolation.encode()
        if getattr(self._threads, "was_slow", False):
            begin += _TIME_TO_COMPUTE
        connection = self._own()
        try:
            connection.execute(begin)
        except psycopg.Error as error:
            if not connection.closed or isinstance(error, Vanished):
                raise understood(error) from error
            # The server has ended the connection since; a new one may work, and nothing has happened yet.
            connection = self._own()
            try:
                connection.execute(begin)
            except psycopg.Error as again:
                raise understood_on(connection, again) from again
        return connection

    @staticmethod
    def _numbered(connection: Session) -> bool:
        """Let the transaction say its number where it has written anything; whether it has."""
        connection.number += 1
        try:
            return bool(connection.execute(_NUMBERED, [connection.name, connection.number]).rowcount)
        except psycopg.Error as error:
            raise understood_on(connection, error) from error

    def _commit(self, connection: Session, *, numbered: bool) -> None:
        try:
            connection.execute(b"COMMIT")
        except psycopg.Error as error:
            meaning = understood_on(connection, error)
            asked = numbered and isinstance(meaning, StoreLockedError)
            if not (asked and self._has_committed(connection.name, connection.number)):
                raise meaning from error

    def _has_committed(self, name: str, number: int) -> bool:
        """What became of a commit whose answer was lost. `StoreError` when that cannot be found out in time."""
        give_up_at = time.monotonic() + _OUTCOME_SECONDS
        while True:
            with suppress(psycopg.Error, StoreLockedError), self.connect() as connection:
                found = connection.execute(_LAST_NUMBER, [name]).fetchone()
                return found is not None and found["number"] == number
            if time.monotonic() > give_up_at:
                raise StoreError("PostgreSQL did not say whether it has kept what was written last, nor answers.")
            time.sleep(_PAUSE_SECONDS)


def repeated(attempt: Callable[[], Result]) -> Result:
    """The result of `attempt`, made again within `CONFLICT_SECONDS`: others were faster, or its connection was lost.

    A process that was stopped meanwhile has lost the time, and still makes `LEAST_ATTEMPTS`.
    """
    give_up_at = time.monotonic() + CONFLICT_SECONDS
    for number in count(1):
        try:
            return attempt()
        except (ConcurrentChange, ConnectionLostError):
            if time.monotonic() > give_up_at and number >= LEAST_ATTEMPTS:
                raise
            time.sleep(_PAUSE_SECONDS * secrets.randbelow(100) / 100)  # so that two do not meet again
    raise AssertionError
