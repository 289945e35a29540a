"""A ticket's card that support cannot see comes again, with its whole thread.

A card that Slack refused is tried again as the row that it is, with the rows that were given up behind it, so that all
come in their order and none twice. A card that somebody deleted in Slack is posted anew.
"""

from dataclasses import replace
from functools import partial

import structlog

from bot.blocks import talk
from bot.blocks import tickets as blocks
from bot.services import agent_messages, ticket_card
from bot.services.publisher import MOST_PARTS, part_key
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import ERASED, Row, TicketMessage, TicketRecord

RESUMED = "resume:"
"""Prefix of the scheduled job with which the operator has the cards of a destination tried again; its ID follows."""

log = structlog.get_logger()


# Cards that were refused


def try_touched_again(unit: UnitOfWork) -> None:
    """Try the refused card of each ticket again that the use case has done something with.

    Called at the end of every use case.
    """
    rows = [row for row in unit.outgoing.rows if row.destination.to == unit.config.support_channel]
    keys = {key for row in rows for key in (row.thread, row.target) if key is not None}
    tickets = [unit.tx.ticket(change.number) for change in unit.ticket_changes]
    touched = {ticket.number: ticket for ticket in (*map(unit.tx.ticket_of_card, sorted(keys)), *tickets) if ticket}
    for ticket in touched.values():
        if not ticket.merchant_id.startswith(ERASED):
            _try_again(unit, ticket)


def try_all_again(unit: UnitOfWork, destination: str | None = None) -> int:
    """Try all refused cards again, or those of one channel, which takes messages again; how many. For the start too."""
    tickets = unit.tx.dead_cards(destination)
    for ticket in tickets:
        _try_again(unit, ticket)
    return len(tickets)


def resume_due(unit: UnitOfWork) -> bool:
    """Do what the operator asked for with `outbox resume`; whether that was due."""
    due = unit.tx.due_job(RESUMED, unit.now)
    if due is None:
        return False
    unit.tx.unschedule_job(due)
    try_all_again(unit, due.removeprefix(RESUMED))
    return True


def revive_orphans(unit: UnitOfWork) -> bool:
    """Send what was given up because its card had not arrived, where it has by now; whether there was anything."""
    return unit.tx.revive_orphans(unit.now) > 0


def _try_again(unit: UnitOfWork, ticket: TicketRecord) -> None:
    revived = unit.tx.revive(ticket.card_key, unit.now)
    if not revived:
        return
    log.info("card_tried_again", ticket=ticket.number, rows=revived)
    own = unit.acting_for(ticket.team_id, "")
    own.update(ticket.card_key, own.support_channel, ticket_card.card(own, ticket))  # edits of before were dropped
    for message in unit.tx.ticket_messages(ticket.number):
        key = message.note_key if message.side == "agent" else message.key
        if message.state in {"corrected", "taken_back"} and key is not None:
            own.update(key, own.support_channel, _copy(own, ticket, message))


# Cards that were deleted


def repair_one(unit: UnitOfWork) -> bool:
    """Post one deleted card anew; whether there was one."""
    ticket = unit.tx.deleted_card()
    rows = unit.tx.unsent_of(ticket.card_key) if ticket is not None else []
    if ticket is None or any(row.state == "running" for row in rows):
        return False  # what is on its way to the old card is waited for
    post_again(unit.acting_for(ticket.team_id, ""), ticket, rows)
    for row in rows:
        unit.tx.drop_unsent(row.key)
    return True


def post_again(unit: UnitOfWork, ticket: TicketRecord, unsent: list[Row]) -> None:
    """Post a new card, and in its thread what was written so far, with the rows for the old card that are `unsent`."""
    key = unit.config.new_key()
    changed = replace(ticket, card_key=key)
    unit.post(unit.support_channel, ticket_card.card(unit, changed), key=key)
    unit.tx.save_ticket(changed)
    ticket_card.post_in_thread(unit, changed, blocks.in_thread(unit.support_texts, "ticket.thread.card_again"))
    record = unit.walk_of(ticket)
    walk = unit.open(record) if record is not None else None
    ticket_card.post_snapshot(unit, changed, walk)
    for text in ticket.words:
        ticket_card.post_evidence(unit, changed, walk, text)
    messages = unit.tx.ticket_messages(ticket.number)
    copies = {copy for message in messages for copy in (message.key, message.note_key)}
    numbers = range(MOST_PARTS + 1)  # 0 is the first reply, which has continuations too
    copies |= {part_key(key, n) for key in (ticket.card_key, ticket_card.snapshot_key(ticket)) for n in numbers}
    replies = [row for row in unsent if row.thread == ticket.card_key and row.key not in copies]
    again = [
        (message.at, partial(_copy_again, unit, changed, message)) for message in messages if message.state != "held"
    ]
    again += [(row.created_at, partial(_row_again, unit, key, row)) for row in replies]
    for _, post in sorted(again, key=lambda entry: entry[0]):
        post()


def _row_again(unit: UnitOfWork, card_key: str, row: Row) -> None:
    if row.method == "upload":
        unit.pass_on(row.destination, row.content, key=unit.config.new_key(), thread=card_key)
    elif row.method == "post":
        unit.post(row.destination, row.content, thread=card_key)


def _copy_again(unit: UnitOfWork, ticket: TicketRecord, message: TicketMessage) -> None:
    key = unit.config.new_key()
    copied = replace(message, note_key=key) if message.side == "agent" else replace(message, key=key)
    unit.tx.save_ticket_message(copied)
    ticket_card.post_in_thread(unit, ticket, _copy(unit, ticket, message), key=key)


def _copy(unit: UnitOfWork, ticket: TicketRecord, message: TicketMessage) -> dict[str, object]:
    """The present content of a message in the thread."""
    if message.side == "agent":
        return agent_messages.support_copy(unit, ticket, message)
    name, changed = unit.name_of(ticket.merchant_id), message.state == "corrected"
    return talk.heard_copy(unit.support_texts, ticket.number, name, message.text, changed=changed)
