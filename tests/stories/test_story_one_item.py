"""One item of the list for a further account, opened by itself, over real HTTP."""

from typing import Any

import pytest

from tests.guides import guide
from tests.stories.opening import credentials_stored

pytestmark = [pytest.mark.story, pytest.mark.long, pytest.mark.parametrize("mode", ["http"])]
TEXTS = guide("de")


@pytest.mark.usefixtures("line")
async def test_an_item_is_opened_and_leads_back_to_the_list(cast: Any) -> None:
    """From the menu, or in words."""
    erika = await cast("U0ERIKA")
    me = await credentials_stored(erika, "Deutschland, Frankreich")
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
