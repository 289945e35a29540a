"""`amazon-token move`: all of a SQLite database is in PostgreSQL, equal in every row, or nothing is."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.store import postgres, sqlite
from bot.store.choice import move
from bot.store.models import Person
from bot.store.protocol import StoreError
from tests.bot.store.several_stores import LEASE, ROW, TICKET, WALK, answer
from tests.postgres_server import PostgresServer
from tests.seed import seed

TABLES = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that people filled through the services: walks, tickets, rows of the outbox, invitations."""
    path = tmp_path_factory.mktemp("lived") / "bot.db"
    seed(path, 12, 5).store.close()
    return path


@pytest.fixture
def file(lived_in: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    path = tmp_path / "bot.db"
    path.write_bytes(lived_in.read_bytes())
    return path


@pytest.fixture
def target(postgres_server: PostgresServer) -> str:
    """The address of a database without anything."""
    return postgres_server.new_database()


def content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Each table's rows, sorted."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_%'"
            " ESCAPE '\\'"
        ).fetchall()
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for (name,) in names}  # noqa: S608 - the schema's own


def test_every_row_of_every_table_is_there(file: Path, target: str) -> None:
    """Compared here by other means than the command's own; the table of counts names all of it."""
    before = content(file)
    moved = move(f"sqlite:///{file}", target)
    assert {one.name: one.rows for one in moved.tables} == {name: len(rows) for name, rows in before.items()}
    assert sum(one.rows > 0 for one in moved.tables) >= 9
    with closing(sqlite3.connect(moved.old_file)) as connection:
        for name, rows in before.items():
            columns = ", ".join(column[1] for column in connection.execute(f"PRAGMA table_info({name})"))
            assert sorted(answer(target, f"SELECT {columns} FROM {name}"), key=repr) == rows  # noqa: S608 - the same


def test_new_rows_get_numbers_that_were_never_given(file: Path, target: str) -> None:
    """Also where the newest ticket was deleted: its number is in Slack."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        (newest,) = connection.execute("SELECT max(number) FROM tickets").fetchone()
        for table in ("ticket_events", "ticket_messages", "ticket_timers", "tickets"):
            connection.execute(f"DELETE FROM {table} WHERE number = ?", [newest])  # noqa: S608 - names of the schema
        (newest_walk,) = connection.execute("SELECT max(id) FROM walks").fetchone()
    move(f"sqlite:///{file}", target)
    store = postgres.open_store(target)
    with store.transaction() as tx:
        walk = tx.add_walk(replace(WALK, worker_id="U0NEW"))
        assert (walk.id, tx.add_ticket(replace(TICKET, walk_id=walk.id)).number) == (newest_walk + 1, newest + 1)
        tx.enqueue(replace(ROW, key="new"))
    assert store.state("new") == "pending"
    store.close()


def test_the_file_is_not_served_any_more(file: Path, target: str) -> None:
    """A bot that is started with the old address refuses; the file is there under another name."""
    old_file = move(f"sqlite:///{file}", target).old_file
    assert old_file == file.with_name("bot.db.moved")
    with pytest.raises(StoreError, match=r"is not there, but bot\.db\.seal beside it shows that it was filled"):
        sqlite.open_store(f"sqlite:///{file}")
    assert content(old_file)["walks"]


def test_what_was_running_is_sent_by_the_new_bot(tmp_path: Path, target: str) -> None:
    """A row that a killed bot was sending is put back at the start, and counts as tried."""
    file = tmp_path / "bot.db"
    store = sqlite.open_store(f"sqlite:///{file}")
    with store.transaction() as tx:
        tx.enqueue(ROW)
    assert store.claim(ROW.due_at, LEASE, frozenset()) is not None
    store.close()
    move(f"sqlite:///{file}", target)
    opened = postgres.open_store(target)
    assert opened.recover() == 1
    again = opened.claim(ROW.due_at + 2 * LEASE, LEASE, frozenset())
    assert again is not None
    assert (again.key, again.content, again.attempts) == (ROW.key, ROW.content, 2)
    opened.close()


@pytest.fixture
def filled(target: str) -> str:
    """The address of a database in which somebody is known."""
    store = postgres.open_store(target)
    with store.transaction() as tx:
        tx.save_person(Person(team_id="T9", user_id="U9"))
    store.close()
    return target


def refused(file: Path, target: str, words: str) -> None:
    """`move` refuses with these words, and the source is as it was."""
    before = content(file)
    with pytest.raises(StoreError, match=words):
        move(f"sqlite:///{file}", target)
    assert content(file) == before
    assert not file.with_name(f"{file.name}.moved").exists()


def test_a_bot_that_serves_is_not_moved(file: Path, target: str) -> None:
    """Nor one where another program is writing."""
    with sqlite.serving_lock(file):
        refused(file, target, "Another process is serving .*bot.db already")
    assert answer(target, TABLES) == [(0,)]


def test_nothing_is_moved_over_something(file: Path, filled: str) -> None:
    """What is there stays as it is."""
    refused(file, filled, "The target is not empty: there are rows in people")
    assert answer(filled, "SELECT team_id FROM people") == [("T9",)]
    assert answer(filled, "SELECT count(*) FROM walks") == [(0,)]


def test_the_tables_of_another_program_are_left_alone(file: Path, target: str) -> None:
    """Also one whose name the bot would use."""
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute("CREATE TABLE walks (shoes text)")
    refused(file, target, "it has the table walks of another program")
    assert answer(target, TABLES) == [(1,)]


def test_a_move_that_fails_leaves_nothing(file: Path, target: str) -> None:
    """PostgreSQL cannot store everything that SQLite can: the row is named, and there is not even a table."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT INTO chores VALUES (?, '2026')", ["no\x00name"])
    refused(file, target, r"The row of chores with name 'no\\x00name' cannot be stored")
    assert answer(target, TABLES) == [(0,)]
    assert move_of_the_rest(file, target) > 100


