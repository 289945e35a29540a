"""One browser and one sandbox with the real bot for all browser tests of a process; each test begins afresh."""

import os
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from bot.demo.demonstration import sandbox_and_bot
from conversations.engine.texts import Language, Texts
from tests.browser.window import NAMES, Open, Window, chromium, launched, windows
from tests.guides import GUIDES
from tests.shared_pictures import program
from tests.waiting import LIMIT


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium; without one the tests are skipped, but in CI they fail."""
    path = chromium()
    if path is None:
        reason = f"no Chromium is installed: none of {', '.join(NAMES)} is on the PATH"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}, and CI is set")
        pytest.skip(reason)
    async with async_playwright() as playwright:
        browser = await launched(playwright, path)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def all_texts() -> dict[Language, Texts]:
    """What is to be read."""
    return GUIDES


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of `amazon-token demo`: two processes."""
    assert browser.is_connected()
    async with sandbox_and_bot(tmp_path_factory.mktemp("demo"), 0, program(), limit=LIMIT) as url:
        yield url


@pytest_asyncio.fixture(loop_scope="session")
async def demo(running: str) -> str:
    """The same address, with nothing said yet and a bot that knows nothing."""
    async with aiohttp.ClientSession(headers={"X-Sandbox": "1"}) as session:
        async with session.get(f"{running}/page/messages", params={"as": "U0BEN", "channel": "C0SUPPORT"}) as got:
            assert got.ok
        async with session.post(f"{running}/page/reset", json={}) as done:
            assert (await done.json())["ok"]
    return running


@pytest_asyncio.fixture(loop_scope="session")
async def open_window(browser: Browser, demo: str, all_texts: dict[Any, Texts]) -> AsyncIterator[Open]:
    """Opens windows. In none of them may anything fail unseen."""
    opened: list[Window] = []
    async with windows(browser, demo, all_texts) as really_open:

        async def open_and_keep(*args: Any, **kwargs: Any) -> Window:
            window = await really_open(*args, **kwargs)
            opened.append(window)
            return window

        yield open_and_keep
        assert [fault for window in opened for fault in window.faults] == []
