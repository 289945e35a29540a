"""An agent's proposal to go on at another step: the choice of it, and the message to the merchant."""

from collections.abc import Sequence

from bot.blocks import actions as ids
from bot.blocks.doors import answer
from bot.blocks.kit import Block, Content, button, choice, confirmation, field, section
from bot.blocks.kit import say as mrkdwn
from bot.blocks.ticket_forms import form
from conversations.guide import Guide


def step_view(guide: Guide, seen: ids.Seen, stands: str, places: Sequence[tuple[str, str]]) -> Block:
    """The choice of a place: (label, value) of each that can be reached. `stands` is where the merchant is now."""
    key = "desk.forms.step"
    return form(
        guide, ids.STEP, key, str(seen),
        section(mrkdwn(guide, f"{key}.intro", step=stands)),
        field(guide, "place", f"{key}.place", choice(places)),
    )  # fmt: skip


def offer(guide: Guide, number: int, key: str, agent: str, step: str, *, revert: bool) -> Content:
    """The merchant is asked; going back to the old access asks once more, as its own button does."""
    value = f"{number}:{key}"
    confirm = confirmation(guide, "confirm.revert") if revert else None
    return answer(
        guide, "offer",
        button(ids.GO_THERE, guide.say("buttons.go_there"), value, style="primary", confirm=confirm),
        button(ids.STAY, guide.say("buttons.stay"), value),
        agent=agent, step=step,
    )  # fmt: skip
