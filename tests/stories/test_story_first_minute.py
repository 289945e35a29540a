"""The first minute after the first start, on a Grid that needs 1.5 s for each file and limits every method."""

import asyncio
import time
from typing import Any

import pytest

from bot.demo.scene import Scene
from bot.demo.stage import SandboxStage
from bot.images import hosting
from bot.sandbox.installation import Installation
from bot.sandbox.rates import Rates
from bot.sandbox.server import PROCESSING, Sandbox
from bot.sandbox.world import SandboxUser, direct_message_id, people_of_a_grid
from conversations.amazon_token.plays import PLAYS
from conversations.amazon_token.procedure import PROCEDURE
from conversations.engine.screens import title_key
from tests.stories.test_story_pictures import ASIDE, screens

pytestmark = pytest.mark.story
OURS = hosting.PROCESSING_SECONDS
READING_SECONDS = 4.0


@pytest.fixture
def installation() -> Installation:
    """In one workspace of a Grid, as real Slack is at its strictest."""
    return Installation("grid")


@pytest.fixture
def people() -> list[SandboxUser]:
    """None of them belongs to that workspace."""
    return people_of_a_grid()


class Shown:
    """When each step, by its title, was there, and when it had its picture, in seconds."""

    def __init__(self, sandbox: Sandbox, person: str) -> None:
        self.there: dict[str, float] = {}
        self.pictured: dict[str, float] = {}
        self._channel = sandbox.world.channels[direct_message_id(person)]
        self._told = sandbox.world.on_change
        sandbox.world.on_change = self._look

    def _look(self, *what: Any) -> None:
        for message in self._channel.messages[-3:]:
            images = any(block["type"] == "image" for block in message.blocks)
            for block in message.blocks:
                if block["type"] == "section":
                    title = block["text"]["text"].partition("\n")[0].strip("*")
                    self.there.setdefault(title, time.monotonic())
                    if images:
                        self.pictured.setdefault(title, time.monotonic())
        self._told(*what)


class Reader(Scene):
    """A merchant who looks at a step before acting: until its picture is there, or for as long as reading takes."""

    async def press(self, action_id: str) -> Any:
        await self._look()
        return await super().press(action_id)

    async def fill(self, action_id: str, **values: Any) -> Any:
        await self._look()
        return await super().fill(action_id, **values)

    async def _look(self) -> None:
        end = time.monotonic() + READING_SECONDS
        while time.monotonic() < end:
            last = await self.visitor.last()
            if any(block["type"] == "image" for block in last["blocks"]):
                return
            await asyncio.sleep(0.05)


@pytest.mark.usefixtures("rendered_anew")
async def test_every_step_of_the_first_minute_has_its_picture(
    serve: Any, sandbox: Sandbox, cast: Any, all_texts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step is there at once, and its picture as soon as Slack can show it. Nothing is refused on the way."""
    monkeypatch.setattr(hosting, "PROCESSING_SECONDS", OURS)
    sandbox.workspace.processing = PROCESSING
    sandbox.workspace.rates = Rates()
    shown = Shown(sandbox, "U0ERIKA")
    async with serve(messages_per_second=1, send_limit_seconds=10):
        merchant, agent = await cast("U0ERIKA"), await cast("U0ANNA")
        scenes = Reader(merchant, "Merchant", lambda _text: None), Scene(agent, "Agent", lambda _text: None)
        await PLAYS["second-failure"](SandboxStage(*scenes, all_texts["de"]))
    titles = {all_texts["de"].say(title_key(PROCEDURE, step)) for step in set(screens()) - ASIDE}
    assert titles <= shown.there.keys()
    assert titles - shown.pictured.keys() == set()
    calls = [call for call in sandbox.calls if call.method in {"chat.postMessage", "chat.update", "response_url"}]
    assert {call.outcome for call in calls} == {"ok"}
