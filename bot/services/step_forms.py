"""The forms of a step: modals, and those with one field in the message of the step itself."""

import json
from typing import Any

from bot.blocks import actions as ids
from bot.blocks import message_field
from bot.blocks.actions import Address
from bot.blocks.forms import form_view, help_view
from bot.blocks.kit import say
from bot.blocks.lead import Lead, LeadButton
from bot.services import ticket_filing, too_late
from bot.services.too_late import TooLate
from bot.services.unit_of_work import UnitOfWork
from bot.services.walkthrough import PressOrigin, act, held, locate, note_delivery, redraw
from bot.store.models import WalkRecord
from conversations.engine import screens
from conversations.engine.answers import Notice, Raw
from conversations.engine.messages import notice_text, refusal_text
from conversations.engine.procedure import HELP, Form
from conversations.engine.understanding.intents import OfferedAct
from conversations.engine.walkthrough import AnyWalk, NotOffered


def form(unit: UnitOfWork, address: Address, name: str, place: PressOrigin) -> dict[str, Any] | None:
    """What a press of a form's button does, or Enter in its field: the modal to open, or `None`.

    Of a form in the message it takes what is in the field. A form that the step does not offer gets an answer.
    """
    name, event, described = _present_form(unit, address, name)
    if described is not None and described.in_message:
        _take(unit, address, name, event, described, place)
        return None
    try:
        record = locate(unit, address, event)
        walk = _at_form(unit, record, address)
        if name != HELP and (walk is None or not walk.offers_form(name)):
            raise TooLate("answers.stale", record=record)
    except TooLate as late:
        stale = TooLate("answers.stale", record=late.record)
        too_late.answer(unit, late if late.key else stale, place.response_url)
        return None
    if name != HELP and walk is not None and held(unit, record, walk, event, address.at):
        unit.show_again(record)  # before anything is typed in vain
        return None
    texts = unit.texts_about(record)
    if name == HELP or walk is None:
        return help_view(texts, address)
    return form_view(texts, name, walk.form(name), walk.facts, address, _entered(address.said))


def asked_for(walk: AnyWalk) -> Notice:
    """What the present step needs instead of „weiter“."""
    form = walk.value_form()
    if form is None:
        return Notice("needs_choice")
    return Notice("needs_field" if walk.form(form).in_message else "needs_value")


def ask_for(unit: UnitOfWork, record: WalkRecord, act: OfferedAct, label: str) -> None:
    """Show the step again for an act with a form: with a button that opens it, unless it is in the message."""
    if unit.open(record).form(str(act.form)).in_message:
        unit.show_again(record, Notice("needs_field"))
        return
    button = LeadButton(f"{ids.FORM}:{act.form}", label, "primary", at=act.at, acts=act.acts)
    unit.show_again(record, lead=Lead(say(unit.texts_of(record), "heard.opens_form"), (button,)))


def _entered(said: str) -> dict[str, Any]:
    """What a button carries of the values of its form."""
    try:
        entered = json.loads(said) if said else {}
    except ValueError:
        return {}
    return entered if isinstance(entered, dict) else {}


def _take(unit: UnitOfWork, address: Address, name: str, event: str, described: Form, place: PressOrigin) -> None:
    """Submit what is in the field of the message; what is wrong with it is said there.

    A message of an earlier version has no field yet: it gets one, as if nothing had been typed.
    """
    field, field_id = described.fields[0].name, message_field.action_id(name, described)
    typed = place.typed.get(field_id, "")
    try:
        record = locate(unit, address, event, {field: typed})
        walk = _at_form(unit, record, address)
        if walk is None or not walk.offers_form(name):
            raise TooLate("answers.stale", record=record)
        note_delivery(unit, address, place)
        texts, fault = unit.texts_of(record), ""
        if held(unit, record, walk, event, address.at):
            unit.show_again(record)
        elif not typed.strip():
            label = texts.say(f"forms.{name}.{field}.label")
            fault = notice_text(texts, Notice("nothing_entered", {"label": label}))
        else:
            outcome = act(unit, record, event, {field: typed}, place.response_url, at=walk.step, acts=address.acts)
            fault = "\n".join(refusal_text(texts, refusal) for refusal in outcome.refusals)
    except NotOffered:
        too_late.answer(unit, TooLate("answers.stale"), place.response_url)
        return
    except TooLate as late:
        too_late.answer(unit, late, place.response_url)
        return
    if fault:
        redraw(unit, record, address, place, expanded=place.expanded, faults={field_id: fault})


def _present_form(unit: UnitOfWork, address: Address, name: str) -> tuple[str, str, Form | None]:
    """The form by its present name, its event, and what the procedure says of it; the one that calls a person has none.

    So it is with every form of a walk that is not there any more.
    """
    record = unit.tx.walk(address.walk_id)
    if record is None or not record.worker_id:
        return name, name, None
    procedure = unit.procedure_of(record)
    name = procedure.current_id(name)
    return name, procedure.form_events.get(name, name), procedure.forms.get(name)


def _at_form(unit: UnitOfWork, record: WalkRecord, address: Address) -> AnyWalk | None:
    """The walk at the step of its screen to which the form belongs."""
    at = unit.procedure_of(record).current_id(address.at) or record.step
    return screens.advanced(unit.open(record), at, address.acts)


def submit(unit: UnitOfWork, address: Address, name: str, raw: Raw) -> dict[str, Any] | None:
    """A modal's submission. `None`: accepted. Else the `response_action` that Slack is to carry out."""
    name, event, _ = _present_form(unit, address, name)
    try:
        record = locate(unit, address, event, raw)
        if name == HELP:
            ticket_filing.request_support_from_form(unit, record, raw)
            return None
        walk = _at_form(unit, record, address)
        if walk is None or not walk.offers_form(name):
            raise NotOffered(event)
        outcome = act(unit, record, event, raw, at=walk.step, acts=address.acts)
    except TooLate as late:
        return too_late.instead(unit, late)
    except NotOffered:
        return too_late.instead(unit, TooLate("answers.stale"))
    if outcome.refusals:
        texts = unit.texts_about(record)
        errors = {refusal.field: refusal_text(texts, refusal) for refusal in outcome.refusals}
        return {"response_action": "errors", "errors": errors}
    return None
