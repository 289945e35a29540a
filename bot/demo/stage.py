"""The stage of a play: whole walkthroughs through the sandbox's page, as people would do them.

The plays themselves belong to the procedures (`Examples.plays`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.demo.scene import Scene, UnexpectedEnd

if TYPE_CHECKING:
    from conversations.engine.texts import Texts


@dataclass(frozen=True)
class SandboxStage:
    """The people of a play, and the texts that they should see: those of the procedure in the merchant's language."""

    merchant: Scene
    agent: Scene
    texts: Texts

    def text(self, key: str, **values: object) -> str:
        """A text in the merchant's language."""
        return self.texts.say(key, **values)

    def titled(self, step: str) -> str:
        """The title of a step."""
        return self.text(f"steps.{step}.title")

    def expect(self, text: str, part: str) -> None:
        """Raise `UnexpectedEnd` unless `text` contains `part`."""
        if part not in text:
            raise UnexpectedEnd(f"expected «{part}» in:\n{text}")

    def expect_not(self, text: str, part: str) -> None:
        """Raise `UnexpectedEnd` if `text` contains `part`, without repeating it."""
        if part in text:
            raise UnexpectedEnd("something was shown that must not be shown")
