"""Tickets are told to the mirrors: once for each use case, with all that it did to the ticket, as it stands then."""

from datetime import datetime

from bot.services import ticket_card
from bot.services.ticket_sync import Act, Line, MirroredTicket, Section
from bot.services.unit_of_work import Noted, Unit
from bot.store.models import ERASED, Row, TicketRecord
from conversations.ticket.models import Mention, Value
from conversations.ticket.sync_schema import ACTS


def mirror(unit: Unit) -> None:
    """Put a row for each mirror and each ticket to which something worth telling happened. For the end of `unit`."""
    told: dict[int, list[Noted]] = {}
    for noted in unit.noted:
        if noted.act in ACTS:
            told.setdefault(noted.number, []).append(noted)
    for number, acts in told.items() if unit.house.mirrors else ():
        ticket = unit.tx.ticket(number)
        if ticket is not None:
            _enqueue(unit, ticket, acts)


def _enqueue(unit: Unit, ticket: TicketRecord, acts: list[Noted]) -> None:
    shown = _shown(unit, ticket, acts)
    for one in unit.house.mirrors:
        # What begins the thread has a key that all the others can name.
        first = acts[0].act == "file"
        unit.tx.enqueue(
            Row(
                key=f"{shown.thread}.{one.name}" if first else unit.house.new_key(), team_id=ticket.team_id,
                method="mirror", to=one.name, content=one.render(shown),
                lane=f"mirror:{one.name}:{ticket.number}", created_at=unit.now, due_at=unit.now,
            )
        )  # fmt: skip


def _shown(unit: Unit, ticket: TicketRecord, acts: list[Noted]) -> MirroredTicket:
    noted_facts = next((noted.facts for noted in acts if noted.facts is not None), None)
    told = ticket_card.told(unit, ticket, noted_facts if unit.walk_of(ticket) is None else None)
    return MirroredTicket(
        version=1, number=ticket.number, thread=_thread(ticket), at=unit.now,
        acts=tuple(_act(unit, ticket, noted) for noted in acts),
        title=told.title, status=_plain(unit, told.state_line),
        state=ticket.state, priority=ticket.priority, category=ticket.category, reason=ticket.reason,
        language=ticket.language, merchant=_name(unit, ticket.merchant_id), owner=_owner(unit, ticket),
        opened_at=ticket.opened_at, resolved_at=ticket.resolved_at, closed_at=ticket.closed_at,
        dossier=tuple(
            Section(
                title=part.title,
                lines=tuple(Line(label=line.label, value=_plain(unit, line.value)) for line in part.lines),
            )
            for part in told.sections
        ),
        how_to_answer=unit.support_guide.say("mirror.how_to_answer"),
    )  # fmt: skip


def _thread(ticket: TicketRecord) -> str:
    """Neither of these ever changes, whatever becomes of the card, and no other bot's ticket has both."""
    return f"{ticket.number}-{round(ticket.opened_at.timestamp() * 1000)}"


def _act(unit: Unit, ticket: TicketRecord, noted: Noted) -> Act:
    by = unit.caller.name if unit.caller.user_id else ""
    guide = unit.support_guide
    values = {
        "by": by or guide.say("mirror.itself"),
        "merchant": _name(unit, ticket.merchant_id),
        "owner": _owner(unit, ticket) or guide.say("desk.nobody"),
    }
    if noted.act == "erased":
        by = values["by"] = values["merchant"]
    return Act(name=noted.act, by=by, sentence=guide.say(f"mirror.acts.{noted.act}", **values), words=noted.words)


def _owner(unit: Unit, ticket: TicketRecord) -> str | None:
    return _name(unit, ticket.claimed_by) if ticket.claimed_by is not None else None


def _name(unit: Unit, user_id: str) -> str:
    return user_id if user_id.startswith(ERASED) else unit.name_of(user_id)


def _plain(unit: Unit, values: tuple[Value, ...]) -> str:
    """What the card shows with Slack's entities: people by name, moments by the clocks of the support desk."""
    zone = unit.house.waiting.patience.worktime.zone
    text, people = "", set()
    for one in values:
        if isinstance(one, Mention):
            people.add(_name(unit, one.user_id))
            text += _name(unit, one.user_id)
        else:
            text += f"{one.astimezone(zone):%Y-%m-%d %H:%M %Z}" if isinstance(one, datetime) else one
    for name in people:  # the card has a name and, in brackets, the person to click on
        text = text.replace(f"{name} ({name})", name)
    return text
