"""A seller ID in CONNECT that is not the one of Seller Central, over real HTTP."""

import pytest

from bot.demo.scene import Scene
from conversations.amazon_token.plays import NEW_ENOUGH
from tests.guides import GUIDES
from tests.stories.conftest import Cast

pytestmark = [
    pytest.mark.story, pytest.mark.long, pytest.mark.usefixtures("line"), pytest.mark.parametrize("mode", ["http"]),
]  # fmt: skip
TEXTS = GUIDES["de"]


async def test_a_differing_id_is_a_question_before_it_is_copied(cast: Cast) -> None:
    """Both accounts are asked about first; only then the value of Seller Central is copied, with a press of its own."""
    me = Scene(await cast("U0ERIKA"), "Erika", lambda _text: None)
    await me.start()
    await me.press("walk:orders_stopped")
    await me.say(NEW_ENOUGH)
    await me.press("walk:sees_key_set")
    await me.say("Deutschland")
    for _ in ("account_and_key_set", "backup_token", "way_to_apps"):
        await me.press("walk:advance")
    await me.press("walk:ready_to_go")
    for _ in ("disable_access", "developer_form", "licence_terms", "new_credentials"):
        await me.press("walk:advance")

    asked = await me.fill("form:seller_ids", connect="A1EXAMPLE12345", seller_central="A2EXAMPLE12345")
    assert TEXTS.say("steps.differing_seller_id.title") in asked["text"]
    assert TEXTS.say("steps.adopt_seller_id.buttons.advance") not in str(asked["blocks"])
    copied = await me.press("walk:both_right")
    assert TEXTS.say("steps.adopt_seller_id.buttons.advance") in str(copied["blocks"])
    token = await me.press("walk:advance")
    assert TEXTS.say("steps.new_token.title") in token["text"]
