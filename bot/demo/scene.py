"""A merchant or agent in a play: acts through the sandbox's page, and prints what happens as a readable dialogue."""

from __future__ import annotations

import asyncio
import html
import re
from typing import TYPE_CHECKING, Any

from bot.sandbox.driver import NotSeen
from bot.sandbox.driver_words import parts, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.driver import Visitor
    from bot.sandbox.world import Json

    Print = Callable[[str], None]

_DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
"""Slack's markup for a moment; the dialogue shows the fallback text behind the bar."""
_OF_STEPS = ("walk:", "form:")
"""How the IDs of a step's own buttons begin."""


class UnexpectedEnd(AssertionError):  # noqa: N818 - it fails a play like an assertion
    """The play did not go or end as it should."""


class Scene:
    """One person's part. Every act waits for the bot's next message and returns it.

    `pause` is how many seconds pass before each act, for those who look on.
    """

    def __init__(self, visitor: Visitor, name: str, print_line: Print, pause: float = 0.0) -> None:
        self.visitor = visitor
        self.name = name
        self._print = print_line
        self._answered = ""
        self._pause = pause

    async def start(self, line: str = "/amazon-token") -> Json:
        """Type the command and wait for the first step."""
        await asyncio.sleep(self._pause)
        before = await self._newest()
        self._print(f"{self.name}: {line}")
        await self.visitor.command(line)
        reply = await self.visitor.wait_for(lambda m: bool(m["ephemeral"]), fresh=True)
        self._print(f"  (only {self.name} sees)\n{_indented(reply['text'])}")
        return await self._answer(before)

    async def press(self, action_id: str) -> Json:
        """Press a button of the present step and wait for the next message.

        Raises `UnexpectedEnd`, with the buttons that there are, when it has no such button.
        """
        before = await self._newest()
        await self._press(action_id, await self._with_button(action_id))
        return await self._answer(before)

    async def fill(self, action_id: str, **values: Any) -> Json:
        """Fill in a form, in its modal or in the message, and wait for the next message.

        Raises `UnexpectedEnd` when a modal is refused.
        """
        before = await self._newest()
        message = await self._with_button(action_id)
        if _fields(message, action_id):
            await self._press(action_id, message, values)
            return await self._answer(before)
        errors = await self._submit(action_id, values)
        if errors:
            raise UnexpectedEnd(f"the form {action_id} was refused: {errors}")
        return await self._answer(before)

    async def refused(self, action_id: str, **values: Any) -> str:
        """Fill in a form that is refused, close it, and return its error messages, or the text of its message."""
        message = await self._with_button(action_id)
        if _fields(message, action_id):
            await self._press(action_id, message, values)
            shown = await self.visitor.wait_for(lambda m: m["ts"] == message["ts"], fresh=True)
            self._print(_indented(shown["text"]))
            return str(shown["text"])
        errors = await self._submit(action_id, values)
        if not errors:
            raise UnexpectedEnd(f"the form {action_id} was accepted")
        messages = "; ".join(errors.values())
        self._print(f"  (in the form) {messages}")
        await self.visitor.close_modal()
        return messages

    async def say(self, text: str, shown: str | None = None) -> Json:
        """Type a message and wait for the answer; the dialogue shows `shown` instead of `text`."""
        await asyncio.sleep(self._pause)
        before = await self._newest()
        self._print(f"{self.name}: {shown or text}")
        await self.visitor.say(text)
        return await self._answer(before)

    async def card(self, containing: str) -> Json:
        """Wait for a ticket's card, or what is in its thread, that contains this."""
        message = await self.visitor.wait_for(containing, "#support")
        self._print(f"\n#support:\n{_indented(message['text'])}\n")
        return message

    async def decide(self, action_id: str) -> None:
        """Press a button of the newest card in the support channel."""
        message = await self._with_button(action_id, "#support")
        await asyncio.sleep(self._pause)
        self._print(f"{self.name}: [{_label(message, action_id)}]")
        await self.visitor.press(action_id, message=message, channel="#support")

    async def hear(self, containing: str) -> Json:
        """Wait for a message in the direct message that contains this."""
        message = await self.visitor.wait_for(containing)
        self._print(_indented(message["text"]))
        return message

    async def everything(self) -> str:
        """All that the bot has said in the direct message so far."""
        return "\n".join(words(message) for message in await self.visitor.messages() if message["bot"])

    async def _press(self, action_id: str, message: Json, values: dict[str, Any] | None = None) -> None:
        """Press a button of the message, with `values` in the fields of its form."""
        await asyncio.sleep(self._pause)
        filled = f" filled in: {', '.join(values)}" if values else ""
        self._print(f"{self.name}: [{_label(message, action_id)}]{filled}")
        names = _fields(message, action_id)
        fields = {names[name]: value for name, value in (values or {}).items()}
        await self.visitor.press(action_id, message=message, fields=fields)

    async def _with_button(self, action_id: str, channel: str = "dm") -> Json:
        """The newest message with this button. Where the answer is a step without it, waiting would change nothing."""
        messages = await self.visitor.messages(channel)
        there = _buttons(messages)
        answered = bool(messages) and messages[-1]["ts"] == self._answered
        step_shown = answered and any(name.startswith(_OF_STEPS) for name in there)
        missing = not any(_label(message, action_id) is not None for message in messages)
        if step_shown and missing and action_id.startswith(_OF_STEPS):
            raise _no_button(action_id, there)
        try:
            return await self.visitor.wait_for(lambda m: _label(m, action_id) is not None, channel)
        except NotSeen as error:
            raise _no_button(action_id, _buttons(await self.visitor.messages(channel))) from error

    async def _submit(self, action_id: str, values: dict[str, Any]) -> dict[str, str]:
        await self._press(action_id, await self._with_button(action_id))
        view = await self.visitor.modal()
        fields = ", ".join(values) or "nothing"
        self._print(f"{self.name}: «{view['title']['text']}» filled in: {fields}")
        return await self.visitor.fill_and_submit(view, **values)

    async def _newest(self) -> float:
        return max(
            (float(m["ts"]) for m in await self.visitor.messages() if m["bot"] and not m["ephemeral"]), default=0
        )

    async def _answer(self, before: float) -> Json:
        message = await self.visitor.wait_for(lambda m: m["bot"] and not m["ephemeral"] and float(m["ts"]) > before)
        self._answered = message["ts"]
        self._print(_indented(message["text"]))
        return message


def _buttons(messages: list[Json]) -> list[str]:
    """The action IDs of the newest message of the bot that has any."""
    for message in reversed(messages):
        names = [names[1] for names, _, _ in parts(message["blocks"] or [])]
        if message["bot"] and names:
            return names
    return []


def _fields(message: Json, action_id: str) -> dict[str, str]:
    """The action IDs of the fields in the message that belong to the form, by their names; none of a modal's."""
    form = f"field:{action_id.partition(':')[2]}:"
    found = [names[1] for names, _, _ in parts(message["blocks"] or []) if names[1].startswith(form)]
    return {name.removeprefix(form): name for name in found}


def _no_button(action_id: str, there: list[str]) -> UnexpectedEnd:
    return UnexpectedEnd(f"no button {action_id}; there are: {', '.join(there) or 'none'}")


def _label(message: Json, action_id: str) -> str | None:
    for names, _, element in parts(message["blocks"] or []):
        if action_id in names and element["type"] == "button":
            label: str = element["text"]["text"]
            return label
    return None


def _indented(text: str) -> str:
    readable = html.unescape(_DATE.sub(r"\1", text))
    return "\n".join(f"    {line}" for line in readable.splitlines())
