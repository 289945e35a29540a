"""What agents do with tickets: claim, release, assign, resolve, close, reopen. All is on the card and the timeline."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.blocks import entry_messages
from bot.blocks import tickets as blocks
from bot.blocks.kit import View
from bot.services import home_tab, resolution_check, ticket_card, ticket_filing, ticket_lists, too_late
from bot.services.too_late import TooLate, refused_in_modal
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import ERASED, TicketRecord
from conversations.engine.formatter import Mention
from conversations.ticket.acts import refusal
from conversations.ticket.chart import OVER
from conversations.ticket.sla import SUPPORT_OWES

ChangedFields = dict[str, Any]
TicketHandler = Callable[[UnitOfWork, int, str | None], View | None]


def claim(unit: UnitOfWork, number: int, response_url: str | None) -> View | None:
    """Claim the ticket; the merchant gets a notice. The second agent to press reads who was first.

    A press on the Home tab shows at once on it what has become of the ticket; the modal to open says why not.
    """
    owner: ChangedFields = {"claimed_by": unit.user.user_id, "claimed_at": unit.now}
    refused = None
    try:
        notify_merchant(unit, _changed(unit, number, "claim", response_url, **owner), "ticket_claimed")
    except TooLate as late:
        refused = too_late.refused(unit, late)
    if response_url is None:
        home_tab.show_now(unit)
    return refused


def take_next(unit: UnitOfWork) -> TicketRecord | None:
    """The most urgent ticket in which the user owes the next word or nobody does, claimed; `None` without one."""
    mine = (
        ticket
        for ticket in ticket_lists.open_tickets(unit)
        if ticket.state in SUPPORT_OWES and ticket.claimed_by in {None, unit.user.user_id}
    )
    ticket = next(mine, None) if unit.user.is_agent else None
    if ticket is not None and ticket.claimed_by is None:
        claim(unit, ticket.number, None)
    return ticket


@refused_in_modal
def resolve(unit: UnitOfWork, number: int, response_url: str | None) -> None:
    """Resolve the ticket; the merchant is asked whether it works."""
    resolved: ChangedFields = {"resolved_by": unit.user.user_id, "resolved_at": unit.now}
    _press(unit, number, "resolve", response_url, notice_code="ticket_resolved", **resolved)


@refused_in_modal
def close(unit: UnitOfWork, number: int, response_url: str | None) -> None:
    """Close the ticket. The merchant gets no notice: they know that it is resolved."""
    _press(unit, number, "close", response_url, closed_by=unit.user.user_id, closed_at=unit.now)


@refused_in_modal
def reopen(unit: UnitOfWork, number: int, response_url: str | None) -> None:
    """Reopen the ticket with its owner; the merchant gets a notice."""
    ticket = _press(unit, number, "reopen", response_url, notice_code="ticket_reopened", **ticket_filing.REOPENED)
    _in_thread(unit, ticket, "reopened")


@refused_in_modal
def release(unit: UnitOfWork, number: int, response_url: str | None) -> None:
    """Release the ticket: anybody can claim it again."""
    free: ChangedFields = {"claimed_by": None, "claimed_at": None}
    ticket = _press(unit, number, "release", response_url, **free)
    _in_thread(unit, ticket, "released")


@refused_in_modal
def take_over(unit: UnitOfWork, number: int, response_url: str | None) -> None:
    """Assign the ticket to the user; its owner reads it in the thread."""
    ticket = permitted(unit, number, "take")
    if ticket.claimed_by != unit.user.user_id:
        assign(unit, ticket, unit.user.user_id, response_url=response_url)


HANDLERS: dict[str, TicketHandler] = {
    "claim": claim, "resolve": resolve, "close": close, "reopen": reopen, "release": release, "take": take_over,
}  # fmt: skip
"""Acts of one press, by the name of their button."""


def ticket_for_agent(unit: UnitOfWork, number: int) -> TicketRecord:
    """The ticket, for an agent of its team. Raises `TooLate` for anybody else."""
    ticket = unit.tx.ticket(number)
    if not unit.user.is_agent or ticket is None or ticket.team_id != unit.user.team_id:
        raise TooLate("answers.agents_only")
    return ticket


def permitted(unit: UnitOfWork, number: int, act: str) -> TicketRecord:
    """The ticket, if the user may do `act` (`conversations/ticket/acts.py`) with it now. Raises `TooLate`."""
    ticket = ticket_for_agent(unit, number)
    refused = refusal(act, ticket, unit.user.user_id)
    if refused == "owner":
        agent, take = unit.name_of(str(ticket.claimed_by)), (act, number) if act != "release" else None
        raise TooLate("answers.ticket_not_owner", take=take, ticket=number, agent=agent)
    if refused is not None:
        raise no_effect(unit, ticket, act)
    return ticket


def assign(unit: UnitOfWork, ticket: TicketRecord, to: str, note: str = "", response_url: str | None = None) -> None:
    """Assign the ticket, which the user may hand over, to agent `to`, with a note for them in the thread."""
    owner: ChangedFields = {"claimed_by": to, "claimed_at": unit.now}
    detail = {"to": to, "from": ticket.claimed_by}
    words = unit.config.reader(unit.config.support_language).error_text(note.strip())
    changed = ticket_card.transition(
        unit, ticket, "hand", detail=detail, response_url=response_url, words=words, **owner
    )
    key = "taken" if to == unit.user.user_id else "handed"
    people = {"agent": Mention(unit.user.user_id), "to": Mention(to), "before": _mention(ticket.claimed_by)}
    ticket_card.post_in_thread(
        unit, ticket, blocks.in_thread(unit.support_texts, f"ticket.thread.{key}", words, **people)
    )
    notify_merchant(unit, changed, "ticket_handed", agent=to)


def postpone(unit: UnitOfWork, ticket: TicketRecord, until: datetime, note: str) -> None:
    """Postpone the ticket, which the user may, with a note for the team; the merchant reads until when."""
    words = unit.config.reader(unit.config.support_language).error_text(note.strip())
    detail = {"until": until.isoformat()}
    ticket_card.transition(unit, ticket, "postpone", detail=detail, words=words)
    people: dict[str, Any] = {"agent": Mention(unit.user.user_id), "at": until}
    line = blocks.in_thread(unit.support_texts, "ticket.thread.postponed", words, **people)
    ticket_card.post_in_thread(unit, ticket, line)
    if not ticket.merchant_id.startswith(ERASED):
        values = {"ticket": ticket.number, "agent": unit.user.name, "at": until}
        content = entry_messages.answer(unit.texts_for(ticket.merchant_id), "ticket_postponed", **values)
        unit.post(ticket.direct_message, content)


def no_effect(unit: UnitOfWork, ticket: TicketRecord, act: str) -> TooLate:
    """Why `act` has no effect on the ticket now; without a sentence when the user has just done the same."""
    if ticket.merged_into is not None:
        return TooLate("answers.ticket_merged", ticket=ticket.number, into=ticket.merged_into)
    events = unit.tx.ticket_events(ticket.number)
    if events and (events[-1].name, events[-1].actor_id) == (act, unit.user.user_id):
        return TooLate("")
    if act in {"claim", "resolve"}:
        over = ticket.state in OVER
        holder = ticket.resolved_by if over else ticket.claimed_by
        if holder is not None and holder != unit.user.user_id:
            key = "ticket_already_resolved" if over else "ticket_already_claimed"
            take = (act, ticket.number) if not over else None
            return TooLate(f"answers.{key}", take=take, ticket=ticket.number, agent=unit.name_of(holder))
    return TooLate("answers.ticket_not_now", ticket=ticket.number, status=ticket_lists.status(unit, ticket))


def notify_merchant(unit: UnitOfWork, ticket: TicketRecord, code: str, *, agent: str = "") -> None:
    """Notify the merchant in their language."""
    if ticket.merchant_id.startswith(ERASED):
        return
    by = agent or (ticket.claimed_by if code == "ticket_reopened" else None) or unit.user.user_id
    values: ChangedFields = {"ticket": ticket.number, "agent": unit.name_of(by)}
    if code == "ticket_resolved":
        resolution_check.ask(unit, ticket)
        return
    if code == "ticket_reopened" and ticket.claimed_by is None:
        code, values = "ticket_open_again", {"ticket": ticket.number}
    content = entry_messages.answer(unit.texts_for(ticket.merchant_id), code, **values)
    unit.post(ticket.direct_message, unit.with_answer_time(content, ticket.number))


def _press(
    unit: UnitOfWork, number: int, event: str, response_url: str | None, *, notice_code: str = "", **fields: Any
) -> TicketRecord:
    """The ticket after an agent's press. Raises `TooLate`."""
    changed = _changed(unit, number, event, response_url, **fields)
    if notice_code:
        notify_merchant(unit, changed, notice_code)
    return changed


def _changed(unit: UnitOfWork, number: int, event: str, response_url: str | None, **fields: Any) -> TicketRecord:
    """The ticket after the event of the same name, if the user may. Raises `TooLate`."""
    ticket = permitted(unit, number, event)
    return ticket_card.transition(unit, ticket, event, response_url=response_url, **fields)


def _in_thread(unit: UnitOfWork, ticket: TicketRecord, key: str) -> None:
    line = blocks.in_thread(unit.support_texts, f"ticket.thread.{key}", agent=Mention(unit.user.user_id))
    ticket_card.post_in_thread(unit, ticket, line)


def _mention(user_id: str | None) -> Mention | str:
    return Mention(user_id) if user_id is not None else "–"
