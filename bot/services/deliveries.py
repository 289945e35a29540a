"""Looks whether what people were told about has arrived, and lets what they read follow."""

from bot.blocks import entry_messages
from bot.blocks.step import step_message
from bot.services import agent_messages, awaited, home_tab
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import ERASED, TicketRecord
from conversations.engine.answers import Notice
from conversations.engine.messages import notice_text


def look_for_card(unit: UnitOfWork) -> bool:
    """Look for a ticket's card, if that is due; whether it was. Its merchant is told when it is in the channel."""
    job = unit.tx.due_job(awaited.CARD, unit.now)
    if job is None:
        return False
    number, _, receipt = job.removeprefix(awaited.CARD).partition(":")
    ticket = unit.tx.ticket(int(number))
    if ticket is None or ticket.merchant_id.startswith(ERASED):
        unit.tx.unschedule_job(job)
    elif awaited.card_arrived(unit.tx, ticket, unit.now, receipt):
        unit.tx.unschedule_job(job)
        _say_arrived(unit.acting_for(ticket.team_id, ticket.merchant_id), ticket, receipt)
    else:
        awaited.look_again(unit.tx, job, unit.now, ticket.opened_at)
    return True


def _say_arrived(unit: UnitOfWork, ticket: TicketRecord, receipt: str) -> None:
    """Replace "is being delivered" where the merchant reads it; no new message."""
    if receipt:
        answer = entry_messages.answer(unit.texts, "ticket_filed", ticket=ticket.number)
        unit.update(receipt, ticket.direct_message, answer)
        return
    home_tab.refresh(unit, ticket.merchant_id)
    record = unit.walk_of(ticket)
    if record is None or record.live_key is None:
        return
    walk, last = unit.open(record), unit.tx.events(record.id)[-1]
    noted = "ticket_on_its_way" in last.detail.get("notes", ())
    if noted or walk.properties.with_support:
        note = notice_text(unit.texts_of(record), Notice("ticket_filed", {"ticket": ticket.number}))
        view = unit.view(record, walk, record.live_key, (note,) if noted else (), expanded=last.name == "asked_where")
        unit.update(record.live_key, record.destination, step_message(view))


def look_for_answer(unit: UnitOfWork) -> bool:
    """Look whether an agent's message has reached its merchant, if that is due; whether it was.

    Its copy in the ticket's thread says when it has not, and no longer does when it has.
    """
    job = unit.tx.due_job(awaited.ANSWER, unit.now)
    if job is None:
        return False
    unit.tx.unschedule_job(job)
    message_id, _, shown = job.removeprefix(awaited.ANSWER).partition(":")
    message = unit.tx.ticket_message(int(message_id))
    ticket = unit.tx.ticket(message.number) if message is not None else None
    row = unit.tx.row(str(message.key)) if message is not None else None
    if message is None or ticket is None or row is None or ticket.merchant_id.startswith(ERASED):
        return True
    unit = unit.acting_for(ticket.team_id, "")
    why = agent_messages.undelivered(unit, message).why
    if why != shown:
        agent_messages.refresh_copy(unit, ticket, message)
    if row.state not in {"delivered", "dropped"} and message.state != "taken_back":
        longest = awaited.RARELY if row.state == "dead" else awaited.LONGEST
        awaited.look_again(unit.tx, f"{awaited.ANSWER}{message.id}:{why}", unit.now, row.created_at, longest)
    return True
