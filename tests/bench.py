"""Measures one step end to end against the bare minimum, in one run. Start it with `make bench`.

A step is a signed press in, 200 out, everything durable. The floor does what no bot could leave out: a bare Bolt
listener, one event of the same chart restored from the same facts, and the same rows written in raw SQL in one durable
transaction.
"""

import asyncio
import json
import os
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.actions import WALK_PATTERN, Address
from bot.desk import entrance, walking
from bot.desk.house import Who
from bot.reception import StoreThread
from bot.sandbox.driver import Visitor
from bot.sandbox.scene import Scene
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from bot.store.records import Row
from bot.wiring import Bot, assemble
from conversations.amazon_token.answers import Answer
from conversations.amazon_token.chart import TokenChart
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.policy import Policy

STEPS = int(os.environ.get("BENCH_STEPS", "600"))
ROUNDS = 6
PORT = 18731
TEAM, USER = "T0SANDBOX", "U0ERIKA"
SECRET = "sandbox-signing-secret"
TO_SETTINGS_MENU: tuple[tuple[str, dict[str, Any]], ...] = (
    ("orders_stopped", {}),
    ("enter_version", {"version": "4.9.24.4"}),
    ("advance", {}),
    ("sees_key_set", {}),
    ("choose_region", {"choice": "europe"}),
    ("name_accounts", {"names": "Amazon.de"}),
    ("advance", {}),
    ("advance", {}),
    ("advance", {}),
    ("advance", {}),
)

Dispatch = Callable[[AsyncBoltRequest], Awaitable[Any]]


def settings(sandbox: Sandbox, folder: Path) -> Settings:
    """Settings of a bot that talks to the sandbox over HTTP."""
    return Settings(
        _env_file=None,
        slack_bot_token=sandbox.token,
        slack_signing_secret=SECRET,
        support_channel_id="C0SUPPORT",
        slack_api_url=sandbox.api_url,
        database_url=f"sqlite:///{folder / 'bench.db'}",
    )


def press(address: Address, event: str) -> AsyncBoltRequest:
    """A signed press of a button."""
    payload = {
        "type": "block_actions",
        "team": {"id": TEAM, "domain": "sandbox"},
        "user": {"id": USER, "team_id": TEAM, "name": "erika"},
        "api_app_id": "A0SANDBOX",
        "token": "-",
        "trigger_id": "1.2.3",
        "container": {"type": "message", "message_ts": "1700000000.000100", "channel_id": "D0ERIKA"},
        "channel": {"id": "D0ERIKA", "name": "directmessage"},
        "response_url": "http://127.0.0.1:9/response",
        "actions": [
            {
                "type": "button",
                "action_id": f"walk:{event}",
                "block_id": "main",
                "value": str(address),
                "action_ts": "1700000000.1",
            }
        ],
    }
    body = f"payload={quote_plus(json.dumps(payload))}"
    stamp = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
    headers = {
        "content-type": ["application/x-www-form-urlencoded"],
        "x-slack-request-timestamp": [stamp],
        "x-slack-signature": [str(signature)],
    }
    return AsyncBoltRequest(body=body, headers=headers)


async def begin(bot: Bot) -> int:
    """A walk of one account at the settings menu; its ID."""
    who = Who(TEAM, USER)

    def walk_there(unit: Any) -> int:
        record = entrance.begin(unit)
        for event, raw in TO_SETTINGS_MENU:
            walking.act(unit, unit.tx.walk(record.id), event, raw)
        return int(record.id)

    walk_id = await bot.thread.run(bot.desk.do, who, walk_there)
    assert walk_id is not None
    return walk_id


async def address_of(bot: Bot, walk_id: int) -> Address:
    """Where the live buttons of the walk point."""

    def look(unit: Any) -> Address:
        record = unit.tx.walk(walk_id)
        return Address(record.id, record.version, record.step, record.live_key)

    address = await bot.thread.run(bot.desk.do, Who(TEAM, USER), look)
    assert address is not None
    return address


async def bot_round(bot: Bot, walk_id: int, steps: int) -> list[float]:
    """Seconds of each of `steps` presses, forward and back in turn."""
    times = []
    for number in range(steps):
        address = await address_of(bot, walk_id)
        request = press(address, "back" if number % 2 else "advance")
        started = time.perf_counter()
        answer = await bot.app.async_dispatch(request)
        times.append(time.perf_counter() - started)
        assert answer.status == 200, answer.body
    moved = await address_of(bot, walk_id)
    assert moved.version > steps, "the presses did not move the walk"
    return times


