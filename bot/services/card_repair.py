"""Repairs a ticket whose card was deleted in Slack: posts a new one, with everything that was in its thread."""

from dataclasses import replace

from bot.blocks import talk
from bot.blocks import tickets as blocks
from bot.services import agent_messages, ticket_card
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import ERASED, Row, TicketMessage, TicketRecord

GONE = frozenset({"message_not_found", "thread_not_found"})
"""Slack's error codes for an edit of a deleted message and for a reply to one."""


def repair_one(unit: UnitOfWork) -> bool:
    """Repair one deleted card; whether there was one."""
    refused = [row for row in unit.tx.dead() if row.error in GONE]
    ticket = lost_card(unit, refused)
    if ticket is None:
        return False
    card_rows = [row for row in refused if ticket.card_key in {row.target, row.thread}]
    post_again(unit.acting_for(ticket.team_id, ""), ticket, card_rows)
    for row in card_rows:
        unit.tx.drop_unsent(row.key)
    return True


def lost_card(unit: UnitOfWork, rows: list[Row]) -> TicketRecord | None:
    """The first ticket to whose card one of these refused `rows` belonged."""
    for row in rows:
        for key in (row.target, row.thread):
            ticket = unit.tx.ticket_of_card(key) if key is not None else None
            if ticket is not None and not ticket.merchant_id.startswith(ERASED):
                return ticket
    return None


def post_again(unit: UnitOfWork, ticket: TicketRecord, refused: list[Row]) -> None:
    """Post a new card, and in its thread what was written so far; `refused` are the rows that Slack refused."""
    key = unit.config.new_key()
    changed = replace(ticket, card_key=key)
    unit.post(unit.support_channel, ticket_card.card(unit, changed), key=key)
    unit.tx.save_ticket(changed)
    ticket_card.post_in_thread(unit, changed, blocks.in_thread(unit.support_texts, "ticket.thread.card_again"))
    for text in ticket.words:
        ticket_card.post_words_in_thread(unit, changed, "ticket.thread.words", text)
    messages = unit.tx.ticket_messages(ticket.number)
    copies = {copy for message in messages for copy in (message.key, message.note_key)}
    for message in messages:
        if message.state != "held":
            _copy_again(unit, changed, message)
    for row in refused:
        if row.thread == ticket.card_key and row.method == "post" and row.key not in copies:
            unit.post(row.destination, row.content, thread=key)


def _copy_again(unit: UnitOfWork, ticket: TicketRecord, message: TicketMessage) -> None:
    key = unit.config.new_key()
    if message.side == "agent":
        content = agent_messages.support_copy(unit, ticket, message)
        unit.tx.save_ticket_message(replace(message, note_key=key))
    else:
        name = unit.name_of(ticket.merchant_id)
        content = talk.heard_copy(unit.support_texts, ticket.number, name, message.text)
        unit.tx.save_ticket_message(replace(message, key=key))
    ticket_card.post_in_thread(unit, ticket, content, key=key)
