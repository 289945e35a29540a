"""Carries a database over from SQLite to PostgreSQL: everything in one transaction, compared before it is committed."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier
from sqlite_utils import Database
from sqlite_utils.db import Table

from bot.store import sqlite
from bot.store.postgres_connection import NO_IDLE_LIMIT, Connections, as_psycopg, understood
from bot.store.postgres_schema import apply_pending, described, first_number, numbered, own_tables
from bot.store.postgres_session import Session
from bot.store.protocol import Conflict, StatementError, StoreError
from bot.store.sqlite_connection import write

_TYPES = {"INTEGER": "int8", "TEXT": "text", "REAL": "float8", "FLOAT": "float8"}
_FOREIGN = """
SELECT table_name FROM information_schema.tables
WHERE table_schema = current_schema() AND to_regclass('migrations') IS NULL ORDER BY table_name LIMIT 1
"""


@dataclass(frozen=True)
class MovedTable:
    """A table of which every row is in PostgreSQL as it was in SQLite."""

    name: str
    rows: int


@dataclass(frozen=True)
class Moved:
    """The tables, in the schema's order, and what the SQLite file is called now."""

    tables: tuple[MovedTable, ...]
    old_file: Path


def move(source: str, target: str) -> Moved:
    """Copy everything from the SQLite file into the empty PostgreSQL database, and rename the file.

    Nobody serves or writes to the source meanwhile, and nobody uses the target. The seal of the file stays where it
    is: a bot that is started there by mistake refuses. A file that another program has open keeps its name.

    `StoreError` when the copy cannot be made or is not equal in every row: then the target is as it was before, and
    the source too, apart from being brought up to date.
    """
    path = sqlite.database_path(source)
    renamed = path.with_name(f"{path.name}.moved")
    if not path.is_file():
        raise StoreError(f"There is no database {path}.")
    if renamed.exists():
        raise StoreError(f"{renamed} is left from an earlier move. Move it elsewhere first.")
    with sqlite.serving_lock(path):
        tables = _moved(source, target)
        if path.with_name(f"{path.name}-wal").exists():
            return Moved(tables, path)
        return Moved(tables, path.rename(renamed))


def _moved(source: str, target: str) -> tuple[MovedTable, ...]:
    with ExitStack() as stack:
        store = sqlite.open_store(source)
        stack.callback(store.close)
        connections = Connections(target)
        stack.callback(connections.close)
        session = connections.connect()
        stack.enter_context(write(store.db))
        stack.enter_context(connections.using(session))
        try:
            with connections.transaction("READ COMMITTED"):
                return tuple(_copies(connections, session, store.db))
        except psycopg.Error as error:
            raise _refusal(understood(error)) from error
        except (Conflict, StatementError) as error:
            raise _refusal(error) from error


def _refusal(error: Exception) -> StoreError:
    if isinstance(error, StoreError):
        return error
    return StoreError(f"Nothing was moved: PostgreSQL refused it ({str(error).strip()}).")


def _copies(connections: Connections, session: Session, source: Database) -> Iterator[MovedTable]:
    _refuse_if_foreign(connections)
    apply_pending(connections)
    connections.execute(as_psycopg(NO_IDLE_LIMIT), {})
    with described() as description:
        tables = own_tables(description)
        _lock_if_empty(session, tables)
        for table in tables:
            _copy(session, source, table)
        for table in tables:
            yield MovedTable(table.name, _equal_rows(session, source, table))
            session.execute(SQL("ANALYZE {}").format(Identifier(table.name)))


def _refuse_if_foreign(connections: Connections) -> None:
    found = connections.execute(as_psycopg(_FOREIGN), {}).fetchone()
    if found is not None:
        raise StoreError(
            f"The target is not empty: it has the table {found['table_name']} of another program. Name a new database."
        )


def _lock_if_empty(session: Session, tables: Sequence[Table]) -> None:
    for table in tables:
        name = Identifier(table.name)
        session.execute(SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(name))
        if session.execute(SQL("SELECT 1 FROM {} LIMIT 1").format(name)).fetchone() is not None:
            raise StoreError(
                f"The target is not empty: there are rows in {table.name}. Name a new database, and serve it later."
            )


def _copy(session: Session, source: Database, table: Table) -> None:
    columns = SQL(", ").join(Identifier(column.name) for column in table.columns)
    command = SQL("COPY {} ({}) FROM STDIN").format(Identifier(table.name), columns)
    with session.cursor() as cursor, cursor.copy(command) as copy:
        for row in _source_rows(source, table):
            try:
                copy.write_row(row)
            except psycopg.DataError as error:
                key = dict(zip((column.name for column in table.columns), row, strict=True))
                named = ", ".join(f"{name} {key[name]!r}" for name in table.pks)
                raise StoreError(f"The row of {table.name} with {named} cannot be stored: {error}.") from error
    if (column := numbered(table)) is not None:
        newest = next(source.query(f"SELECT coalesce(max({column}), 0) AS newest FROM {table.name}"))["newest"]  # noqa: S608 - names of the schema
        # Part of the transaction, unlike `setval`.
        session.execute(
            SQL("ALTER TABLE {} ALTER COLUMN {} RESTART WITH {}").format(
                Identifier(table.name), Identifier(column), max(newest + 1, first_number(source, table.name))
            )
        )


def _equal_rows(session: Session, source: Database, table: Table) -> int:
    """How many rows the table has, each of which is the same on both sides. `StoreError`."""
    count = 0
    for count, (there, here) in enumerate(zip_longest(_source_rows(source, table), _target_rows(session, table)), 1):
        if there != here:
            raise StoreError(f"Nothing was moved: row {count} of {table.name} would not be the same in PostgreSQL.")
    return count


def _source_rows(source: Database, table: Table) -> Iterator[tuple[Any, ...]]:
    names = ", ".join(column.name for column in table.columns)
    yield from source.execute(f"SELECT {names} FROM {table.name} ORDER BY {', '.join(table.pks)}")  # noqa: S608 - names of the schema


def _target_rows(session: Session, table: Table) -> Iterator[tuple[Any, ...]]:
    with session.cursor() as cursor, cursor.copy(_selection(table)) as copy:
        copy.set_types([_TYPES[column.type] for column in table.columns])
        yield from copy.rows()


def _selection(table: Table) -> Composed:
    return SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        SQL(", ").join(Identifier(column.name) for column in table.columns),
        Identifier(table.name),
        SQL(", ").join(map(Identifier, table.pks)),
    )
