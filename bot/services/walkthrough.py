"""An open walkthrough: presses, forms, and the events they fire."""

from dataclasses import dataclass
from typing import Any

from bot.blocks.actions import Address
from bot.blocks.forms import form_view
from bot.blocks.step import step_message
from bot.services import home_tab, reminder_policy, resolution_check, ticket_card, ticket_filing, too_late
from bot.services.too_late import TooLate
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import WalkRecord
from conversations.amazon_token.interpret import Notice, Raw
from conversations.amazon_token.messages import notice_text, refusal_text, summary_line
from conversations.amazon_token.steps import FORM_EVENTS, FORM_FIELDS, offer_of
from conversations.amazon_token.walk import NotOffered, StepResult, Walk


@dataclass(frozen=True)
class PressOrigin:
    """The message of a pressed button, and the address for an answer to the press. Either may be unknown."""

    channel: str | None = None
    ts: str | None = None
    response_url: str | None = None


def locate(unit: UnitOfWork, address: Address, event: str, raw: Raw | None = None) -> WalkRecord:
    """The walkthrough that `address` names, if it is the user's and exactly at that step and version. Raises `TooLate`.

    The same event with the same answer, accepted at that very version, is a repeat; with another answer it is too late.
    """
    record = unit.tx.walk(address.walk_id)
    if record is None or (record.team_id, record.worker_id) != (unit.user.team_id, unit.user.user_id):
        raise TooLate("answers.foreign")
    if (record.version, record.step) != (address.version, address.step):
        events = (e for e in unit.tx.events(record.id) if e.version == address.version)
        if any(e.name == event and e.detail.get("mark") == unit.mark(event, raw or {}) for e in events):
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
    if place.channel is not None and place.ts is not None:
        unit.tx.mark_delivered(address.key, place.channel, place.ts)
    offer = offer_of(record.step, event)
    try:
        if offer is not None and offer.form is not None:
            raise NotOffered(event)
        act(unit, record, event, raw, place.response_url)
    except (NotOffered, ValueError):
        too_late.answer(unit, TooLate("answers.stale", record=record), place.response_url)


def act(
    unit: UnitOfWork,
    record: WalkRecord,
    event: str,
    raw: Raw,
    response_url: str | None = None,
    more: tuple[str, ...] = (),
) -> StepResult:
    """Fire `event` and post the next step. A refused answer posts nothing; its reasons go into the history.

    Raises `NotOffered`, or `ValueError` for a forged choice. `more` are sentences to show above the step.
    """
    walk = unit.open(record)
    outcome = walk.act(event, raw, unit.config.reader(unit.user.language), unit.now)
    if outcome.refusals:
        reasons = {refusal.field: refusal.reason for refusal in outcome.refusals}
        unit.add_event(record, "refused", record.step, {"event": event, "reasons": reasons})
        return outcome
    texts = unit.texts_of(record)
    text = summary_line(texts, outcome) if outcome.moved else texts.say("records.shown_again")
    unit.shrink(record, text, response_url, mark=_mark(outcome))
    unit.add_event(record, event, walk.step, _detail(unit, event, raw))
    notes = [*more, *_case_notes(unit, record, walk, outcome), *(notice_text(texts, note) for note in outcome.notes)]
    stored = unit.show(record, walk, tuple(notes))
    if record.step == "with_support" or walk.over:
        ticket_filing.refresh_for_walk(unit, stored, walk)
    else:
        ticket_card.schedule_refresh(unit, stored)
    if walk.step == "done":
        resolution_check.walk_done(unit, stored)
    home_tab.refresh(unit, stored.worker_id)
    return outcome


def follow(unit: UnitOfWork, record: WalkRecord, events: tuple[str, ...], detail: dict[str, Any]) -> None:
    """Fire `events` that need no answer, one after the other, and post only the last step."""
    walk, reader = unit.open(record), unit.config.reader(unit.user.language)
    for event in events:
        outcome = walk.act(event, {}, reader, unit.now)
    unit.shrink(record, summary_line(unit.texts_of(record), outcome), mark=_mark(outcome))
    unit.add_event(record, events[-1], walk.step, detail)
    stored = unit.show(record, walk)
    ticket_card.schedule_refresh(unit, stored)
    home_tab.refresh(unit, stored.worker_id)


