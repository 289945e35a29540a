"""What agents do with a ticket: take it, hand it on, settle it. Each act is on the card and in the history."""

from typing import Any, Literal

from bot.blocks import doors
from bot.blocks.kit import Content
from bot.desk import cards
from bot.desk.unit import Unit
from bot.store.records import ERASED, TicketRecord
from conversations.amazon_token.interpret import Note
from conversations.ticket.chart import OVER, NotPossible


def claim(unit: Unit, number: int, response_url: str | None) -> None:
    """„Übernehmen“: who and when on the card, a word to the merchant. The second to press is told who was first."""
    _decide(unit, number, "claim", response_url)


def resolve(unit: Unit, number: int, response_url: str | None) -> None:
    """„Gelöst“: the card says so, and the merchant is asked whether it is."""
    _decide(unit, number, "resolve", response_url)


def _decide(unit: Unit, number: int, event: Literal["claim", "resolve"], response_url: str | None) -> None:
    ticket = unit.tx.ticket(number)
    if not unit.caller.is_agent or ticket is None or ticket.team_id != unit.caller.team_id:
        _answer(unit, response_url, doors.too_late(unit.guide, "agents_only", None))
        return
    name = "claimed" if event == "claim" else "resolved"
    fields: dict[str, Any] = {f"{name}_by": unit.caller.user_id, f"{name}_at": unit.now}
    try:
        changed = cards.change(unit, ticket, event, response_url=response_url, **fields)
    except NotPossible:
        _answer_late(unit, ticket, response_url)
        return
    _tell_merchant(unit, changed, "ticket_claimed" if event == "claim" else "ticket_resolved")


def _answer_late(unit: Unit, ticket: TicketRecord, response_url: str | None) -> None:
    over = ticket.state in OVER
    holder = ticket.resolved_by if over else ticket.claimed_by
    if holder == unit.caller.user_id or holder is None:
        return
    key = "ticket_already_resolved" if over else "ticket_already_claimed"
    values = {"ticket": ticket.number, "agent": unit.name_of(holder)}
    late = {
        **doors.answer(unit.guide, key, **values),
        "response_type": "ephemeral",
        "replace_original": False,
    }
    _answer(unit, response_url, late)


def _answer(unit: Unit, response_url: str | None, content: Content) -> None:
    if response_url is not None:
        unit.respond(response_url, content)


def _tell_merchant(unit: Unit, ticket: TicketRecord, code: str) -> None:
    if ticket.merchant_id.startswith(ERASED):
        return
    values = {"ticket": ticket.number, "agent": unit.caller.name}
    record = unit.tx.walk(ticket.walk_id) if ticket.walk_id is not None else None
    if record is not None and record.ended_at is None and code == "ticket_resolved":
        unit.show_again(record, Note(code, values))
        return
    guide = unit.house.guides[unit.language_of(ticket.merchant_id)]
    unit.post(ticket.merchant_id, doors.answer(guide, code, **values))
