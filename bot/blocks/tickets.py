"""The ticket's card in the support channel and what stands in its thread."""

from datetime import datetime

from bot.blocks import actions as ids
from bot.blocks.kit import (
    SECTION_LIMIT,
    Block,
    Content,
    actions,
    button,
    confirmation,
    context,
    entity,
    escape,
    header,
    read_aloud,
    say,
    section,
    words,
)
from conversations.guide import Guide
from conversations.ticket.case import Mention, Value
from conversations.ticket.chart import OVER
from conversations.ticket.dossier import Dossier


def card(guide: Guide, dossier: Dossier, number: int, state: str) -> Content:
    """Everything an agent needs, with what they can do now."""
    status = _line(dossier.state_line)
    blocks: list[Block] = [header(dossier.title), section(status)]
    spoken = [escape(dossier.title), status]
    for position, part in enumerate(dossier.sections):
        lines = [f"*{escape(line.label)}:* {_line(line.value)}" for line in part.lines]
        blocks += [section(text) for text in _filled(f"*{escape(part.title)}*", lines)]
        spoken += [escape(part.title), *lines]
        if position == 0:  # what it is about comes first, and what can be done is not below a screenful
            blocks += _acts(guide, number, state)
    blocks.append(context(say(guide, "ticket.thread.internal")))
    return {"text": read_aloud(*spoken), "blocks": blocks}


def _acts(guide: Guide, number: int, state: str) -> list[Block]:
    elements = []
    if state == "open":
        elements.append(button(ids.CLAIM, guide.say("ticket.buttons.claim"), str(number), style="primary"))
    if state not in OVER:
        confirm = confirmation(guide, "ticket.confirm.resolve", danger=False)
        elements.append(button(ids.RESOLVE, guide.say("ticket.buttons.resolve"), str(number), confirm=confirm))
    return [actions(f"ticket.{number}.{state}", *elements)] if elements else []


def in_thread(guide: Guide, key: str, text: str = "", **values: object) -> Content:
    """A line of ours, and under it somebody's words as they were written."""
    intro = say(guide, key, **values)
    quote = [words(text)] if text else []
    return {"text": read_aloud(intro, escape(text)), "blocks": [context(intro), *quote]}


def _line(values: tuple[Value, ...]) -> str:
    return "".join(entity(v) if isinstance(v, datetime | Mention) else escape(v) for v in values)


def _filled(title: str, lines: list[str]) -> list[str]:
    """The lines in as few texts as Slack's limit allows."""
    texts = [title]
    for line in lines:
        if len(texts[-1]) + len(line) + 1 > SECTION_LIMIT:
            texts.append(line)
        else:
            texts[-1] += f"\n{line}"
    return texts
