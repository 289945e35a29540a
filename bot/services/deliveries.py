"""Looks whether what people were told about has arrived, and lets what they read follow."""

from dataclasses import replace

from bot.blocks import entry_messages
from bot.blocks.home import direct_message
from bot.blocks.step import step_message
from bot.services import agent_messages, awaited, home_tab, ticket_card, ticket_lists
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import ERASED, TicketRecord, WalkRecord
from conversations.engine.answers import Notice
from conversations.engine.messages import notice_text

_SECOND_WAY = "second_way"
_ON_ITS_WAY = "ticket_on_its_way"


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
        unit.update(receipt, ticket.direct_message, unit.with_answer_time(answer, ticket.number))
        return
    unit.tx.unschedule_job(f"{awaited.URGENT}{ticket.number}")
    home_tab.refresh(unit, ticket.merchant_id)
    record = unit.walk_of(ticket)
    if record is not None and (_noted(unit, record) == _ON_ITS_WAY or unit.open(record).properties.with_support):
        show_at_step(unit, record, ticket)


def show_at_step(unit: UnitOfWork, record: WalkRecord, ticket: TicketRecord) -> None:
    """Let the live step say what is true of its ticket now, with the sentence about it; no new message."""
    if record.live_key is None:
        return
    code, last = _noted(unit, record), unit.tx.events(record.id)[-1]
    if code == _ON_ITS_WAY and awaited.card_arrived(unit.tx, ticket, unit.now):
        code = "ticket_filed"
    note = notice_text(unit.texts_of(record), Notice(code, {"ticket": ticket.number})) if code else ""
    notes = (note,) if note else ()
    walk, expanded = unit.open(record), last.name == "asked_where"
    view = unit.view(record, walk, record.live_key, notes, below=True, expanded=expanded)
    unit.update(record.live_key, record.destination, step_message(view))


def _noted(unit: UnitOfWork, record: WalkRecord) -> str:
    """The code of the sentence about the walk's ticket at its live step; "" without one."""
    shown = unit.tx.events(record.id)[-1].detail.get("notes", ())
    return next((code for code in (_ON_ITS_WAY, "ticket_added") if code in shown), "")


def look_for_urgent(unit: UnitOfWork) -> bool:
    """Look whether a ticket is urgent and late for the support channel, if that is due; whether it was.

    Ticket sync is told at once, agents by `tell_agents`; both once.
    """
    job = unit.tx.due_job(awaited.URGENT, unit.now)
    if job is None:
        return False
    unit.tx.unschedule_job(job)
    ticket = unit.tx.ticket(int(job.removeprefix(awaited.URGENT)))
    if ticket is None or not _unseen(unit, ticket) or _told_otherwise(unit, ticket):
        return True
    if ticket.priority == "P1":
        ticket_card.add_event(unit.acting_for(ticket.team_id, ""), ticket, _SECOND_WAY)
        unit.tx.schedule_job(f"{awaited.DIRECT}{ticket.number}", unit.now)
    else:  # it may become urgent
        unit.tx.schedule_job(job, unit.now + awaited.LONGEST)
    return True


def team_to_tell(unit: UnitOfWork) -> str | None:
    """The workspace whose agents are to be told of a ticket by direct message now, or `None`."""
    job = unit.tx.due_job(awaited.DIRECT, unit.now)
    ticket = unit.tx.ticket(int(job.removeprefix(awaited.DIRECT))) if job is not None else None
    return ticket.team_id if ticket is not None else None


def tell_agents(unit: UnitOfWork, team_id: str, agents: frozenset[str] | None) -> None:
    """Write to each agent which urgent tickets have not reached the support channel: one message for all of them.

    `agents` are the members of the channel, `None` while Slack does not answer: then it is tried again. Those named for
    escalation, and agents whose Home tab shows the tickets, are known without Slack.
    """
    waiting = []
    while (job := unit.tx.due_job(awaited.DIRECT, unit.now)) is not None:
        unit.tx.unschedule_job(job)
        ticket = unit.tx.ticket(int(job.removeprefix(awaited.DIRECT)))
        if ticket is None or not _unseen(unit, ticket):
            continue
        if ticket.team_id == team_id:
            waiting.append(ticket)
        else:
            unit.tx.schedule_job(job, unit.now + awaited.LONGEST)
    people: set[str] = set()
    if agents is not None:
        people |= {agent for agent in agents if unit.tx.person(team_id, agent) is not None}  # no bot is known
        people |= {user_id for team, user_id in unit.tx.support_homes() if team == team_id}
        people |= set(unit.config.support.escalation)
    for ticket in waiting if not people else ():
        unit.tx.schedule_job(f"{awaited.DIRECT}{ticket.number}", unit.now + awaited.LONGEST)
    for user_id in sorted(people) if waiting else ():
        theirs = unit.acting_for(team_id, user_id)
        # Their direct messages stay when somebody is erased, so they hold nothing that the merchant wrote.
        some = waiting[: ticket_lists.LISTED]
        listed = [replace(ticket_lists.listed_ticket(theirs, ticket), words="") for ticket in some]
        unit.post(theirs.direct_message, direct_message(theirs.texts, listed, len(waiting) - len(listed)))


def _unseen(unit: UnitOfWork, ticket: TicketRecord) -> bool:
    """Whether no agent has seen the ticket: it is open, and not in the channel."""
    arrived = unit.tx.address(ticket.card_key) is not None
    return ticket.state == "open" and not arrived and not ticket.merchant_id.startswith(ERASED)


def _told_otherwise(unit: UnitOfWork, ticket: TicketRecord) -> bool:
    return any(event.name == _SECOND_WAY for event in unit.tx.ticket_events(ticket.number))


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
    why = awaited.undelivered(unit.tx, message, unit.now).why
    if why != shown:
        agent_messages.refresh_copy(unit, ticket, message)
        unit.update(ticket.card_key, unit.support_channel, ticket_card.card(unit, ticket))
    if row.state not in {"delivered", "dropped"} and message.state != "taken_back":
        longest = awaited.RARELY if row.state == "dead" else awaited.LONGEST
        awaited.look_again(unit.tx, f"{awaited.ANSWER}{message.id}:{why}", unit.now, row.created_at, longest)
    return True
