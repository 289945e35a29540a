"""What the bot says to a typed message, with the step it belongs to or alone, with buttons of its own."""

from dataclasses import dataclass

from bot.blocks import actions as ids
from bot.blocks.kit import Block, Content, actions, button, say, section, top_level_text
from conversations.engine.procedure import HELP
from conversations.engine.texts import Texts


@dataclass(frozen=True)
class LeadButton:
    """A button of a lead. Its value is the address of the message it is in; `said` fills the form that it opens.

    One of an act of the procedure belongs to the step `at`, which `acts` acts of the same screen lead to.
    """

    action_id: str
    label: str
    style: str | None = None
    said: str = ""
    at: str = ""
    acts: int = 0

    def block(self, address: ids.Address | None) -> Block:
        """The button in the message of `address`; without a walk there is none."""
        if address is None:
            value = self.said[: ids.SAID_LIMIT] or "-"
        else:
            value = ids.button_value(address.placed(self.at, self.acts), self.said)
        return button(self.action_id, self.label, value, style=self.style)


@dataclass(frozen=True)
class Lead:
    """A paragraph (mrkdwn) and the buttons below it."""

    text: str
    buttons: tuple[LeadButton, ...] = ()

    def blocks(self, address: ids.Address | None) -> list[Block]:
        """The blocks in the message of `address`."""
        row = [one.block(address) for one in self.buttons]
        unique = address.key[:12] if address is not None else "-"
        return [section(self.text), *([actions(f"lead.{unique}", *row)] if row else [])]

    def said_for(self, action_id: str) -> str:
        """What a button of this action puts into its form; "" without such a button."""
        return next((one.said for one in self.buttons if one.action_id == action_id), "")

    def message(self) -> Content:
        """The same as a message of its own."""
        return {"text": top_level_text(self.text), "blocks": self.blocks(None)}


def person_lead(texts: Texts, key: str, words: str) -> Lead:
    """The text `heard.<key>` with a button that opens the help form with `words` in it."""
    call = LeadButton(f"{ids.FORM}:{HELP}", texts.say("heard.call_person"), "primary", said=words)
    return Lead(say(texts, f"heard.{key}"), (call,))
