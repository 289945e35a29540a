"""Queues for each ticket sender one message a unit of work and ticket, with everything that happened to it."""

from datetime import datetime

from bot.services import ticket_card
from bot.services.changes import TicketChange
from bot.services.ticket_sync import SyncedChange, SyncedLine, SyncedSection, SyncedTicket
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import ERASED, TicketRecord
from conversations.engine.formatter import Mention, Value
from conversations.ticket.text_schema import SYNCED_ACTS


def notify(unit: UnitOfWork) -> None:
    """Queue what happened to tickets in `unit`. The runner calls it before the commit."""
    changes_by_ticket: dict[int, list[TicketChange]] = {}
    for change in unit.ticket_changes:
        if change.act in SYNCED_ACTS:
            changes_by_ticket.setdefault(change.number, []).append(change)
    for number, acts in changes_by_ticket.items() if unit.config.ticket_senders else ():
        ticket = unit.tx.ticket(number)
        if ticket is not None:
            _enqueue(unit.acting_for(ticket.team_id, ""), ticket, acts)


def _enqueue(unit: UnitOfWork, ticket: TicketRecord, acts: list[TicketChange]) -> None:
    synced = _synced(unit, ticket, acts)
    for sender in unit.config.ticket_senders:
        # What begins the thread has a key that all the others can name.
        begins_thread = acts[0].act == "file"
        key = f"{synced.thread}.{sender.name}" if begins_thread else ""
        unit.sync(sender.name, sender.render(synced), key=key, ordering_key=f"mirror:{sender.name}:{ticket.number}")


def _synced(unit: UnitOfWork, ticket: TicketRecord, acts: list[TicketChange]) -> SyncedTicket:
    noted_walk = next((change.walk for change in acts if change.walk is not None), None)
    summary = ticket_card.summary_of(unit, ticket, noted_walk if unit.walk_of(ticket) is None else None)
    return SyncedTicket(
        version=1, number=ticket.number, thread=_thread(ticket), at=unit.now,
        acts=tuple(_change(unit, ticket, change) for change in acts),
        title=summary.title, status=_as_text(unit, summary.state_line),
        state=ticket.state, priority=ticket.priority, category=ticket.category, reason=ticket.reason,
        language=ticket.language, merchant=_name(unit, ticket.merchant_id), owner=_owner(unit, ticket),
        opened_at=ticket.opened_at, resolved_at=ticket.resolved_at, closed_at=ticket.closed_at,
        dossier=tuple(
            SyncedSection(
                title=section.title,
                lines=tuple(SyncedLine(label=line.label, value=_as_text(unit, line.value)) for line in section.lines),
            )
            for section in summary.sections
        ),
        how_to_answer=unit.support_texts.say("mirror.how_to_answer"),
    )  # fmt: skip


def _thread(ticket: TicketRecord) -> str:
    """Identifies the ticket for its whole life, among the tickets of all bots."""
    return f"{ticket.number}-{round(ticket.opened_at.timestamp() * 1000)}"


def _change(unit: UnitOfWork, ticket: TicketRecord, change: TicketChange) -> SyncedChange:
    by = change.by
    texts = unit.support_texts
    values = {
        "by": by or texts.say("mirror.itself"),
        "merchant": _name(unit, ticket.merchant_id),
        "owner": _owner(unit, ticket) or texts.say("desk.nobody"),
    }
    if change.act == "erased":
        by = values["by"] = values["merchant"]
    return SyncedChange(
        name=change.act, by=by, sentence=texts.say(f"mirror.acts.{change.act}", **values), words=change.words
    )


def _owner(unit: UnitOfWork, ticket: TicketRecord) -> str | None:
    return _name(unit, ticket.claimed_by) if ticket.claimed_by is not None else None


def _name(unit: UnitOfWork, user_id: str) -> str:
    return user_id if user_id.startswith(ERASED) else unit.name_of(user_id)


def _as_text(unit: UnitOfWork, values: tuple[Value, ...]) -> str:
    """The card's values as plain text: people by name, moments in the support desk's time zone."""
    zone = unit.config.support.sla.business_hours.zone
    text, people = "", set()
    for value in values:
        if isinstance(value, Mention):
            people.add(_name(unit, value.user_id))
            text += _name(unit, value.user_id)
        else:
            text += f"{value.astimezone(zone):%Y-%m-%d %H:%M %Z}" if isinstance(value, datetime) else value
    for name in people:  # the card has a name and, in brackets, the person to click on
        text = text.replace(f"{name} ({name})", name)
    return text
