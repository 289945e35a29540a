"""The bar of the demonstration in a real browser: who can do what, stories, tokens, and the clock."""

import re

import pytest
from playwright.async_api import expect

from bot.demo.stories import all_plays
from conversations.common_schema import CLOCK
from tests.browser.window import Open, Window

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]


async def _chosen(window: Window, menu: str, number: int) -> None:
    await window.one(f"practice-{menu}").click()
    await window.page.locator(".menu-row").nth(number).click()


@pytest.mark.parametrize(("person", "size"), [("U0ERIKA", (1280, 900)), ("U0BEN", (390, 844))])
async def test_everything_to_try_is_at_hand(open_window: Open, person: str, size: tuple[int, int]) -> None:
    """On a desk and on a phone: a token goes into the message field, the clock forward, and one is somebody else."""
    window = await open_window(person, size=size)
    rows = window.page.locator(".menu-row")
    for menu, count in (("who", 4), ("play", len(all_plays())), ("samples", 3), ("clock", len(CLOCK))):
        await window.one(f"practice-{menu}").click()
        await expect(rows).to_have_count(count)
        await window.page.keyboard.press("Escape")
    await _chosen(window, "samples", 2)
    assert (await window.one("composer").input_value())[13] == "o"
    before = await window.one("practice-clock").inner_text()
    await _chosen(window, "clock", 2)
    await expect(window.one("practice-clock")).not_to_have_text(before)
    await _chosen(window, "who", 1)
    await expect(window.page).to_have_url(re.compile("as=U0OLIVER"))


async def test_a_story_is_asked_about_before_everything_is_deleted(open_window: Open) -> None:
    """With "cancel" nothing happens."""
    erika = await open_window("U0ERIKA")
    await erika.type_line("/amazon-token")
    await erika.shows("before_start")
    await _chosen(erika, "play", 0)
    await erika.one("confirm-no").click()
    await erika.shows("before_start")
