"""The modals that open from a ticket's card."""

from collections.abc import Sequence
from typing import Any, get_args

from bot.blocks.actions import HAND, SORT, VALUE, Seen
from bot.blocks.kit import Block, choice, field, plain, section
from bot.blocks.kit import say as mrkdwn
from conversations.amazon_token.triage import Category
from conversations.guide import Guide
from conversations.ticket.priority import Priority

NOTE_LIMIT = 1000


def hand_view(guide: Guide, seen: Seen, owner: str, people: Sequence[tuple[str, str]], chosen: str | None) -> Block:
    """Who is to take care of the ticket: (name, user ID) of each who may, and who is proposed. `owner` is a name."""
    key = "desk.forms.hand"
    intro = mrkdwn(guide, f"{key}.intro", owner=owner) if owner else mrkdwn(guide, f"{key}.intro_open")
    text: Block = {"type": "plain_text_input", "action_id": VALUE, "multiline": True, "max_length": NOTE_LIMIT}
    return modal(
        guide, HAND, key, str(seen),
        section(intro),
        field("to", guide.say(f"{key}.to.label"), guide.say(f"{key}.to.hint"), choice(people, chosen)),
        field("note", guide.say(f"{key}.note.label"), guide.say(f"{key}.note.hint"), text, optional=True),
    )  # fmt: skip


def sort_view(guide: Guide, seen: Seen, priority: str, category: str) -> Block:
    """Priority and category as they are, to be changed."""
    key = "desk.forms.sort"
    priorities = [(guide.say(f"ticket.values.priorities.{one}"), one) for one in get_args(Priority)]
    categories = [(guide.say(f"categories.{one}.name"), str(one)) for one in Category]
    return modal(
        guide, SORT, key, str(seen),
        field("priority", guide.say(f"{key}.priority.label"), guide.say(f"{key}.priority.hint"),
              choice(priorities, priority)),
        field("category", guide.say(f"{key}.category.label"), guide.say(f"{key}.category.hint"),
              choice(categories, category)),
    )  # fmt: skip


def modal(guide: Guide, callback: str, key: str, metadata: str, *blocks: Block) -> dict[str, Any]:
    """A modal whose title and button the guide words below `key`."""
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "title": plain(guide.say(f"{key}.title")),
        "submit": plain(guide.say(f"{key}.submit")),
        "close": plain(guide.say("desk.forms.close")),
        "blocks": list(blocks),
    }
