"""The whole bot in the test's own process, over real sockets, with short waits."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.app import server
from bot.app.bootstrap import Bot
from bot.app.crash_points import VARIABLE
from bot.sandbox.server import Sandbox
from bot.settings.core import Settings
from conversations.engine.texts import LANGUAGES
from tests.bytes_written import TypedSecrets, files, sent
from tests.faults.patient_people import Merchant, Walked, dice
from tests.faults.reckoning import Reckoning, reckon
from tests.guides import guide
from tests.waiting import LIMIT, QUICK, until

ROOT = Path(__file__).parent.parent.parent

Serve = Callable[..., AbstractAsyncContextManager[Bot]]
Finish = Callable[..., Any]


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    """What the bot logs."""
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A Slack that delivers again after 0.2 s and a second, and is as patient as the tests."""
    manifest = ROOT / "manifest.yml"
    async with Sandbox(manifest, retry_after=(0.0, 0.2, 1.0), ack_limit=LIMIT, trigger_life=LIMIT, **QUICK) as started:
        yield started


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The bot's database file."""
    return tmp_path / "bot.db"


@pytest.fixture
def typed_secrets() -> TypedSecrets:
    """What the patient people type."""
    return TypedSecrets()


@pytest.fixture(autouse=True)
def no_secret_is_kept(request: pytest.FixtureRequest, typed_secrets: TypedSecrets, tmp_path: Path) -> Iterator[None]:
    """After every fault test no secret that was typed is in a file, in what was said to Slack or in the log."""
    slack = request.getfixturevalue("sandbox") if "sandbox" in request.fixturenames else None
    logged = request.getfixturevalue("logged") if "logged" in request.fixturenames else []
    yield
    said = sent(slack) if slack is not None else ()
    assert typed_secrets.leaks([*files(tmp_path), *said, ("log", repr(logged).encode())]) == []


@pytest.fixture
def serve(sandbox: Sandbox, database: Path, logged: list[Any], monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Serves until the block ends; may be used again on the same database. Takes settings that differ."""
    assert logged == []
    monkeypatch.delenv(VARIABLE, raising=False)

    @contextlib.asynccontextmanager
    async def running(**changes: Any) -> AsyncIterator[Bot]:
        usual: dict[str, Any] = {
            "slack_bot_token": sandbox.token,
            "slack_app_token": sandbox.app_token,
            "support_channel_id": "C0SUPPORT",
            "slack_api_url": sandbox.api_url,
            "database_url": f"sqlite:///{database}",
            "port": 0,
            "messages_per_second": 100,
            "send_limit_seconds": LIMIT,
        }
        async with server.connected(Settings(_env_file=None, **usual | changes)) as line:
            line.bot.outbox_worker._backoff = 0.05
            await sandbox.sockets.wait_until_connected()
            yield line.bot

    return running


@pytest.fixture
def somebody(sandbox: Sandbox, typed_secrets: TypedSecrets) -> Callable[[str], Merchant]:
    """A patient person."""
    all_texts = {str(one): guide(one) for one in LANGUAGES}
    calm = asyncio.Event()
    calm.set()
    return lambda user_id: Merchant(sandbox, user_id, all_texts, dice(7), calm, typed_secrets, patience=1.0)


@pytest.fixture
def finish(sandbox: Sandbox, database: Path) -> Finish:
    """Waits until nothing is left to carry and holds everything against the database."""

    async def finished(bot: Bot, *walked: Walked) -> Reckoning:
        sandbox.misbehaviour.stop()

        async def carried() -> bool:
            counts = await bot.thread.run(bot.store.outbox_counts)
            return not counts["pending"] + counts["running"]

        await until(carried, "the outbox to be empty")
        return reckon(sandbox, database, walked)

    return finished