def move_of_the_rest(file: Path, target: str) -> int:
    """How many rows are moved without the one that cannot be."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM chores WHERE due_at = '2026'")
    return sum(one.rows for one in move(f"sqlite:///{file}", target).tables)


def test_a_row_that_is_not_equal_is_noticed(file: Path, target: str) -> None:
    """Somebody else's trigger changes one: nothing is moved."""
    postgres.open_store(target).close()
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN IF NEW.id = 7 THEN NEW.step = upper(NEW.step); END IF; RETURN NEW; END $$"
        )
        connection.execute("CREATE TRIGGER shout BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION shout()")
    refused(file, target, "row 7 of events would not be the same")
    assert answer(target, "SELECT count(*) FROM events") == [(0,)]
    assert answer(target, "SELECT nextval(pg_get_serial_sequence('tickets', 'number'))") == [(1001,)]


@pytest.mark.parametrize(
    ("source", "address", "words"),
    [
        ("sqlite:///{}/none.db", "postgresql://u@127.0.0.1:1/d", "There is no database .*none.db"),
        ("postgresql://u@h/d", "postgresql://u@h/d", "must look like sqlite:///bot.db"),
        ("sqlite:///{}/bot.db", "sqlite:///{}/other.db", "The target must be a PostgreSQL database"),
        ("sqlite:///{}/bot.db", "postgresql://u@127.0.0.1:1/d", "PostgreSQL does not answer"),
    ],
)
def test_what_cannot_be_moved_is_said(file: Path, source: str, address: str, words: str) -> None:
    """In a sentence, and nothing is made."""
    before = sorted(file.parent.iterdir())
    with pytest.raises(StoreError, match=words):
        move(source.format(file.parent), address.format(file.parent))
    assert {path.name for path in file.parent.iterdir()} - {path.name for path in before} <= {
        "bot.db.seal",
        "bot.db.serving",
    }


@pytest.fixture
def folder(file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The operator's folder, with settings."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-synthetic")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-synthetic")
    monkeypatch.setenv("SUPPORT_CHANNEL_ID", "C0SUPPORT")
    for name in ("HASH_KEY", "DATABASE_URL", "DATABASE_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(file.parent)
    return file.parent


def test_the_command_says_what_was_moved_and_what_to_do(folder: Path, target: str) -> None:
    """A table of counts, and the settings of the new database with the key that goes with it; no password is shown."""
    address = f"{target}?sslmode=prefer"
    ran = CliRunner().invoke(app, ["move", "sqlite:///bot.db", address], env={"DATABASE_PASSWORD": "geheim"})
    assert ran.exit_code == 0, ran.output
    lines = [[cell.strip() for cell in line.split("│")] for line in ran.stdout.splitlines()]
    walks = len(content(folder / "bot.db.moved")["walks"])
    assert ["", "walks", str(walks), "yes", ""] in lines
    for words in (f"DATABASE_URL='{address}'", "HASH_KEY_FILE to a copy of bot.db.key", "Keep bot.db.moved"):
        assert words in ran.stdout
    assert "geheim" not in ran.output
    again = CliRunner().invoke(app, ["move", "sqlite:///bot.db", address])
    assert (again.exit_code, again.stderr) == (2, "There is no database bot.db.\n")


def test_a_file_that_another_program_reads_keeps_its_name(folder: Path, target: str) -> None:
    """Its log is beside it, and renaming would take it away from the reader."""
    reader = sqlite3.connect(folder / "bot.db")
    reader.execute("PRAGMA journal_mode = WAL")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM walks").fetchone()
    ran = CliRunner().invoke(app, ["move", "sqlite:///bot.db", target])
    reader.close()
    assert ran.exit_code == 0, ran.output
    assert "Another program has bot.db open. Close it and move the file away" in ran.stdout
    assert (folder / "bot.db").exists()


def test_a_target_with_a_password_in_it_is_refused(folder: Path) -> None:
    """It would be in the list of processes and in the shell's history."""
    ran = CliRunner().invoke(app, ["move", "sqlite:///bot.db", "postgresql://bot:geheim@localhost/bot"])
    assert ran.exit_code == 2
    assert "the password does not belong here; set DATABASE_PASSWORD" in ran.stderr
    assert "geheim" not in ran.stderr
    assert (folder / "bot.db").exists()
