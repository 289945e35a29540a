"""How a case ends: the merchant is asked whether it works now, and their word closes the ticket or wakes it."""

from bot.blocks import talk as blocks
from bot.blocks.actions import Draft
from bot.services import ticket_card, ticket_filing
from bot.services.agent_messages import to_merchant
from bot.services.unit_of_work import Unit
from bot.store.models import TicketRecord, WalkRecord
from conversations.ticket.chart import OVER


def ask(unit: Unit, ticket: TicketRecord) -> None:
    """„Hat es jetzt geklappt?“ where no step of a walk asks it: in the conversation, if there was one."""
    key = unit.house.new_key()
    content = blocks.settled_question(unit.guide_for(ticket.merchant_id), Draft(ticket.number, key), unit.caller.name)
    to_merchant(unit, ticket, content, key=key)


def answered(unit: Unit, question: Draft, response_url: str | None, *, works: bool) -> None:
    """„Ja, gelöst“ closes the ticket, „Nein, noch nicht“ opens it again. Pressed again it changes nothing."""
    ticket = ticket_filing.mine(unit, question.number, response_url)
    if ticket is None:
        return
    if works:
        close(unit, ticket)
    elif ticket.state in OVER:
        ticket = ticket_filing.reopen(unit, ticket)
        in_thread(unit, ticket, "unsettled")
    record = blocks.settled_record(unit.guide, works=works, owned=ticket.claimed_by is not None)
    unit.update(question.key, unit.caller.user_id, record, response_url=response_url)


def walk_done(unit: Unit, record: WalkRecord) -> None:
    """The merchant's orders arrive: whatever their ticket was about is settled."""
    ticket = unit.tx.ticket_of_walk(record.id)
    if ticket is not None:
        close(unit, ticket)


def close(unit: Unit, ticket: TicketRecord) -> None:
    """By the merchant's own word, whoever has the ticket; support reads it in the thread."""
    if ticket.state == "closed":
        return
    if ticket.state != "resolved":
        ticket = ticket_card.change(unit, ticket, "resolve", resolved_by=unit.caller.user_id, resolved_at=unit.now)
    ticket_card.change(unit, ticket, "close", closed_by=unit.caller.user_id, closed_at=unit.now)
    in_thread(unit, ticket, "settled")


def in_thread(unit: Unit, ticket: TicketRecord, key: str) -> None:
    """A line about the merchant in the ticket's thread, at which its owner is pinged."""
    content = blocks.news(unit.support_guide, key, unit.name_of(ticket.merchant_id), ticket.claimed_by)
    ticket_card.beneath(unit, ticket, content)
