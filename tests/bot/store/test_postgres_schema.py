"""How the schema in PostgreSQL is made and grows, while programs of two versions use it."""

import re
import threading
from dataclasses import replace
from itertools import zip_longest

import psycopg
import pytest
from sqlite_utils import Database

from bot.store import postgres_schema
from bot.store.migrations import MIGRATIONS
from bot.store.postgres import PostgresStore, open_store
from bot.store.protocol import StoreError
from bot.store.sqlite import SqliteStore
from tests.bot.store.several_stores import ERIKA, LEASE, NOON, ROW, TICKET, WALK, answer
from tests.postgres_server import PostgresServer

COLUMNS = """
SELECT c.table_name, c.column_name FROM information_schema.columns AS c
WHERE c.table_schema = 'public' AND c.table_name NOT IN ('migrations', 'commits')
"""


def test_both_engines_have_the_same_tables_and_columns(postgres_url: str, sqlite_store: SqliteStore) -> None:
    """There is one description of the schema."""
    described = {
        (table.name, column.name)
        for table in sqlite_store.db.tables if not table.name.startswith(("_", "sqlite_"))
        for column in table.columns
    }  # fmt: skip
    assert set(answer(postgres_url, COLUMNS)) == described


def test_a_step_that_adds_something_is_made_up_for(postgres_url: str) -> None:
    """A database from before gets columns and indexes that are new, and keeps what is in it."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE outbox DROP COLUMN permalink")
        connection.execute("DROP TABLE not_understood")
        connection.execute("DELETE FROM migrations WHERE name IN ('permalinks', 'not_understood')")
        connection.execute("INSERT INTO people (team_id, user_id, name, home_opened) VALUES ('T1', 'U1', 'Erika', 0)")
    store = open_store(postgres_url)
    assert store.permalink("a") is None
    assert store.person("T1", "U1") == ERIKA
    assert store.figures(NOON).not_understood == {}
    store.close()


def test_what_a_step_changes_is_changed_here_too(postgres_url: str) -> None:
    """Before the index that allows it no longer is made: of several open invitations of a person the newest stays."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP INDEX invitations_live")
        connection.execute("DELETE FROM migrations WHERE name = 'invitations'")
        for day in (1, 2):
            connection.execute(
                "INSERT INTO invitations (team_id, merchant_id, agent_id, procedure, invited_at, message_key)"
                " VALUES ('T1', 'U1', 'U2', 'amazon_token', %s, %s)",
                [f"2026-11-0{day}T12:00:00.000000+00:00", f"key{day}"],
            )
    open_store(postgres_url).close()
    assert answer(postgres_url, "SELECT message_key, answer FROM invitations ORDER BY id") == [
        ("key1", "over"),
        ("key2", None),
    ]


def test_no_step_changes_what_is_stored_in_sqlite_only() -> None:
    """A step since there is PostgreSQL that changes rows, or allows fewer, has its statements in `DATA`."""
    with Database(memory=True, execute_plugins=False) as db:
        names = [migration.name for migration in MIGRATIONS.pending(db)]
        for name, following in zip_longest(names, names[1:]):
            seen: list[str] = []
            with db.tracer(lambda sql, _values, seen=seen: seen.append(sql)):
                MIGRATIONS.apply(db, stop_before=following)
            changing = [sql for sql in seen if re.match(r"\s*(UPDATE|DELETE|CREATE UNIQUE INDEX)\b", sql)]
            since = names.index(name) > names.index("owners")
            assert not changing or not since or name in postgres_schema.DATA or _of_a_new_table(changing, seen), name


def _of_a_new_table(changing: list[str], seen: list[str]) -> bool:
    """Whether each statement is about a table that the same step makes: there is nothing in it."""
    made = {match[1] for sql in seen if (match := re.match(r'\s*CREATE TABLE "?\[?(\w+)', sql))}
    return all(made & set(re.findall(r"\w+", sql)) for sql in changing)


def test_a_database_of_a_newer_program_is_refused(postgres_url: str) -> None:
    """What it would do to what it does not know is not known."""
    answer(postgres_url, "INSERT INTO migrations VALUES ('from_the_future', now()) RETURNING name")
    with pytest.raises(StoreError, match="newer version of this program \\(from_the_future\\)"):
        open_store(postgres_url)


def test_the_version_before_starts_on_a_schema_that_only_grew(postgres_url: str) -> None:
    """Each step says whether it did. So a process may start again during an update, and one can go back after it."""
    grown = "SELECT DISTINCT only_adds FROM migrations WHERE name NOT IN ('invitations')"
    assert answer(postgres_url, grown) == [(1,)]
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("INSERT INTO migrations VALUES ('from_the_future', now(), 1)")
        connection.execute("ALTER TABLE walks ADD COLUMN newer text NOT NULL DEFAULT ''")
    store = open_store(postgres_url)
    with store.transaction() as tx:
        assert tx.walk(tx.add_walk(WALK).id) is not None
    store.close()


def test_a_step_with_statements_of_its_own_shuts_the_version_before_out(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It rewrote what is stored, or says that it cannot be lived with."""
    monkeypatch.setattr(postgres_schema, "DATA", {"owners": ()})
    url = postgres_server.new_database()
    open_store(url).close()
    assert answer(url, "SELECT name FROM migrations WHERE only_adds = 0") == [("owners",)]


def test_what_the_version_before_cannot_live_with_waits_until_nobody_serves(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a step is refused while a process of the version before serves, and nothing has changed; then it is done."""
    before = open_store(postgres_url)
    before.recover()
    answer(postgres_url, "DELETE FROM migrations WHERE name = 'owners' RETURNING name")
    monkeypatch.setattr(postgres_schema, "DATA", {"owners": ()})
    with pytest.raises(StoreError, match="still use the database \\(there are 1\\)"):
        open_store(postgres_url)
    assert answer(postgres_url, "SELECT name FROM migrations WHERE name = 'owners'") == []
    before.close()
    open_store(postgres_url).close()
    assert answer(postgres_url, "SELECT only_adds FROM migrations WHERE name = 'owners'") == [(0,)]


def test_a_process_goes_on_when_a_newer_one_has_migrated_the_database(one: PostgresStore, postgres_url: str) -> None:
    """New columns are none of its business, also in statements that the server has prepared already."""
    with one.transaction() as tx:
        tx.save_person(ERIKA)
        walk = tx.add_walk(WALK)
        ticket = tx.add_ticket(replace(TICKET, walk_id=walk.id))

    def look() -> None:
        with one.transaction() as tx:
            assert tx.walk(walk.id) == walk
            assert tx.ticket(ticket.number) == ticket
            assert tx.person("T1", "U1") == ERIKA
            assert tx.export_person("T1", "U1")["walks"]

    for _ in range(7):
        look()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for table in ("walks", "tickets", "people", "outbox"):
            connection.execute(f"ALTER TABLE {table} ADD COLUMN newer text".encode())
    look()
    with one.transaction() as tx:
        tx.enqueue(ROW)
    assert one.claim(NOON, LEASE, frozenset()) is not None


def test_programs_that_start_together_make_one_schema(
    postgres_server: PostgresServer, sqlite_store: SqliteStore
) -> None:
    """They wait for each other at a lock."""
    url, failed = postgres_server.new_database(), []

    def start() -> None:
        try:
            open_store(url).close()
        except Exception as error:  # noqa: BLE001 - it is told
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    names = {row[0] for row in answer(url, "SELECT name FROM migrations")}
    assert names == {migration.name for migration in MIGRATIONS.applied(sqlite_store.db)}
