"""Figures over the real connections: an agent asks in Slack, and a picture with words arrives."""

import subprocess
import sys
from typing import Any

import pytest

from bot.app.server import RunningBot
from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from bot.sandbox.world import direct_message_id
from tests.stories.presses import begun

pytestmark = pytest.mark.story


def _pictures(sandbox: Sandbox, channel: str) -> list[Any]:
    files = [file for message in sandbox.world.channels[channel].messages for file in message.files]
    return [file for file in files if file["name"].endswith(".png")]


async def test_an_agent_asks_for_figures_and_a_merchant_may_not(
    line: RunningBot, sandbox: Sandbox, erika: Visitor, ben: Visitor
) -> None:
    """The answer says where they come; the picture stands in the direct message, in the agent's language, described."""
    await begun(erika)
    await erika.command("/amazon-token stats")
    await ben.command("/amazon-token stats")
    told = await ben.wait_for("Renewals")
    await line.bot.outbox_worker.drain()
    (file,) = _pictures(sandbox, direct_message_id("U0BEN"))
    assert "1 begun" in told["text"]
    assert file["name"] in told["text"]
    assert file["alt_txt"].startswith("Renewals")
    assert sandbox.workspace.contents[file["id"]].startswith(b"\x89PNG")
    assert _pictures(sandbox, direct_message_id("U0ERIKA")) == []


def test_a_bot_that_draws_nothing_loads_nothing_to_draw_with() -> None:
    """Its memory stays what it was: neither the renderer nor the patterns of hyphenation come with serving."""
    code = "import sys, bot.app.server, bot.app.bootstrap; print({'resvg_py', 'pyphen'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603
    assert told.stdout == "set()\n"