class Floor:
    """The bare minimum that does the same durable work."""

    def __init__(self, folder: Path, thread: StoreThread, client: AsyncWebClient, source: Path, walk_id: int) -> None:
        self.thread = thread
        self.path = folder / "floor.db"
        self.walk_id = walk_id
        self.source = source
        self.policy = Policy()
        self.app = AsyncApp(client=client, signing_secret=SECRET, process_before_response=True)

        @self.app.action(WALK_PATTERN)
        async def pressed(ack: AsyncAck, body: dict[str, Any]) -> None:
            event = body["actions"][0]["action_id"].split(":")[1]
            await self.thread.run(self.write, event)
            await ack()

    def open(self, samples: list[Row]) -> None:
        """A copy of the bot's database, and the rows that a step of the bot writes."""
        with sqlite3.connect(self.source) as source, sqlite3.connect(self.path) as target:
            source.backup(target)
        self.conn = sqlite3.connect(self.path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            self.conn.execute(f"PRAGMA {pragma}")
        columns = [row[1] for row in self.conn.execute("PRAGMA table_info(outbox)")]
        self.columns = [name for name in columns if name != "id"]
        marks = ", ".join("?" for _ in self.columns)
        self.insert = f"INSERT INTO outbox ({', '.join(self.columns)}) VALUES ({marks})"
        newest = self.conn.execute(
            f"SELECT {', '.join(self.columns)} FROM outbox ORDER BY id DESC LIMIT {len(samples)}"
        ).fetchall()
        self.rows = [list(row) for row in newest]

    def write(self, event: str) -> None:
        """One event of the chart and the same rows, raw."""
        conn, key = self.conn, self.columns.index("key")
        conn.execute("BEGIN IMMEDIATE")
        stored = conn.execute("SELECT facts, version FROM walks WHERE id = ?", (self.walk_id,)).fetchone()
        facts = Facts.model_validate_json(stored[0])
        before = facts.step
        TokenChart(facts, self.policy).send(event, answer=Answer(), now=datetime.now(UTC))
        now = datetime.now(UTC).isoformat()
        conn.execute(
            "UPDATE walks SET facts = ?, step = ?, version = ?, updated_at = ? WHERE id = ? AND version = ?",
            (facts.model_dump_json(), facts.step, stored[1] + 1, now, self.walk_id, stored[1]),
        )
        conn.execute(
            "INSERT INTO events (walk_id, version, at, actor_id, name, step, next_step, detail)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (self.walk_id, stored[1], now, USER, event, before, facts.step, "{}"),
        )
        for row in self.rows:
            row[key] = os.urandom(16).hex()
            conn.execute(self.insert, row)
        conn.execute("COMMIT")

    async def round(self, steps: int) -> list[float]:
        """Seconds of each of `steps` presses, forward and back in turn."""
        times = []
        for number in range(steps):
            request = press(Address(self.walk_id, 1, "settings_menu", "0" * 32), "back" if number % 2 else "advance")
            started = time.perf_counter()
            answer = await self.app.async_dispatch(request)
            times.append(time.perf_counter() - started)
            assert answer.status == 200, answer.body
        return times


def counted(calls: list[Any], steps: int) -> dict[str, float]:
    """Calls per step by method."""
    methods: dict[str, float] = {}
    for call in calls:
        methods[call.method] = methods.get(call.method, 0) + 1 / steps
    return methods


async def served(sandbox: Sandbox, folder: Path) -> tuple[float, float, dict[str, float]]:
    """`amazon-token serve` as a process: seconds until it answers, its memory in MB, Slack calls per pressed step."""
    env = {
        **{name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}},
        "SLACK_BOT_TOKEN": sandbox.token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SUPPORT_CHANNEL_ID": "C0SUPPORT",
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'serve.db'}",
        "MESSAGES_PER_SECOND": "50",
        "PORT": str(PORT),
    }
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", env=env, cwd=folder, stdout=-3, stderr=-3
    )
    try:
        await answering()
        seconds = time.perf_counter() - started
        calls = await walked(sandbox)
        status = Path(f"/proc/{process.pid}/status").read_text()
        kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()
    return seconds, int(kilobytes) / 1024, calls


async def answering() -> None:
    """Wait until `/healthz` says ok."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(30):
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{PORT}/healthz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.01)


async def walked(sandbox: Sandbox) -> dict[str, float]:
    """Slack calls per step of ten steps that are pressed one after the other."""
    async with Visitor(sandbox.url, USER) as visitor:
        scene = Scene(visitor, "Erika", lambda _line: None)
        await scene.start()
        await scene.press("walk:orders_stopped")
        await scene.fill("form:version", version="4.9.24.4")
        await asyncio.sleep(0.5)
        before = len(sandbox.calls)
        for number in range(10):
            await scene.press("walk:back" if number % 2 else "walk:advance")
        await asyncio.sleep(0.5)
        return counted(sandbox.calls[before:], 10)


def percentile(times: list[float], share: float) -> float:
    """In milliseconds."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sandbox = Sandbox()
        await sandbox.start()
        thread = StoreThread()
        bot = await assemble(settings(sandbox, folder), thread, "Sandbox")
        walk_id = await begin(bot)
        await bot_round(bot, walk_id, 20)
        floor = Floor(folder, thread, bot.client, folder / "bench.db", walk_id)
        await thread.run(floor.open, [None, None])
        await floor.round(20)
        ours: list[float] = []
        bare: list[float] = []
        ratios = []
        for _ in range(ROUNDS):
            first = await bot_round(bot, walk_id, STEPS // ROUNDS)
            second = await floor.round(STEPS // ROUNDS)
            ours += first
            bare += second
            ratios.append(statistics.median(first) / statistics.median(second))
        await thread.run(bot.store.close)
        thread.close()
        seconds, megabytes, calls = await served(sandbox, folder)
        await sandbox.stop()
    print(f"ratio: {statistics.median(ratios):.2f}")
    print(f"step:  p50 {percentile(ours, 0.5):.2f} ms, p99 {percentile(ours, 0.99):.2f} ms")
    print(f"floor: p50 {percentile(bare, 0.5):.2f} ms, p99 {percentile(bare, 0.99):.2f} ms")
    print(f"steps per second on one core: {len(ours) / sum(ours):.0f}")
    print("Slack calls per step: " + (", ".join(f"{m} {n:.1f}" for m, n in sorted(calls.items())) or "none"))
    print(f"ready in {seconds:.2f} s")
    print(f"memory: {megabytes:.0f} MB")


if __name__ == "__main__":
    asyncio.run(main())
