"""The pictures of README and docs/agents.md, taken from the running sandbox: `python -m tests.browser.pictures`."""

import asyncio
import base64
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from bot.demo.demonstration import sandbox_and_bot
from conversations.amazon_token.plays import ERROR, made_up_token
from tests.browser.window import NAMES, Open, Window, chromium, launched, way, windows
from tests.guides import GUIDES

FOLDER = Path(__file__).parent.parent.parent / "docs" / "pictures"
WIDE, TALL, PHONE = (1120, 720), (1120, 860), (390, 780)
FILM = ("which_mask", "key_set", "manage_apps", "disable_access", "authorize_developer", "new_credentials")
SHARP = {"device_scale_factor": 1.5}


async def main() -> int:
    """Take them all; the exit status."""
    path = chromium()
    if path is None:
        sys.stderr.write(f"No Chromium is installed: none of {', '.join(NAMES)} is on the PATH.\n")
        return 1
    FOLDER.mkdir(exist_ok=True)
    all_texts: dict[Any, Any] = GUIDES
    async with async_playwright() as playwright:
        browser = await launched(playwright, path)
        with tempfile.TemporaryDirectory() as folder:
            async with sandbox_and_bot(Path(folder), 0) as url, windows(browser, url, all_texts) as opened:
                await _steps(opened)
                await _phone(opened)
                await _ticket(opened)
                await _services(opened)
                await _film(opened)
        await browser.close()
    return 0


async def _steps(opened: Open) -> None:
    for person, language, markets in (("U0ERIKA", "de", ("DE",)), ("U0OLIVER", "en", ("DE", "FR", "IT"))):
        window = await opened(person, language=language, size=WIDE, **SHARP)
        await window.type_line("/amazon-token")
        await window.walk(way(window.texts, made_up_token(), markets), until="authorize_developer")
        await _take(window, f"step-{language}")


async def _phone(opened: Open) -> None:
    window = await opened(
        "U0OLIVER",
        language="en",
        size=PHONE,
        color_scheme="dark",
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
    )
    await window.shows("authorize_developer")
    await _take(window, "phone")


async def _film(opened: Open) -> None:
    """Six steps of the walk side by side, as a phone shows them."""
    window = await opened("U0BEN", language="en", size=(390, 700), device_scale_factor=1)
    await window.type_line("/amazon-token")
    acts = way(window.texts, made_up_token())
    shots = []
    for number, step in enumerate(FILM):
        start = next(n for n, act in enumerate(acts) if act.step == FILM[number - 1]) if number else 0
        await window.walk(acts[start:], until=step)
        await window.page.mouse.move(200, 20)
        await window.page.wait_for_timeout(500)  # the used message shrinks after the new one has come
        await window.settled()
        shots.append(base64.b64encode(await window.page.screenshot()).decode())
    strip = "".join(f'<img src="data:image/png;base64,{shot}" style="width:280px;margin:6px">' for shot in shots)
    await window.page.set_viewport_size({"width": 3 * 292, "height": 800})
    await window.page.set_content(f'<body style="margin:0;background:#e8eaed;font-size:0">{strip}</body>')
    await window.settled()
    path = FOLDER / "film.png"
    await window.page.screenshot(path=path, full_page=True)
    sys.stdout.write(f"{path.relative_to(FOLDER.parent.parent)}: {path.stat().st_size // 1024} kB\n")


async def _ticket(opened: Open) -> None:
    """Erika's walk goes on to the second failure, and Anna has taken the ticket over."""
    erika = await opened("U0ERIKA")
    acts = way(erika.texts, made_up_token())
    await erika.walk(acts[next(n for n, act in enumerate(acts) if act.step == "authorize_developer") :])
    for step in ("first_fetch", "second_fetch"):
        await erika.shows(step)
        await erika.button(f"steps.{step}.buttons.fetch_failed").click()
    await erika.shows("with_support")
    await erika.button("steps.with_support.buttons.describe_failure").click()
    await erika.submit(error_text=ERROR)
    anna = await opened("U0ANNA", "C0SUPPORT", size=TALL)
    await anna.one("thread-link").click()
    await anna.one("message-list").evaluate("(list) => list.scrollTo(0, 0)")
    await _take(anna, "ticket")


async def _services(opened: Open) -> None:
    """Ben claims Erika's ticket, looks at its timeline and at his Home tab, in English; Oliver is under way."""
    ben = await opened("U0BEN", "C0SUPPORT", language="en", size=(1120, 1400))
    await ben.page.locator("[data-action-id='ticket:claim']").first.click()
    await ben.page.locator("[data-action-id='ticket:resolve']").first.wait_for()
    await ben.page.locator("[data-action-id='ticket:history']").first.click()
    await ben.one("modal").wait_for()
    claimed = ben.texts.say("desk.history.ticket.claim", agent="").strip("🎫 ")
    await ben.one("modal").get_by_text(claimed).evaluate("(line) => line.scrollIntoView({block: 'center'})")
    await _take(ben, "timeline")
    await ben.one("modal").get_by_role("button", name=ben.texts.say("buttons.close"), exact=True).last.click()
    await ben.one("modal").wait_for(state="detached")
    await ben.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    await ben.be("U0BEN", "home")
    await ben.page.locator("[data-action-id='ticket:history']").first.wait_for()
    await _take(ben, "home-agent")


async def _take(window: Window, name: str) -> None:
    """Save what the window shows once nothing moves any more; the mouse is out of the way."""
    await window.page.mouse.move(600, 10)
    await window.page.wait_for_timeout(500)  # the used message shrinks after the new one has come
    await window.settled()
    path = FOLDER / f"{name}.png"
    await window.page.screenshot(path=path)
    sys.stdout.write(f"{path.relative_to(FOLDER.parent.parent)}: {path.stat().st_size // 1024} kB\n")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
