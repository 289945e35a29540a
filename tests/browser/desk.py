"""What merchants and agents do with a ticket, each in a window of their own."""

import contextlib
from dataclasses import dataclass

from playwright.async_api import Locator
from playwright.async_api import TimeoutError as TookTooLong

from conversations.engine.texts import Texts
from tests.browser.window import Window


def said(window: Window, text: str) -> Locator:
    """The messages in the conversation itself that say this."""
    return window.page.get_by_test_id("message-list").get_by_test_id("message").filter(has_text=text)


@dataclass(frozen=True)
class Merchant:
    """A merchant's window."""

    window: Window

    async def open_thread(self, text: str) -> None:
        """Of the message that says this."""
        message = said(self.window, text).last
        await message.hover()
        await message.get_by_test_id("reply").click()
        await self.window.one("thread").wait_for()

    async def write(self, text: str, picture: bytes | None = None, *, in_thread: bool = False) -> None:
        """A line, with a picture or without."""
        suffix = "-thread" if in_thread else ""
        if picture is not None:
            file = {"name": "connect.png", "mimeType": "image/png", "buffer": picture}
            await self.window.one(f"file-input{suffix}").set_input_files([file])  # type: ignore[list-item]
        await self.window.type_line(text, f"composer{suffix}")

    async def press(self, key: str, *, in_thread: bool = False) -> None:
        """The newest button of that label."""
        place = self.window.one("thread" if in_thread else "message-list")
        label = self.window.texts.say(key)
        await place.get_by_role("button", name=label, exact=True).last.click()


@dataclass(frozen=True)
class Agent:
    """An agent's window in the support channel, whose cards are worded by `cards`."""

    window: Window
    cards: Texts

    def card(self, number: int) -> Locator:
        """The ticket's card."""
        return said(self.window, f"Ticket {number}").first

    def button(self, number: int, name: str) -> Locator:
        """A button of the card."""
        return self.card(number).get_by_role("button", name=self.cards.say(f"ticket.buttons.{name}"), exact=True)

    async def press(self, number: int, name: str, becomes: str) -> None:
        """A button of the card, until it has gone and the card offers the button `becomes`."""
        await self.button(number, name).click()
        if name == "resolve":
            await self.window.one("confirm-yes").click()
        await self.button(number, name).wait_for(state="detached")
        await self.button(number, becomes).wait_for()

    async def answer(self, number: int, text: str) -> None:
        """In the modal; pressed again where Slack's three seconds for opening one were over on a busy machine."""
        form = self.window.one("modal").locator("textarea")
        for seconds in (10, 10, 60):
            await self.button(number, "answer").click()
            with contextlib.suppress(TookTooLong):
                await form.wait_for(timeout=seconds * 1000)
                break
        await self._write(text)

    async def hand(self, number: int, to: str, note: str) -> None:
        """To a colleague, with a note."""
        await self.card(number).locator("[data-action-id='ticket:more']").click()
        label = self.cards.say("ticket.buttons.hand")
        await self.window.page.get_by_role("menuitem", name=label).click()
        modal = self.window.one("modal")
        await modal.locator("[data-block=to] button").first.click()
        await self.window.page.get_by_role("option", name=to).click()
        await self.window.submit(note=note)

    async def look(self, number: int) -> Locator:
        """The ticket's thread, open."""
        await self.card(number).get_by_test_id("thread-link").click()
        thread = self.window.one("thread")
        await thread.wait_for()
        return thread

    async def take_back(self, number: int, text: str) -> None:
        """The answer that says this."""
        await self._press_at(number, text, "talk.buttons.take_back")
        await self.window.one("confirm-yes").click()

    async def correct(self, number: int, text: str, better: str) -> None:
        """The answer that says this."""
        await self._press_at(number, text, "talk.buttons.correct")
        await self._write(better)

    async def _press_at(self, number: int, text: str, key: str) -> None:
        message = (await self.look(number)).get_by_test_id("message").filter(has_text=text)
        await message.get_by_role("button", name=self.cards.say(key), exact=True).click()

    async def _write(self, text: str) -> None:
        await self.window.one("modal").locator("textarea").fill(text)
        await self.window.one("modal-submit").click()
        await self.window.one("modal").wait_for(state="detached")
