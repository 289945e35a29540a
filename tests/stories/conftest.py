"""The stage of a story: a sandbox and the real bot in one event loop, over real HTTP and WebSockets."""

import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from typing import Any, Literal

import pytest
import structlog

from bot.app import scheduler, server
from bot.app.crash_points import VARIABLE
from bot.app.server import RunningBot
from bot.demo.scene import Scene
from bot.demo.stage import SandboxStage
from bot.images import hosting
from bot.sandbox.driver import Visitor
from bot.sandbox.installation import Installation
from bot.sandbox.server import Sandbox
from bot.sandbox.world import SandboxUser
from bot.settings.core import Settings, with_procedures
from bot.settings.support import SupportSettings
from bot.slack import routes
from conversations.amazon_token import plays
from conversations.engine.texts import Language, Texts
from conversations.registry import PROCEDURES, Procedures
from tests.bytes_written import TypedSecrets, files, sent
from tests.guides import GUIDES
from tests.stories.time_machine import TimeMachine
from tests.waiting import LIMIT, QUICK

ROOT = Path(__file__).parent.parent.parent
MODES = ("socket", "http")
Mode = Literal["socket", "http"]
Json = dict[str, Any]
Cast = Callable[[str], Awaitable[Visitor]]
Serve = Callable[..., AbstractAsyncContextManager[RunningBot]]


@pytest.fixture
def mode() -> Mode:
    """How payloads come to the bot; a story parametrizes it to be told in both."""
    return "socket"


@pytest.fixture
def people() -> list[SandboxUser] | None:
    """Who is in the workspace when it is not the usual people."""
    return None


@pytest.fixture
def installation() -> Installation:
    """Where the app is installed, unless a story says otherwise."""
    return Installation()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The bot's database file, alone in its folder."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder / "bot.db"


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[list[Any]]:
    """What the bot logs; `caplog` holds what the libraries would write."""
    caplog.set_level(logging.WARNING)
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture
async def sandbox(mode: Mode, people: list[SandboxUser] | None, installation: Installation) -> AsyncIterator[Sandbox]:
    """A Slack that delivers an event again after 0.2 s and a second, and is as patient as the tests."""
    async with Sandbox(
        ROOT / "manifest.yml", delivery=mode, retry_after=(0.0, 0.2, 1.0), people=people,
        ack_limit=LIMIT, trigger_life=LIMIT, installation=installation, **QUICK,
    ) as started:  # fmt: skip
        yield started


@pytest.fixture(autouse=True)
async def typed_secrets(
    sandbox: Sandbox,
    database: Path,
    logged: list[Any],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[TypedSecrets]:
    """After every story no secret that was typed is in a file, in what was said to Slack or in a log, in any guise."""
    secrets = TypedSecrets()
    monkeypatch.setattr(plays, "made_up_token", secrets.new)
    yield secrets
    log = (repr(logged) + caplog.text).encode()
    assert secrets.leaks([*files(database.parent), *sent(sandbox), ("log", log)]) == []


@pytest.fixture
def clock() -> TimeMachine:
    """The clock of the bots that `serve` starts: a working morning, so that no story depends on when it is told."""
    return TimeMachine(SupportSettings(_env_file=None).business_hours())  # type: ignore[call-arg]


@pytest.fixture
def serve(
    sandbox: Sandbox,
    mode: Mode,
    database: Path,
    clock: TimeMachine,
    logged: list[Any],
    typed_secrets: TypedSecrets,
    monkeypatch: pytest.MonkeyPatch,
) -> Serve:
    """Serves until the block ends; may be used again on the same database. Takes settings that differ.

    Before the end, events that are on their way arrive, unless the story says that they are not `awaited`.
    """
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(scheduler, "REFRESH_SECONDS", 0.1)
    monkeypatch.setattr(routes, "OPEN_SECONDS", LIMIT)
    monkeypatch.setattr(hosting, "PROCESSING_SECONDS", 0.0)
    sandbox.world.clock = lambda: clock().timestamp()
    assert logged == []

    @contextlib.asynccontextmanager
    async def serving_bot(
        *, awaited: bool = True, procedures: Procedures = PROCEDURES, **changes: Any
    ) -> AsyncIterator[RunningBot]:
        chosen = settings(sandbox, mode, database, procedures, **changes)
        async with server.connected(chosen, procedures, clock) as line:
            clock.line = line
            line.bot.outbox_worker._poll = 0.05
            line.bot.outbox_worker._backoff = 0.05
            if mode == "http":
                sandbox.request_url = f"http://127.0.0.1:{line.port}/slack/events"
            else:
                await sandbox.sockets.wait_until_connected()
            yield line
            if awaited:
                await sandbox.events.settle()
            # The write-ahead log is gone as soon as the database is closed.
            assert typed_secrets.leaks(files(database.parent)) == []

    return serving_bot


def settings(
    sandbox: Sandbox, mode: Mode, database: Path, procedures: Procedures = PROCEDURES, **changes: Any
) -> Settings:
    """Settings for a bot at `sandbox`."""
    way = {"slack_app_token": sandbox.app_token} if mode == "socket" else {"slack_app_token": None}
    values: Json = {
        "slack_bot_token": sandbox.token,
        "slack_signing_secret": sandbox.signing_secret if mode == "http" else None,
        "support_channel_id": "C0SUPPORT",
        "slack_api_url": sandbox.api_url,
        "database_url": f"sqlite:///{database}",
        "port": 0,
        "messages_per_second": 50,
        "send_limit_seconds": 2,
        **way,
        **changes,
    }
    return with_procedures(procedures)(_env_file=None, **values)


@pytest.fixture
async def line(serve: Serve) -> AsyncIterator[RunningBot]:
    """The bot, serving."""
    async with serve() as serving_bot:
        yield serving_bot


@pytest.fixture
async def cast(sandbox: Sandbox) -> AsyncIterator[Cast]:
    """Somebody to be, by user ID."""
    async with AsyncExitStack() as stack:

        async def enter(user_id: str) -> Visitor:
            return await stack.enter_async_context(Visitor(sandbox.url, user_id))

        yield enter


@pytest.fixture
async def erika(cast: Cast) -> Visitor:
    """The German merchant."""
    return await cast("U0ERIKA")


@pytest.fixture
async def oliver(cast: Cast) -> Visitor:
    """The English merchant."""
    return await cast("U0OLIVER")


@pytest.fixture
async def anna(cast: Cast) -> Visitor:
    """A German agent."""
    return await cast("U0ANNA")


@pytest.fixture
async def ben(cast: Cast) -> Visitor:
    """An English agent."""
    return await cast("U0BEN")


@pytest.fixture(scope="session")
def all_texts() -> dict[Language, Texts]:
    """What is to be read."""
    return GUIDES


@pytest.fixture
def stage(all_texts: dict[Language, Texts], line: RunningBot, erika: Visitor, anna: Visitor) -> SandboxStage:
    """Erika and Anna play, in German."""
    assert line.work
    return SandboxStage(Scene(erika, "Erika", _silent), Scene(anna, "Anna", _silent), all_texts["de"])


def _silent(_text: str) -> None:
    """The dialogue stands in the failure's message; nobody reads along."""
