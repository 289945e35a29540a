"""Presses that are too many, too late or refused, and starting afresh."""

from typing import Any

import pytest
from playwright.async_api import expect

from conversations.amazon_token.plays import made_up_token
from conversations.amazon_token.version_check import MINIMUM_VERSION
from conversations.engine.texts import Texts
from tests.browser.window import Open, way

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]


async def test_a_double_click_is_one_step(open_window: Open, all_texts: dict[Any, Texts]) -> None:
    """Whoever clicks twice comes one step further and is told nothing."""
    erika = await open_window("U0ERIKA")
    await erika.type_line("/amazon-token")
    await erika.walk(way(all_texts["de"], made_up_token()), until="which_mask")
    # Both at once: the second click of a slow double click hits what has come to stand there.
    twice = "button => { button.click(); button.click() }"
    await erika.button("steps.which_mask.buttons.sees_key_set").evaluate(twice)
    await erika.shows("account_region")
    await expect(erika.page.locator("[data-testid=message]")).to_have_count(5)
    await erika.type_line("/amazon-token status")  # it is answered after both clicks
    told = erika.page.locator("[data-ephemeral]").last
    await expect(told).to_contain_text(erika.titled("account_region"))
    await expect(erika.page.locator("[data-testid=message]")).to_have_count(6)
    await erika.shows("account_region")


async def test_an_old_button_is_answered_with_a_sentence(open_window: Open, all_texts: dict[Any, Texts]) -> None:
    """A window that has slept still shows the old step: its button moves nothing and says why."""
    awake, asleep = await open_window("U0ERIKA"), await open_window("U0ERIKA")
    await asleep.page.route_web_socket("**/page/ws*", lambda _: None)
    await awake.type_line("/amazon-token")
    await awake.shows("before_start")
    await asleep.be("U0ERIKA")
    await awake.walk(way(all_texts["de"], made_up_token()), until="which_mask")
    await asleep.button("steps.before_start.buttons.orders_arriving").click()
    told = awake.page.locator("[data-ephemeral]").last
    await expect(told).to_contain_text(all_texts["de"].say("answers.stale").splitlines()[0].replace("*", ""))
    await awake.shows("account_mask")


async def test_a_refused_token_says_so_at_its_field(open_window: Open, all_texts: dict[Any, Texts]) -> None:
    """The form stays with what was typed, the error stands at the field, and the mended token is accepted."""
    erika, token = await open_window("U0ERIKA"), made_up_token()
    await erika.type_line("/amazon-token")
    await erika.hurry(way(all_texts["de"], token), until="new_token")
    await erika.button("steps.new_token.buttons.paste_token").click()
    wrong = f"{token[:13]}o{token[14:]}"
    await erika.put("token", wrong)
    await erika.one("modal-submit").click()
    await expect(erika.one("error-token")).to_contain_text("14")
    box = erika.one("modal").get_by_role("textbox")
    await expect(box).to_have_value(wrong)
    await expect(box).to_have_attribute("aria-invalid", "true")
    await expect(box).to_be_focused()
    await erika.submit(token=token)
    await erika.shows("save_account")
    assert token not in await erika.page.content()


async def test_the_version_is_typed_into_the_message(open_window: Open, all_texts: dict[Any, Texts]) -> None:
    """Enter sends it, no modal opens; a wrong one stays in its field, with the focus and what is wrong below it."""
    erika = await open_window("U0ERIKA", size=(390, 844))
    await erika.type_line("/amazon-token")
    await erika.walk(way(all_texts["de"], made_up_token()), until="connect_version")
    box = erika.field("version")
    await box.click()
    await erika.page.keyboard.type("4.9")
    await erika.page.keyboard.press("Enter")
    await erika.says(all_texts["de"].say("reasons.version_incomplete", minimum=MINIMUM_VERSION))
    await expect(box).to_have_value("4.9")
    await expect(box).to_be_focused()
    await erika.page.keyboard.type(".24")
    await erika.button("buttons.where").click()
    await erika.says(all_texts["de"].say("steps.connect_version.where").splitlines()[0])
    await expect(box).to_have_value("4.9.24")
    await box.fill("4.9.24.4")
    await erika.page.locator("[data-testid=tab-home]").click()
    await erika.page.locator("[data-testid=tab-messages]").click()
    await expect(box).to_have_value("4.9.24.4")
    await box.press("Enter")
    await erika.shows("account_mask")
    await expect(erika.page.get_by_test_id("modal")).to_have_count(0)


async def test_starting_afresh_forgets_everything(open_window: Open, all_texts: dict[Any, Texts]) -> None:
    """After the reset the direct message is empty and the bot knows of no walk."""
    erika = await open_window("U0ERIKA")
    await erika.type_line("/amazon-token")
    await erika.walk(way(all_texts["de"], made_up_token()), until="which_mask")
    await erika.one("reset").click()
    await erika.one("confirm-yes").click()
    await expect(erika.page.get_by_test_id("message")).to_have_count(0)
    await expect(erika.one("bot-status")).to_have_attribute("data-connected", "yes")
    await erika.type_line("/amazon-token")
    await erika.shows("before_start")


async def test_a_form_in_place_of_a_list_begins_in_its_first_field(open_window: Open) -> None:
    """The window stays, and what was pressed in it is gone: whoever presses „Neue Vorlage“ goes on typing."""
    anna = await open_window("U0ANNA", "C0SUPPORT")
    await anna.type_line("/amazon-token templates")
    await anna.one("modal").locator("[data-action-id='templates:new']").click()
    await expect(anna.one("modal").get_by_role("textbox").first).to_be_focused()
