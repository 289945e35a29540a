"""The whole of a case on one screen: what the walk knows, and all that happened in it and in the ticket."""

from collections.abc import Iterator
from datetime import datetime

from bot.blocks import tickets as blocks
from bot.blocks.actions import About
from bot.blocks.kit import escape, say
from bot.blocks.timeline import Entry, History, history_view
from bot.services import ticket_actions
from bot.services.ticket_actions import NotDone, at_desk
from bot.services.ticket_lists import since, status
from bot.services.unit_of_work import Unit
from bot.store.models import Event, TicketEvent, TicketMessage, TicketRecord, WalkRecord
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.steps import CHOICES, STEPS, offer_of
from conversations.engine.texts import Guide
from conversations.ticket import summary_sections
from conversations.ticket.formatter import Pen
from conversations.ticket.models import Mention
from conversations.ticket.text_schema import TICKET_ACTS, WALK_ACTS

QUOTES, QUOTE_LIMIT = 3, 600
WORTH_NAMING = 60
"""Seconds at a step; what took less needs no word."""
_REMINDERS = frozenset({"reminder", "reminder_orders_paused"})
_TOLD_BY_MESSAGES = frozenset({"answer", "hear"})


def show(unit: Unit, about: About, response_url: str | None) -> dict[str, object] | None:
    """The timeline of a ticket or of a walk of the agent's team; `None` when it is not for this caller, who is told."""
    try:
        ticket, record = _case(unit, about)
    except NotDone as refused:
        ticket_actions.answer(unit, refused, response_url)
        return None
    return history_view(unit.guide, _history(unit, about, ticket, record))


def _case(unit: Unit, about: About) -> tuple[TicketRecord | None, WalkRecord | None]:
    if about.kind == "t":
        ticket = at_desk(unit, about.number)
        return ticket, unit.walk_of(ticket)
    record = unit.tx.walk(about.number)
    if not unit.caller.is_agent or record is None or record.team_id != unit.caller.team_id:
        raise NotDone("agents_only")
    return unit.tx.ticket_of_walk(record.id), record


def _history(unit: Unit, about: About, ticket: TicketRecord | None, record: WalkRecord | None) -> History:
    guide = unit.guide
    facts = Facts.model_validate_json(record.facts) if record is not None else None
    entries = [
        *(_of_walk(unit, record) if record is not None else ()),
        *(_of_ticket(unit, ticket) if ticket is not None else ()),
    ]
    title = guide.say("desk.history.title", ticket=ticket.number) if ticket else guide.say("desk.history.title_walk")
    return History(
        about, title, _lead(unit, ticket, record, facts), _facts(unit, ticket, facts),
        [text[:QUOTE_LIMIT] for text in (ticket.words[-QUOTES:] if ticket is not None else ())], entries,
    )  # fmt: skip


def _lead(unit: Unit, ticket: TicketRecord | None, record: WalkRecord | None, facts: Facts | None) -> str:
    guide, lines = unit.guide, []
    if ticket is not None:
        lines.append(say(guide, "desk.history.state", priority=ticket.priority, status=status(unit, ticket)))
    if record is not None and facts is not None:
        name = record.for_name or unit.name_of(record.worker_id)
        key = "stands" if record.ended_at is None else "ended"
        step = summary_sections.named_step(Pen(guide), record.step)
        lines.append(
            say(guide, f"desk.history.{key}", name=name, step=step, since=record.ended_at or since(unit, record))
        )
        if facts.in_danger_zone and record.ended_at is None:
            lines.append(say(guide, "frame.orders_paused"))
    elif ticket is not None:
        lines.append(say(guide, "desk.history.no_walk", name=unit.name_of(ticket.merchant_id)))
    return "\n".join(lines)


