"""A message that should be deleted, and is, over real HTTP."""

from typing import Any

import pytest

from bot.demo.scene import Scene
from conversations.amazon_token import plays
from tests.guides import guide

pytestmark = [pytest.mark.story, pytest.mark.long, pytest.mark.parametrize("mode", ["http"])]
TEXTS = guide("de")
PLEA = "Bitte löschen Sie Ihre Nachricht"


@pytest.mark.usefixtures("line")
async def test_the_plea_goes_and_the_rest_stays(cast: Any) -> None:
    """What else the step says stays, another deletion changes nothing, and a plea beside the step goes too."""
    erika = await cast("U0ERIKA")
    me = Scene(erika, "Erika", lambda _text: None)
    await me.start()
    await me.press("walk:orders_stopped")
    other = await erika.say(plays.NEW_ENOUGH)
    await me.hear(TEXTS.say("screens.mask_and_fields.title"))
    await me.press("walk:sees_key_set")
    await me.say("Deutschland")
    await me.press("walk:advance")
    typed = await erika.say(plays.made_up_token())
    step = await erika.wait_for(lambda m: PLEA in m["text"] and TEXTS.say("screens.way_to_apps.title") in m["text"])
    await erika.delete(other)
    await erika.delete(typed)
    after = await erika.wait_for(lambda m: m["ts"] == step["ts"] and PLEA not in m["text"])
    assert TEXTS.say("notes.token_remembered").split(".")[0] in after["text"]
    assert TEXTS.say("screens.way_to_apps.title") in after["text"]
    typed = await erika.say(f"Hilfe {plays.made_up_token()}")
    plea = await erika.wait_for(lambda m: "Löschen Sie die Nachricht bitte" in m["text"])
    await erika.delete(typed)
    done = TEXTS.say("answers.secret_message_deleted")
    await erika.wait_for(lambda m: m["ts"] == plea["ts"] and done in m["text"])
