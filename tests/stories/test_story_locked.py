"""Another process holds the database file: everybody is answered in time, and everything goes on afterwards."""

import asyncio
import re
import time
from pathlib import Path
from typing import Any

import pytest

from bot.app import scheduler, server
from bot.app.server import RunningBot
from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from tests.file_holder import held
from tests.stories.conftest import Cast, Serve
from tests.stories.presses import at_step, begun
from tests.stories.test_story_metrics import scraped, values
from tests.stories.test_story_serving import become, health
from tests.waiting import until

pytestmark = pytest.mark.story
SLACK_SECONDS = 3.0
LOCKED = "Ich komme gerade nicht an meine Daten"


async def seconds_of(answer: Any) -> float:
    """How long it took."""
    started = time.monotonic()
    await answer
    return time.monotonic() - started


async def locked(line: RunningBot) -> None:
    """Wait until the bot has noticed."""
    await until(lambda: line.bot.thread.locked_since, "the bot to find its database locked")


@pytest.fixture
async def busy_line(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A bot whose scheduled jobs look again every moment: they want the store whenever they can have it."""
    monkeypatch.setattr(scheduler, "REMIND_SECONDS", 0.05)
    monkeypatch.setattr(scheduler, "SWEEP_SECONDS", 0.05)
    async with serve() as line:
        yield line


async def test_everybody_is_answered_within_three_seconds(
    busy_line: RunningBot, database: Path, cast: Cast, erika: Visitor, anna: Visitor
) -> None:
    """A press, commands and an agent's press, many at once: each has its sentence; nothing has changed, all goes on."""
    await begun(erika)
    await erika.command("/amazon-token support")
    card = await anna.wait_for("1001", "#support")
    await busy_line.bot.outbox_worker.drain()
    message = await at_step(erika, "before_start")
    others = [await cast(user) for user in ("U0OLIVER", "U0BEN")]
    with held(database):
        took = await asyncio.gather(
            seconds_of(erika.press("walk:orders_stopped", message=message)),
            seconds_of(anna.press("ticket:claim", channel="#support", message=card)),
            *(seconds_of(other.command("/amazon-token status")) for other in others),
        )
        assert max(took) < SLACK_SECONDS
        assert LOCKED in await erika.ephemeral_text()
        assert LOCKED in await anna.ephemeral_text("#support")
        again = await seconds_of(erika.command("/amazon-token status"))
        assert again < SLACK_SECONDS
    await erika.press("walk:orders_stopped", message=message)
    await at_step(erika, "connect_version")
    await busy_line.bot.outbox_worker.drain()


async def test_a_form_keeps_what_was_typed(line: RunningBot, database: Path, erika: Visitor) -> None:
    """The form stays open with the sentence in it; sent again when the file is free, it is accepted."""
    await begun(erika)
    await erika.press("form:help")
    view = await erika.modal()
    await line.bot.outbox_worker.drain()
    with held(database):
        errors = await erika.fill_and_submit(view, sentence="Es kommen keine Bestellungen.")
        assert any(LOCKED in text for text in errors.values())
        assert await erika.modal()
    assert await erika.fill_and_submit(view, sentence="Es kommen keine Bestellungen.") == {}
    await erika.no_modal()


async def test_a_home_tab_answers_with_a_modal(line: RunningBot, database: Path, erika: Visitor) -> None:
    """A press there has no message to answer below."""
    home = await erika.home(bool)
    await line.bot.outbox_worker.drain()
    with held(database):
        await erika.press_in(home, "English")
        assert LOCKED in str(await erika.modal())


@pytest.mark.parametrize("mode", ["http"])
async def test_a_typed_message_is_told_and_done_later(line: RunningBot, database: Path, erika: Visitor) -> None:
    """One sentence says that it waits; Slack delivers the message again, and then it counts."""
    await erika.command("/amazon-token language de")
    await line.bot.outbox_worker.drain()
    with held(database):
        await erika.say("start")
        await erika.wait_for(LOCKED, timeout=10)
    await at_step(erika, "before_start")
    await line.bot.outbox_worker.drain()
    assert len([message for message in await erika.messages() if LOCKED in message["text"]]) == 1


async def test_monitors_never_wait(line: RunningBot, database: Path, erika: Visitor) -> None:
    """Both pages answer at once what is known and since when, and say that the database is locked."""
    await begun(erika)
    await line.bot.outbox_worker.drain()
    assert (await health(line))[0] == 200
    with held(database):
        await locked(line)
        started = time.monotonic()
        status, body = await health(line)
        metrics_status, page = await scraped(line)
        assert time.monotonic() - started < 1.0
        assert status == 503
        (reason,) = body["reasons"]
        assert re.search(r"is locked by another program .* since \d{4}-", reason)
        assert body["outbox"]["dead"] == 0
        assert body["as_of"].startswith("20")
        assert metrics_status == 200
        found = values(page)
        assert found["amazon_token_healthy", ""] == 0
        assert found["amazon_token_database_locked_seconds", ""] > 0
        assert found["amazon_token_figures_age_seconds", ""] >= 0
    await become(line, 200)
    assert values((await scraped(line))[1])["amazon_token_database_locked_seconds", ""] == 0


async def test_monitors_wait_for_no_long_use_case(line: RunningBot) -> None:
    """While the store's thread is busy with anything the pages say what they knew before, with its time."""
    _, before = await health(line)
    await scraped(line)
    let_go = asyncio.get_running_loop().create_future()
    blocked = asyncio.create_task(line.bot.thread.run(_wait_for, let_go, asyncio.get_running_loop()))
    await asyncio.sleep(0)
    status, body = await health(line)
    assert (await scraped(line))[0] == 200
    let_go.set_result(None)
    await blocked
    assert (status, body) == (200, before)


def _wait_for(future: "asyncio.Future[None]", loop: asyncio.AbstractEventLoop) -> None:
    asyncio.run_coroutine_threadsafe(_result(future), loop).result()


async def _result(future: "asyncio.Future[None]") -> None:
    await future


async def test_background_work_goes_on_after_a_long_lock(
    busy_line: RunningBot, sandbox: Sandbox, database: Path, erika: Visitor
) -> None:
    """What was sent when the lock began is recorded once it is over, and nothing is sent twice."""
    message = await begun(erika)
    await busy_line.bot.outbox_worker.drain()
    sandbox.misbehave("chat.postMessage", "slow", seconds=0.3)
    await erika.press("walk:orders_stopped", message=message)
    with held(database):
        await locked(busy_line)
        await asyncio.sleep(1.0)
    await at_step(erika, "connect_version")
    await busy_line.bot.outbox_worker.drain()
    assert all(not task.done() for task in busy_line.work.values())
    steps = [one for one in await erika.messages() if one["bot"] and not one["ephemeral"]]
    assert len(steps) == 2


async def test_a_stop_during_a_lock(serve: Serve, database: Path, erika: Visitor) -> None:
    """The bot ends in time though nothing can be written, and goes on at the next start."""
    async with serve(awaited=False) as line:
        message = await begun(erika)
        await line.bot.outbox_worker.drain()
        holding = held(database)
        holding.__enter__()
        await locked(line)
        stopped = time.monotonic()
    took = time.monotonic() - stopped
    holding.__exit__(None, None, None)
    assert took < server.SHUTDOWN_SECONDS
    async with serve():
        await erika.press("walk:orders_stopped", message=message)
        await at_step(erika, "connect_version")
