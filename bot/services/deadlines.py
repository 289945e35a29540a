"""The next timer of a ticket: planned again whenever the ticket changes."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from bot.services import answer_times
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import ERASED, TicketRecord, TicketTimer
from conversations.ticket import sla
from conversations.ticket.sla import MerchantsDay, NextTimer, TicketAct


def plan(unit: UnitOfWork, ticket: TicketRecord) -> TicketTimer | None:
    """Replace the ticket's timer; a closed ticket and one of a merchant who was erased have none."""
    following = unit.config.support.sla.next(
        history(unit, ticket), ticket.priority, unit.now, merchants_day(unit, ticket)
    )
    if following is None or ticket.merchant_id.startswith(ERASED):
        unit.tx.forget_ticket_timer(ticket.number)
        return None
    timer = TicketTimer(number=ticket.number, due_at=following.due_at, kind=following.kind)
    unit.tx.save_ticket_timer(timer)
    return timer


def due(unit: UnitOfWork, ticket: TicketRecord) -> NextTimer | None:
    """What is due for the ticket now, if anything."""
    return unit.config.support.sla.due(history(unit, ticket), ticket.priority, unit.now, merchants_day(unit, ticket))


def answer_due(unit: UnitOfWork, ticket: TicketRecord) -> datetime | None:
    """Until when support owes its next answer, if it owes one."""
    return unit.config.support.sla.answer_due(history(unit, ticket), ticket.priority)


def is_late(unit: UnitOfWork, ticket: TicketRecord) -> bool:
    """Whether support owes something whose time is over."""
    return unit.config.support.sla.is_late(history(unit, ticket), ticket.priority, unit.now)


def merchants_day(unit: UnitOfWork, ticket: TicketRecord) -> MerchantsDay:
    """When this merchant may be written to."""
    return partial(unit.config.reminders.by_day, person=unit.tx.person(ticket.team_id, ticket.merchant_id))


def postponed_until(unit: UnitOfWork, ticket: TicketRecord) -> datetime | None:
    """Until when the ticket is postponed; `None` when it is not."""
    return sla.postponed_until(history(unit, ticket))


def support_turn(unit: UnitOfWork, ticket: TicketRecord) -> datetime | None:
    """Since when it has been support's turn to answer; `None` while it is not."""
    return sla.support_turn(history(unit, ticket)) if ticket.state in sla.SUPPORT_OWES else None


def history(unit: UnitOfWork, ticket: TicketRecord) -> Sequence[TicketAct]:
    """The ticket's history."""
    return answer_times.history(unit.tx, ticket)
