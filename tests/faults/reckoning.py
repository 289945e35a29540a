"""What came of it: the sandbox's messages held against the database, and both against what people did."""

import json
import sqlite3
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.sandbox.server import Sandbox
from bot.sandbox.world import BOT_USER, Message
from bot.store.dialect import to_text
from tests.faults import talks_reckoned
from tests.faults.patient_people import Walked, addresses
from tests.faults.talkers import Told
from tests.postgres_server import Looks

SUPPORT = "C0SUPPORT"


@dataclass(frozen=True)
class Posted:
    """A row that posts a message."""

    id: int
    key: str
    to: str
    state: str
    attempts: int
    ordering_key: str | None


@dataclass
class Reckoning:
    """Every fault found, by kind, each with a word about it. All must be empty."""

    faults: dict[str, list[str]] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Whether nothing went wrong."""
        return not any(self.faults.values())

    def table(self) -> str:
        """Figures and faults, one a line."""
        lines = [f"{name:<34}{number:>7}" for name, number in self.figures.items()]
        lines += [f"{name:<34}{len(found):>7}" for name, found in self.faults.items()]
        details = [f"  {name}: {one}" for name, found in self.faults.items() for one in found[:5]]
        return "\n".join([*lines, *details])


Target = Path | str
"""A SQLite file, or the address of a database in PostgreSQL."""


def database(path: Target) -> Any:
    """The bot's database, to look at only: it may be serving."""
    if isinstance(path, str):
        return Looks(path)
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=10)


def posts(conn: sqlite3.Connection) -> list[Posted]:
    """The rows that post, oldest first."""
    query = "SELECT id, key, recipient, state, attempts, ordering_key FROM outbox WHERE method = 'post' ORDER BY id"
    return [Posted(*row) for row in conn.execute(query)]


def key_of(message: Message) -> str | None:
    """The row that the message is of."""
    return ((message.metadata or {}).get("event_payload") or {}).get("key")


def standing(sandbox: Sandbox) -> dict[str, list[Message]]:
    """The bot's lasting messages by key, "" for those without one. A file has none, it is known by its name."""
    found: dict[str, list[Message]] = defaultdict(list)
    for channel in sandbox.world.channels.values():
        for message in channel.messages:
            if message.user == BOT_USER and message.only_for is None and not message.files:
                found[key_of(message) or ""].append(message)
    return found


def reckon(sandbox: Sandbox, path: Target, walked: Sequence[Walked], told: Told | None = None) -> Reckoning:
    """Look at everything. `told` is what agents and merchants wrote to one another."""
    conn = database(path)
    try:
        rows, messages = posts(conn), standing(sandbox)
        result = Reckoning()
        result.figures = {
            "walks": len(walked),
            "procedures walked through": _number(conn, "SELECT count(DISTINCT procedure) FROM walks"),
            "tickets": _number(conn, "SELECT count(*) FROM tickets"),
            "invitations accepted": _number(conn, "SELECT count(*) FROM invitations WHERE answer = 'accepted'"),
            "  declined": _number(conn, "SELECT count(*) FROM invitations WHERE answer = 'declined'"),
            "walks on the phone": _number(conn, "SELECT count(*) FROM walks WHERE for_name <> ''"),
            "reminders": sum(map(len, reminded(conn).values())),
            "messages": sum(len(found) for found in messages.values()),
            "updates": _number(conn, "SELECT count(*) FROM outbox WHERE method = 'update' AND state = 'delivered'"),
            **talks_reckoned.figures(conn),
        }
        result.faults = {
            "lost walks": _lost(conn, walked),
            "stuck walks": [one.stuck for one in walked if one.stuck],
            "tickets not exactly once": _tickets(conn, messages, sandbox, walked),
            "doubled messages": [f"{key}: {len(m)}" for key, m in messages.items() if key and len(m) > 1],
            "missing messages": _missing(rows, messages),
            "messages of no row": _strangers(rows, messages),
            "out of order": _disorder(rows, messages),
            "walks without exactly one live step": _live(conn, sandbox),
            "rows not delivered": _left(conn),
            "invitations without their one walk": _invitations(conn),
            "reminders not sent": _late(conn),
            **talks_reckoned.faults(conn, sandbox, messages, told or Told()),
        }
        return result
    finally:
        conn.close()


def _number(conn: sqlite3.Connection, query: str) -> int:
    return int(conn.execute(query).fetchone()[0])


def _lost(conn: sqlite3.Connection, walked: Sequence[Walked]) -> list[str]:
    kept = dict(conn.execute("SELECT id, step FROM walks"))
    seen = {one.walk_id: one for one in walked if one.walk_id}
    wrong = [f"walk {n}: seen at {w.step}, kept at {kept.get(n)}" for n, w in seen.items() if kept.get(n) != w.step]
    return wrong + [f"walk {n} at {step} is nobody's" for n, step in kept.items() if n not in seen]


