"""A seller ID in CONNECT that is not the one of Seller Central, over real HTTP."""

import pytest

from tests.guides import GUIDES
from tests.stories.conftest import Cast
from tests.stories.opening import credentials_stored

pytestmark = [
    pytest.mark.story, pytest.mark.long, pytest.mark.usefixtures("line"), pytest.mark.parametrize("mode", ["http"]),
]  # fmt: skip
TEXTS = GUIDES["de"]


async def test_a_differing_id_is_a_question_before_it_is_copied(cast: Cast) -> None:
    """Both accounts are asked about first; only then the value of Seller Central is copied, with a press of its own."""
    me = await credentials_stored(await cast("U0ERIKA"), "Deutschland")
    asked = await me.fill("form:seller_ids", connect="A1EXAMPLE12345", seller_central="A2EXAMPLE12345")
    assert TEXTS.say("steps.differing_seller_id.title") in asked["text"]
    assert TEXTS.say("steps.adopt_seller_id.buttons.advance") not in str(asked["blocks"])
    copied = await me.press("walk:both_right")
    assert TEXTS.say("steps.adopt_seller_id.buttons.advance") in str(copied["blocks"])
    token = await me.press("walk:advance")
    assert TEXTS.say("steps.new_token.title") in token["text"]
