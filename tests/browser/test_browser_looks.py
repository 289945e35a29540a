"""What every window must be: wide enough, dark enough, and named for those who do not see it."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from bot.sandbox.driver import Visitor
from conversations.amazon_token.plays import made_up_token
from conversations.engine.texts import Texts
from tests.browser.window import Open, Window, way

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]
PHONE = (390, 844)
CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8")
NAMED = frozenset(
    {"button", "link", "textbox", "combobox", "checkbox", "image", "dialog", "alertdialog", "navigation", "region"}
    | {"complementary", "listbox", "option", "menuitem", "menu", "article"}
)
"""Roles that mean nothing to a screen reader without a name."""
OVERFLOWS = """() => [...document.querySelectorAll("*")].filter((one) =>
  one.checkVisibility() && !one.closest(".sidebar, .sr-only, .pre")
  && one.getBoundingClientRect().right > innerWidth + 0.5
).map((one) => one.outerHTML.slice(0, 120))"""


async def _places(window: Window, all_texts: dict[Any, Texts]) -> Any:
    """Shows one main surface after the other: empty, a step, a form, the danger zone, Home, About."""
    acts = way(all_texts["de"], made_up_token(), ("DE", "FR"))
    yield "empty"
    await window.type_line("/amazon-token")
    await window.shows("before_start")
    yield "before_start"
    await window.hurry(acts, until="account_region")
    await window.button("steps.account_region.buttons.name_accounts").click()
    await window.one("modal-submit").click()
    await window.page.locator(".has-error").first.wait_for()
    yield "refused form"
    await window.submit(**next(act.fields for act in acts if act.step == "account_region"))
    rest = next(number for number, act in enumerate(acts) if act.step == "account_region") + 1
    await window.hurry(acts[rest:], until="licence_terms")
    yield "danger zone"
    for tab in ("home", "about"):
        await window.one(f"tab-{tab}").click()
        await expect(window.one(f"tab-{tab}")).to_have_attribute("aria-current", "page")
        await window.settled()
        yield tab


async def test_a_phone_shows_everything(open_window: Open, all_texts: dict[Any, Texts]) -> None:
    """At 390 pixels nothing sticks out to the right, and the navigation is a drawer."""
    erika = await open_window("U0ERIKA", size=PHONE)
    async for place in _places(erika, all_texts):
        assert (place, await erika.page.evaluate(OVERFLOWS)) == (place, [])
        assert await erika.page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    await erika.one("tab-messages").click()
    field, send = [await erika.one(name).bounding_box() for name in ("composer", "send")]
    assert field is not None
    assert send is not None
    assert field["x"] + field["width"] <= send["x"], "the button is beside the message field"
    assert field["y"] < send["y"] + send["height"] <= field["y"] + field["height"] + 8
    person = erika.one("person-U0OLIVER")
    await expect(person).to_be_hidden()
    await erika.one("menu").click()
    await expect(person).to_be_in_viewport(ratio=1)
    await erika.page.keyboard.press("Escape")
    await expect(person).to_be_hidden()
    await expect(erika.one("menu")).to_be_focused()
    await erika.one("menu").click()
    await person.click()
    await expect(person).to_be_hidden()
    await expect(erika.page).to_have_url(re.compile("as=U0OLIVER"))


async def test_a_forwarded_message_shows_whose_it_is(open_window: Open, demo: str) -> None:
    """Author, words and place of the message that came along, below what was typed above it; it can be read."""
    erika = await open_window("U0ERIKA")
    async with Visitor(demo, "U0ERIKA") as visitor:
        await visitor.forward("Bitte *bald* erneuern & melden", "Das kam von Otto")
    shown = erika.one("forwarded")
    await expect(shown).to_have_text("Erika BeispielBitte bald erneuern & meldenPosted in #general")
    await expect(erika.page.locator(".message", has=shown)).to_contain_text("Das kam von Otto")
    assert await erika.page.evaluate(OVERFLOWS) == []
    for scheme in ("dark", "light"):
        await erika.page.emulate_media(color_scheme=scheme)
        await expect(erika.page.locator("html")).to_have_attribute("data-theme", scheme)
        await erika.settled()
        assert (scheme, await erika.page.evaluate(CONTRAST)) == (scheme, [])


async def test_everything_can_be_read_and_has_a_name(open_window: Open, all_texts: dict[Any, Texts]) -> None:
    """Light and dark, visible text has a contrast of 4.5, large text of 3; whatever can be used has a name."""
    erika = await open_window("U0ERIKA")
    devtools = await erika.page.context.new_cdp_session(erika.page)
    async for place in _places(erika, all_texts):
        for scheme in ("dark", "light"):
            await erika.page.emulate_media(color_scheme=scheme)
            await expect(erika.page.locator("html")).to_have_attribute("data-theme", scheme)
            await erika.settled()
            assert (place, scheme, await erika.page.evaluate(CONTRAST)) == (place, scheme, [])
        nodes = (await devtools.send("Accessibility.getFullAXTree"))["nodes"]
        assert (place, [_described(node) for node in nodes if _nameless(node)]) == (place, [])
        assert await erika.page.locator("img:not([alt])").count() == 0


def _described(node: dict[str, Any]) -> str:
    return f"{node['role']['value']} {node.get('properties')}"


def _nameless(node: dict[str, Any]) -> bool:
    role = node.get("role", {}).get("value")
    return not node["ignored"] and role in NAMED and not node.get("name", {}).get("value", "").strip()
