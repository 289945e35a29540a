"""One item of the list for a further account, opened by itself, over real HTTP."""

from typing import Any

import pytest

from bot.demo.scene import Scene
from conversations.amazon_token.plays import NEW_ENOUGH
from tests.guides import guide

pytestmark = [pytest.mark.story, pytest.mark.long, pytest.mark.parametrize("mode", ["http"])]
TEXTS = guide("de")


@pytest.mark.usefixtures("line")
async def test_an_item_is_opened_and_leads_back_to_the_list(cast: Any) -> None:
    """From the menu, or in words."""
    erika = await cast("U0ERIKA")
    me = Scene(erika, "Erika", lambda _text: None)
    await me.start()
    await me.press("walk:orders_stopped")
    await me.say(NEW_ENOUGH)
    await me.press("walk:sees_key_set")
    await me.say("Deutschland, Frankreich")
    for _ in ("account_and_key_set", "backup_token", "way_to_apps"):
        await me.press("walk:advance")
    await me.press("walk:ready_to_go")
    for _ in ("disable_access", "developer_form", "licence_terms", "new_credentials"):
        await me.press("walk:advance")
    await me.press("walk:same_seller_id")
    await me.press("walk:skip_token_check")
    listed = await me.press("walk:turn_to_next")
    assert TEXTS.say("steps.further_account.title") in listed["text"]

    await erika.press("walk:open_item", message=listed, option=TEXTS.say("choices.open_item.backup_token"))
    await erika.wait_for("Kopieren Sie den Inhalt", fresh=True)
    again = await me.press("walk:advance")
    assert TEXTS.say("steps.further_account.title") in again["text"]
    typed = await me.say("Schlüsselset zeigen")
    assert TEXTS.say("steps.key_set.title") in typed["text"]
    again = await me.press("walk:advance")
    assert TEXTS.say("steps.further_account.title") in again["text"]
