"""Whole walks as people do them: by mouse, by keyboard, and with an agent in a second window."""

from typing import Any

import pytest
from playwright.async_api import expect

from conversations.amazon_token.plays import ERROR, made_up_token
from conversations.engine.texts import Texts
from conversations.sp_api.plays import START
from conversations.sp_api.procedure import PROCEDURE as SP_API
from tests.browser.window import Open, Window, way

SECOND_WAY: list[tuple[str, str, dict[str, str]]] = [
    ("before_authorizing", "orders_stopped", {}),
    ("which_screen", "sees_refresh_token", {}),
    ("field_before", "field_filled", {}),
    ("connect_accounts", "name_accounts", {"marketplaces": "Deutschland"}),
    ("ready_to_authorize", "ready_to_go", {}),
    *((step, "advance", {}) for step in ("check_entry", "press_button", "sign_in_amazon", "give_consent")),
    ("look_at_field", "advance", {}),
    ("order_reports", "reports_on", {}),
    ("fetch_start", "note_start", {"date": START}),
    ("first_fetch", "fetch_worked", {}),
    ("next_entry", "all_working", {}),
]
"""A renewal of one account: the step, the button, and what is put into its form."""

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]


async def test_the_whole_way_in_german_by_mouse(open_window: Open, all_texts: dict[Any, Texts]) -> None:
    """A merchant comes from the command to the end by clicking alone; the first fetch fails, the second works."""
    erika = await open_window("U0ERIKA")
    await erika.one("composer").click()
    await erika.type_line("/amazon-token")
    await erika.walk(way(all_texts["de"], made_up_token()))
    await erika.shows("first_fetch")
    await erika.button("steps.first_fetch.buttons.fetch_failed").click()
    await erika.shows("second_fetch")
    await erika.button("steps.second_fetch.buttons.fetch_worked").click()
    await erika.shows("done")


async def test_the_second_failure_in_two_windows(open_window: Open, all_texts: dict[Any, Texts]) -> None:
    """The ticket appears in the agent's window by itself, and what the agent does in the merchant's."""
    anna = await open_window("U0ANNA", "C0SUPPORT")
    erika = await open_window("U0ERIKA")
    await erika.type_line("/amazon-token")
    await erika.walk(way(all_texts["de"], made_up_token(), ("DE", "FR")))
    await _fail_twice(erika)
    await erika.button("steps.with_support.buttons.describe_failure").click()
    await erika.submit(error_text=ERROR)
    await anna.says("1001")
    await anna.one("thread-link").click()
    await anna.one("thread").get_by_text(ERROR).first.wait_for()
    await anna.one("thread-close").click()
    await anna.button("ticket.buttons.claim").click()
    await erika.says("Anna Support")
    await anna.button("ticket.buttons.resolve").click()
    await anna.one("confirm-yes").click()
    asked = all_texts["de"].say("talk.settled.question", ticket=1001, agent="Anna Support")
    await erika.says(asked.splitlines()[0].replace("*", ""))
    await erika.button("talk.settled.yes").click()
    await erika.shows("done")
    await expect(anna.button("ticket.buttons.resolve")).to_have_count(0)


async def test_the_whole_way_in_english_by_keyboard(open_window: Open, all_texts: dict[Any, Texts]) -> None:
    """Nobody needs a mouse: Tab reaches every button, Enter presses it, the focus goes on from the message used."""
    oliver = await open_window("U0OLIVER", language="en")
    await expect(oliver.one("composer")).to_be_focused()
    await oliver.page.keyboard.type("/amazon-token")
    await oliver.page.keyboard.press("Enter")
    for act in way(all_texts["en"], made_up_token()):
        await oliver.key_act(act)
    await oliver.shows("first_fetch")
    await oliver.tab_to(all_texts["en"].say("steps.first_fetch.buttons.fetch_worked"))
    await oliver.page.keyboard.press("Enter")
    await oliver.shows("done")


async def test_the_second_procedure_on_a_narrow_page(open_window: Open) -> None:
    """From its word to the end; a renewal shows that the account is closed and opened again."""
    erika = await open_window("U0ERIKA", size=(390, 844), procedure=SP_API)
    await erika.type_line("/amazon-token sp-api")
    for step, button, fields in SECOND_WAY:
        await erika.shows(step)
        if step == "look_at_field":
            await erika.live.get_by_alt_text(erika.texts.say("pictures.alt.reopened")).wait_for()
        await erika.button(f"steps.{step}.buttons.{button}").click()
        if fields:
            await erika.submit(**fields)
    await erika.shows("done")


async def _fail_twice(merchant: Window) -> None:
    for step in ("first_fetch", "second_fetch"):
        await merchant.shows(step)
        await merchant.button(f"steps.{step}.buttons.fetch_failed").click()
    await merchant.shows("with_support")
