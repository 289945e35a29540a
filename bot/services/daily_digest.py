"""The morning's list: which tickets wait, the oldest first, those over their time on top."""

from datetime import datetime, timedelta

from bot.blocks import escalations as blocks
from bot.services import deadlines, ticket_lists
from bot.services.context import AppConfig
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import TicketRecord
from bot.store.protocol import Transaction
from conversations.ticket.sla import MERCHANT_OWES, SUPPORT_OWES

JOB = "digest"
MOST = 1000
"""The most tickets that one list can hold."""


def next_morning(config: AppConfig, now: datetime) -> datetime:
    """The next moment (UTC) at which the list comes: a working morning after `now`."""
    business_hours, at = config.support.sla.business_hours, config.support.digest_time
    today = business_hours.local_day(now)
    if business_hours.works_on(today) and business_hours.at(today, at) > now:
        return business_hours.at(today, at)
    return business_hours.at(business_hours.next_day(today), at)


def is_due(config: AppConfig, tx: Transaction, now: datetime) -> bool:
    """Whether the list is due; in either case the next one is planned.

    After a downtime it comes once, later the same working day, and not at night or on a holiday.
    """
    planned = tx.job_due_at(JOB)
    if planned is not None and planned > now:
        return False
    tx.schedule_job(JOB, next_morning(config, now))
    business_hours = config.support.sla.business_hours
    today = business_hours.local_day(now)
    begins, ends = business_hours.at(today, config.support.digest_time), business_hours.at(today, business_hours.ends)
    return (
        planned is not None
        and business_hours.works_on(today)
        and begins <= now <= max(ends, begins + timedelta(hours=1))
    )


def teams(tx: Transaction) -> list[str]:
    """The workspaces in which a ticket waits."""
    return sorted({ticket.team_id for ticket in tx.tickets(states=SUPPORT_OWES | MERCHANT_OWES, limit=MOST)})


def post_due(unit: UnitOfWork) -> bool:
    """Post the morning's list in each workspace if it is due; whether it was."""
    if not is_due(unit.config, unit.tx, unit.now):
        return False
    for team_id in teams(unit.tx):
        post(unit.acting_for(team_id, ""))
    return True


def post(unit: UnitOfWork) -> None:
    """Post the list of the user's workspace, if any ticket waits. A ticket without a timer gets one."""
    tickets = unit.tx.tickets(team_id=unit.user.team_id, states=SUPPORT_OWES | MERCHANT_OWES, limit=MOST)
    for ticket in tickets:
        if unit.tx.ticket_timer(ticket.number) is None:
            deadlines.plan(unit, ticket)
    waiting = sorted(
        (waiting_ticket for waiting_ticket in tickets if waiting_ticket.state != "resolved"),
        key=lambda waiting_ticket: (waiting_ticket.opened_at, waiting_ticket.number),
    )
    if not waiting:
        return
    late = [waiting_ticket for waiting_ticket in waiting if deadlines.is_late(unit, waiting_ticket)]
    for_support = [
        waiting_ticket
        for waiting_ticket in waiting
        if waiting_ticket.state in SUPPORT_OWES and waiting_ticket not in late
    ]
    for_merchants = [waiting_ticket for waiting_ticket in waiting if waiting_ticket.state in MERCHANT_OWES]
    groups = {
        "late": [_entry(unit, waiting_ticket, late=True) for waiting_ticket in late],
        "support": [_entry(unit, waiting_ticket) for waiting_ticket in for_support],
        "merchant": [_entry(unit, waiting_ticket) for waiting_ticket in for_merchants],
    }
    unit.post(unit.support_channel, blocks.digest(unit.support_texts, groups))


def _entry(unit: UnitOfWork, ticket: TicketRecord, *, late: bool = False) -> blocks.DigestEntry:
    return blocks.DigestEntry(
        number=ticket.number,
        link=ticket_lists.link(unit, ticket),
        priority=ticket.priority,
        category=ticket_lists.category(unit.support_texts_about(ticket), ticket),
        since=ticket.opened_at,
        owner=ticket.claimed_by,
        owner_name=unit.name_of(ticket.claimed_by) if ticket.claimed_by and not late else None,
    )
