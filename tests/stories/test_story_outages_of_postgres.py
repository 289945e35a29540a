"""PostgreSQL crashes and is back within two seconds, on a machine that is busy: nobody reads of it."""

import asyncio
import contextlib
import secrets
import threading
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any

import pytest

from bot.app.server import RunningBot
from bot.sandbox.driver import Visitor
from bot.slack import store_thread
from tests.postgres_server import serving
from tests.stories.conftest import Serve
from tests.stories.presses import at_step, begun
from tests.stories.test_story_locked import LOCKED
from tests.stories.test_story_postgres import rows
from tests.waiting import LIMIT, until

pytestmark = pytest.mark.story
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'amazon-token'"
OLD_WAIT = 5
"""So many looks in vain are longer than anybody was waited for whose time was up."""


class Clock:
    """The time by which the patience of those who wait for the store is measured."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr(store_thread, "time", SimpleNamespace(monotonic=lambda: self.now))


@contextlib.asynccontextmanager
async def no_thread_free(line: RunningBot, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """The only thread of the store is busy in the block; the names of what waits for it."""
    let_go, waiting = threading.Event(), list[str]()
    busy = asyncio.create_task(line.bot.thread.run(let_go.wait, LIMIT))
    await asyncio.sleep(0)
    submit = line.bot.thread.submit

    def noted(function: Callable[..., Any], *args: Any) -> Any:
        waiting.append(function.__name__)
        return submit(function, *args)

    monkeypatch.setattr(line.bot.thread, "submit", noted)
    try:
        yield waiting
    finally:
        let_go.set()
        assert await busy


async def looked_for(line: RunningBot, clock: Clock, seconds: float) -> None:
    """Wait until the server has been looked for in vain, which takes `seconds` by the clock."""
    looks, look = list[float](), line.bot.thread.look
    assert look is not None

    def counted() -> None:
        looks.append(clock.now)
        clock.now += seconds / OLD_WAIT if len(looks) <= OLD_WAIT else 0.0
        look()

    line.bot.thread.look = counted
    await until(lambda: len(looks) > OLD_WAIT, "the bot to look for the server")
    line.bot.thread.look = look


@pytest.mark.parametrize(("seconds", "noticed"), [(1.2, False), (2.2, True)])
async def test_a_press_that_has_waited_for_the_machine_waits_for_the_server_too(
    serve: Serve, erika: Visitor, logged: list[Any], monkeypatch: pytest.MonkeyPatch, *, seconds: float, noticed: bool
) -> None:
    """Its patience is for the server. It is refused when that is away for longer; then the log says how it came."""
    busy = store_thread.OUTAGE_SECONDS + 1.0
    with serving() as server:
        url = server.new_database()
        async with serve(database_url=url, hash_key=secrets.token_hex(32), store_threads=1) as line:
            message = await begun(erika)
            await line.bot.outbox_worker.drain()
            clock = Clock(monkeypatch)
            async with no_thread_free(line, monkeypatch) as waiting:
                pressing = asyncio.create_task(erika.press("walk:orders_stopped", message=message))
                await until(lambda: "_do_all" in waiting, "the press to wait for the thread")
                clock.now = busy
                server.crash()
            await looked_for(line, clock, seconds)
            if noticed:
                await pressing
                assert LOCKED in await erika.ephemeral_text()
                (refusal,) = (one for one in logged if one["event"] == "refused_while_locked")
                assert (refusal["kind"], refusal["attempts"]) == ("block_actions", 1)
                assert refusal["last_error"] in {"OperationalError", "AdminShutdown"}
                assert (refusal["seconds"], refusal["waited"]) == (round(busy + seconds, 2), seconds)
            server.start()
            await pressing
            if noticed:
                await erika.press("walk:orders_stopped", message=message)
            await at_step(erika, "connect_version")
            await line.bot.outbox_worker.drain()


async def test_connections_that_are_lost_at_any_moment_hold_nobody_up(
    serve: Serve, postgres_url: str, erika: Visitor, logged: list[Any]
) -> None:
    """Whatever the bot is about to do just then, by itself as well, it does over new connections, at once."""
    async with serve(database_url=postgres_url, hash_key=secrets.token_hex(32)) as line:
        message = await begun(erika)
        for cut in range(60):
            await asyncio.to_thread(rows, postgres_url, CUT)
            await asyncio.sleep(cut % 7 / 100)  # another moment of what it does ten times a second
            assert await line.bot.thread.run(line.bot.store.person, "T0SANDBOX", "U0ERIKA") is not None
        await erika.press("walk:orders_stopped", message=message)
        await at_step(erika, "connect_version")
        await line.bot.outbox_worker.drain()
    assert [one for one in logged if one["event"] in {"database_locked", "refused_while_locked"}] == []


async def test_a_connection_that_is_lost_in_the_middle_of_a_press_holds_nobody_up(
    serve: Serve, postgres_url: str, erika: Visitor, logged: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The press is done at once over a new connection: the server was away for nobody."""
    async with serve(database_url=postgres_url, hash_key=secrets.token_hex(32)) as line:
        message = await begun(erika)
        await line.bot.outbox_worker.drain()
        points = list[str]()

        def cut_once(point: str) -> None:
            points.append(point)
            if len(points) == 1:
                rows(postgres_url, CUT)

        monkeypatch.setattr(line.bot.services, "_at", cut_once)
        await erika.press("walk:orders_stopped", message=message)
        await at_step(erika, "connect_version")
        await line.bot.outbox_worker.drain()
    assert points[:2] == ["before_commit", "before_commit"]
    assert [one for one in logged if one["event"] in {"database_locked", "refused_while_locked"}] == []
