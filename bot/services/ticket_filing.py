"""Files tickets: one for each walkthrough, and one for each person without a walkthrough. Later calls add to it."""

from dataclasses import replace
from typing import Any

from bot.blocks import entry_messages
from bot.services import awaited, deadlines, evidence, home_tab, ticket_card
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import TicketRecord, WalkRecord
from conversations.engine.answers import Notice, Raw
from conversations.engine.priority import Priority, higher
from conversations.engine.procedure import HELP, AnyProcedure
from conversations.engine.walkthrough import AnyWalk
from conversations.ticket.chart import OVER
from conversations.ticket.models import TicketReason

REOPENED: dict[str, Any] = {"resolved_by": None, "resolved_at": None, "closed_by": None, "closed_at": None}
"""The fields that reopening a ticket clears."""


def file(
    unit: UnitOfWork,
    record: WalkRecord | None,
    walk: AnyWalk | None,
    reason: TicketReason,
    words: str = "",
    unredacted: str = "",
) -> TicketRecord:
    """The ticket of this walkthrough, or of this person without one: filed now, or with the new call added.

    `words` are redacted. The category follows from them as they were written, `unredacted`, if that is known.
    """
    existing = (
        unit.tx.ticket_of_walk(record.id)
        if record is not None
        else unit.tx.open_ticket_without_walk(unit.user.team_id, unit.user.user_id)
    )
    if existing is not None:
        return _add_call(unit, existing, walk, reason, words, unredacted)
    procedure = walk.procedure if walk is not None else unit.config.first_procedure
    key = unit.config.new_key()
    errors = evidence.all_texts(walk)
    texts = tuple(dict.fromkeys(text for text in (*errors, words) if text))
    category = evidence.category(procedure, (*errors, unredacted or words))
    ticket = unit.tx.add_ticket(
        TicketRecord(
            team_id=unit.user.team_id,
            merchant_id=record.worker_id if record is not None else unit.user.user_id,
            walk_id=record.id if record is not None else None,
            procedure=procedure.id,
            reason=reason,
            category=category,
            priority=_priority(procedure, walk, reason, category),
            language=unit.user.language,
            card_key=key,
            words=texts,
            opened_at=unit.now,
            waiting_since=unit.now,
        )
    )
    ticket_card.add_event(unit, ticket, "file", detail={"reason": reason}, words="\n\n".join(texts), walk=walk)
    deadlines.plan(unit, ticket)
    unit.post(unit.support_channel, ticket_card.card(unit, ticket, walk), key=key)
    awaited.card_arrived(unit.tx, ticket, unit.now)
    home_tab.refresh(unit, ticket.merchant_id)
    ticket_card.post_snapshot(unit, ticket, walk)
    for text in texts:
        ticket_card.post_evidence(unit, ticket, walk, text)
    return ticket


def _add_call(
    unit: UnitOfWork, ticket: TicketRecord, walk: AnyWalk | None, reason: TicketReason, words: str, unredacted: str
) -> TicketRecord:
    if walk is not None and walk.procedure.id != ticket.procedure:
        walk = None  # a ticket without a walk, and a walk through another procedure since: its rules do not know that
    if ticket.state in OVER:
        ticket = reopen(unit, ticket, words, reason)
    else:
        ticket_card.add_event(unit, ticket, "call", detail={"reason": reason}, words=words)
    changed = _with_words(unit, ticket, words, walk, reason, unredacted)
    if reason != HELP:
        changed = replace(changed, reason=reason)
    key = "ticket.thread.call_again" if reason == HELP else f"ticket.thread.{reason}"
    ticket_card.post_words_in_thread(unit, changed, key, words)
    ticket_card.save_and_refresh(unit, changed, walk=walk)
    return changed


def reopen(unit: UnitOfWork, ticket: TicketRecord, words: str = "", reason: TicketReason = "") -> TicketRecord:
    """Reopen a resolved or closed ticket, for a `reason` if there is another call; its owner keeps it."""
    detail = {"reason": reason} if reason else None
    return ticket_card.transition(unit, ticket, "reopen", detail=detail, words=words, **REOPENED)


def add_failure(unit: UnitOfWork, record: WalkRecord, walk: AnyWalk) -> TicketRecord:
    """Add what the merchant reports about a failure after the ticket was filed: failed accounts and the error text."""
    rules = walk.procedure.tickets
    ticket = unit.tx.ticket_of_walk(record.id) or file(unit, record, walk, rules.reason)
    if ticket.state in OVER:
        ticket = reopen(unit, ticket)
    newest_error = next(reversed(evidence.all_texts(walk)), "")
    added_error = newest_error if newest_error not in ticket.words else ""
    changed = _with_words(unit, ticket, added_error, walk, rules.reason)
    if added_error:
        ticket_card.post_words_in_thread(unit, changed, "ticket.thread.error_text_intro", added_error)
        unit.ticket_changed(ticket.number, "told", added_error)
    elif changed != ticket:
        unit.ticket_changed(ticket.number, "sort")
    ticket_card.save_and_refresh(unit, changed, walk=walk)
    return changed