def _tickets(
    conn: sqlite3.Connection, messages: dict[str, list[Message]], sandbox: Sandbox, walked: Sequence[Walked]
) -> list[str]:
    tickets = conn.execute("SELECT number, walk_id, card_key FROM tickets").fetchall()
    standing_cards = {number: len(messages.get(key, ())) for number, _, key in tickets}
    cards = [f"ticket {number}: {count} cards" for number, count in standing_cards.items() if count != 1]
    of_walks = Counter(walk_id for _, walk_id, _ in tickets)
    wanted = [
        f"walk {one.walk_id}: {of_walks[one.walk_id]} tickets instead of {int(one.plan.ticket)}"
        for one in walked if one.step == "done" and of_walks[one.walk_id] != int(one.plan.ticket)
    ]  # fmt: skip
    known = {key for _, _, key in tickets}
    tops = [m for m in sandbox.world.channels[SUPPORT].messages if m.user == BOT_USER and not m.is_reply]
    stray = [f"card at {m.ts} is of no ticket" for m in tops if m.only_for is None and key_of(m) not in known]
    return cards + wanted + stray


def _missing(rows: list[Posted], messages: dict[str, list[Message]]) -> list[str]:
    return [f"{row.key} to {row.to}" for row in rows if row.state == "delivered" and not messages.get(row.key)]


def _strangers(rows: list[Posted], messages: dict[str, list[Message]]) -> list[str]:
    known = {row.key for row in rows if row.state == "delivered"}
    return [f"{key or 'no key'}: {m[0].text[:60]}" for key, m in messages.items() if key not in known]


def _disorder(rows: list[Posted], messages: dict[str, list[Message]]) -> list[str]:
    wrong, last = [], dict[str | None, str]()
    for row in rows:
        for message in messages.get(row.key, ()):
            if message.ts <= last.get(row.ordering_key, ""):
                wrong.append(f"{row.key} in {row.ordering_key}")
            last[row.ordering_key] = max(message.ts, last.get(row.ordering_key, ""))
    return wrong


def _live(conn: sqlite3.Connection, sandbox: Sandbox) -> list[str]:
    live: Counter[int] = Counter()
    for channel in sandbox.world.channels.values():
        for message in channel.messages:
            live.update({address.walk_id for address in addresses(message.blocks)})
    wrong = []
    for walk_id, ended_at in conn.execute("SELECT id, ended_at FROM walks"):
        if live[walk_id] != (ended_at is None):
            wrong.append(f"walk {walk_id}: {live[walk_id]}, {'over' if ended_at else 'under way'}")
    return wrong


def _invitations(conn: sqlite3.Connection) -> list[str]:
    """Each accepted invitation began one walk, and each walk that began with one was accepted."""
    of_agents = dict(conn.execute("SELECT agent_id, count(*) FROM invitations WHERE answer = 'accepted' GROUP BY 1"))
    walks = dict(conn.execute("SELECT invited_by, count(*) FROM walks WHERE invited_by IS NOT NULL GROUP BY 1"))
    agents = of_agents.keys() | walks.keys()
    return [
        f"{a}: {of_agents.get(a, 0)} accepted, {walks.get(a, 0)} walks"
        for a in agents
        if of_agents.get(a) != walks.get(a)
    ]


def _late(conn: sqlite3.Connection) -> list[str]:
    """What was due a minute ago has been looked at by a bot that runs."""
    late = to_text(datetime.now(UTC) - timedelta(minutes=1))
    query = "SELECT walk_id, due_at FROM reminders JOIN walks ON id = walk_id WHERE ended_at IS NULL AND due_at < ?"
    return [f"walk {walk_id}: due at {due_at}" for walk_id, due_at in conn.execute(query, (late,))]


def reminded(conn: sqlite3.Connection) -> dict[int, list[str]]:
    """When each walk was reminded of, in order."""
    codes, times = {"reminder", "reminder_urgent"}, defaultdict[int, list[str]](list)
    for walk_id, at, detail in conn.execute("SELECT walk_id, at, detail FROM events WHERE name = 'shown_again'"):
        if codes & set(json.loads(detail).get("notes", ())):
            times[walk_id].append(at)
    return {walk_id: sorted(at) for walk_id, at in times.items()}


def reminded_too_often(sent: Mapping[int, Sequence[str]], due: Mapping[int, Sequence[str]]) -> list[str]:
    """Walks reminded of before they were due, or twice after they were due once: moments as text, in order."""
    wrong = []
    for walk_id, times in sent.items():
        counts = Counter(bisect_right(due.get(walk_id, ()), at) for at in times)
        wrong += [f"walk {walk_id}: {n} after {place} times due" for place, n in counts.items() if n > min(place, 1)]
    return wrong


def _left(conn: sqlite3.Connection) -> list[str]:
    """What still waits, or was given up. An answer to one person's press is tried twice only, that is its promise."""
    query = (
        "SELECT key, method, state, error FROM outbox"
        " WHERE state IN ('pending', 'running') OR (state = 'dead' AND method <> 'respond')"
    )
    return [json.dumps(row) for row in conn.execute(query)]
