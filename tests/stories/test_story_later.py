"""„Später“ and support's hours before the old access is switched off, over real HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from tests.guides import guide
from tests.stories.opening import accounts_named
from tests.stories.time_machine import TimeMachine

pytestmark = [
    pytest.mark.usefixtures("line"),
    pytest.mark.story,
    pytest.mark.long,
    pytest.mark.parametrize("mode", ["http"]),
]
TEXTS = guide("de")


async def test_later_is_when_the_merchant_says(clock: TimeMachine, cast: Any) -> None:
    """Asked at „Bereit?“, answered with a button; an hour later the step is there again."""
    erika = await cast("U0ERIKA")
    me = await accounts_named(erika, "Deutschland")
    for _ in ("account_and_key_set", "backup_token"):
        await me.press("walk:advance")
    ready = await me.press("walk:advance")
    assert "Unser Support ist " in ready["text"]

    asked = await me.press("walk:not_now")
    assert TEXTS.say("heard.later_when").partition("?")[0] in asked["text"]
    await erika.press("step:later:hour", message=asked)
    planned = await erika.wait_for("Ich melde mich hier wieder")
    assert planned["ts"] == asked["ts"], "the step stays where it is"
    await clock.to(clock() + timedelta(minutes=61))
    again = await erika.wait_for(TEXTS.say("notes.later_over").split(".")[0])
    assert TEXTS.say("steps.ready_to_disable.title") in again["text"]
    assert float(again["ts"]) > float(asked["ts"])

    typed = await me.say("Erinnern Sie mich bitte morgen früh")
    assert "Ich melde mich hier wieder" in typed["text"]
