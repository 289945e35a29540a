"""The timeline of a ticket or a walk in a modal: what it is about, then everything that happened, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.blocks import actions as ids
from bot.blocks.kit import Block, actions, button, confirmation, context, date, modal, quote, section
from conversations.engine.texts import Texts

PAGE = 30
"""Entries on a page: one with a quote takes two of the hundred blocks that a modal may have."""


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened. `text` is mrkdwn; `quote` is what a person wrote, or ""."""

    at: datetime
    text: str
    quote: str = ""


@dataclass(frozen=True)
class Timeline:
    """What the modal shows. `lead` and `facts` are mrkdwn, `quotes` what people wrote into the ticket.

    `duplicates` are other open tickets of the same merchant: number and mrkdwn.
    """

    about: ids.TimelinePage
    title: str
    lead: str
    facts: Sequence[str]
    quotes: Sequence[str]
    entries: Sequence[TimelineEntry]
    duplicates: Sequence[tuple[int, str]] = ()


def timeline_view(texts: Texts, timeline: Timeline) -> dict[str, Any]:
    """The page that `timeline.about` names, or the last page when it has fewer."""
    entries = sorted(timeline.entries, key=lambda entry: entry.at, reverse=True)
    last = max(0, (len(entries) - 1) // PAGE)
    about = timeline.about.at_page(min(timeline.about.page, last))
    blocks: list[Block] = [section(timeline.lead), actions("history.pages", *_pages(texts, about, last))]
    if about.page == 0:
        blocks += [_duplicate(texts, about.number, number, text) for number, text in timeline.duplicates]
        blocks += [section(text) for text in timeline.facts]
        blocks += [quote(text) for text in timeline.quotes]
    blocks.append({"type": "divider"})
    for entry in entries[about.page * PAGE : (about.page + 1) * PAGE]:
        blocks.append(context(f"{date(entry.at)}   {entry.text}"))
        if entry.quote:
            blocks.append(quote(entry.quote))
    close = texts.say("buttons.close")
    return modal(timeline.title, close, blocks, callback_id=ids.HISTORY, private_metadata=str(about))


def _duplicate(texts: Texts, into: int, number: int, text: str) -> Block:
    confirm = confirmation(texts, "ticket.confirm.merge", number=number, into=into)
    merge = button(ids.MERGE, texts.say("ticket.buttons.merge"), f"{into}:{number}", confirm=confirm)
    return {**section(text), "block_id": f"history.duplicate.{number}", "accessory": merge}


def _pages(texts: Texts, about: ids.TimelinePage, last: int) -> list[Block]:
    turns = [("newer", about.page - 1)] if about.page > 0 else []
    turns += [("older", about.page + 1)] if about.page < last else []
    return [
        *(
            button(f"{ids.TURN}:{name}", texts.say(f"desk.history.{name}"), str(about.at_page(to)))
            for name, to in turns
        ),
        button(f"{ids.TURN}:again", texts.say("desk.history.again"), str(about.at_page(0))),
    ]
