"""Messages about tickets that wait: to support in the ticket's thread and in the daily digest, and to merchants."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks.entry_messages import answer
from bot.blocks.kit import Block, Content, context, entity, escape, header, say, section, top_level_text
from bot.blocks.talk import sentence
from conversations.engine.formatter import Mention
from conversations.engine.texts import Texts
from conversations.ticket.sla import TimerKind

_LINES = 200
"""Tickets listed in each part of the digest; what Slack does not take in one message is in its thread."""
_LINES_A_BLOCK = 10


@dataclass(frozen=True, kw_only=True)
class DigestEntry:
    """A ticket in the daily digest. `link` leads to its card; it is empty until the card is delivered.

    `category` is "" while none is known. `owner` (a user ID) is mentioned unless `owner_name` is given.
    """

    number: int
    link: str
    priority: str
    category: str
    since: datetime
    owner: str | None = None
    owner_name: str | None = None


def warning(
    texts: Texts, kind: TimerKind, people: Sequence[str], *, number: int, since: datetime, opened: datetime, owned: bool
) -> Content:
    """To support: a limit is near or over. `people` (user IDs) are mentioned; `since` is when the state began."""
    mentions = " ".join(entity(Mention(user_id)) for user_id in people)
    at = since if kind.startswith("answer") else opened
    sentences = [say(texts, f"ticket.waiting.{kind}", number=number, at=at)]
    if not owned:
        sentences.append(say(texts, "ticket.waiting.nobody"))
    text = " ".join([*([mentions] if mentions else []), *sentences])
    return {"text": top_level_text(text), "blocks": [section(text)]}


def line(texts: Texts, kind: TimerKind, **values: object) -> Content:
    """To support: what a timer has just told the merchant."""
    return sentence(say(texts, f"ticket.waiting.{kind}", **values))


def takes_longer(texts: Texts, number: int, agent: str | None, again: datetime) -> Content:
    """To the merchant: the answer takes longer, and by when they hear again. `agent` is the owner's name, if any."""
    if agent is None:
        return answer(texts, "ticket_takes_longer", ticket=number, at=again)
    return answer(texts, "ticket_takes_longer_with", ticket=number, agent=agent, at=again)


def closing(texts: Texts, number: int, at: datetime, *, solved: bool) -> Content:
    """To the merchant: without an answer the ticket is closed at that moment."""
    return answer(texts, "ticket_closing_solved" if solved else "ticket_closing", ticket=number, at=at)


def closed(texts: Texts, number: int) -> Content:
    """To the merchant: the ticket was closed by a timer; any message opens it again."""
    return answer(texts, "ticket_closed_by_itself", ticket=number)


def digest(texts: Texts, groups: Mapping[str, Sequence[DigestEntry]]) -> Content:
    """The daily digest. `groups` are "late", "support" and "merchant", each with its oldest ticket first."""
    title = texts.say("ticket.digest.title", count=sum(len(group) for group in groups.values()))
    counts = say(texts, "ticket.digest.counts", **{name: len(group) for name, group in groups.items()})
    blocks: list[Block] = [header(title), context(counts)]
    text_lines = [escape(title), counts]
    for name, group in groups.items():
        if group:
            parts = list(_part(texts, name, group))
            blocks += [section(part) for part in parts]
            text_lines += parts
    return {"text": top_level_text(*text_lines), "blocks": blocks}


def _part(texts: Texts, name: str, group: Sequence[DigestEntry]) -> Iterator[str]:
    lines = [f"*{say(texts, f'ticket.digest.{name}')}*", *(_entry(texts, entry) for entry in group[:_LINES])]
    if len(group) > _LINES:
        lines.append(say(texts, "ticket.digest.more", count=len(group) - _LINES))
    for first in range(0, len(lines), _LINES_A_BLOCK):
        yield "\n".join(lines[first : first + _LINES_A_BLOCK])


def _entry(texts: Texts, entry: DigestEntry) -> str:
    label = say(texts, "ticket.digest.ticket", number=entry.number)
    name = f"<{escape(entry.link)}|{label}>" if entry.link else label
    values: dict[str, object] = {"priority": entry.priority, "at": entry.since}
    if entry.category:
        values["category"] = entry.category
    if entry.owner is not None:
        values["agent"] = entry.owner_name or Mention(entry.owner)
    key = ("line" if entry.category else "bare") + ("" if entry.owner is not None else "_free")
    return f"•  {name} · {say(texts, f'ticket.digest.{key}', **values)}"
