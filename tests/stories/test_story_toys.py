"""A procedure that the bot has never seen, through the whole bot: nothing but its own folder knows it."""

import asyncio
from typing import Any

import pytest

from bot.cli.procedures import listing
from bot.demo.scene import Scene, UnexpectedEnd
from bot.demo.stage import SandboxStage
from bot.sandbox.driver import Visitor
from bot.sandbox.world import PATIENCE
from conversations.all_texts import load_texts
from tests.stories.conftest import MODES, Cast, Serve
from tests.toys.procedures import COFFEE, WITH_TOYS
from tests.waiting import LIMIT

pytestmark = pytest.mark.story
TEXTS = load_texts(None, WITH_TOYS).of("en", COFFEE.id)


@pytest.mark.parametrize("mode", MODES)
async def test_its_play_ends_as_named(serve: Serve, cast: Cast) -> None:
    """Two machines, a screen of two steps and a branch in it, by presses and by a typed value."""
    dialogue: list[str] = []
    async with serve(procedures=WITH_TOYS):
        oliver, anna = await cast("U0OLIVER"), await cast("U0ANNA")
        stage = SandboxStage(Scene(oliver, "O", dialogue.append), Scene(anna, "A", dialogue.append), TEXTS)
        await COFFEE.examples.plays["happy"](stage)
    assert any("Descale it" in line for line in dialogue)


async def test_a_play_that_presses_what_is_not_there_is_told_what_is(serve: Serve, cast: Cast) -> None:
    """The step is there and lacks the button: the play ends at once and names those that the step has."""
    async with serve(procedures=WITH_TOYS):
        scene = Scene(await cast("U0OLIVER"), "O", lambda _line: None)
        await scene.start("/amazon-token coffee")
        with pytest.raises(UnexpectedEnd) as ended:
            async with asyncio.timeout(PATIENCE / 4):
                await scene.press("walk:drinks_cocoa")
    assert str(ended.value).startswith("no button walk:drinks_cocoa; there are: walk:drinks_coffee, walk:drinks_tea, ")


async def test_a_picture_an_urgency_a_ticket_and_an_answer(serve: Serve, oliver: Visitor, anna: Visitor) -> None:
    """The step's picture is shown, Home warns, the card has the procedure's own section, and a proposal leads back."""
    async with serve(procedures=WITH_TOYS, soak_minutes=35) as line:
        assert line.bot.image_cache is not None
        line.bot.image_cache.patience = LIMIT  # a busy machine draws slowly
        await oliver.command("/amazon-token coffee")
        for action in ("walk:drinks_coffee",):
            await oliver.press(action)
        await oliver.say("Kitchen")
        await oliver.wait_for("Is there a water filter?")
        await oliver.press("walk:no_filter")
        await oliver.press("walk:advance")

        def pictured(message: Any) -> bool:
            return "wait 35 minutes" in message["text"] and any(one["type"] == "image" for one in message["blocks"])

        screen = await oliver.wait_for(pictured)
        assert "A machine is off" in screen["text"]
        await oliver.press("walk:advance")
        await oliver.wait_for("All machines are clean")
        await oliver.press("walk:all_clean")
        await oliver.press("walk:tastes_bad")
        await oliver.wait_for("This is ticket 1001")
        card = await anna.wait_for(lambda m: "1001" in m["text"] and not m["thread_ts"], "#support")
        assert "Schlechter Kaffee nach dem Entkalken" in card["text"]
        known = await anna.wait_for("Kaffeemaschinen", "#support")
        assert known["thread_ts"] == card["ts"]
        await oliver.say("It is an error: sour")
        heard = await anna.wait_for(lambda m: "It is an error: sour" in m["text"] and bool(m["thread_ts"]), "#support")
        assert heard["thread_ts"] == card["ts"]
        await oliver.wait_for("Thank you, it is now in", fresh=True)
        await oliver.press("walk:taste_again")
        await oliver.press("walk:tastes_good")
        await oliver.wait_for("Coffee for everybody")


async def test_from_coffee_to_tea_and_back(serve: Serve, oliver: Visitor) -> None:
    """Only one step is live at any time, and both directions work."""
    async with serve(procedures=WITH_TOYS):
        await oliver.command("/amazon-token coffee")
        await oliver.press("walk:drinks_tea")
        await oliver.wait_for("Fill the kettle")
        await oliver.press("walk:rather_coffee")
        again = await oliver.wait_for(lambda m: "What do you drink?" in m["text"] and "walk:drinks_tea" in repr(m))
        live = [m for m in await oliver.messages() if "walk:" in repr(m["blocks"])]
        assert [m["ts"] for m in live] == [again["ts"]]


async def test_an_operator_leaves_it_out_again(serve: Serve, oliver: Visitor) -> None:
    """Its word starts nothing any more; the bot's own procedure is as before."""
    async with serve():
        answer = await oliver.command("/amazon-token coffee")
        assert answer is None or "Descale" not in repr(answer)
    assert "coffee_machine" not in listing()
