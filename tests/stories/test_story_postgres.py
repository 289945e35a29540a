"""The bot over PostgreSQL: one process, two behind a balancer, and a server that is restarted meanwhile."""

import asyncio
import contextlib
import secrets
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import psycopg
import pytest

from bot.app.server import RunningBot
from bot.demo.scene import Scene
from bot.demo.stage import SandboxStage
from bot.demo.stories import play_named
from bot.sandbox.server import Sandbox
from conversations.all_texts import load_texts
from conversations.engine.texts import Language
from tests.balancer import Balancer
from tests.faults.reckoning import _disorder, posts, standing
from tests.stories.conftest import Cast, Mode, Serve

pytestmark = pytest.mark.story
MERCHANTS: dict[Language, str] = {"de": "U0ERIKA", "en": "U0OLIVER"}
ROOT = Path(__file__).parents[2]
KEY = secrets.token_hex(32)

ServeHere = Callable[[], AbstractAsyncContextManager[RunningBot]]


@pytest.fixture
def serve_here(serve: Serve, postgres_url: str) -> ServeHere:
    """Serves over the test's own database; several at once share it."""
    return partial(serve, database_url=postgres_url, hash_key=KEY)


def rows(url: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()


async def play(cast: Cast, name: str, language: Language = "de") -> None:
    """The story of this name, from its beginning to its end."""
    procedure, act = play_named(name)
    said: list[str] = []
    merchant, agent = await cast(MERCHANTS[language]), await cast("U0ANNA")
    texts = load_texts().of(language, procedure.id)
    stage = SandboxStage(Scene(merchant, "M", said.append), Scene(agent, "A", said.append), texts)
    await procedure.examples.plays[act](stage)
    assert said


@pytest.mark.parametrize(
    ("mode", "name", "language"),
    [("socket", "second-failure", "de"), ("http", "three-accounts", "en"), ("socket", "sp-api", "de")],
)
async def test_a_story_takes_its_course(serve_here: ServeHere, cast: Cast, name: str, language: Language) -> None:
    """The same words, buttons and tickets as over SQLite."""
    async with serve_here():
        await play(cast, name, language)


@contextlib.asynccontextmanager
async def balanced(*bots: RunningBot) -> AsyncIterator[str]:
    """The address of a balancer before them."""
    balancer = Balancer([bot.port for bot in bots])
    port = await balancer.start()
    yield f"http://127.0.0.1:{port}/slack/events"
    await balancer.stop()


@pytest.mark.parametrize("mode", ["http"])
async def test_two_processes_are_one_bot(
    serve_here: ServeHere, cast: Cast, sandbox: Sandbox, mode: Mode, postgres_url: str
) -> None:
    """Each request goes to another one: two merchants walk at once, and every message is sent once and in order."""
    assert mode == "http"
    async with serve_here() as one, serve_here() as other, balanced(one, other) as address:
        sandbox.request_url = address
        await asyncio.gather(play(cast, "happy", "de"), play(cast, "second-failure", "en"))
        for bot in (one.bot, other.bot):
            await bot.outbox_worker.drain()
    owners = rows(postgres_url, "SELECT count(DISTINCT owner) FROM outbox WHERE state = 'delivered'")
    assert owners == [(2,)], "both have sent"
    there = standing(sandbox)
    assert [key for key, messages in there.items() if key and len(messages) > 1] == [], "nothing is there twice"
    with psycopg.connect(postgres_url) as connection:
        assert _disorder(posts(connection), there) == []


async def test_a_restart_of_the_server_is_not_noticed(serve_here: ServeHere, cast: Cast, postgres_url: str) -> None:
    """Every connection is cut again and again while somebody walks, and nobody reads of it."""
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'amazon-token'"

    async def cut() -> None:
        while True:
            await asyncio.sleep(0.2)
            await asyncio.to_thread(rows, postgres_url, end)

    async with serve_here():
        cutting = asyncio.create_task(cut())
        try:
            await play(cast, "happy")
        finally:
            cutting.cancel()


async def test_the_demonstration_runs_on_postgresql(postgres_url: str) -> None:
    """With one option; it leaves nothing behind in the database."""
    command = [sys.executable, "-m", "bot", "demo", "--play", "too-old", "--database", postgres_url]
    played = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    said, _ = await played.communicate()
    assert played.returncode == 0, said.decode()
    assert "too-old ended as it should" in said.decode()
    schemas = rows(postgres_url, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'amazon_token%'")
    assert schemas == []
