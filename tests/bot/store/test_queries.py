"""The file of all SQL statements, held against the program that uses them and against the schema."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import psycopg
import pytest

from bot.store import postgres_statements
from bot.store.dialect import SQLITE
from bot.store.models import (
    Event,
    NotUnderstood,
    Person,
    Reminder,
    TicketEvent,
    TicketMessage,
    TicketRecord,
    TicketTimer,
)
from bot.store.queries import QUERIES, load
from bot.store.retention import _EXPORT
from bot.store.sqlite import SqliteStore
from bot.store.support_models import AnswerForm, Invitation, Outage, OutageRecipient, Template

ROOT = Path(__file__).parents[3]
RUNNERS = {
    "_rows",
    "_row",
    "_value",
    "_change",
    "_walks",
    "_ticket",
    "_tickets",
    "_messages",
    "_counts",
    "_change_one",
    "_invitations",
    "_templates",
    "_outage",
}


def names_used() -> Iterator[str]:
    """Every first argument of what runs statements, and the lists of names that a loop goes through."""
    for file in (ROOT / "bot" / "store").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RUNNERS:
                given = node.args[0]
            elif isinstance(node, ast.For) and isinstance(node.target, ast.Name) and node.target.id == "query":
                given = node.iter
            else:
                continue
            yield from (part.value for part in ast.walk(given) if isinstance(part, ast.Constant))


def test_every_statement_is_used_and_every_used_one_is_there() -> None:
    """Those of an export are used by their beginning."""
    assert set(names_used()) == {name for name in QUERIES if not name.startswith(_EXPORT)}


def test_the_program_has_no_other_statements() -> None:
    """Only migrations, macros and what asks PostgreSQL's own catalog are spelled out in Python."""
    read = r"SELECT .+ FROM (?!pg_|information_schema)"
    statement = re.compile(rf"\b({read}|INSERT INTO|DELETE FROM|UPDATE \w+ SET)\b", re.DOTALL)
    for file in (*(ROOT / "bot").rglob("*.py"), *(ROOT / "conversations").rglob("*.py")):
        if file.name in {"first_tables.py", "migrations.py", "renamed_ids.py", "dialect.py", "postgres_schema.py"}:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not statement.search(node.value), (file, node.value)


@pytest.mark.parametrize("name", QUERIES)
def test_a_statement_fits_the_schema(sqlite_store: SqliteStore, name: str) -> None:
    """SQLite knows every table, column and function in it; values are bound by name."""
    values = dict.fromkeys(re.findall(r":(\w+)", QUERIES[name]))
    assert list(sqlite_store.db.query(f"EXPLAIN {QUERIES[name]}", values))
    assert "?" not in QUERIES[name]


def test_every_statement_is_prepared_by_postgresql(postgres_url: str) -> None:
    """It knows every table, column, function and type in it, without being told the types of the values."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for number, (name, statement) in enumerate(postgres_statements.QUERIES.items()):
            names = sorted(statement.names)
            text = statement.text.decode() % {name: f"${names.index(name) + 1}" for name in names}
            try:
                connection.execute(f"PREPARE s{number} AS {text}".encode())
            except psycopg.Error as error:
                pytest.fail(f"{name}: {error}")


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("add_ticket", TicketRecord), ("save_ticket", TicketRecord), ("add_ticket_message", TicketMessage),
        ("save_ticket_message", TicketMessage), ("add_invitation", Invitation), ("save_invitation", Invitation),
        ("save_ticket_timer", TicketTimer), ("add_ticket_event", TicketEvent), ("add_event", Event),
        ("save_reminder", Reminder), ("save_person", Person), ("add_not_understood", NotUnderstood),
        ("add_template", Template), ("save_template", Template), ("open_answer_form", AnswerForm),
        ("add_outage", Outage), ("save_outage", Outage),
        ("add_outage_recipient", OutageRecipient), ("save_outage_recipient", OutageRecipient),
    ],
)  # fmt: skip
def test_a_statement_that_stores_a_record_stores_all_of_it(name: str, record: type) -> None:
    """Each field is bound; an ID that the database gives, when the record is added, is not."""
    given = {"add_ticket": {"number"}, "add_ticket_message": {"id"}, "add_invitation": {"id"}, "add_template": {"id"}}
    given["add_outage"] = {"id"}
    assert set(re.findall(r":(\w+)", QUERIES[name])) == {field.name for field in fields(record)} - given.get(
        name, set()
    )


def test_fragments_and_macros_are_inserted() -> None:
    """A fragment may use one before it; comments are left out."""
    fragments = "-- fragment: a\n-- why\nx = :x\n-- fragment: b\n{{a}} AND y IN {{ids:y}}\n"
    text = f"Head\n{fragments}-- name: q\nSELECT 1\n-- why\nWHERE {{{{b}}}}\n"
    assert load(text, SQLITE) == {"q": "SELECT 1\nWHERE x = :x AND y IN (SELECT value FROM json_each(:y))"}


def test_a_name_is_given_once_and_a_macro_is_known() -> None:
    """A mistake in the file is found when it is loaded."""
    with pytest.raises(ValueError, match="q is in the file twice"):
        load("-- name: q\nSELECT 1\n-- name: q\nSELECT 2\n", SQLITE)
    with pytest.raises(KeyError, match="unknown"):
        load("-- name: q\nSELECT {{unknown:x}}\n", SQLITE)
