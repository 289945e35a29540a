"""What happens to a ticket when time passes: warnings, escalations, the closing announcement, closing."""

from dataclasses import replace

from bot.blocks import escalations as blocks
from bot.services import deadlines, ticket_card
from bot.services.agent_messages import post_to_merchant
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import ERASED, TicketRecord, TicketTimer
from conversations.ticket.sla import LIMITS, TO_SUPPORT, NextTimer


def fire_due(unit: UnitOfWork) -> bool:
    """Look at the ticket whose timer has been due longest; whether there was one."""
    timer = unit.tx.due_ticket_timer(unit.now)
    if timer is None:
        return False
    ticket = unit.tx.ticket(timer.number)
    fire(unit.acting_for(ticket.team_id if ticket is not None else "", ""), timer)
    return True


def fire(unit: UnitOfWork, timer: TicketTimer) -> None:
    """Do what is due for the ticket now, if anything, and plan its next timer."""
    ticket = unit.tx.ticket(timer.number)
    if ticket is None or ticket.merchant_id.startswith(ERASED):
        unit.tx.forget_ticket_timer(timer.number)
        return
    due = deadlines.due(unit, ticket)
    if due is None:
        deadlines.plan(unit, ticket)
    elif due.kind in TO_SUPPORT:
        _tell_support(unit, ticket, due)
    elif due.kind == "merchant_word":
        _tell_longer(unit, ticket)
    elif due.kind == "close_announced":
        _announce(unit, ticket)
    elif due.kind == "wake":
        _tell_support(unit, ticket_card.transition(unit, ticket, "wake"), due)
    else:
        _close(unit, ticket)


def _tell_support(unit: UnitOfWork, ticket: TicketRecord, due: NextTimer) -> None:
    """In the ticket's thread: the owner is mentioned, at a limit the people for escalation as well.

    When there is nobody to mention, the line is shown in the channel too.
    """
    escalation = unit.config.support.escalation if due.kind in LIMITS else ()
    people = tuple(dict.fromkeys((*((ticket.claimed_by,) if ticket.claimed_by else ()), *escalation)))
    content = blocks.warning(
        unit.support_texts, due.kind, people, number=ticket.number, since=ticket.waiting_since or ticket.opened_at,
        opened=ticket.opened_at, owned=ticket.claimed_by is not None,
    )  # fmt: skip
    ticket_card.post_in_thread(unit, ticket, content if people else {**content, "reply_broadcast": True})
    if due.kind == "wake":
        return
    ticket_card.add_event(unit, ticket, due.kind, detail={"also": sorted(due.also)} if due.also else None)
    if due.kind in LIMITS:
        ticket_card.save_and_refresh(unit, ticket)  # the card says that it is overdue
    else:
        deadlines.plan(unit, ticket)


def _tell_longer(unit: UnitOfWork, ticket: TicketRecord) -> None:
    """Let the merchant know that it takes longer, and support that they know."""
    texts = unit.texts_for(ticket.merchant_id)
    agent = unit.name_of(ticket.claimed_by) if ticket.claimed_by else None
    hours = unit.config.support.sla.business_hours
    again = deadlines.merchants_day(unit, ticket)(hours.add(unit.now, hours.day))
    post_to_merchant(unit, ticket, blocks.takes_longer(texts, ticket.number, agent, again))
    ticket_card.post_in_thread(unit, ticket, blocks.line(unit.support_texts, "merchant_word"))
    ticket_card.add_event(unit, ticket, "merchant_word")
    deadlines.plan(unit, ticket)


def _announce(unit: UnitOfWork, ticket: TicketRecord) -> None:
    """Announce to the merchant when the ticket closes, and that a reply in this thread prevents it."""
    ticket_card.add_event(unit, ticket, "close_announced")
    timer = deadlines.plan(unit, ticket)
    at = timer.due_at if timer is not None else unit.now
    texts = unit.texts_for(ticket.merchant_id)
    key = post_to_merchant(unit, ticket, blocks.closing(texts, ticket.number, at, solved=ticket.state == "resolved"))
    ticket_card.post_in_thread(unit, ticket, blocks.line(unit.support_texts, "close_announced", at=at))
    if ticket.talk_key is None:
        unit.tx.save_ticket(replace(ticket, talk_key=key))


def _close(unit: UnitOfWork, ticket: TicketRecord) -> None:
    """Close a ticket whose closing was announced; any message from the merchant opens it again."""
    texts = unit.texts_for(ticket.merchant_id)
    post_to_merchant(unit, ticket, blocks.closed(texts, ticket.number))
    ticket_card.post_in_thread(unit, ticket, blocks.line(unit.support_texts, "close"))
    ticket_card.transition(unit, ticket, "expire", closed_at=unit.now)
