"""An outage over the real connections: announced in two languages, read at steps and in tickets, and over for all."""

import pytest

from bot.app.server import RunningBot
from bot.sandbox.driver import Visitor
from bot.sandbox.driver_words import words
from tests.stories.presses import at_step, begun
from tests.stories.test_story_desk import card

pytestmark = pytest.mark.story


async def announce(agent: Visitor, **filled: object) -> None:
    """Fill in the form, look at the preview, and confirm it."""
    assert await agent.fill_and_submit(await agent.modal(title="Störung"), **filled) == {}
    view = await agent.modal(shows=lambda top: "Vorschau" not in words(top) and "Ja, ankündigen" in str(top))
    assert "Amazon" in words(view)
    assert await agent.fill_and_submit(view) == {}
    await agent.no_modal()


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_an_outage_from_its_announcement_to_its_end(
    line: RunningBot, erika: Visitor, oliver: Visitor, anna: Visitor, ben: Visitor
) -> None:
    """Erika is held, Oliver's ticket is answered; both texts are corrected; Ben ends it, and each reads so once."""
    step = await begun(erika)
    await oliver.command("/amazon-token support")
    await card(anna)
    await anna.command('/amazon-token outage "Amazon antwortet nicht."')
    await announce(anna, en="Amazon does not answer.", tickets=["1001"])
    held = await erika.wait_for("Amazon antwortet nicht.")
    assert "Bitte warten Sie hier" in words(held)
    assert "walk:orders_arriving" not in str(held)
    await oliver.wait_for("Amazon does not answer.")
    board = await anna.wait_for(lambda m: "Benachrichtigt: 2 von 2" in m["text"], "#support")
    await erika.say("ja, es kommen Aufträge an")
    again = await erika.wait_for(lambda m: m["ts"] > held["ts"] and "Amazon antwortet nicht." in words(m))
    assert step["ts"] < held["ts"] < again["ts"]
    await anna.press("outage:form", message=board, channel="#support")
    await announce(anna, de="Amazon ist noch gestört.", en="Amazon is still down.")
    await oliver.wait_for("Amazon is still down.")
    await erika.wait_for("Amazon ist noch gestört.")
    await ben.command("/amazon-token outage over")
    await ben.press("outage:over_asked")
    await erika.wait_for("Die Störung ist vorbei")
    await oliver.wait_for("The outage is over")
    await line.bot.outbox_worker.drain()
    for visitor, sentence in ((erika, "Die Störung ist vorbei"), (oliver, "The outage is over")):
        assert sum(sentence in words(message) for message in await visitor.messages()) == 1
    await erika.press("walk:orders_arriving")
    assert "gestört" not in words(await at_step(erika, "still_receiving"))
    assert line.work
