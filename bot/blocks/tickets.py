"""The ticket's card in the support channel and the messages in its thread."""

from datetime import datetime

from bot.blocks import actions as ids
from bot.blocks.kit import (
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
    quote,
    rich_lines,
    say,
    section,
    top_level_text,
)
from conversations.engine.formatter import Line, Mention, Value
from conversations.engine.texts import Texts
from conversations.ticket.acts import offered
from conversations.ticket.models import TicketFacts
from conversations.ticket.ticket_summary import Section, TicketSummary

PRIMARY = {"open": "claim", "claimed": "answer", "waiting_for_support": "answer"}
"""The primary button: the act that the state waits for."""
_CONFIRMED = frozenset({"resolve"})


def card(texts: Texts, summary: TicketSummary, ticket: TicketFacts) -> Content:
    """The card: its title and lines, and the buttons that its state allows. A closed ticket is one line."""
    over = ticket.state == "closed"
    lines = [Line("", (summary.title,)), *summary.lines] if over else summary.lines
    text = [_line(line.value) if not line.label else f"*{escape(line.label)}:* {_line(line.value)}" for line in lines]
    blocks = [rich_lines([(line.label, line.value) for line in lines], " · " if over else "\n")]
    if not over:
        blocks.insert(0, header(summary.title))
        text.insert(0, escape(summary.title))
    return {"text": top_level_text(*text), "blocks": [*blocks, *_buttons(texts, ticket)]}


def snapshot(texts: Texts, summary: TicketSummary, at: datetime) -> Content:
    """The first reply in the ticket's thread: everything that was known at that moment."""
    intro, internal = say(texts, "ticket.thread.snapshot", at=at), say(texts, "ticket.thread.internal")
    blocks, text_lines = [section(intro)], [intro]
    for part in summary.sections:
        lines = lines_of(part)
        blocks.append(section("\n".join([f"*{escape(part.title)}*", *lines])))
        text_lines += [escape(part.title), *lines]
    return {"text": top_level_text(*text_lines), "blocks": [*blocks, context(internal)]}


def _buttons(texts: Texts, ticket: TicketFacts) -> list[Block]:
    number, state, merged = ticket.number, ticket.state, ticket.merged_into is not None
    names = offered(state, "button", merged=merged)
    elements = [_button(texts, name, number, primary=name == PRIMARY.get(state)) for name in names]
    if more := offered(state, "menu"):
        elements.append(menu(ids.MORE, *((texts.say(f"ticket.buttons.{name}"), f"{name}:{number}") for name in more)))
    return [actions(f"ticket.{number}.{state}", *elements)]


def _button(texts: Texts, name: str, number: int, *, primary: bool) -> Block:
    confirm = confirmation(texts, f"ticket.confirm.{name}", danger=False) if name in _CONFIRMED else None
    label, style = texts.say(f"ticket.buttons.{name}"), "primary" if primary else None
    value = str(ids.TimelinePage("t", number)) if name == "history" else str(number)
    return button(f"ticket:{name}", label, value, style=style, confirm=confirm)


def in_thread(texts: Texts, key: str, text: str = "", **values: object) -> Content:
    """A line from the bot, and below it what a person wrote, if anything."""
    intro = say(texts, key, **values)
    quotes = [quote(text)] if text else []
    return {"text": top_level_text(intro, escape(text)), "blocks": [context(intro), *quotes]}


def lines_of(part: Section) -> list[str]:
    """Each line of a section as mrkdwn, its label in bold."""
    return [f"*{escape(line.label)}:* {_line(line.value)}" for line in part.lines]


def _line(values: tuple[Value, ...]) -> str:
    return "".join(_shown(value) for value in values)


def _shown(value: Value) -> str:
    if isinstance(value, datetime | Mention):
        return entity(value)
    # Slack makes a link of a typed https address, but not of one that opens a profile.
    return f"<{escape(value)}>" if value.startswith("slack://") else escape(value)
