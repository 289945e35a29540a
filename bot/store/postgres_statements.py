"""The statements of `queries.sql` and the locks of several processes, as they are run on PostgreSQL."""

from typing import Any

import psycopg
from psycopg.rows import DictRow

from bot.store.dialect import POSTGRES
from bot.store.postgres_connection import ROW_LOCK, Connections, PreparedText, as_psycopg
from bot.store.queries import TEXT, load
from bot.store.statements import Statements

_PATIENT = "800ms"


def patient(lock: str, *also: str) -> PreparedText:
    """A statement that calls the function `lock`, and then whatever else is named.

    It waits longer than for a row: when the transaction that holds the lock commits, this one goes on.
    """
    wait, back = (f"set_config('lock_timeout', '{limit}', true)" for limit in (_PATIENT, ROW_LOCK))
    return as_psycopg(f"SELECT {', '.join((wait, lock, back, *also))}")


QUERIES = {name: as_psycopg(sql) for name, sql in load(TEXT, POSTGRES).items()}

LOCK_KEY = patient("pg_advisory_xact_lock_shared(7005, 0), pg_advisory_xact_lock(7003, hashtext(:key))")
LOCK_ALL_KEYS = patient("pg_advisory_xact_lock(7005, 0)")


def waited_for_row(error: BaseException, table: str) -> bool:
    """Whether a statement has waited in vain for a row of another's in `table`, rather than for the whole table."""
    cause = error.__cause__
    return isinstance(cause, psycopg.errors.LockNotAvailable) and table in (cause.diag.context or "")


class PostgresStatements(Statements):
    """Runs statements on the thread's connection."""

    def __init__(self, connections: Connections) -> None:
        super().__init__()
        self._connections = connections
        self._has_changed = False

    @property
    def changed(self) -> bool:
        return self._has_changed

    def _rows(self, query: str, /, **values: Any) -> list[dict[str, Any]]:
        return self._run(query, values).fetchall()

    def _change(self, query: str, /, **values: Any) -> int:
        return self._run(query, values).rowcount

    def _lock_ordering_key(self, key: str) -> None:
        self._connections.execute(LOCK_KEY, {"key": key})

    def _run(self, query: str, values: dict[str, Any]) -> psycopg.Cursor[DictRow]:
        statement = QUERIES[query]
        cursor = self._connections.execute(statement, values)
        self._has_changed |= not statement.reads and cursor.rowcount > 0
        return cursor
