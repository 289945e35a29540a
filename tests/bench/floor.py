"""What no bot could leave out: a bare Bolt listener, one event of a chart that is built once, and the same rows."""

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.actions import WALK_PATTERN, Address
from conversations.amazon_token.chart import TokenChart
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.settings import TokenSettings
from conversations.engine.walk_state import WalkState
from tests.bench.presses import SECRET, USER


class Floor:
    """Writes in one durable transaction what a step of the bot writes, from the listener itself."""

    def __init__(self, folder: Path, client: AsyncWebClient, source: Path, walk_id: int) -> None:
        self.walk_id = walk_id
        self.settings = TokenSettings()
        self.state_type = WalkState[Facts]
        self.chart = TokenChart()
        self.conn = sqlite3.connect(folder / "floor.db", isolation_level=None)
        self._open(source)
        self.app = AsyncApp(client=client, signing_secret=SECRET, process_before_response=True)

        @self.app.action(WALK_PATTERN)
        async def pressed(ack: AsyncAck, body: dict[str, Any]) -> None:
            self.write(body["actions"][0]["action_id"].split(":")[1])
            await ack()

    def _open(self, source: Path) -> None:
        """A copy of the bot's database, and the two rows of the outbox that a step of the bot writes."""
        with sqlite3.connect(source) as bots:
            bots.backup(self.conn)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            self.conn.execute(f"PRAGMA {pragma}")
        columns = [row[1] for row in self.conn.execute("PRAGMA table_info(outbox)")]
        self.columns = [name for name in columns if name != "id"]
        marks = ", ".join("?" for _ in self.columns)
        self.insert = f"INSERT INTO outbox ({', '.join(self.columns)}) VALUES ({marks})"
        newest = self.conn.execute(f"SELECT {', '.join(self.columns)} FROM outbox ORDER BY id DESC LIMIT 2")
        self.rows = [list(row) for row in newest.fetchall()]

    def write(self, event: str) -> None:
        """One event of the chart and the same rows, raw."""
        conn, key = self.conn, self.columns.index("key")
        conn.execute("BEGIN IMMEDIATE")
        stored = conn.execute("SELECT state, version FROM walks WHERE id = ?", (self.walk_id,)).fetchone()
        state = self.state_type.model_validate_json(stored[0])
        before, moment = state.step, datetime.now(UTC)
        self.chart.take(event, state, self.settings, answer=None, now=moment)
        now = moment.isoformat()
        conn.execute(
            "UPDATE walks SET state = ?, step = ?, version = ?, updated_at = ? WHERE id = ? AND version = ?",
            (state.model_dump_json(), state.step, stored[1] + 1, now, self.walk_id, stored[1]),
        )
        conn.execute(
            "INSERT INTO events (walk_id, version, at, actor_id, name, step, next_step, detail)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (self.walk_id, stored[1], now, USER, event, before, state.step, "{}"),
        )
        for row in self.rows:
            row[key] = os.urandom(16).hex()
            conn.execute(self.insert, row)
        conn.execute("COMMIT")

    async def address(self) -> Address:
        """An address of the right shape; the floor looks at none."""
        return Address(self.walk_id, 1, "settings_menu", "0" * 32)
