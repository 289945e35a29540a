"""Real processes: a bot that is killed in the middle, and the demonstration as people start it."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.demo.scene import Scene
from bot.demo.stage import SandboxStage
from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from conversations.amazon_token.plays import _to_first_fetch
from conversations.engine.texts import Language, Texts
from tests.stories.presses import at_step
from tests.waiting import LIMIT, until

pytestmark = pytest.mark.story
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
ROOT = Path(__file__).parent.parent.parent


def _environment(**more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **more}


@asynccontextmanager
async def process(sandbox: Sandbox, database: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m bot serve`, connected; killed at the end of the block."""
    environment = _environment(
        SLACK_BOT_TOKEN=sandbox.token,
        SLACK_APP_TOKEN=sandbox.app_token,
        SUPPORT_CHANNEL_ID="C0SUPPORT",
        SLACK_API_URL=sandbox.api_url,
        DATABASE_URL=f"sqlite:///{database}",
        PORT="0",
        MESSAGES_PER_SECOND="50",
        SEND_LIMIT_SECONDS="1",
    )
    with (database.parent / "bot.log").open("ab") as log:
        running = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", env=environment, cwd=database.parent, stdout=log, stderr=log
        )
    try:
        await sandbox.sockets.wait_until_connected()
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()
        await until(lambda: not sandbox.sockets.connected, "the sandbox to see that the bot has gone")


async def test_kill_minus_nine_in_the_middle_of_a_play(
    sandbox: Sandbox, database: Path, all_texts: dict[Language, Texts], erika: Visitor, anna: Visitor
) -> None:
    """Killed right after a press and again after the second failure: the walk goes on, the ticket comes once."""
    told: list[str] = []
    stage = SandboxStage(Scene(erika, "E", told.append), Scene(anna, "A", told.append), all_texts["de"])
    async with process(sandbox, database):
        await _to_first_fetch(stage)
        await erika.press("walk:fetch_failed")
    async with process(sandbox, database):
        await at_step(erika, "second_fetch")
        await erika.press("walk:fetch_failed")
    async with process(sandbox, database) as last:
        await at_step(erika, "with_support")
        await anna.wait_for("1001", "#support")
        await erika.press("walk:problem_solved")
        await erika.wait_for(stage.titled("done"))
        last.terminate()
        async with asyncio.timeout(LIMIT):
            assert await last.wait() == 0
    cards = [m for m in await anna.messages("#support") if m["bot"] and not m["thread_ts"]]
    assert len(cards) == 1


async def _demo(*arguments: str, **environment: str) -> tuple[int, str]:
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", *arguments, env=_environment(**environment),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await running.communicate()
    return running.returncode or 0, said.decode()


async def test_the_demonstration_plays_a_story() -> None:
    """`amazon-token demo --play happy` tells the whole story and ends with 0, also on a Grid with all limits.

    tests/test_wheel.py plays it without --grid.
    """
    status, said = await _demo("--play", "happy", "--grid")
    assert status == 0, said
    assert "happy ended as it should" in said


async def test_the_demonstration_says_that_the_sandbox_does_not_start() -> None:
    """A port in use is named, and the status is not 0."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        status, said = await _demo("--play", "happy", "--port", str(taken.getsockname()[1]))
    assert status != 0
    assert "Choose another with --port" in said


async def test_the_demonstration_says_that_the_bot_does_not_start(tmp_path: Path) -> None:
    """A bot that cannot start is told with what it said, and the status is not 0."""
    hook = tmp_path / "sitecustomize.py"
    hook.write_text("import sys\nif sys.argv[1:] == ['serve-demo']: sys.exit('no, not today')\n", "utf-8")
    script = (
        "import sys; from bot.demo import demonstration as d; "
        f"keep = d._environment; d._environment = lambda: keep() | {{'PYTHONPATH': {str(tmp_path)!r}"
        f" + ':' + {str(ROOT)!r}}}; sys.exit(d.demo(play='happy', language='de', port=0))"
    )
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, env=_environment(), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await running.communicate()
    assert running.returncode == 1
    assert "The bot did not start" in said.decode()
