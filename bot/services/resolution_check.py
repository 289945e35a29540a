"""After a ticket is resolved the merchant is asked whether it works; a ticket is closed when they say so."""

from bot.blocks import talk as blocks
from bot.blocks.actions import AnswerDraft
from bot.services import ticket_card
from bot.services.agent_messages import post_to_merchant
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import TicketRecord, WalkRecord


def ask(unit: UnitOfWork, ticket: TicketRecord) -> None:
    """„Hat es jetzt geklappt?“, in the conversation if there was one."""
    key = unit.config.new_key()
    content = blocks.settled_question(
        unit.texts_for(ticket.merchant_id), AnswerDraft(ticket.number, key), unit.user.name
    )
    post_to_merchant(unit, ticket, content, key=key)


def walk_done(unit: UnitOfWork, record: WalkRecord) -> None:
    """The walk came to a good end: whatever its ticket was about, and that of a walk handed over to it, is settled."""
    walk: WalkRecord | None = record
    while walk is not None:
        ticket = unit.tx.ticket_of_walk(walk.id)
        if ticket is not None:
            close(unit, ticket)
        walk = unit.tx.walk(walk.transferred_from) if walk.transferred_from is not None else None


def close(unit: UnitOfWork, ticket: TicketRecord) -> None:
    """Close the ticket because the merchant says so; support sees it in the thread."""
    if ticket.state == "closed":
        return
    if ticket.state != "resolved":
        ticket = ticket_card.transition(unit, ticket, "resolve", resolved_by=unit.user.user_id, resolved_at=unit.now)
    ticket_card.transition(unit, ticket, "close", closed_by=unit.user.user_id, closed_at=unit.now)
    in_thread(unit, ticket, "settled")


def in_thread(unit: UnitOfWork, ticket: TicketRecord, key: str) -> None:
    """A line about the merchant in the ticket's thread, at which its owner is pinged."""
    content = blocks.news(unit.support_texts, key, unit.name_of(ticket.merchant_id), ticket.claimed_by)
    ticket_card.post_in_thread(unit, ticket, content)
