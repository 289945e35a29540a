"""The bot dies while it uploads a step's picture: the step comes, and comes once."""

from pathlib import Path

import pytest

from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from tests.faults.bot_to_kill import BotToKill


@pytest.mark.story
@pytest.mark.long
@pytest.mark.parametrize("point", ["before_upload:1", "after_upload:1"])
async def test_a_kill_around_an_upload_leaves_the_step_sent_once(sandbox: Sandbox, tmp_path: Path, point: str) -> None:
    """The picture may be uploaded again and left out meanwhile; the message is not sent again."""
    bot = BotToKill(sandbox, tmp_path)
    await bot.start(point)
    await bot.connected()
    async with Visitor(sandbox.url, "U0ERIKA") as erika:
        await erika.command("/amazon-token")
        assert await bot.died()
        await bot.start()
        await bot.connected()
        first = await erika.wait_for(lambda m: m["bot"] and not m["ephemeral"])
        await erika.press("walk:orders_stopped", message=first)
        await erika.wait_for(lambda m: "form:connect_version" in repr(m["blocks"]))
        await bot.at_rest()
        steps = [m for m in await erika.messages() if "form:connect_version" in repr(m["blocks"])]
    assert len(steps) == 1
    assert await bot.stop() == 0