def _mark(outcome: StepResult) -> str:
    if not outcome.moved:
        return "↓"
    return {"fetch_failed": "✗", "back": "↩", "cancel": "■"}.get(outcome.event, "✓")


def _detail(unit: UnitOfWork, event: str, raw: Raw) -> dict[str, Any]:
    mark = unit.mark(event, raw)
    return {**({"choice": raw["choice"]} if "choice" in raw else {}), **({"mark": mark} if mark is not None else {})}


def _case_notes(unit: UnitOfWork, record: WalkRecord, walk: Walk, outcome: StepResult) -> list[str]:
    """File the ticket or add to it, as the outcome asks; the sentences to show about it."""
    if outcome.ticket == "file":
        ticket_filing.file(unit, record, walk, "second_failure")
        return []
    if outcome.ticket == "add":
        ticket = ticket_filing.add_failure(unit, record, walk)
        values = {"ticket": ticket.number, "category": ticket.category, "answer": ticket.category}
        return [notice_text(unit.texts, Notice("failure_described", values))]
    return []


def toggle(unit: UnitOfWork, address: Address, place: PressOrigin, *, expanded: bool) -> None:
    """Show or hide the longer explanation in the live message. The step does not change."""
    try:
        record = locate(unit, address, "toggle")
    except TooLate as late:
        too_late.answer(unit, late, place.response_url)
        return
    if place.channel is not None and place.ts is not None:
        unit.tx.mark_delivered(address.key, place.channel, place.ts)
    walk = unit.open(record)
    content = step_message(unit.view(record, walk, address.key, expanded=expanded))
    unit.update(address.key, record.destination, content, response_url=place.response_url)
    if expanded:
        unit.add_event(record, "asked_where", record.step)


def quiet(unit: UnitOfWork, address: Address, place: PressOrigin) -> None:
    """Turn off the reminders of this walkthrough. The step does not change."""
    try:
        record = locate(unit, address, "quiet")
    except TooLate as late:
        too_late.answer(unit, late, place.response_url)
        return
    reminder_policy.decline(unit.tx, record.id)
    unit.add_event(record, "quiet", record.step)
    unit.show_again(record, Notice("reminders_declined"))


def form(unit: UnitOfWork, address: Address, name: str, place: PressOrigin) -> dict[str, Any] | None:
    """The modal to open; `None` when it is not offered at this step, and the user gets an answer."""
    try:
        record = locate(unit, address, FORM_EVENTS.get(name, name))
        walk = unit.open(record)
        if name not in FORM_FIELDS or not (name == "help" or _offers_form(walk, name)):
            raise TooLate("answers.stale", record=record)
    except TooLate as late:
        stale = TooLate("answers.stale", record=late.record)
        too_late.answer(unit, late if late.key else stale, place.response_url)
        return None
    return form_view(unit.texts, name, walk.facts, address)


def _offers_form(walk: Walk, name: str) -> bool:
    return any(offer.form == name for offer in walk.offers())


def submit(unit: UnitOfWork, address: Address, name: str, raw: Raw) -> dict[str, Any] | None:
    """A modal's submission. `None`: accepted. Else the `response_action` that Slack is to carry out."""
    event = FORM_EVENTS.get(name, name)
    try:
        record = locate(unit, address, event, raw)
        if name == "help":
            ticket_filing.request_support_from_form(unit, record, raw)
            return None
        if not _offers_form(unit.open(record), name):
            raise NotOffered(event)
        outcome = act(unit, record, event, raw)
    except TooLate as late:
        return too_late.instead(unit, late)
    except NotOffered:
        return too_late.instead(unit, TooLate("answers.stale"))
    if outcome.refusals:
        errors = {refusal.field: refusal_text(unit.texts, refusal) for refusal in outcome.refusals}
        return {"response_action": "errors", "errors": errors}
    return None
