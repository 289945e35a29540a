"""The desk with four windows side by side: two merchants and two agents, in German and English."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import expect

from conversations.amazon_token.plays import made_up_token
from conversations.engine.texts import Texts
from tests.browser.desk import Agent, Merchant, said
from tests.browser.window import Open, way

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]
ERIKAS, OLIVERS = 1002, 1001


async def test_from_the_first_command_to_closed_tickets(open_window: Open, all_texts: dict[Any, Texts]) -> None:
    """Claim, question, answer with a screenshot, hand-over, take-back, resolve, „it failed again“, close, reopen."""
    merchants = await asyncio.gather(open_window("U0ERIKA"), open_window("U0OLIVER", language="en"))
    erika, oliver = map(Merchant, merchants)
    agents = await asyncio.gather(open_window("U0ANNA", "C0SUPPORT"), open_window("U0BEN", "C0SUPPORT", language="en"))
    anna, ben = (Agent(window, all_texts["de"]) for window in agents)

    await oliver.window.type_line("/amazon-token support")
    await oliver.window.says(str(OLIVERS))
    await erika.window.type_line("/amazon-token")
    await erika.window.walk(way(all_texts["de"], made_up_token()), until="which_mask")
    await erika.press("buttons.help")
    await erika.window.submit(sentence="Ich finde die Maske nicht.")
    await asyncio.gather(anna.press(ERIKAS, "claim", "answer"), ben.press(OLIVERS, "claim", "answer"))

    await asyncio.gather(anna.answer(ERIKAS, "Was zeigt CONNECT?"), ben.answer(OLIVERS, "What does CONNECT show?"))
    await _answer_with_pictures(erika, oliver)
    for agent, number in ((anna, ERIKAS), (ben, OLIVERS)):
        picture = (await agent.look(number)).locator("img.file-picture")
        await picture.wait_for()
        await expect(picture).to_have_js_property("complete", value=True)

    await asyncio.gather(
        anna.hand(ERIKAS, "Ben Support", "ruft um drei an"), ben.hand(OLIVERS, "Anna Support", "rings at three")
    )
    await said(erika.window, "Ben Support").wait_for()
    await said(oliver.window, "Anna Support").wait_for()
    await asyncio.gather(ben.answer(ERIKAS, "Starten Sie CONNECT neu."), anna.answer(OLIVERS, "Please swich it off."))
    await asyncio.gather(said(erika.window, "CONNECT neu").wait_for(), said(oliver.window, "swich").wait_for())
    await asyncio.gather(
        ben.take_back(ERIKAS, "Starten Sie CONNECT neu."), anna.correct(OLIVERS, "swich", "Please switch it off.")
    )
    await said(oliver.window, "Please switch it off.").wait_for()
    for merchant, gone in ((erika, "CONNECT neu"), (oliver, "swich")):
        await nowhere(merchant, gone)

    await asyncio.gather(ben.press(ERIKAS, "resolve", "close"), anna.press(OLIVERS, "resolve", "close"))
    await said(erika.window, "Hat es jetzt geklappt?").wait_for()
    await erika.write("Es geht wieder nicht", in_thread=True)
    await oliver.press("talk.settled.no")
    await asyncio.gather(ben.button(ERIKAS, "answer").wait_for(), anna.button(OLIVERS, "answer").wait_for())
    await (await anna.look(OLIVERS)).get_by_text("Oliver Sample meldet").wait_for()
    await (await ben.look(ERIKAS)).get_by_text("Es geht wieder nicht", exact=True).wait_for()

    await asyncio.gather(ben.press(ERIKAS, "resolve", "close"), anna.press(OLIVERS, "resolve", "close"))
    await oliver.press("talk.settled.yes")
    await ben.press(ERIKAS, "close", "reopen")
    await ben.press(ERIKAS, "reopen", "answer")
    await said(erika.window, "wieder aufgenommen").wait_for()
    await ben.press(ERIKAS, "resolve", "close")
    await ben.press(ERIKAS, "close", "reopen")
    for number in (ERIKAS, OLIVERS):
        await expect(anna.button(number, "reopen")).to_be_visible()
        await expect(anna.button(number, "close")).to_have_count(0)
    for merchant in (erika, oliver):
        await nowhere(merchant, "drei")
        await nowhere(merchant, "three")


async def _answer_with_pictures(erika: Merchant, oliver: Merchant) -> None:
    """Erika in the thread, Oliver simply in the conversation; both say that no token is visible."""
    picture = await oliver.window.page.screenshot(clip={"x": 0, "y": 0, "width": 300, "height": 200})
    await said(erika.window, "Was zeigt CONNECT?").wait_for()
    await erika.open_thread("Was zeigt CONNECT?")
    await erika.write("So sieht es aus", picture, in_thread=True)
    await said(oliver.window, "What does CONNECT show?").wait_for()
    await oliver.write("It looks like this", picture)
    await erika.press("talk.screenshots.clear", in_thread=True)
    await oliver.press("talk.screenshots.clear")


async def nowhere(merchant: Merchant, text: str) -> None:
    """No message that the merchant sees says it, neither in the conversation nor in the open thread."""
    await expect(merchant.window.page.get_by_test_id("message").filter(has_text=text)).to_have_count(0)
