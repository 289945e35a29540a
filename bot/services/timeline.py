"""The timeline of a ticket or walkthrough: its facts, and everything that happened in it."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.blocks import tickets as blocks
from bot.blocks.actions import TimelinePage
from bot.blocks.forms import sentence_view
from bot.blocks.kit import View, escape, modal, say, section
from bot.blocks.timeline import Timeline, TimelineEntry, timeline_view
from bot.services import pleas, ticket_card, ticket_merging
from bot.services.ticket_actions import take_next, ticket_for_agent
from bot.services.ticket_lists import since, status
from bot.services.too_late import TooLate, refused_in_modal
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Event, TicketEvent, TicketMessage, TicketRecord, WalkRecord
from conversations.engine.formatter import Formatter, Mention, Section
from conversations.engine.procedure import AnyProcedure
from conversations.engine.texts import Texts
from conversations.engine.walkthrough import AnyWalk
from conversations.ticket.progress import named_step
from conversations.ticket.support_text_schema import TICKET_ACTS, WALK_ACTS

QUOTES, QUOTE_LIMIT = 3, 600
WORTH_NAMING = 60
"""Seconds at a step; what took less needs no word."""
_REMINDERS = frozenset({"reminder", "reminder_urgent", "reminder_orders_paused"})
"""The last one until version 0.1."""
_ABOUT_ANOTHER = frozenset({"absorb", "merge"})
_TOLD_BY_MESSAGES = frozenset({"answer", "hear"})


@refused_in_modal
def show(unit: UnitOfWork, about: TimelinePage, _response_url: str | None) -> View | None:
    """The modal with a ticket's or walkthrough's timeline, or that says why not."""
    ticket, record = _case(unit, about)
    return timeline_view(unit.texts, _history(unit, about, ticket, record))


def show_next(unit: UnitOfWork) -> View:
    """Take the most urgent ticket: the modal with its timeline, or with a sentence when there is none."""
    ticket = take_next(unit)
    shown = show(unit, TimelinePage("t", ticket.number), None) if ticket is not None else None
    if shown is not None:
        return shown
    sentence = say(unit.texts, "desk.overview.none_next" if unit.user.is_agent else "answers.agents_only")
    return modal(unit.texts.say("desk.overview.next"), unit.texts.say("buttons.close"), [section(sentence)])


def merge_pressed(unit: UnitOfWork, pair: tuple[int, int], _response_url: str | None) -> View | None:
    """Merge the second ticket of `pair` into the first: the modal with its timeline, or with the reason why not."""
    try:
        ticket_merging.merge(unit, *pair)
    except TooLate as late:
        if late.key:
            return sentence_view(unit.texts, late.key, **late.values)
    return show(unit, TimelinePage("t", pair[0]), None)


def _case(unit: UnitOfWork, about: TimelinePage) -> tuple[TicketRecord | None, WalkRecord | None]:
    if about.kind == "t":
        ticket = ticket_for_agent(unit, about.number)
        return ticket, unit.walk_of(ticket)
    record = unit.tx.walk(about.number)
    if not unit.user.is_agent or record is None or record.team_id != unit.user.team_id:
        raise TooLate("answers.agents_only")
    return unit.tx.ticket_of_walk(record.id), record


def _history(unit: UnitOfWork, about: TimelinePage, ticket: TicketRecord | None, record: WalkRecord | None) -> Timeline:
    texts = unit.texts
    walk = unit.open(record) if record is not None else None
    entries = [
        *(_of_walk(unit, record) if record is not None else ()),
        *(_errors(unit, ticket, record, walk) if record is not None and walk is not None else ()),
        *(_of_ticket(unit, ticket) if ticket is not None else ()),
    ]
    others = ticket_merging.duplicates(unit, ticket) if ticket is not None else []
    title = texts.say("desk.history.title", ticket=ticket.number) if ticket else texts.say("desk.history.title_walk")
    return Timeline(
        about, title, _lead(unit, ticket, record, walk), _facts(unit, ticket, walk),
        [text[:QUOTE_LIMIT] for text in (ticket.words[-QUOTES:] if ticket is not None else ())], entries,
        [(other.number, _duplicate(unit, other)) for other in others],
    )  # fmt: skip


def _duplicate(unit: UnitOfWork, other: TicketRecord) -> str:
    since = other.waiting_since or other.opened_at
    return say(unit.texts, "desk.history.duplicate", number=other.number, status=status(unit, other), since=since)


def _lead(unit: UnitOfWork, ticket: TicketRecord | None, record: WalkRecord | None, walk: AnyWalk | None) -> str:
    texts, lines = unit.texts, []
    if ticket is not None:
        lines.append(say(texts, "desk.history.state", priority=ticket.priority, status=status(unit, ticket)))
    if record is not None and walk is not None:
        name = record.for_name or unit.name_of(record.worker_id)
        key = "stands" if record.ended_at is None else "ended"
        step = named_step(Formatter(unit.texts_about(record)), walk.procedure, record.step)
        lines.append(
            say(texts, f"desk.history.{key}", name=name, step=step, since=record.ended_at or since(unit, record))
        )
        if walk.urgency is not None and record.ended_at is None:
            lines.append(say(unit.texts_about(record), "frame.urgent"))
    elif ticket is not None:
        lines.append(say(texts, "desk.history.no_walk", name=unit.name_of(ticket.merchant_id)))
    return "\n".join(lines)


def _facts(unit: UnitOfWork, ticket: TicketRecord | None, walk: AnyWalk | None) -> list[str]:
    """Everything that is known now: of the ticket, or of a walk without one."""
    parts: Iterable[Section] = ()
    if ticket is not None:
        parts = ticket_card.summary_of(unit, ticket, walk, unit.texts_about(ticket)).sections
    elif walk is not None:
        formatter = Formatter(unit.config.all_texts.of(unit.user.language, walk.procedure.id))
        parts = walk.procedure.tickets.sections(formatter, walk, []).values()
    return ["\n".join([f"*{escape(part.title)}*", *blocks.lines_of(part)]) for part in parts]


def _of_walk(unit: UnitOfWork, record: WalkRecord) -> Iterator[TimelineEntry]:
    since = record.started_at
    for event in unit.tx.events(record.id):
        text = _walk_text(unit.texts_about(record), unit.procedure_of(record), event, since)
        if event.step != event.next_step:
            since = event.at
        if text and event.actor_id != record.worker_id:
            text = f"{text} · {escape(unit.name_of(event.actor_id))}"
        if text:
            yield TimelineEntry(event.at, text)


def _errors(
    unit: UnitOfWork, ticket: TicketRecord | None, record: WalkRecord, walk: AnyWalk
) -> Iterator[TimelineEntry]:
    """The error messages that were pasted on the way; those in the conversation are shown there."""
    texts = unit.texts_about(record)
    said = {message.text for message in unit.tx.ticket_messages(ticket.number)} if ticket is not None else set[str]()
    for error in walk.state.errors:
        if error.text not in said:
            step = named_step(Formatter(texts), walk.procedure, error.step)
            text = say(texts, "desk.history.walk.error_text", step=step)
            yield TimelineEntry(error.at, text, error.text[:QUOTE_LIMIT])


def _walk_text(texts: Texts, procedure: AnyProcedure, event: Event, since: datetime) -> str:
    """What happened at a step; "" for what only repeats it, and for an act that a later one of its screen implies."""
    if event.detail.get("inferred"):
        return ""
    formatter = Formatter(texts)
    step = named_step(formatter, procedure, event.step)
    if event.name in {pleas.ASKED, "later"}:
        return ""
    if event.name == "shown_again":
        reminded = _REMINDERS & set(event.detail.get("notes", ()))
        return say(texts, "desk.history.walk.reminded", step=step) if reminded else ""
    if event.name in WALK_ACTS or event.name in procedure.texts.acts:
        return say(texts, f"desk.history.walk.{event.name}", step=step)
    label = _label(texts, procedure, event)
    text = say(texts, f"desk.history.walk.{'pressed' if label else 'happened'}", step=step, label=label)
    seconds = (event.at - since).total_seconds()
    if seconds < WORTH_NAMING:
        return text
    return f"{text} · {say(texts, 'desk.history.walk.after', spent=formatter.duration(seconds))}"


def _label(texts: Texts, procedure: AnyProcedure, event: Event) -> str:
    """The words of the button, or of the choice, as the merchant read them; "" for an event of another version."""
    if event.name in procedure.choices:
        choice = event.detail.get("choice")
        return texts.say(f"choices.{event.name}.{choice}") if choice in procedure.choices[event.name] else ""
    offered = procedure.offer_of(event.step, event.name) is not None
    return texts.say(f"steps.{event.step}.buttons.{event.name}") if offered else ""


def _of_ticket(unit: UnitOfWork, ticket: TicketRecord) -> Iterator[TimelineEntry]:
    yield from _acts(unit, ticket)
    for message in unit.tx.ticket_messages(ticket.number):
        if message.state != "held":
            yield _message(unit, ticket, message)


def _acts(unit: UnitOfWork, ticket: TicketRecord, prefix: str = "") -> Iterator[TimelineEntry]:
    """What was done in a ticket, and before in those that were merged into it: after the `prefix` of their number."""
    for event in unit.tx.ticket_events(ticket.number):
        if event.name not in _TOLD_BY_MESSAGES:
            yield TimelineEntry(event.at, prefix + _ticket_text(unit, ticket, event))
        other = unit.tx.ticket(event.detail["number"]) if event.name == "absorb" and event.detail else None
        if other is not None:
            yield from _acts(unit, other, f"{other.number} · ")


def _ticket_text(unit: UnitOfWork, ticket: TicketRecord, event: TicketEvent) -> str:
    actor: Mention | str = Mention(event.actor_id) if event.actor_id else unit.texts.say("desk.history.itself")
    if event.name in _ABOUT_ANOTHER:
        return say(unit.texts, f"desk.history.ticket.{event.name}", agent=actor, number=str(event.detail.get("number")))
    if event.name not in TICKET_ACTS:
        return say(unit.texts, "desk.history.ticket.other", act=event.name, agent=actor)
    to = event.detail.get("to")
    changes = " · ".join(_changes(unit.texts_about(ticket), event))
    values = {"agent": actor, "to": Mention(to) if isinstance(to, str) else "", "changes": changes}
    text = say(unit.texts, f"desk.history.ticket.{event.name}", **values)
    reason = event.detail.get("reason")
    if reason is None:
        return text
    return f"{text} · {escape(unit.texts_about(ticket).say(f'ticket.values.reasons.{reason}'))}"


def _changes(texts: Texts, event: TicketEvent) -> Iterator[str]:
    for name in ("priority", "category"):
        if name in event.detail:
            before, after = event.detail[name]
            if name == "category":
                before, after = (texts.say(f"categories.{value}.name") for value in (before, after))
            yield f"{before} → {after}"


def _message(unit: UnitOfWork, ticket: TicketRecord, message: TicketMessage) -> TimelineEntry:
    people = {"agent": Mention(message.author_id), "merchant": unit.name_of(ticket.merchant_id)}
    text = say(unit.texts, f"desk.history.messages.{message.side}", **people)
    if message.state != "sent":
        text = f"{text} · {say(unit.texts, f'desk.history.messages.{message.state}')}"
    return TimelineEntry(message.at, text, message.text[:QUOTE_LIMIT])
