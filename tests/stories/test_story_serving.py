"""The bot as an operator meets it: health, refusal by Slack, and a stop that finishes what is under way."""

import asyncio
import math
import signal
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import aiohttp
import pytest

from bot.app import server, socket_mode
from bot.app.server import RunningBot
from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from bot.slack.store_thread import StoreThread
from conversations.all_texts import AllTexts
from conversations.registry import PROCEDURES
from tests.stories.conftest import MODES, Mode, Serve, settings
from tests.stories.presses import arrivals, at_step, begun
from tests.waiting import LIMIT, until

pytestmark = pytest.mark.story


async def health(line: RunningBot) -> tuple[int, Any]:
    """Status and body of /healthz."""
    url = f"http://127.0.0.1:{line.port}/healthz"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.json()


async def become(line: RunningBot, status: int) -> None:
    """Wait until /healthz answers so."""

    async def is_so() -> bool:
        return (await health(line))[0] == status

    await until(is_so, f"/healthz to answer {status}")


@pytest.mark.parametrize("mode", MODES)
async def test_health_is_good(serve: Serve) -> None:
    """While everything works /healthz answers 200 and how much waits to be sent."""
    async with serve() as line:
        status, body = await health(line)
    assert status == 200
    assert body["status"] == "ok"
    assert set(body["outbox"]) >= {"pending", "dead"}


