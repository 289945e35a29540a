"""The whole bot behind real HTTP, for tests that throw everything at it: one bot for the run, many requests."""

import asyncio
import logging
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import pytest
import structlog
from hypothesis import HealthCheck, Phase, seed, settings

from bot.app import server
from bot.app.server import RunningBot
from bot.sandbox.delivery import signed
from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from bot.settings.core import Settings
from tests.bytes_written import TypedSecrets, files, sent
from tests.stories.presses import address_of, at_step
from tests.waiting import QUICK

ROOT = Path(__file__).parent.parent.parent
SEED = int(os.environ.get("FUZZ_SEED", "20261124"))
"""The same requests in every run, unless another seed is named."""
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "150"))
T = TypeVar("T")
Fuzzed = Callable[[Callable[..., None]], Callable[..., None]]


def fuzzed(test: Callable[..., None]) -> Callable[..., None]:
    """`EXAMPLES` examples that follow from `SEED`."""
    bounded = settings(
        max_examples=EXAMPLES, deadline=None, database=None, print_blob=True,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
    )  # fmt: skip
    return seed(SEED)(bounded(test))


@dataclass(repr=False)
class Edge:
    """A bot that serves over HTTP as long as the tests last, with two walks under way."""

    runner: asyncio.Runner
    sandbox: Sandbox
    line: RunningBot
    session: aiohttp.ClientSession
    database: Path
    addresses: list[str] = field(default_factory=list)
    logged: list[Any] = field(default_factory=list)
    all_logged: list[str] = field(default_factory=list)
    secrets: TypedSecrets = field(default_factory=TypedSecrets)

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:  # noqa: FBT001 - Hypothesis calls it so
        printer.text("edge")

    def post(self, body: bytes, headers: dict[str, str], *, sign: bool) -> int:
        """The status of the bot's answer. Nothing that the log calls a failure may come of it."""
        del self.logged[:]
        status = self.runner.run(self._post(body, headers | (signed_bytes(body) if sign else {})))
        failures = [line for line in self.logged if line["log_level"] in {"error", "critical"} or "exc_info" in line]
        self.all_logged += map(repr, self.logged)
        assert failures == []
        return status

    async def _post(self, body: bytes, headers: dict[str, str]) -> int:
        url = f"http://127.0.0.1:{self.line.port}/slack/events"
        async with self.session.post(url, data=body, headers=headers) as answer:
            await answer.read()
            return answer.status

    def kept(self) -> tuple[list[Any], ...]:
        """The walks of the two who walk, their history without what is shown again, and all tickets."""
        conn = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        queries = (
            "SELECT id, team_id, worker_id, step, state, ended_at FROM walks WHERE id <= 2",
            "SELECT * FROM events WHERE walk_id <= 2 AND name <> 'shown_again'",
            "SELECT * FROM tickets",
        )
        try:
            return tuple(conn.execute(query).fetchall() for query in queries)
        finally:
            conn.close()


def signed_bytes(body: bytes) -> dict[str, str]:
    """Slack's headers; for bytes that are no text the signature of what one would read."""
    return signed(body.decode("utf-8", errors="replace"))


@asynccontextmanager
async def _serving(folder: Path) -> AsyncIterator[tuple[Sandbox, RunningBot, list[str]]]:
    async with Sandbox(ROOT / "manifest.yml", delivery="http", **QUICK) as sandbox:
        settings_ = Settings(
            _env_file=None, slack_bot_token=sandbox.token, slack_app_token=None,
            slack_signing_secret=sandbox.signing_secret, support_channel_id="C0SUPPORT",
            slack_api_url=sandbox.api_url, database_url=f"sqlite:///{folder / 'bot.db'}", port=0,
            messages_per_second=100, send_limit_seconds=1,
        )  # fmt: skip
        async with server.connected(settings_) as line:
            sandbox.request_url = f"http://127.0.0.1:{line.port}/slack/events"
            addresses = []
            for user_id in ("U0ERIKA", "U0OLIVER"):
                async with Visitor(sandbox.url, user_id) as visitor:
                    await visitor.command("/amazon-token")
                    await at_step(visitor, "before_start")
                    await visitor.press("walk:orders_stopped")
                    addresses.append(str(address_of(await at_step(visitor, "connect_version"))))
            await line.bot.outbox_worker.drain()
            yield sandbox, line, addresses


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    """Started once. At its end no secret that was thrown is in a file, in what was said, or in the log."""
    folder = tmp_path_factory.mktemp("edge")
    with structlog.testing.capture_logs() as logged, asyncio.Runner() as runner:
        serving_bot = _serving(folder)
        sandbox, line, addresses = runner.run(serving_bot.__aenter__())

        async def session() -> aiohttp.ClientSession:
            return aiohttp.ClientSession()

        edge = Edge(runner, sandbox, line, runner.run(session()), folder / "bot.db", addresses, logged)
        yield edge
        runner.run(edge.session.close())
        said = list(sent(sandbox))
        runner.run(serving_bot.__aexit__(None, None, None))
        assert edge.secrets.leaks([*files(folder), *said, ("log", "\n".join(edge.all_logged).encode())]) == []


@pytest.fixture(autouse=True)
def no_traceback(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """After every test of the edge: no error and no traceback of a library, and the walks stand where they stood."""
    sys.stdout.write(f"FUZZ_SEED={SEED} FUZZ_EXAMPLES={EXAMPLES}\n")
    if request.path.name == "test_fuzz_secrets.py":
        yield
        return
    edge: Edge = request.getfixturevalue("edge")
    before = edge.kept()
    caplog.set_level(logging.WARNING)
    yield
    assert [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info] == []
    assert edge.kept() == before


def pytest_report_header() -> str:
    """What makes a run again: the seed and how many examples."""
    return f"fuzz: FUZZ_SEED={SEED} FUZZ_EXAMPLES={EXAMPLES}"
