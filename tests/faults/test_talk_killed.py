"""The bot dies while an agent and a merchant talk: nothing that was said is lost, and nothing stands there twice."""

import contextlib
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.app.crash_points import VARIABLE
from bot.sandbox.driver import ActFailed, Visitor
from bot.sandbox.server import Sandbox
from tests.faults.bot_to_kill import BotToKill
from tests.waiting import QUICK

ROOT = Path(__file__).parent.parent.parent
PNG = b"\x89PNG\r\n\x1a\nkilled" + bytes(50)
Act = Callable[[], Awaitable[Any]]


async def through_a_kill(bot: BotToKill, order: Callable[[str], object], point: str, act: Act) -> None:
    """Order the bot to die at `point`, act, and once it is back act again if Slack said that it failed."""
    await bot.at_rest("SELECT 1 FROM chores WHERE name LIKE 'card:%'")
    await bot.at_rest()
    order(f"{point}:1")
    done = False
    with contextlib.suppress(ActFailed):
        await act()
        done = True
    assert await bot.died(), "the bot was to die here"
    order("")
    await bot.start()
    await bot.connected()
    if not done:
        # A modal that was taken in before the bot died is answered once more, and so closed.
        await act()


@pytest.mark.story
@pytest.mark.long
@pytest.mark.parametrize("point", ["before_commit", "after_commit", "after_send", "before_record"])
async def test_an_answer_a_word_and_a_picture_arrive_once(tmp_path: Path, point: str) -> None:
    """Killed at the same point while the agent answers, the merchant writes, and a picture is passed on."""
    async with (
        Sandbox(ROOT / "manifest.yml", retry_after=(0.5, 2.0, 5.0, 10.0), **QUICK) as sandbox,
        Visitor(sandbox.url, "U0ERIKA") as erika,
        Visitor(sandbox.url, "U0ANNA") as anna,
    ):
        orders = tmp_path / "orders"
        bot = BotToKill(sandbox, tmp_path, settings={VARIABLE: f"file:{orders}"})
        await bot.start()
        await bot.connected()
        await erika.command("/amazon-token support")
        await anna.press("ticket:answer", channel="#support")
        view = await anna.modal()
        killed = partial(through_a_kill, bot, orders.write_text, point)
        text = view["blocks"][-1]["block_id"]
        await through_a_kill(
            bot, orders.write_text, point, lambda: anna.fill_and_submit(view, **{text: "Was zeigt CONNECT?"})
        )
        first = await erika.wait_for("Was zeigt CONNECT?")
        await killed(lambda: erika.say("Gar nichts", thread_ts=first["ts"]))
        await anna.wait_for(lambda m: "Gar nichts" in m["text"] and bool(m["thread_ts"]), "#support")
        await erika.send_file("a.png", PNG, thread_ts=first["ts"])
        asked = await erika.wait_for("Ist darauf ein Token")
        await killed(lambda: erika.press("talk:pass_on", message=asked))
        await anna.wait_for(lambda m: bool(m["files"]), "#support")
        await bot.at_rest()
        told, read = await anna.messages("#support"), await erika.messages()
        assert len([m for m in read if "Was zeigt CONNECT?" in m["text"]]) == 1
        assert len([m for m in told if "Was zeigt CONNECT?" in m["text"]]) == 1
        assert len([m for m in told if "Gar nichts" in m["text"] and m["thread_ts"]]) == 1
        assert len([m for m in told if m["files"]]) == 1
        assert len([m for m in told if m["bot"] and not m["thread_ts"]]) == 1
        assert await bot.stop() == 0