async def test_without_a_connection_health_is_bad(sandbox: Sandbox, line: RunningBot) -> None:
    """In Socket Mode a lost connection is told, and over once it is back."""
    sandbox.misbehave("apps.connections.open", "error_503", times=2)
    await sandbox.sockets.disconnect()
    await become(line, 503)
    assert (await health(line))[1]["reasons"] == ["not connected to Slack"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("part", ["outbox", "sweep", "reminders"])
async def test_a_part_that_has_ended_makes_health_bad(serve: Serve, part: str) -> None:
    """When something in the background is no longer there, /healthz says which."""
    async with serve() as line:
        line.work[part].cancel()
        await asyncio.gather(line.work[part], return_exceptions=True)
        status, body = await health(line)
    assert status == 503
    assert body["reasons"] == [f"{part} has ended"]


@pytest.mark.parametrize(
    ("method", "code", "named"),
    [
        ("auth.test", "invalid_auth", "SLACK_BOT_TOKEN"),
        ("apps.connections.open", "invalid_auth", "SLACK_APP_TOKEN"),
        ("apps.connections.open", "missing_scope", "SLACK_APP_TOKEN .*connections:write"),
    ],
)
async def test_a_refused_token_ends_the_start(
    sandbox: Sandbox, mode: Mode, database: Path, method: str, code: str, named: str
) -> None:
    """A token that Slack refuses for good is named, instead of trying for ever."""
    sandbox.misbehave(method, "error", code=code, times=5)
    with pytest.raises(server.RefusedBySlack, match=named):
        async with server.connected(settings(sandbox, mode, database)) as line, asyncio.timeout(LIMIT):
            await line.until(asyncio.Event())


async def test_slack_away_at_the_start_is_waited_out(
    sandbox: Sandbox, mode: Mode, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot starts, says that it has no connection, and connects as soon as it can."""
    monkeypatch.setattr(socket_mode, "RECONNECT_SECONDS", 0.05)
    sandbox.misbehave("*", "error_503", times=8)
    async with server.connected(settings(sandbox, mode, database)) as line:
        assert (await health(line))[0] == 503
        await sandbox.sockets.wait_until_connected()
        await become(line, 200)


async def test_a_rate_limit_at_the_start_is_waited_out(
    sandbox: Sandbox, mode: Mode, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bot that connects too often waits as long as Slack says, and not its own time."""
    monkeypatch.setattr(socket_mode, "RECONNECT_SECONDS", 3600.0)
    sandbox.misbehave("apps.connections.open", "rate_limited", retry_after=1, times=1)
    async with server.connected(settings(sandbox, mode, database)) as line:
        await sandbox.sockets.wait_until_connected()
        await become(line, 200)


async def test_a_stop_while_slack_is_away(
    sandbox: Sandbox, mode: Mode, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bot that cannot connect still stops at once, not when it would try again."""
    monkeypatch.setattr(socket_mode, "RECONNECT_SECONDS", 3600.0)
    sandbox.misbehave("*", "error_503", times=1000)

    def refused() -> bool:
        return any(call.method == "apps.connections.open" for call in sandbox.calls)

    async with asyncio.timeout(LIMIT), server.connected(settings(sandbox, mode, database)) as line:
        await until(refused, "a try to connect")
        assert line.connecting is not None
        assert not line.connecting.done()
    assert line.connecting.cancelled()


@pytest.mark.parametrize("mode", MODES)
async def test_a_stop_finishes_what_is_under_way(
    sandbox: Sandbox, serve: Serve, erika: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was pressed before the stop is answered, sent and recorded; nothing is sent twice afterwards."""
    async with serve() as line:
        await begun(erika)
        sandbox.misbehave("chat.postMessage", "rate_limited", retry_after=0)
        arrived = arrivals(line, monkeypatch)
        pressing = asyncio.create_task(erika.press("walk:orders_stopped"))
        await until(arrived.is_set, "the press to arrive at the desk")
    await pressing
    async with serve() as line:
        await at_step(erika, "connect_version")
        await line.bot.outbox_worker.drain()
    assert len([m for m in await erika.messages() if m["bot"] and not m["ephemeral"]]) == 2


async def test_serve_until_a_signal(
    sandbox: Sandbox, mode: Mode, database: Path, logged: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Soon after the start the bot can understand without a wait. SIGTERM ends it by itself, without an error."""
    monkeypatch.setattr(server, "_PREPARE_AFTER_SECONDS", 0.0)
    built: list[str] = []
    monkeypatch.setattr(AllTexts, "questions", Mock())
    monkeypatch.setattr(AllTexts, "vocabulary", lambda _texts, procedure: built.append(procedure.id) or Mock())
    task = asyncio.create_task(server._serve(settings(sandbox, mode, database)))
    await sandbox.sockets.wait_until_connected()
    await until(lambda: "understanding_ready" in {line["event"] for line in logged}, "understanding to be prepared")
    assert built == list(PROCEDURES)
    signal.raise_signal(signal.SIGTERM)
    async with asyncio.timeout(LIMIT):
        await task
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().remove_signal_handler(number)


async def test_understanding_is_built_while_nobody_presses(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the processor from those who wait for an answer. Where nobody ever pauses it is built all the same."""
    thread = StoreThread()
    try:
        await thread.run(int)
        await server._until_idle(thread)
        assert thread.idle_seconds >= server._IDLE_SECONDS
        monkeypatch.setattr(server, "_IDLE_SECONDS", math.inf)
        monkeypatch.setattr(server, "_IDLE_WITHIN_SECONDS", 0.0)
        await server._until_idle(thread)
    finally:
        thread.close()


async def test_a_line_that_breaks_in_the_handshake_comes_back(
    sandbox: Sandbox, serve: Serve, erika: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address of Slack's is good for one try; the next try gets another instead of using it for ever."""
    monkeypatch.setattr(socket_mode, "PING_SECONDS", 0.2)
    async with serve() as line:
        await begun(erika)
        opened = [call.method for call in sandbox.calls].count("apps.connections.open")
        sandbox.sockets.broken_handshakes = 2
        await sandbox.sockets.disconnect()
        await sandbox.sockets.wait_until_connected()
        await become(line, 200)
        assert [call.method for call in sandbox.calls].count("apps.connections.open") == opened + 3
        await erika.press("walk:orders_stopped")
        await at_step(erika, "connect_version")
        assert len(sandbox.sockets.connections) == 1


async def test_a_revoked_token_makes_health_bad_and_loses_nothing(
    sandbox: Sandbox, serve: Serve, erika: Visitor
) -> None:
    """/healthz says what to do while every message waits; with the app installed again all of it goes out in order."""
    async with serve() as line:
        await begun(erika)
        sandbox.workspace.revoked = True
        await erika.press("walk:orders_stopped")
        await become(line, 503)
        (reason,) = (await health(line))[1]["reasons"]
        assert "account_inactive" in reason
        assert "SLACK_BOT_TOKEN" in reason
        assert (await line.bot.thread.run(line.bot.store.outbox_counts))["dead"] == 0
        sandbox.workspace.revoked = False
        await at_step(erika, "connect_version")
        await become(line, 200)
        await line.bot.outbox_worker.drain()
