"""A browser window in which somebody uses the sandbox, by mouse or by keyboard alone."""

import contextlib
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    Request,
    Response,
    expect,
)

from bot.sandbox.driver import Visitor
from bot.sandbox.driver_words import parts
from conversations.amazon_token.plays import NEW_ENOUGH
from conversations.amazon_token.procedure import PROCEDURE
from conversations.engine.procedure import AnyProcedure
from conversations.engine.screens import title_key
from conversations.engine.texts import Language, Texts
from tests.guides import shipped
from tests.waiting import LIMIT

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE_MS = 1000 * LIMIT
expect.set_options(timeout=PATIENCE_MS)
TABS = 60
"""More presses of Tab than lie between the composer and any button of the newest message."""
SETTLED = "document.getAnimations().every((one) => one.playState !== 'running')"


def chromium() -> str | None:
    """Where a Chromium is installed."""
    return next(filter(None, map(shutil.which, NAMES)), None)


async def launched(playwright: Playwright, path: str) -> Browser:
    """The browser at `path`, speaking to nobody but the sandbox."""
    return await playwright.chromium.launch(executable_path=path, args=list(QUIET))


@dataclass(frozen=True)
class Act:
    """What a merchant does at a step: the key of the button's label, and what its form is filled with."""

    step: str
    button: str
    fields: dict[str, str] = field(default_factory=dict)


def _next(step: str, button: str = "advance", **fields: str) -> Act:
    return Act(step, f"steps.{step}.buttons.{button}", fields)


def way(texts: Texts, token: str, markets: Sequence[str] = ("DE",)) -> list[Act]:
    """The documented way from the first message to the first fetch; several markets come as many times as needed."""
    labels = "\n".join(texts.say(f"marketplaces.{market}") for market in markets)
    in_connect = [_next("key_set"), _next("backup_token")]
    danger = ("disable_access", "authorize_developer", "licence_terms", "new_credentials")
    stored = [_next("check_seller_id", "same_seller_id"), _next("new_token", "paste_token", token=token)]
    return [
        _next("before_start", "orders_stopped"),
        _next("connect_version", "enter_version", version=NEW_ENOUGH),
        _next("which_mask", "sees_key_set"),
        _next("account_region", "name_accounts", marketplaces=labels),
        *in_connect, _next("manage_apps"), _next("ready_to_disable", "ready_to_go"),
        *[_next(step) for step in danger], *stored,
        *[_next("next_account", "turn_to_next"), _next("further_account", "confirm_account")] * (len(markets) - 1),
        _next("next_account", "all_saved"),
    ]  # fmt: skip


