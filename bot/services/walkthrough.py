"""An open walkthrough: presses, and the events that presses, forms and words fire."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.blocks.actions import Address
from bot.blocks.lead import Lead
from bot.blocks.message_field import TypedFields
from bot.blocks.step import step_message
from bot.services import (
    evidence,
    handover,
    home_tab,
    invitation_ends,
    later_question,
    reminder_policy,
    resolution_check,
    ticket_card,
    ticket_filing,
    too_late,
)
from bot.services.too_late import TooLate
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import WalkRecord
from conversations.engine import screens
from conversations.engine.answers import Notice, Raw, Reader
from conversations.engine.charts import BACK, CANCEL
from conversations.engine.messages import notice_text, summary_line
from conversations.engine.texts import Texts
from conversations.engine.walkthrough import AnyWalk, NotOffered, StepResult

KEPT_TYPED = 300
"""The longest text (characters) that is put back into the field of a message; what is asked there is short."""


@dataclass(frozen=True)
class PressOrigin:
    """The message of a pressed button, and the address for an answer to the press. Either may be unknown.

    `typed` is what is in the fields of the message, by action ID; `expanded`: it shows the longer explanation.
    """

    channel: str | None = None
    ts: str | None = None
    response_url: str | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    expanded: bool = False


def locate(unit: UnitOfWork, address: Address, event: str, raw: Raw | None = None) -> WalkRecord:
    """The walkthrough that `address` names, if it is the user's and exactly at that step and version. Raises `TooLate`.

    The same event with the same answer, accepted at that very version, is a repeat; with another answer it is too late.
    """
    record = unit.tx.walk(address.walk_id)
    if record is None or (record.team_id, record.worker_id) != (unit.user.team_id, unit.user.user_id):
        raise TooLate("answers.foreign")
    # A message of an earlier version may still call the step and the event by their old names.
    procedure = unit.procedure_of(record)
    event = procedure.current_id(event)
    if (record.version, record.step) != (address.version, procedure.current_id(address.step)):
        events = (e for e in unit.tx.events(record.id) if e.version == address.version)
        if any(e.name == event and e.detail.get("mark") == unit.mark(record, event, raw or {}) for e in events):
            raise TooLate("")
        raise TooLate("answers.ended" if record.ended_at is not None else "answers.stale", record=record)
    if record.ended_at is not None:
        raise TooLate("answers.ended", record=record)
    if record.live_key != address.key:
        raise TooLate("answers.stale", record=record)
    return record


def press(unit: UnitOfWork, address: Address, event: str, choice: str | None, place: PressOrigin) -> None:
    """A press of a button of the live step. An event that needs a form cannot be fired without it."""
    raw: Raw = {"choice": choice} if choice is not None else {}
    try:
        record = locate(unit, address, event, raw)
    except TooLate as late:
        too_late.answer(unit, late, place.response_url)
        return
    note_delivery(unit, address, place)
    procedure = unit.procedure_of(record)
    event, at = procedure.current_id(event), procedure.current_id(address.at)
    offer = procedure.offer_of(at or record.step, event)
    try:
        no_button = offer is None and event not in {BACK, CANCEL}
        if no_button or (offer is not None and offer.form is not None):
            raise NotOffered(event)
        act(unit, record, event, raw, place.response_url, at=at, acts=address.acts)
    except (NotOffered, ValueError):
        too_late.answer(unit, TooLate("answers.stale", record=record), place.response_url)


def note_delivery(unit: UnitOfWork, address: Address, place: PressOrigin) -> None:
    """A press proves that its message has arrived."""
    if place.channel is not None and place.ts is not None:
        unit.tx.mark_delivered(address.key, place.channel, place.ts)


def act(
    unit: UnitOfWork,
    record: WalkRecord,
    event: str,
    raw: Raw,
    response_url: str | None = None,
    more: tuple[str, ...] = (),
    *,
    at: str = "",
    acts: int = 0,
    lead: Lead | None = None,
    below: bool = False,
    source: str = "",
) -> StepResult:
    """Fire `event` and post the next step. A refused answer posts nothing; its reasons go into the history.

    Raises `NotOffered`, or `ValueError` for a forged choice. `more` are sentences to show above the step, and so is the
    `lead`, without its buttons where going back takes nothing back. All of it comes right above the buttons if `below`,
    where the step stays the same, or where something is to be done. `source` is the message in which it was typed. An
    event of a later step `at` on the same screen is fired after the `acts` that lead there; where a branch has changed
    meanwhile, the walk stops at it instead.
    """
    walk, reader = unit.open(record), unit.config.reader(unit.user.language)
    if held(unit, record, walk, event, at):
        unit.show_again(record)
        return StepResult(record.step, event, moved=False)
    urgent_before = walk.urgency is not None
    outcomes = _advanced(walk, reader, event, raw, at, acts, unit.now)
    outcome = outcomes[-1]
    if outcome.refusals:
        reasons = {refusal.field: refusal.reason for refusal in outcome.refusals}
        before = replace(record, step=outcome.answered_step)
        detail = {"event": event, "reasons": reasons} | ({"source": source} if source else {})
        unit.add_event(before, "refused", before.step, detail)
        return outcome
    texts = unit.texts_of(record)
    unit.shrink(record, _summary(texts, outcomes), response_url, mark=outcome.mark)
    _add_events(unit, record, walk, outcomes, _detail(unit, record, event, raw))
    notes = [*more]
    for each in outcomes:
        notes += [*_case_notes(unit, record, walk, each), *(notice_text(texts, note) for note in each.notes)]
    notes += _relief(texts, walk, urgent_before=urgent_before)
    if walk.properties.end == "transferred":
        handover.transfer(unit, record, walk, outcome.event, tuple(notes))
        return outcome
    below = below or walk.step == record.step or any(note.to_do for each in outcomes for note in each.notes)
    stored = unit.show(record, walk, tuple(notes), lead=_lead(unit, record, walk, outcomes, lead), below=below)
    if walk.procedure.steps[record.step].with_support or walk.over:
        ticket_filing.refresh_for_walk(unit, stored, walk)
    else:
        ticket_card.schedule_refresh(unit, stored)
    if walk.properties.end == "good":
        resolution_check.walk_done(unit, stored)
        invitation_ends.finished(unit, stored.worker_id)
    home_tab.refresh(unit, stored.worker_id)
    return outcome


def _lead(
    unit: UnitOfWork, record: WalkRecord, walk: AnyWalk, outcomes: list[StepResult], lead: Lead | None
) -> Lead | None:
    """What is said with the next step: after „Später“ the question when."""
    offer = walk.procedure.offer_of(outcomes[-1].answered_step, outcomes[-1].event)
    if offer is not None and offer.later:
        return later_question.lead(unit, record)
    if lead is not None and (walk.over or any(each.ticket for each in outcomes) or not walk.can(BACK)):
        return Lead(lead.text)
    return lead


def _relief(texts: Texts, walk: AnyWalk, *, urgent_before: bool) -> list[str]:
    """The sentence that says so, once what was urgent is over."""
    return [texts.say("notes.urgent_over")] if urgent_before and walk.urgency is None and not walk.over else []


def _advanced(
    walk: AnyWalk, reader: Reader, event: str, raw: Raw, at: str, acts: int, now: datetime
) -> list[StepResult]:
    """Fire the `acts` that lead to the step `at`, and `event`; what each did. Raises as `act` does."""
    outcomes = list(screens.advance(walk, at, acts, now)) if acts else []
    if event == BACK:
        outcomes += screens.go_back(walk, reader, now)
    elif not acts or (walk.step == at and len(outcomes) == acts):
        outcomes.append(walk.act(event, raw, reader, now))
    if not outcomes:
        raise NotOffered(event)
    return outcomes


def held(unit: UnitOfWork, record: WalkRecord, walk: AnyWalk, event: str, at: str) -> bool:
    """Whether an outage holds the walk where it is; the way back, to the end and to a person stay open."""
    if unit.outage(record.team_id) is None or not walk.can_wait:
        return False
    tickets = walk.procedure.tickets
    return event not in {BACK, CANCEL, tickets.stop} and tickets.effect(at or walk.step, event) is None


def _summary(texts: Texts, outcomes: list[StepResult]) -> str:
    """The line that replaces the answered message: what was done, one act after the other."""
    if not outcomes[-1].moved:
        return texts.say("records.shown_again")
    lines = [summary_line(texts, outcome) for outcome in outcomes if outcome.event != BACK or outcome is outcomes[-1]]
    return " · ".join(lines)


def _add_events(
    unit: UnitOfWork, record: WalkRecord, walk: AnyWalk, outcomes: list[StepResult], detail: dict[str, Any]
) -> None:
    """A line of the history for each act.

    All are marked as inferred but the last, or on the way back the first: only how long somebody was there is known.
    """
    arrived = [*(outcome.answered_step for outcome in outcomes[1:]), walk.step]
    observed = 0 if outcomes[-1].event == BACK else len(outcomes) - 1
    for number, (outcome, next_step) in enumerate(zip(outcomes, arrived, strict=True)):
        recorded = detail if number == observed else {"inferred": True}
        unit.add_event(replace(record, step=outcome.answered_step), outcome.event, next_step, recorded)


def follow(unit: UnitOfWork, record: WalkRecord, events: tuple[str, ...], detail: dict[str, Any]) -> None:
    """Fire `events` that need no answer, one after the other, and post only the last step."""
    walk, reader = unit.open(record), unit.config.reader(unit.user.language)
    for event in events:
        outcome = walk.act(event, {}, reader, unit.now)
    unit.shrink(record, summary_line(unit.texts_of(record), outcome), mark=outcome.mark)
    unit.add_event(record, events[-1], walk.step, detail)
    stored = unit.show(record, walk)
    ticket_card.schedule_refresh(unit, stored)
    home_tab.refresh(unit, stored.worker_id)


def _detail(unit: UnitOfWork, record: WalkRecord, event: str, raw: Raw) -> dict[str, Any]:
    mark = unit.mark(record, event, raw)
    return {**({"choice": raw["choice"]} if "choice" in raw else {}), **({"mark": mark} if mark is not None else {})}


def _case_notes(unit: UnitOfWork, record: WalkRecord, walk: AnyWalk, outcome: StepResult) -> list[str]:
    """File the ticket or add to it, as the outcome asks; the sentences to show about it."""
    if outcome.ticket == "file":
        ticket_filing.file(unit, record, walk, walk.procedure.tickets.reason)
        return []
    if outcome.ticket == "add":
        ticket = ticket_filing.add_failure(unit, record, walk)
        key = evidence.answer_key(unit, ticket, walk)
        values = {"ticket": ticket.number, "category": ticket.category, "answer": key}
        return [notice_text(unit.texts_about(record), Notice("failure_described", values))]
    return []


def toggle(unit: UnitOfWork, address: Address, place: PressOrigin, *, expanded: bool) -> None:
    """Show or hide the longer explanation in the live message. The step does not change."""
    try:
        record = locate(unit, address, "toggle")
    except TooLate as late:
        too_late.answer(unit, late, place.response_url)
        return
    note_delivery(unit, address, place)
    redraw(unit, record, address, place, expanded=expanded)
    if expanded:
        unit.add_event(record, "asked_where", record.step)


def redraw(
    unit: UnitOfWork,
    record: WalkRecord,
    address: Address,
    place: PressOrigin,
    *,
    lead: Lead | None = None,
    expanded: bool = False,
    faults: Mapping[str, str] | None = None,
    notes: tuple[str, ...] = (),
) -> None:
    """Change the live message in place; what is typed in its fields stays there, unless it holds a secret.

    `faults` say what is wrong with it, by action ID. The `lead` and the `notes` come right above the buttons.
    """
    gate, walk = unit.config.gate(unit.user.language), unit.open(record)
    kept = {name: text for name, text in place.typed.items() if len(text) <= KEPT_TYPED and not gate.text(text)[1]}
    fields = TypedFields(typed=kept, faults=faults or {}, drawing=unit.config.new_key()[:8] if place.typed else "")
    below, reminded = lead is not None or bool(notes), reminder_policy.has_reminded(unit.tx, record.id)
    view = unit.view(
        record, walk, address.key, notes, lead=lead, below=below, expanded=expanded, reminded=reminded, fields=fields
    )
    unit.update(address.key, record.destination, step_message(view), response_url=place.response_url)


def quiet(unit: UnitOfWork, address: Address, place: PressOrigin) -> None:
    """Turn off the reminders of this walkthrough. The step stays the same message."""
    try:
        record = locate(unit, address, "quiet")
    except TooLate as late:
        too_late.answer(unit, late, place.response_url)
        return
    reminder_policy.decline(unit.tx, record.id)
    unit.add_event(record, "quiet", record.step)
    said = notice_text(unit.texts_of(record), Notice("reminders_declined"))
    note_delivery(unit, address, place)
    redraw(unit, record, address, place, expanded=place.expanded, notes=(said,))
