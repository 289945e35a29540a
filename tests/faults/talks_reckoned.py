"""Conversations between agents and merchants, held against the database and what both of them wrote."""

import sqlite3
from collections import Counter
from collections.abc import Iterator

from bot.sandbox.driver_words import words
from bot.sandbox.server import Sandbox
from bot.sandbox.world import BOT_USER, Message, direct_message_id
from tests.faults.talkers import INTERNAL, Told

SUPPORT = "C0SUPPORT"
Standing = dict[str, list[Message]]


def figures(conn: sqlite3.Connection) -> dict[str, int]:
    """How much there was of it."""
    told = Counter(
        f"{side} {state}" for side, state in conn.execute("SELECT side, state FROM ticket_messages")
    )  # fmt: skip
    acts: Counter[str] = Counter(name for (name,) in conn.execute("SELECT name FROM ticket_events"))
    return {
        "answers of agents": sum(count for what, count in told.items() if what.startswith("agent")),
        "  corrected": told["agent corrected"],
        "  taken back": told["agent taken_back"],
        "words and pictures of merchants": told["merchant sent"],
        "tickets handed on": acts["hand"],
        "tickets resolved": acts["resolve"],
        "tickets reopened": acts["reopen"],
        "files": conn.execute("SELECT count(*) FROM outbox WHERE method = 'upload'").fetchone()[0],
    }


def faults(conn: sqlite3.Connection, sandbox: Sandbox, messages: Standing, told: Told) -> dict[str, list[str]]:
    """Every kind of fault, each with a word about it."""
    return {
        "answers not exactly once": [*_answers(conn, sandbox, messages), *_taken(conn, told)],
        "merchants' words not exactly once": _lines(sandbox, told),
        "internal at a merchant's": _internal(sandbox),
        "files not exactly once": _files(conn, sandbox),
    }


def _of(sandbox: Sandbox, channel_id: str) -> list[Message]:
    return sandbox.world.channels[channel_id].messages


def _text(message: Message) -> str:
    return words({"text": message.text, "blocks": message.blocks or []})


def _answers(conn: sqlite3.Connection, sandbox: Sandbox, messages: Standing) -> Iterator[str]:
    """Each stands once at the merchant's, as it was last corrected or not at all, and once in the ticket's thread."""
    query = (
        "SELECT m.id, merchant_id, card_key, text, m.state, key, note_key FROM ticket_messages m"
        " JOIN tickets t ON t.number = m.number WHERE side = 'agent'"
    )
    for number, merchant, card, text, state, key, note in conn.execute(query):
        there, copies = messages.get(key, []), messages.get(note, [])
        if (len(there), len(copies)) != (1, 1) or there[0] not in _of(sandbox, direct_message_id(merchant)):
            yield f"answer {number}: {len(there)} at the merchant's, {len(copies)} in the thread"
            continue
        if (text in _text(there[0])) != (state != "taken_back"):
            yield f"answer {number} is {state}, the merchant reads: {_text(there[0])[:80]}"
        cards = messages.get(card, [])
        if text not in _text(copies[0]) or copies[0].thread_ts not in {one.ts for one in cards}:
            yield f"answer {number}: its copy is elsewhere or says something else"


def _taken(conn: sqlite3.Connection, told: Told) -> list[str]:
    """What an agent saw taken is kept once; what was sent twice is kept once too."""
    kept = [text for (text,) in conn.execute("SELECT text FROM ticket_messages WHERE side = 'agent'")]
    counts = Counter(" ".join(text.split()[:2]) for text in kept)
    lost = [f"{mark}: {counts[mark]}" for mark in told.answers if counts[mark] != 1]
    return lost + [f"{mark}: {count}" for mark, count in counts.items() if count > 1 and mark not in told.answers]


def _lines(sandbox: Sandbox, told: Told) -> list[str]:
    """Each stands once in a thread of support's, unless Slack itself gave up bringing it."""
    support = _of(sandbox, SUPPORT)
    ours = [_text(m) for m in support if m.user == BOT_USER and m.only_for is None and m.is_reply]
    given_up = str(sandbox.events.given_up)
    counts = {mark: sum(mark in text for text in ours) for mark in told.lines if mark not in given_up}
    return [f"{mark}: {count}" for mark, count in counts.items() if count != 1]


def _internal(sandbox: Sandbox) -> list[str]:
    """Nothing that agents write for one another is in a direct message."""
    return [
        f"{channel.id}: {_text(message)[:80]}"
        for channel in sandbox.world.channels.values() if channel.id != SUPPORT
        for message in channel.messages if f"{INTERNAL} U" in _text(message)
    ]  # fmt: skip


def _files(conn: sqlite3.Connection, sandbox: Sandbox) -> list[str]:
    """Exports and passed-on pictures: as many as rows, and none twice."""
    counts = Counter(
        file["name"]
        for channel in sandbox.world.channels.values()
        for message in channel.messages if message.user == BOT_USER
        for file in message.files
    )  # fmt: skip
    query = "SELECT count(*) FROM outbox WHERE method = 'upload' AND state = 'delivered'"
    rows = conn.execute(query).fetchone()[0]
    wrong = [f"{name}: {count}" for name, count in counts.items() if count != 1]
    return wrong + ([f"{len(counts)} files of {rows} rows"] if len(counts) != rows else [])