class Window:
    """One person's window. `faults` holds every console error and failed request so far."""

    def __init__(self, page: Page, url: str, texts: Texts, procedure: AnyProcedure = PROCEDURE) -> None:
        self.page = page
        self.texts = texts
        self._procedure = procedure
        self.faults: list[str] = []
        self._url = url
        self._user_id = ""
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(message.text)

    def _answered(self, response: Response) -> None:
        if response.status >= HTTPStatus.BAD_REQUEST:
            self.faults.append(f"{response.url}: {response.status}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # what was under way when the page was left
            self.faults.append(f"{request.url}: {request.failure}")

    async def be(self, user_id: str, place: str = "") -> None:
        """Open the page as this person, in the direct message or at `place` (a channel's ID, "home" or "about")."""
        self._user_id = user_id
        await self.page.goto(f"{self._url}/?as={user_id}" + (f"&channel={place}" if place else ""))
        await self.page.locator("#app[data-ready=yes]").wait_for()

    def one(self, testid: str) -> Locator:
        """The newest thing of this name."""
        return self.page.get_by_test_id(testid).last

    @property
    def live(self) -> Locator:
        """The newest message that everybody in the conversation sees."""
        return self.page.locator("[data-testid=message]:not([data-ephemeral])").last

    def titled(self, step: str) -> str:
        """The title above a step: its own, or that of its screen."""
        return self.texts.say(title_key(self._procedure, step))

    async def shows(self, step: str) -> None:
        """Wait until the newest message is this step."""
        await self.says(self.titled(step))

    async def says(self, text: str) -> None:
        """Wait until the newest message says this; looked at in every frame, which is sooner than `expect` does."""
        await self.live.filter(has_text=text).wait_for()

    async def type_line(self, text: str, composer: str = "composer") -> None:
        """Write a line and send it."""
        await self.one(composer).fill(text)
        await self.one(composer).press("Enter")

    def button(self, key: str, within: Locator | None = None) -> Locator:
        """The button whose label stands in the guide at `key`, in the newest message or `within`."""
        return (within or self.live).get_by_role("button", name=self.texts.say(key), exact=True)

    async def act(self, act: Act) -> None:
        """Do by mouse what is done at this step."""
        await self.shows(act.step)
        in_message = [name for name in act.fields if await self.field(name).count()]
        for name in in_message:
            await self.field(name).fill(act.fields[name])
        await self.button(act.button).click()
        if act.fields and not in_message:
            await self.submit(**act.fields)

    def field(self, name: str) -> Locator:
        """The field of this name in the newest message."""
        return self.live.locator(f"[data-action-id^='field:'][data-action-id$=':{name}']")

    async def put(self, name: str, value: str) -> None:
        """Fill in a field of the open form; a line of `value` ticks the choice of that name."""
        block = self.one("modal").locator(f"[data-block={name}]")
        await block.wait_for()
        if await block.get_by_role("checkbox").count():
            for line in value.splitlines():
                await block.get_by_role("checkbox", name=line).check()
        else:
            await block.get_by_role("textbox").fill(value)

    async def submit(self, **fields: str) -> None:
        """Fill in the open form and send it; it is gone afterwards."""
        for name, value in fields.items():
            await self.put(name, value)
        await self.one("modal-submit").click()
        await self.one("modal").wait_for(state="detached")

    async def walk(self, acts: Sequence[Act], until: str | None = None) -> None:
        """Do these by mouse, and stop at the step `until`."""
        for act in acts:
            if act.step == until:
                return await self.shows(act.step)
            await self.act(act)
        return None

    async def hurry(self, acts: Sequence[Act], until: str) -> None:
        """Do these by what the page sends, without a mouse, and wait until the window shows the step `until`."""
        async with Visitor(self._url, self._user_id) as visitor:
            for act in acts:
                if act.step == until:
                    break
                message = await visitor.wait_for(self.titled(act.step))
                ids = [names[1] for names, _, _ in parts(message["blocks"])]
                fields = {one: act.fields[one.rpartition(":")[2]] for one in ids if one.startswith("field:")}
                await visitor.press(self.texts.say(act.button), message=message, fields=fields)
                if act.fields and not fields:
                    several = {name: value.splitlines() for name, value in act.fields.items() if name == "marketplaces"}
                    assert await visitor.fill_and_submit(**act.fields | several) == {}
        await self.shows(until)

    async def tab_to(self, name: str) -> None:
        """Walk by Tab, from the composer backwards, until what has this name has the focus."""
        key = "Shift+Tab" if await self.page.evaluate(IN_COMPOSER) else "Tab"
        for _ in range(TABS):
            if await self.page.evaluate(FOCUSED_NAME) == name:
                return
            await self.page.keyboard.press(key)
        raise AssertionError(f"{TABS} × {key} did not reach «{name}»")

    async def key_act(self, act: Act) -> None:
        """Do by keyboard alone what is done at this step."""
        await self.shows(act.step)
        for name, value in act.fields.items():
            if await self.field(name).count():
                await self.tab_to(await self.field(name).evaluate("(one) => one.labels[0].innerText.trim()"))
                await self.page.keyboard.type(value)
                await self.page.keyboard.press("Enter")
                return
        await self.tab_to(self.texts.say(act.button))
        await self.page.keyboard.press("Enter")
        if not act.fields:
            return
        await self.one("modal").wait_for()
        for value in act.fields.values():
            if await self.page.evaluate("document.activeElement.type") == "checkbox":
                await self.tab_to(value)
                await self.page.keyboard.press("Space")
            else:
                await self.page.keyboard.type(value)
        await self.tab_to(await self.one("modal-submit").inner_text())
        await self.page.keyboard.press("Enter")
        await self.one("modal").wait_for(state="detached")

    async def settled(self) -> None:
        """Wait until nothing moves and no picture is still loading."""
        await self.page.wait_for_function(SETTLED)
        await self.page.wait_for_function("[...document.images].every((one) => one.complete)")


FOCUSED_NAME = """() => {
  const one = document.activeElement;
  return (one.getAttribute("aria-label") || one.labels?.[0]?.innerText || one.innerText || "").trim();
}"""
IN_COMPOSER = "document.activeElement.matches('.composer-text')"
Open = Callable[..., Awaitable[Window]]


@contextlib.asynccontextmanager
async def windows(browser: Browser, url: str, all_texts: dict[Any, Texts]) -> AsyncIterator[Open]:
    """Opens windows, each with storage of its own, and closes them; those who opened them look at their faults."""
    contexts: list[BrowserContext] = []

    async def opened(
        user_id: str,
        place: str = "",
        *,
        language: Language = "de",
        size: tuple[int, int] = (1280, 800),
        procedure: AnyProcedure = PROCEDURE,
        **more: Any,
    ) -> Window:
        locale = {"de": "de-DE", "en": "en-GB"}[language]
        settings = {"color_scheme": "light", "reduced_motion": "reduce", "timezone_id": "Europe/Berlin", **more}
        context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, locale=locale, **settings)
        contexts.append(context)
        texts = all_texts[language] if procedure is PROCEDURE else shipped().of(language, procedure.id)
        window = Window(await context.new_page(), url, texts, procedure)
        await window.be(user_id, place)
        return window

    try:
        yield opened
    finally:
        for context in contexts:
            await context.close()
