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
    menu,
    read_aloud,
    say,
    section,
    words,
)
from conversations.engine.texts import Texts
from conversations.ticket.models import Mention, Value
from conversations.ticket.ticket_summary import Section, TicketSummary

_AT_WORK = ("answer", "resolve", "history")
_WHILE_OWNED = ("step", "hand", "take", "release", "sort")
BUTTONS: dict[str, tuple[str, ...]] = {
    "open": ("claim", "answer", "resolve", "history"),
    "claimed": _AT_WORK,
    "waiting_for_merchant": _AT_WORK,
    "waiting_for_support": _AT_WORK,
    "resolved": ("reopen", "close", "history"),
    "closed": ("reopen", "history"),
}
"""What an agent can press in each state, in the order shown; all agents see the same card."""
PRIMARY = {"open": "claim", "claimed": "answer", "waiting_for_support": "answer"}
"""The one act that each state waits for."""
MENU: dict[str, tuple[str, ...]] = {
    "open": ("hand", "sort"),
    "claimed": _WHILE_OWNED,
    "waiting_for_merchant": _WHILE_OWNED,
    "waiting_for_support": _WHILE_OWNED,
    "resolved": (),
    "closed": (),
}
"""What is needed less often, behind „…“."""
_CONFIRMED = frozenset({"resolve"})


def card(texts: Texts, summary: TicketSummary, number: int, state: str) -> Content:
    """Everything an agent needs, with what they can do now."""
    status = _line(summary.state_line)
    if summary.current_step is not None:
        status = f"{status}\n*{escape(summary.current_step.label)}:* {_line(summary.current_step.value)}"
    # What can be done stands right below, always at the same place, and not below a screenful of what is known.
    blocks: list[Block] = [header(summary.title), section(status), *_acts(texts, number, state)]
    spoken = [escape(summary.title), status]
    for part in summary.sections:
        lines = lines_of(part)
        blocks += [section(text) for text in filled(f"*{escape(part.title)}*", lines)]
        spoken += [escape(part.title), *lines]
    blocks.append(context(say(texts, "ticket.thread.internal")))
    return {"text": read_aloud(*spoken), "blocks": blocks}


def _acts(texts: Texts, number: int, state: str) -> list[Block]:
    elements = [_button(texts, name, number, primary=name == PRIMARY.get(state)) for name in BUTTONS[state]]
    if MENU[state]:
        options = ((texts.say(f"ticket.buttons.{name}"), f"{name}:{number}") for name in MENU[state])
        elements.append(menu(ids.MORE, *options))
    return [actions(f"ticket.{number}.{state}", *elements)]


def _button(texts: Texts, name: str, number: int, *, primary: bool) -> Block:
    confirm = confirmation(texts, f"ticket.confirm.{name}", danger=False) if name in _CONFIRMED else None
    label, style = texts.say(f"ticket.buttons.{name}"), "primary" if primary else None
    value = str(ids.TimelinePage("t", number)) if name == "history" else str(number)
    return button(f"ticket:{name}", label, value, style=style, confirm=confirm)


def in_thread(texts: Texts, key: str, text: str = "", **values: object) -> Content:
    """A line of ours, and under it somebody's words as they were written."""
    intro = say(texts, key, **values)
    quote = [words(text)] if text else []
    return {"text": read_aloud(intro, escape(text)), "blocks": [context(intro), *quote]}


def lines_of(part: Section) -> list[str]:
    """Each line of a section as mrkdwn, its label in bold."""
    return [f"*{escape(line.label)}:* {_line(line.value)}" for line in part.lines]


def _line(values: tuple[Value, ...]) -> str:
    return "".join(entity(v) if isinstance(v, datetime | Mention) else escape(v) for v in values)


def filled(title: str, lines: list[str]) -> list[str]:
    """The lines in as few texts as Slack's limit allows."""
    texts = [title]
    for line in lines:
        if len(texts[-1]) + len(line) + 1 > SECTION_LIMIT:
            texts.append(line)
        else:
            texts[-1] += f"\n{line}"
    return texts