def add_evidence(
    unit: UnitOfWork, ticket: TicketRecord, text: str, unredacted: str, *, copied: bool = False
) -> TicketRecord:
    """Add what says something about the cause to a ticket that is under way; `copied`: its thread has it already.

    The newest error message decides the category. The priority never falls.
    """
    record = unit.walk_of(ticket)
    walk = unit.open(record) if record is not None else None
    changed = _with_words(unit, ticket, "" if text in ticket.words else text, walk, ticket.reason, unredacted)
    if not copied:
        ticket_card.post_evidence(unit, changed, walk, text)
        unit.ticket_changed(ticket.number, "told", text)
    ticket_card.save_and_refresh(unit, changed, walk=walk)
    return changed


def _with_words(
    unit: UnitOfWork, ticket: TicketRecord, words: str, walk: AnyWalk | None, reason: TicketReason, unredacted: str = ""
) -> TicketRecord:
    """The ticket with these words added: its category, and its priority, which never falls.

    Only what is new decides: so no older text overrules what an agent has corrected.
    """
    procedure = unit.procedure_of(ticket)
    texts = (*ticket.words, *([words] if words else []))
    category = evidence.category(procedure, (unredacted or words,), ticket.category)
    if category != ticket.category:
        ticket_card.note_category(unit, ticket, category)
    urgency = higher(ticket.priority, _priority(procedure, walk, reason, category))
    return replace(ticket, words=texts, category=category, priority=urgency)


def _priority(procedure: AnyProcedure, walk: AnyWalk | None, reason: TicketReason, category: str) -> Priority:
    rules = procedure.tickets
    return "P1" if category in rules.vendor_only else rules.priority(walk.state if walk is not None else None, reason)


def request_support_from_form(unit: UnitOfWork, record: WalkRecord, raw: Raw) -> None:
    """The submitted help form: request support, with an optional sentence. The step does not change."""
    sentence = raw.get("sentence", "")
    request_support(unit, record, sentence if isinstance(sentence, str) else "", unit.mark(record, HELP, raw))


def request_support(
    unit: UnitOfWork, record: WalkRecord, sentence: str = "", mark: str | None = None, notes: tuple[Notice, ...] = ()
) -> TicketRecord:
    """Request support at the present step, with `notes` to show with it; the ticket."""
    words = evidence.redacted(unit, sentence)
    if unit.procedure_of(record).tickets.is_error_message(sentence):
        record = evidence.keep(unit, record, words)
    existing = unit.tx.ticket_of_walk(record.id)
    ticket = file(unit, record, unit.open(record), HELP, words, sentence)
    unit.add_event(record, HELP, record.step, {"mark": mark} if mark is not None else None)
    code = "ticket_on_its_way" if existing is None else "ticket_added"
    unit.show_again(record, *notes, Notice(code, {"ticket": ticket.number}))
    return ticket


def post_receipt(unit: UnitOfWork, ticket: TicketRecord) -> None:
    """Let the user know, outside a walkthrough, that the ticket is filed or that support has it."""
    key = unit.config.new_key()
    code = "ticket_filed" if awaited.card_arrived(unit.tx, ticket, unit.now, key) else "ticket_on_its_way"
    receipt = entry_messages.answer(unit.texts, code, ticket=ticket.number)
    unit.post(unit.direct_message, unit.with_answer_time(receipt, ticket.number), key=key)


def refresh_for_walk(unit: UnitOfWork, record: WalkRecord, walk: AnyWalk) -> None:
    """Refresh the card of the walkthrough's ticket, if it has one."""
    ticket = unit.tx.ticket_of_walk(record.id)
    if ticket is not None:
        ticket_card.save_and_refresh(unit, ticket, walk=walk)


def own_ticket(unit: UnitOfWork, number: int, response_url: str | None) -> TicketRecord | None:
    """The ticket, or the one into which it was merged, if the user is its merchant; else `None`, with an answer."""
    ticket = unit.ticket(number)
    if ticket is not None and (ticket.team_id, ticket.merchant_id) == (unit.user.team_id, unit.user.user_id):
        return ticket
    unit.post_ephemeral(response_url, entry_messages.answer(unit.texts, "foreign"))
    return None


def refresh_due(unit: UnitOfWork) -> bool:
    """Show on a ticket's card where its walk is by now, if that is due; whether it was."""
    due = unit.tx.due_job(ticket_card.REFRESH, unit.now)
    if due is None:
        return False
    unit.tx.unschedule_job(due)
    ticket = unit.tx.ticket(int(due.removeprefix(ticket_card.REFRESH)))
    if ticket is not None:
        refresh_card(unit.acting_for(ticket.team_id, ticket.merchant_id), ticket.number)
    return True


def refresh_card(unit: UnitOfWork, number: int) -> None:
    """Refresh the ticket's card."""
    ticket = unit.tx.ticket(number)
    if ticket is not None:
        ticket_card.save_and_refresh(unit, ticket)
