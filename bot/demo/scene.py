"""A merchant or agent on the stage of a story: acts over the page, and tells what is said as a readable dialogue."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from bot.sandbox.driver_words import parts, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.driver import Visitor
    from bot.sandbox.world import Json

    Tell = Callable[[str], None]

_DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
"""Where a page shows the reader's own time, the dialogue shows what stands behind the bar."""


class NotAsNamed(AssertionError):  # noqa: N818 - it fails a story like an assertion
    """The story did not go, or not end, as it should."""


class Scene:
    """One person's part. Every act waits for the bot's next message."""

    def __init__(self, visitor: Visitor, name: str, tell: Tell) -> None:
        self.visitor = visitor
        self.name = name
        self._tell = tell

    async def start(self, line: str = "/amazon-token") -> Json:
        """Type the command and wait for the first step."""
        before = await self._newest()
        self._tell(f"{self.name}: {line}")
        await self.visitor.command(line)
        told = await self.visitor.wait_for(lambda m: bool(m["ephemeral"]), fresh=True)
        self._tell(f"  (only {self.name} sees)\n{_indented(told['text'])}")
        return await self._answer(before)

    async def press(self, action_id: str) -> Json:
        """Press a button of the live step and wait for the next message."""
        before = await self._newest()
        await self._press(action_id)
        return await self._answer(before)

    async def fill(self, action_id: str, **values: Any) -> Json:
        """Open a form, fill it in, and wait for the next message. Raises `NotAsNamed` when it is refused."""
        before = await self._newest()
        errors = await self._submit(action_id, values)
        if errors:
            raise NotAsNamed(f"the form {action_id} was refused: {errors}")
        return await self._answer(before)

    async def refused(self, action_id: str, **values: Any) -> str:
        """Fill in a form that is refused, and close it; what the form said."""
        errors = await self._submit(action_id, values)
        if not errors:
            raise NotAsNamed(f"the form {action_id} was accepted")
        said = "; ".join(errors.values())
        self._tell(f"  (in the form) {said}")
        await self.visitor.close_modal()
        return said

    async def say(self, text: str, shown: str | None = None) -> Json:
        """Type a message and wait for the answer; `shown` stands for it in the dialogue."""
        before = await self._newest()
        self._tell(f"{self.name}: {shown or text}")
        await self.visitor.say(text)
        return await self._answer(before)

    async def card(self, containing: str) -> Json:
        """The ticket's card in the support channel, waiting for it."""
        found = await self.visitor.wait_for(containing, "#support")
        self._tell(f"\n#support:\n{_indented(found['text'])}\n")
        return found

    async def decide(self, action_id: str) -> None:
        """Press a button of the newest card in the support channel."""
        found = await self.visitor.wait_for(lambda m: _label(m, action_id) is not None, "#support")
        self._tell(f"{self.name}: [{_label(found, action_id)}]")
        await self.visitor.press(action_id, message=found, channel="#support")

    async def hear(self, containing: str) -> Json:
        """Wait until the direct message says this."""
        found = await self.visitor.wait_for(containing)
        self._tell(_indented(found["text"]))
        return found

    async def everything(self) -> str:
        """All words of the direct message so far."""
        return "\n".join(words(message) for message in await self.visitor.messages())

    async def _press(self, action_id: str) -> None:
        found = await self.visitor.wait_for(lambda m: _label(m, action_id) is not None)
        self._tell(f"{self.name}: [{_label(found, action_id)}]")
        await self.visitor.press(action_id, message=found)

    async def _submit(self, action_id: str, values: dict[str, Any]) -> dict[str, str]:
        await self._press(action_id)
        view = await self.visitor.modal()
        fields = ", ".join(values) or "nothing"
        self._tell(f"{self.name}: «{view['title']['text']}» filled in: {fields}")
        return await self.visitor.fill_and_submit(view, **values)

    async def _newest(self) -> float:
        return max(
            (float(m["ts"]) for m in await self.visitor.messages() if m["bot"] and not m["ephemeral"]), default=0
        )

    async def _answer(self, before: float) -> Json:
        found = await self.visitor.wait_for(lambda m: m["bot"] and not m["ephemeral"] and float(m["ts"]) > before)
        self._tell(_indented(found["text"]))
        return found


def _label(message: Json, action_id: str) -> str | None:
    for names, _, element in parts(message["blocks"] or []):
        if action_id in names and element["type"] == "button":
            label: str = element["text"]["text"]
            return label
    return None


def _indented(text: str) -> str:
    readable = html.unescape(_DATE.sub(r"\1", text))
    return "\n".join(f"    {line}" for line in readable.splitlines())
