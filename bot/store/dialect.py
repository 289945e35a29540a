"""Where SQLite and PostgreSQL differ: macros for `queries.sql`; and what values look like inside the database.

A macro is written `{{name}}` or `{{name:argument:argument}}`:

| Macro | Is |
| --- | --- |
| `{{columns:walks}}` | the columns of a table that its record in `models.py` has |
| `{{each:numbers}}` | a table with a column `value`: the items of the list bound as `:numbers` |
| `{{ids:walks}}`, `{{words:steps}}` | what IN looks into: the numbers, or the texts, of a list |
| `{{contains:detail:quoted}}` | whether the column `detail` contains the text bound as `:quoted` |
| `{{greatest:1:attempts - 1}}`, `{{least:attempts:1}}` | the greater, or the smaller, of two values |
| `{{only:filename:content}}` | JSON with this one field of the JSON in the column `content` |
| `{{abandoned}}` | whether nobody who lives has the running row: the process `:owner` itself asks |
| `{{random}}` | 16 random hexadecimal digits, others for each row |
| `{{clock}}` | seconds of the database's own clock |
| `{{skip_locked}}` | takes the row for this transaction, and none that another one has; SQLite has one writer |
| `{{hidden:text}}` | a keyed hash of the text, with `:salt`; SQLite, which hides nothing, keeps the text |

That is all that differs: each statement is one text, and `tests/bot/store/test_queries.py` prepares it on both.

A list is bound as JSON. A moment is ISO text in UTC with microseconds, so that texts sort as the moments do.
"""

import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from pydantic_core import from_json, to_json

from bot.store.models import Person, Rating, Reminder, TicketMessage, TicketRecord, TicketTimer, WalkRecord
from bot.store.support_models import AnswerForm, Invitation, Outage, OutageRecipient, Template

Macros = Mapping[str, str]
SQLITE: Macros = {
    "each": "json_each(:{})",
    "ids": "(SELECT value FROM json_each(:{}))",
    "words": "(SELECT value FROM json_each(:{}))",
    "contains": "instr({}, :{}) > 0",
    "greatest": "max({}, {})",
    "least": "min({}, {})",
    "only": "json_object('{0}', {1} ->> '$.{0}')",
    "abandoned": "1 = 1",  # one process has the file
    "random": "lower(hex(randomblob(8)))",
    "clock": "((julianday('now') - 2440587.5) * 86400.0)",
    "skip_locked": "",
    "hidden": "{}",  # what is kept under such a name is in memory there
}
POSTGRES: Macros = {
    "each": "jsonb_array_elements_text(CAST(:{} AS jsonb)) AS items (value)",
    "ids": "(SELECT CAST(value AS bigint) FROM jsonb_array_elements_text(CAST(:{} AS jsonb)) AS items (value))",
    "words": "(SELECT value FROM jsonb_array_elements_text(CAST(:{} AS jsonb)) AS items (value))",
    "contains": "strpos({}, :{}) > 0",
    "greatest": "greatest({}, {})",
    "least": "least({}, {})",
    "only": "CAST(json_build_object('{0}', CAST({1} AS json) ->> '{0}') AS text)",
    "abandoned": (
        "(owner IS NULL OR owner = :owner OR owner NOT IN (SELECT CAST(objid AS bigint) FROM pg_locks WHERE"
        " locktype = 'advisory' AND classid = 7001 AND objsubid = 2 AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())))"
    ),
    "random": "substr(replace(CAST(gen_random_uuid() AS text), '-', ''), 1, 16)",
    "clock": "CAST(extract(epoch FROM clock_timestamp()) AS double precision)",
    "skip_locked": "FOR UPDATE SKIP LOCKED",
    "hidden": "encode(sha256(convert_to(CAST(:salt AS text) || {}, 'UTF8')), 'hex')",
}
_USE = re.compile(r"{{(\w+)((?::[^{}:]+)*)}}")


_RECORDS: Mapping[str, type] = {
    "walks": WalkRecord, "reminders": Reminder, "tickets": TicketRecord, "ticket_messages": TicketMessage,
    "ticket_timers": TicketTimer, "invitations": Invitation, "people": Person,
    "templates": Template, "answer_forms": AnswerForm, "ratings": Rating, "outages": Outage,
    "outage_recipients": OutageRecipient,
}  # fmt: skip


def expand(sql: str, macros: Macros) -> str:
    """The statement with its macros written out. An unknown macro raises `KeyError`."""

    def written_out(use: re.Match[str]) -> str:
        arguments = use[2].split(":")[1:]
        if use[1] != "columns":
            return macros[use[1]].format(*arguments)
        (table,) = arguments
        return ", ".join(f"{table}.{field.name}" for field in fields(_RECORDS[table]))

    return _USE.sub(written_out, sql)


def to_text(moment: datetime) -> str:
    """Text of an aware moment. A naive one raises `ValueError`: that is a mistake of the caller."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be stored")
    return (moment if moment.tzinfo is UTC else moment.astimezone(UTC)).isoformat(timespec="microseconds")


def _json(value: Any) -> str:
    return to_json(value).decode()


_TO_STORE: dict[type, Callable[[Any], Any]] = {
    datetime: to_text,
    bool: int,
    dict: _json,
    list: _json,
    tuple: _json,
    set: _json,
    frozenset: _json,
}
for _type, _convert in _TO_STORE.items():
    # Values bound to a statement are converted by the driver, and only those that the statement names.
    sqlite3.register_adapter(_type, _convert)
_FROM_STORE: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("home_opened", "support_home", "unasked", "declined", "on_the_phone", "with_person"), bool),
    **dict.fromkeys(("content", "detail"), from_json),
    "words": lambda text: tuple(from_json(text)),
    **dict.fromkeys(
        (
            "at", "started_at", "updated_at", "ended_at", "created_at", "due_at", "opened_at", "claimed_at",
            "resolved_at", "closed_at", "answered_at", "waiting_since", "taken_at", "oldest_at", "invited_at",
            "kept_at", "changed_at", "begun_at", "ends_at",
        ),
        datetime.fromisoformat,
    ),
}  # fmt: skip
_CONVERTED = frozenset(_FROM_STORE)


def stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they are stored, for tables of sqlite-utils: moments as text, truth as 0 or 1, nested as JSON."""
    return {
        name: value if (convert := _TO_STORE.get(type(value))) is None else convert(value)
        for name, value in values.items()
    }


def loaded(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the values that a record has, by the names of its columns: the way back from `stored`."""
    for name in _CONVERTED.intersection(row):
        if row[name] is not None:
            row[name] = _FROM_STORE[name](row[name])
    return row
