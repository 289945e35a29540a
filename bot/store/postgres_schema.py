"""The schema in PostgreSQL, made of the one description that there is: the migrations of `bot/store/migrations.py`.

They are applied to an empty SQLite database in memory, and what comes out of it is made here: tables, columns and
indexes that are missing. So a step that only adds something needs nothing else, and the version before works with it:
during an update, and after going back. Nothing is ever dropped, renamed or rewritten here: a step that changes what is
stored needs its statements in `DATA`, under its name; programs that do not know it are refused.
"""

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlite_utils import Database
from sqlite_utils.db import Table

from bot.store.migrations import MIGRATIONS, refuse_unknown
from bot.store.postgres_connection import Connections, as_psycopg
from bot.store.protocol import ConcurrentChange, StoreError

DATA: Mapping[str, tuple[str, ...]] = {
    # The newest of several open ones stays.
    "invitations": (
        """UPDATE invitations SET answer = 'over', answered_at = invited_at WHERE answer IS NULL AND id NOT IN
           (SELECT max(id) FROM invitations WHERE answer IS NULL GROUP BY team_id, merchant_id)""",
    )
}
"""Statements, by the name of the migration, for databases that existed before it; the new indexes are made after them.

A name without any says that a step only adds something, but that the version before cannot work with it.
"""
_LOCK = 7002
_TYPES = {"INTEGER": "bigint", "TEXT": 'text COLLATE "C"', "REAL": "double precision", "FLOAT": "double precision"}
_INDEXES = (
    "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name NOT LIKE '\\_%' ESCAPE '\\'"
)
# Each holds its owner's lock (`bot/store/postgres_owner.py`) while it is connected.
_SERVING = (
    "SELECT count(*) AS number FROM pg_locks WHERE locktype = 'advisory' AND classid = 7001 AND objsubid = 2"
    " AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_APPLIED = as_psycopg("INSERT INTO migrations (name, applied_at, only_adds) VALUES (:name, now(), :only_adds)")
_COMMITS = (
    # What the newest commit of each connection was, for those who ask after one whose answer was lost.
    'CREATE TABLE IF NOT EXISTS commits (session text COLLATE "C" PRIMARY KEY, number bigint NOT NULL, at timestamptz)',
    # A connection that is still there is entered again with its next commit.
    "DELETE FROM commits WHERE at < now() - interval '1 day'",
)
_UNLOGGED = frozenset({"turns"})
"""What may be lost when the server crashes, and is written without waiting for the disk."""
_OWN = (
    # Two processes never send rows of one ordering key at the same time, whatever else goes wrong.
    "CREATE UNIQUE INDEX IF NOT EXISTS outbox_running ON outbox (ordering_key) WHERE state = 'running'",
)


def migrate(connections: Connections) -> None:
    """Bring the schema up to date, or change nothing. Programs that start together wait for each other.

    `StoreError` when the database is from a newer program that changed more than this one can live with, and when this
    one has a step that processes which serve now could not live with.
    """
    try:
        connections.whole(apply_pending, connections)
    except ConcurrentChange as error:
        raise StoreError("The schema cannot be changed while others work on it. Try again in a moment.") from error


@contextmanager
def new_schema(address: str) -> Iterator[str]:
    """The address of a schema of its own in a database, empty now; it is dropped at the end. `StoreError`."""
    name = f"amazon_token_{secrets.token_hex(6)}"
    connections = Connections(address)
    try:
        connections.execute(as_psycopg(f"CREATE SCHEMA {name}"), {})
        try:
            yield f"{address}{'&' if '?' in address else '?'}options=-csearch_path%3D{name}"
        finally:
            connections.execute(as_psycopg(f"DROP SCHEMA {name} CASCADE"), {})
    finally:
        connections.close()


def pending(connections: Connections) -> list[str]:
    """The names of the migrations that the database has not had yet."""
    with Database(memory=True, execute_plugins=False) as empty:
        names = [migration.name for migration in MIGRATIONS.pending(empty)]
    (table,) = _rows(connections, "SELECT to_regclass('migrations') IS NOT NULL AS there")
    applied = _rows(connections, "SELECT * FROM migrations") if table["there"] else []
    refuse_unknown({row["name"] for row in applied if not row.get("only_adds")})
    return [name for name in names if name not in {row["name"] for row in applied}]


def apply_pending(connections: Connections) -> None:
    """The same inside the caller's transaction."""
    connections.execute(as_psycopg("SET LOCAL lock_timeout = '60s'"), {})
    connections.execute(as_psycopg("SET LOCAL idle_in_transaction_session_timeout = '15s'"), {})
    _rows(connections, f"SELECT pg_advisory_xact_lock({_LOCK})")
    new = pending(connections)
    tables = "SELECT 1 AS found FROM information_schema.tables WHERE table_schema = current_schema() LIMIT 1"
    is_empty = not _rows(connections, tables)
    for statement in _COMMITS:
        connections.execute(as_psycopg(statement), {})
    if not new:
        return
    if not is_empty and DATA.keys() & set(new):
        _refuse_beside_others(connections)
    with described() as description:
        changes = () if is_empty else (statement for name in new for statement in DATA.get(name, ()))
        for statement in (*_tables(connections, description), *changes, *_indexes(description)):
            connections.execute(as_psycopg(statement), {})
    for name in new:
        connections.execute(_APPLIED, {"name": name, "only_adds": name not in DATA})


def _refuse_beside_others(connections: Connections) -> None:
    (serving,) = _rows(connections, _SERVING)
    if serving["number"]:
        raise StoreError(
            f"Processes of the version before still use the database (there are {serving['number']}), and cannot work "
            "with what this version changes. Stop all of them, run `amazon-token migrate`, and start this version."
        )


@contextmanager
def described() -> Iterator[Database]:
    """The description of the schema: an empty SQLite database in memory that has had all migrations."""
    with Database(memory=True, execute_plugins=False) as description:
        MIGRATIONS.apply(description)
        yield description


def own_tables(description: Database) -> list[Table]:
    """The program's tables, each after those that it refers to."""
    return [table for table in description.tables if not table.name.startswith(("_", "sqlite_"))]


def numbered(table: Table) -> str | None:
    """The column that the database itself numbers, if there is one."""
    references = {key.column for key in table.foreign_keys}
    columns = (column for column in table.columns if column.is_pk and column.type == "INTEGER")
    return next((column.name for column in columns if len(table.pks) == 1 and column.name not in references), None)


def first_number(database: Database, table: str) -> int:
    """The least number that was never given to a row of a table whose numbers are given once only, else 1."""
    row: dict[str, Any] = next(database.query("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]), {"seq": 0})
    return int(row["seq"]) + 1


def _tables(connections: Connections, description: Database) -> Iterator[str]:
    """The tables and columns that are missing, in an order in which they can be made."""
    yield 'CREATE TABLE IF NOT EXISTS migrations (name text COLLATE "C" PRIMARY KEY, applied_at timestamptz NOT NULL)'
    yield "ALTER TABLE migrations ADD COLUMN IF NOT EXISTS only_adds bigint NOT NULL DEFAULT 0"
    columns = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
    there: dict[str, set[str]] = {}
    for row in _rows(connections, columns):
        there.setdefault(row["table_name"], set()).add(row["column_name"])
    for table in own_tables(description):
        if table.name not in there:
            yield _creation(description, table)
            continue
        for name, definition in _columns(description, table).items():
            if name not in there[table.name]:
                yield f"ALTER TABLE {table.name} ADD COLUMN {name} {definition}"


def _indexes(description: Database) -> Iterator[str]:
    """The indexes that are missing."""
    for row in description.query(_INDEXES):
        yield re.sub(r"^CREATE (UNIQUE )?INDEX", r"CREATE \1INDEX IF NOT EXISTS", row["sql"])
    yield from _OWN


def _creation(description: Database, table: Table) -> str:
    lines = [f"{name} {definition}" for name, definition in _columns(description, table).items()]
    lines.append(f"PRIMARY KEY ({', '.join(table.pks)})")
    lines += [
        f"FOREIGN KEY ({key.column}) REFERENCES {key.other_table} ({key.other_column})" for key in table.foreign_keys
    ]
    lines += [
        f"UNIQUE ({', '.join(index.columns)})"
        for index in table.indexes if index.origin == "u"
    ]  # fmt: skip
    kind = "UNLOGGED TABLE" if table.name in _UNLOGGED else "TABLE"
    return f"CREATE {kind} {table.name} (\n  " + ",\n  ".join(lines) + "\n)"


def _columns(description: Database, table: Table) -> dict[str, str]:
    """The definition of each column: type, default, whether it may be empty, and where the database numbers rows."""
    definitions = {}
    for column in table.columns:
        definition = _TYPES[column.type]
        if column.name == numbered(table):
            definition += f" GENERATED BY DEFAULT AS IDENTITY (START WITH {first_number(description, table.name)})"
        elif column.notnull or column.is_pk:
            definition += " NOT NULL"
        if column.default_value is not None:
            definition += f" DEFAULT {column.default_value}"
        definitions[column.name] = definition
    return definitions


def _rows(connections: Connections, sql: str) -> list[dict[str, Any]]:
    return connections.execute(as_psycopg(sql), {}).fetchall()
