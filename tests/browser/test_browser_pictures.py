"""Pictures of steps as a person at the browser sees them."""

from typing import Any

import pytest
from playwright.async_api import expect

from conversations.amazon_token.plays import made_up_token
from conversations.engine.texts import Texts
from tests.browser.window import Open, way

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]
SIZES = [(1280, 860), (390, 844)]
LOADED = "(one) => one.complete && one.naturalWidth >= 1000"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
async def test_a_picture_is_sharp_enlarges_and_hides_no_button(
    open_window: Open, all_texts: dict[Any, Texts], size: tuple[int, int], scheme: str
) -> None:
    """Picture and primary button are seen together; a press enlarges it with its words, Esc gives the focus back."""
    window = await open_window("U0OLIVER", language="en", size=size, color_scheme=scheme)
    await window.type_line("/amazon-token")
    await window.walk(way(all_texts["en"], made_up_token()), until="which_mask")
    opener = window.live.get_by_test_id("image")
    await opener.wait_for()
    await window.settled()
    assert await opener.locator("img").evaluate(LOADED)
    for seen in (opener, window.button("steps.which_mask.buttons.sees_key_set")):
        await expect(seen).to_be_in_viewport(ratio=1)
    await opener.press("Enter")
    box = window.page.get_by_test_id("lightbox")
    await expect(box.locator("figcaption")).to_have_text(all_texts["en"].say("pictures.alt.which_mask"))
    await expect(box.locator("img")).to_be_in_viewport(ratio=0.99)
    await window.page.keyboard.press("Escape")
    await expect(box).to_have_count(0)
    await expect(opener).to_be_focused()
    assert window.faults == []
    await expect(window.page.get_by_test_id("jump").first).to_have_text("Jump to the newest messages")
