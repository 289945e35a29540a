"""The modals that open from a ticket's card."""

from collections.abc import Sequence
from typing import Any, get_args

from bot.blocks.actions import HAND, SORT, Seen
from bot.blocks.kit import Block, choice, field, modal, section, text_input
from bot.blocks.kit import say as mrkdwn
from conversations.amazon_token.triage import Category
from conversations.guide import Guide
from conversations.ticket.priority import Priority

NOTE_LIMIT = 1000


def hand_view(guide: Guide, seen: Seen, owner: str, people: Sequence[tuple[str, str]]) -> Block:
    """Who is to take care of the ticket: (name, user ID) of each who may. `owner` is a name."""
    key = "desk.forms.hand"
    intro = mrkdwn(guide, f"{key}.intro", owner=owner) if owner else mrkdwn(guide, f"{key}.intro_open")
    return form(
        guide, HAND, key, str(seen),
        section(intro),
        field(guide, "to", f"{key}.to", choice(people)),
        field(guide, "note", f"{key}.note", text_input(NOTE_LIMIT), optional=True),
    )  # fmt: skip


def sort_view(guide: Guide, seen: Seen, priority: str, category: str) -> Block:
    """Priority and category as they are, to be changed."""
    key = "desk.forms.sort"
    priorities = [(guide.say(f"ticket.values.priorities.{one}"), one) for one in get_args(Priority)]
    categories = [(guide.say(f"categories.{one}.name"), str(one)) for one in Category]
    return form(
        guide, SORT, key, str(seen),
        field(guide, "priority", f"{key}.priority", choice(priorities, priority)),
        field(guide, "category", f"{key}.category", choice(categories, category)),
    )  # fmt: skip


def form(guide: Guide, callback: str, key: str, metadata: str, *blocks: Block) -> dict[str, Any]:
    """A modal whose title and button the guide words below `key`."""
    title, submit, close = guide.say(f"{key}.title"), guide.say(f"{key}.submit"), guide.say("desk.forms.close")
    return modal(title, close, blocks, submit=submit, callback_id=callback, private_metadata=metadata)