def _facts(unit: Unit, ticket: TicketRecord | None, facts: Facts | None) -> list[str]:
    guide, texts = unit.guide, []
    if ticket is not None:
        category = f"categories.{ticket.category}"
        name, advice = escape(guide.say(f"{category}.name")), escape(guide.say(f"{category}.answer"))
        texts.append(f"*{name}*\n{advice}")
    if facts is not None:
        pen = Pen(guide)
        for part in (
            summary_sections.fetches(pen, facts), summary_sections.connect(pen, facts),
            summary_sections.amazon(pen, facts, unit.house.policy), summary_sections.tokens(pen, facts),
        ):  # fmt: skip
            texts += blocks.filled(f"*{escape(part.title)}*", blocks.lines_of(part))
    return texts


def _of_walk(unit: Unit, record: WalkRecord) -> Iterator[Entry]:
    since = record.started_at
    for event in unit.tx.events(record.id):
        text = _walk_text(unit.guide, event, since)
        if event.step != event.next_step:
            since = event.at
        if text and event.actor_id != record.worker_id:
            text = f"{text} · {escape(unit.name_of(event.actor_id))}"
        if text:
            yield Entry(event.at, text)


def _walk_text(guide: Guide, event: Event, since: datetime) -> str:
    """What happened at a step; "" for what only repeats it."""
    pen = Pen(guide)
    step = summary_sections.named_step(pen, event.step)
    if event.name == "shown_again":
        reminded = _REMINDERS & set(event.detail.get("notes", ()))
        return say(guide, "desk.history.walk.reminded", step=step) if reminded else ""
    if event.name in WALK_ACTS:
        return say(guide, f"desk.history.walk.{event.name}", step=step)
    label = _label(guide, event)
    text = say(guide, f"desk.history.walk.{'pressed' if label else 'happened'}", step=step, label=label)
    seconds = (event.at - since).total_seconds()
    if seconds < WORTH_NAMING:
        return text
    return f"{text} · {say(guide, 'desk.history.walk.after', spent=pen.duration(seconds))}"


def _label(guide: Guide, event: Event) -> str:
    """The words of the button, or of the choice, as the merchant read them; "" for an event of another version."""
    if event.name in CHOICES:
        choice = event.detail.get("choice")
        return guide.say(f"choices.{event.name}.{choice}") if choice in CHOICES[event.name] else ""
    known = event.step in STEPS and offer_of(event.step, event.name) is not None
    return guide.say(f"steps.{event.step}.buttons.{event.name}") if known else ""


def _of_ticket(unit: Unit, ticket: TicketRecord) -> Iterator[Entry]:
    for event in unit.tx.ticket_events(ticket.number):
        if event.name not in _TOLD_BY_MESSAGES:
            yield Entry(event.at, _ticket_text(unit, event))
    for message in unit.tx.ticket_messages(ticket.number):
        yield _message(unit, ticket, message)


def _ticket_text(unit: Unit, event: TicketEvent) -> str:
    actor: Mention | str = Mention(event.actor_id) if event.actor_id else unit.guide.say("desk.history.itself")
    if event.name not in TICKET_ACTS:
        return say(unit.guide, "desk.history.ticket.other", act=event.name, agent=actor)
    to = event.detail.get("to")
    changes = " · ".join(_changes(unit.guide, event))
    values = {"agent": actor, "to": Mention(to) if isinstance(to, str) else "", "changes": changes}
    return say(unit.guide, f"desk.history.ticket.{event.name}", **values)


def _changes(guide: Guide, event: TicketEvent) -> Iterator[str]:
    for name in ("priority", "category"):
        if name in event.detail:
            before, after = event.detail[name]
            if name == "category":
                before, after = (guide.say(f"categories.{one}.name") for one in (before, after))
            yield f"{before} → {after}"


def _message(unit: Unit, ticket: TicketRecord, message: TicketMessage) -> Entry:
    people = {"agent": Mention(message.author_id), "merchant": unit.name_of(ticket.merchant_id)}
    text = say(unit.guide, f"desk.history.messages.{message.side}", **people)
    if message.state != "sent":
        text = f"{text} · {say(unit.guide, f'desk.history.messages.{message.state}')}"
    return Entry(message.at, text, message.text[:QUOTE_LIMIT])
