"""Duplicates of one merchant become one ticket: one stays, the other closes and says which."""

from dataclasses import replace
from typing import Any

from bot.blocks import entry_messages
from bot.blocks import tickets as blocks
from bot.services import deadlines, deliveries, ticket_card, ticket_lists
from bot.services.ticket_actions import permitted
from bot.services.too_late import TooLate
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import ERASED, TicketRecord, WalkRecord
from conversations.engine.formatter import Mention
from conversations.engine.priority import higher
from conversations.engine.procedure import HELP, UNKNOWN
from conversations.ticket.acts import refusal
from conversations.ticket.sla import told_longer

_MOST = 5
"""Duplicates that are offered."""


def duplicates(unit: UnitOfWork, ticket: TicketRecord) -> list[TicketRecord]:
    """The other tickets under way of the same merchant, newest first, if the user may merge them into this one."""
    if refusal("merge", ticket, unit.user.user_id) is not None or ticket.merchant_id.startswith(ERASED):
        return []
    theirs = unit.tx.tickets(team_id=ticket.team_id, merchant_id=ticket.merchant_id, states=ticket_lists.OPEN)
    return [other for other in theirs if _can_take(unit, ticket, other)][:_MOST]


def merge(unit: UnitOfWork, into: int, number: int) -> None:
    """Merge ticket `number` into ticket `into`: words, times, walk and conversation. Raises `TooLate`.

    The merchant is told once; a step of theirs that named the other ticket names this one.
    """
    kept, other = permitted(unit, into, "merge"), permitted(unit, number, "merge")
    if kept.merchant_id.startswith(ERASED) or not _can_take(unit, kept, other):
        raise TooLate("answers.tickets_apart")
    turn = deadlines.support_turn(unit, other)
    detail: dict[str, Any] = {"number": number}
    told = told_longer(deadlines.history(unit, other))
    detail |= {name: at.isoformat() for name, at in (("since", turn), ("told", told)) if at is not None}
    if kept.claimed_by is None and other.claimed_by is not None:
        detail["to"] = other.claimed_by
    words = "\n\n".join(text for text in other.words if text not in kept.words)
    kept_walk, other_walk = _walks(unit, kept, other)
    steps = _steps_about(unit, other)
    unit.tx.merge_ticket(number, into)
    closing: dict[str, Any] = {
        "merged_into": into,
        "walk_id": None,
        "closed_by": unit.user.user_id,
        "closed_at": unit.now,
    }
    closed = ticket_card.transition(unit, other, "merge", detail={"number": into}, **closing)
    kept = replace(_carried(kept, other), walk_id=kept_walk)
    kept = ticket_card.transition(unit, kept, "absorb", detail=detail, words=words, owed=turn is not None)
    unit.tx.save_ticket(replace(closed, walk_id=other_walk))  # a walk has one ticket: first the other one lets go of it
    _tell(unit, kept, other, words)
    for record in steps:
        deliveries.show_at_step(unit.acting_for(record.team_id, record.worker_id), record, kept)


def _steps_about(unit: UnitOfWork, ticket: TicketRecord) -> list[WalkRecord]:
    """The merchant's walks under way whose step may name the ticket."""
    under_way = unit.tx.open_walks(ticket.team_id, ticket.merchant_id)
    return [record for record in under_way if unit.tx.ticket_of_walk(record.id) == ticket]


def _can_take(unit: UnitOfWork, kept: TicketRecord, other: TicketRecord) -> bool:
    """Whether these are two tickets of one merchant, or of one caller on the phone, and `kept` can go on for both.

    A ticket knows one procedure. So a walk under way through another one has to be that of the ticket that stays.
    """
    own, walk = unit.walk_of(kept), unit.walk_of(other)
    callers = {one.for_name.casefold() if one is not None else "" for one in (own, walk)}
    one_merchant = kept.number != other.number and kept.merchant_id == other.merchant_id and len(callers) == 1
    return one_merchant and (kept.procedure == other.procedure or walk is None or walk.ended_at is not None)


def _walks(unit: UnitOfWork, kept: TicketRecord, other: TicketRecord) -> tuple[int | None, int | None]:
    """The walks of the two from now on. The ticket that stays has the one under way, else its own, else the other's."""
    own, walk = unit.walk_of(kept), unit.walk_of(other)
    if walk is None or kept.procedure != other.procedure:
        return kept.walk_id, other.walk_id
    if own is None or (walk.ended_at is None and own.ended_at is not None):
        return other.walk_id, kept.walk_id
    return kept.walk_id, other.walk_id


def _carried(kept: TicketRecord, other: TicketRecord) -> TicketRecord:
    """The ticket that stays, with what only the other one knew; what both knew, as it was first or is graver."""
    owner = kept if kept.claimed_by is not None else other
    first, second = sorted((kept, other), key=lambda ticket: ticket.opened_at)
    same = kept.procedure == other.procedure  # else one knows nothing of the other's reasons and categories
    return replace(
        kept,
        words=tuple(dict.fromkeys((*first.words, *second.words))),
        opened_at=first.opened_at,
        answered_at=min((at for at in (kept.answered_at, other.answered_at) if at is not None), default=None),
        claimed_by=owner.claimed_by,
        claimed_at=owner.claimed_at,
        talk_key=kept.talk_key or other.talk_key,
        reason=other.reason if kept.reason == HELP and same else kept.reason,
        category=other.category if kept.category == UNKNOWN and same else kept.category,
        priority=higher(kept.priority, other.priority),
    )


def _tell(unit: UnitOfWork, kept: TicketRecord, other: TicketRecord, words: str) -> None:
    """Both threads say it, with links; so does one message to the merchant."""
    texts, agent = unit.support_texts, Mention(unit.user.user_id)
    values: dict[str, object] = {"agent": agent, "number": _named(unit, other)}
    key = "ticket.thread.absorbed"
    if other.claimed_by is not None and other.claimed_by not in {kept.claimed_by, unit.user.user_id}:
        key, values["before"] = "ticket.thread.absorbed_from", Mention(other.claimed_by)
    ticket_card.post_in_thread(unit, kept, blocks.in_thread(texts, key, words, **values))
    line = blocks.in_thread(texts, "ticket.thread.merged", agent=agent, into=_named(unit, kept))
    ticket_card.post_in_thread(unit, other, line)
    tickets = ", ".join(map(str, sorted((kept.number, other.number))))
    told = entry_messages.answer(unit.texts_for(kept.merchant_id), "tickets_merged", tickets=tickets, into=kept.number)
    unit.post(kept.direct_message, told)


def _named(unit: UnitOfWork, ticket: TicketRecord) -> str:
    """The ticket's number, and where its card is."""
    link = ticket_lists.link(unit, ticket)
    return f"{ticket.number} ({link})" if link.startswith("https://") else str(ticket.number)
