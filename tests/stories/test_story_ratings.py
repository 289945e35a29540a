"""„Wie war es?“ over the real connections: asked at the end, answered with a click, and none of the counted presses."""

import pytest

from bot.app.server import RunningBot
from bot.sandbox.driver import Visitor
from tests.stories.presses import live_steps

pytestmark = pytest.mark.story


@pytest.mark.parametrize(
    ("command", "thanks"), [("/amazon-token", "Thank you."), ("/amazon-token sp-api", "Thank you.")]
)
async def test_a_merchant_says_how_it_was_and_changes_it(
    line: RunningBot, oliver: Visitor, command: str, thanks: str
) -> None:
    """A click, another one, a sentence; the message of the end stays the same one."""
    await oliver.command(command)
    await oliver.wait_for(lambda message: "walk:" in str(message["blocks"]))
    await oliver.command("/amazon-token cancel")
    await oliver.press("door:cancel")
    asked = await oliver.wait_for("How was it?")
    await line.bot.outbox_worker.drain()
    assert await live_steps(oliver) == []
    await oliver.press("rate:poor", message=asked)
    await oliver.press("rate:good", message=await oliver.wait_for(thanks))
    said = await oliver.wait_for(lambda message: '"rating' in str(message) or "form:rating" in str(message["blocks"]))
    assert said["ts"] == asked["ts"]
    await oliver.press("form:rating", message=said)
    assert await oliver.fill_and_submit(await oliver.modal(title="How was it?"), sentence="Quick.") == {}
    await oliver.wait_for("also for what you wrote")
    assert line.work
