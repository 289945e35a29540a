"""The card of a ticket is read without scrolling, on a desk and on a phone, whatever is on it."""

from typing import Any

import pytest
from playwright.async_api import expect

from conversations.amazon_token.plays import ERROR, made_up_token
from conversations.engine.texts import Texts
from tests.browser.desk import Agent
from tests.browser.window import Open, way

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]
NUMBER = 1001
DESK, PHONE = (1280, 800), (390, 844)
HIGHEST = {DESK: 420, PHONE: 700}
"""Pixels, with everything that belongs to the card: its buttons, and the link to its thread."""
WORDS = "Es geht immer noch nicht, obwohl ich alles so gemacht habe wie beschrieben. " * 3


async def test_the_card_is_not_higher_than_a_screen(open_window: Open, all_texts: dict[Any, Texts]) -> None:
    """All accounts of three down, a long error message, long words with a password in them, an owner, a limit."""
    texts = all_texts["de"]
    erika = await open_window("U0ERIKA")
    await erika.type_line("/amazon-token")
    await erika.hurry(way(texts, made_up_token(), ("DE", "FR", "IT")), until="first_fetch")
    for step in ("first_fetch", "second_fetch"):
        await erika.shows(step)
        await erika.button(f"steps.{step}.buttons.fetch_failed").click()
    await erika.shows("with_support")
    await erika.type_line(f"{ERROR} {'x' * 200}")
    await erika.type_line("Mein Passwort: Sommer2026!")
    await erika.type_line(WORDS)
    anna = Agent(await open_window("U0ANNA", "C0SUPPORT", size=DESK), texts)
    await anna.press(NUMBER, "claim", "answer")
    card = anna.card(NUMBER)
    for part in ("card.exposed", "card.error", "card.setting", "labels.stands_at"):
        await expect(card).to_contain_text(texts.say(f"ticket.{part}"))
    await expect(card).to_contain_text(WORDS[:100])
    for (width, height), highest in HIGHEST.items():
        await anna.window.page.set_viewport_size({"width": width, "height": height})
        await anna.window.settled()
        box = await card.bounding_box()
        assert box is not None
        assert box["height"] <= highest, (width, box)
    await anna.button(NUMBER, "resolve").click()
    await anna.window.one("confirm-yes").click()
    await anna.press(NUMBER, "close", "reopen")
    await expect(card.get_by_role("heading")).to_have_count(0)
