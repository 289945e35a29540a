"""`/livez` and `/readyz`: what Kubernetes and the like ask before they restart the bot or send requests to it."""

import threading
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import last_known
from bot.app.server import RunningBot
from bot.sandbox.server import Sandbox
from bot.store.protocol import StoreError
from tests.file_holder import held
from tests.stories.conftest import MODES
from tests.waiting import until

pytestmark = pytest.mark.story


async def probed(line: RunningBot, page: str) -> tuple[int, Any]:
    """Status and body of a page."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{line.port}/{page}") as answer:
        return answer.status, await answer.json()


async def unready(line: RunningBot) -> list[str]:
    """Wait until the bot is not ready; the reasons. It is alive all the time."""
    reasons: list[str] = []

    async def is_unready() -> bool:
        status, body = await probed(line, "readyz")
        reasons[:] = body.get("reasons", [])
        return status == 503

    await until(is_unready, "/readyz to answer 503")
    assert await probed(line, "livez") == (200, {"status": "ok"})
    return reasons


async def ready(line: RunningBot) -> None:
    """Wait until the bot is ready."""

    async def is_ready() -> bool:
        return await probed(line, "readyz") == (200, {"status": "ok"})

    await until(is_ready, "/readyz to answer 200")


@pytest.mark.parametrize("mode", MODES)
async def test_a_bot_that_serves_is_alive_and_ready(line: RunningBot) -> None:
    """In Socket Mode and over HTTP; neither page says how much waits to be sent."""
    assert await probed(line, "livez") == (200, {"status": "ok"})
    await ready(line)


async def test_without_slack_the_bot_is_not_ready(sandbox: Sandbox, line: RunningBot) -> None:
    """It connects again by itself, so it is alive: a restart would not help."""
    await ready(line)
    sandbox.misbehave("apps.connections.open", "error_503", times=2)
    await sandbox.sockets.disconnect()
    assert await unready(line) == ["not connected to Slack"]
    await ready(line)


async def test_with_a_locked_database_the_bot_is_not_ready(line: RunningBot, database: Path) -> None:
    """It goes on by itself when the lock is over."""
    await ready(line)
    with held(database):
        await until(lambda: line.bot.thread.locked_since, "the bot to find its database locked")
        assert "is locked by another program" in (await unready(line))[0]
    await ready(line)


async def test_neither_page_waits_for_the_store(line: RunningBot) -> None:
    """While the store's thread is busy both answer; a store that does not come back makes the bot not ready."""
    await ready(line)
    go_on = threading.Event()
    busy = line.bot.thread.submit(go_on.wait)
    try:
        assert (await probed(line, "readyz"))[0] == 200
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(last_known, "STUCK_SECONDS", 0.0)
            assert "has not answered since" in (await unready(line))[0]
    finally:
        go_on.set()
    await busy
    await ready(line)


async def test_a_store_that_cannot_be_read_makes_the_bot_not_ready(line: RunningBot) -> None:
    """The reason is the store's sentence."""
    await ready(line)

    def damaged() -> Any:
        raise StoreError("The database is damaged.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line.bot.store, "unsent_counts", damaged)
        assert await unready(line) == ["The database is damaged."]
    await ready(line)
