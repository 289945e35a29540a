"""What is said when somebody waits: to support in the ticket's thread and in the morning's list, and to merchants."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks.entry_messages import answer
from bot.blocks.kit import Block, Content, context, entity, escape, header, read_aloud, say, section
from bot.blocks.talk import sentence
from conversations.engine.texts import Texts
from conversations.ticket.models import Mention
from conversations.ticket.sla import TimerKind

_LINES = 20
"""Tickets named in each part of the morning's list."""
_LINES_A_BLOCK = 10


@dataclass(frozen=True, kw_only=True)
class DigestEntry:
    """A ticket in the morning's list. `link` leads to its card; it is empty while that is not known to stand.

    `owner` is mentioned unless `owner_name` is there.
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
    """A time is nearly over, or over. `people` (user IDs) are mentioned; `since` is when the present state began."""
    mentions = " ".join(entity(Mention(one)) for one in people)
    at = since if kind.startswith("answer") else opened
    said = [say(texts, f"ticket.waiting.{kind}", number=number, at=at)]
    if not owned:
        said.append(say(texts, "ticket.waiting.nobody"))
    text = " ".join([*([mentions] if mentions else []), *said])
    return {"text": read_aloud(text), "blocks": [section(text)]}


def line(texts: Texts, kind: TimerKind, **values: object) -> Content:
    """What the merchant was told by itself, for support to know."""
    return sentence(say(texts, f"ticket.waiting.{kind}", **values))


def takes_longer(texts: Texts, number: int, agent: str | None) -> Content:
    """The merchant has waited for longer than was promised. `agent` is the name of whoever owns the ticket."""
    if agent is None:
        return answer(texts, "ticket_takes_longer", ticket=number)
    return answer(texts, "ticket_takes_longer_with", ticket=number, agent=agent)


def closing(texts: Texts, number: int, at: datetime, *, solved: bool) -> Content:
    """Without a word of the merchant the ticket closes `at` that moment."""
    return answer(texts, "ticket_closing_solved" if solved else "ticket_closing", ticket=number, at=at)


def closed(texts: Texts, number: int) -> Content:
    """The ticket has closed by itself; any word opens it again."""
    return answer(texts, "ticket_closed_by_itself", ticket=number)


def digest(texts: Texts, groups: Mapping[str, Sequence[DigestEntry]]) -> Content:
    """The morning's list. `groups` are "late", "support" and "merchant", each with its oldest ticket first."""
    title = texts.say("ticket.digest.title", count=sum(len(group) for group in groups.values()))
    counts = say(texts, "ticket.digest.counts", **{name: len(group) for name, group in groups.items()})
    blocks: list[Block] = [header(title), context(counts)]
    spoken = [escape(title), counts]
    for name, group in groups.items():
        if group:
            parts = list(_part(texts, name, group))
            blocks += [section(part) for part in parts]
            spoken += parts
    return {"text": read_aloud(*spoken), "blocks": blocks}


def _part(texts: Texts, name: str, group: Sequence[DigestEntry]) -> Iterator[str]:
    lines = [f"*{say(texts, f'ticket.digest.{name}')}*", *(_entry(texts, one) for one in group[:_LINES])]
    if len(group) > _LINES:
        lines.append(say(texts, "ticket.digest.more", count=len(group) - _LINES))
    for first in range(0, len(lines), _LINES_A_BLOCK):
        yield "\n".join(lines[first : first + _LINES_A_BLOCK])


def _entry(texts: Texts, one: DigestEntry) -> str:
    label = say(texts, "ticket.digest.ticket", number=one.number)
    name = f"<{escape(one.link)}|{label}>" if one.link else label
    category = texts.say(f"categories.{one.category}.name")
    values: dict[str, object] = {"priority": one.priority, "category": category, "at": one.since}
    if one.owner is None:
        return f"•  {name} · {say(texts, 'ticket.digest.line_free', **values)}"
    agent = one.owner_name or Mention(one.owner)
    return f"•  {name} · {say(texts, 'ticket.digest.line', agent=agent, **values)}"
