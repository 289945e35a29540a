"""What the bot does about a typed message at a step, once it knows what the message means.

Every message gets an answer. What cannot be taken back is asked first; everything else says how it was read.
"""

import json
from collections.abc import Callable
from typing import Any

from bot.blocks import actions as ids
from bot.blocks import entry_messages
from bot.blocks.actions import Address
from bot.blocks.kit import say
from bot.blocks.lead import Lead, LeadButton, person_lead
from bot.services import (
    error_messages,
    evidence,
    grouping,
    pleas,
    putting_off,
    question_answers,
    start,
    status,
    step_forms,
    ticket_filing,
    too_late,
    unheard,
    walkthrough,
)
from bot.services.merchant_messages import MerchantMessage, secret_kind
from bot.services.too_late import TooLate
from bot.services.unit_of_work import UnitOfWork
from bot.services.walkthrough import PressOrigin
from bot.store.models import WalkRecord
from conversations.engine import screens
from conversations.engine.answers import Notice
from conversations.engine.charts import BACK, CANCEL
from conversations.engine.messages import notice_text, refusal_text
from conversations.engine.procedure import HELP
from conversations.engine.texts import Texts
from conversations.engine.understanding.intents import (
    Answer,
    AskWhich,
    Chatter,
    Command,
    Confirm,
    ErrorMessage,
    OfferedAct,
    PersonWanted,
    Press,
    Suggestions,
    TypedValue,
    Understood,
    Values,
)
from conversations.engine.walkthrough import NotOffered

ASKED = "asked_press"
"""The event of a walk whose next „ja“ means an act: its detail names it."""


def at_step(unit: UnitOfWork, record: WalkRecord, said: MerchantMessage, understood: Understood) -> None:
    """Do what the message means at the present step of the walk."""
    handle = _HANDLERS.get(type(understood.intent))
    if handle is not None:
        handle(unit, record, said, understood.intent)
    else:
        unheard.unknown(unit, record, said, understood.text)


def _command(unit: UnitOfWork, record: WalkRecord, _said: MerchantMessage, command: Command) -> None:
    walk = unit.open(record)
    match command.word:
        case "next":
            _next(unit, record)
        case "back" if walk.can(BACK):
            walkthrough.act(unit, record, BACK, {})
        case "cancel" if walk.can(CANCEL):
            unit.post(unit.direct_message, start.keep_question(unit, record))
        case "restart":
            unit.post(unit.direct_message, start.restart_question(unit, record))
        case "where":
            unit.add_event(record, "asked_where", record.step)
            unit.show_again(record, expanded=True)
        case "one_by_one" | "together" as word:
            grouping.typed(unit, record, one_by_one=word == "one_by_one")
        case "help":
            unit.show_again(record, Notice("help_offered"), expanded=True)
        case "status":
            unit.show_again(record, lead=Lead("\n".join(status.under_way(unit, record))))
        case word:
            unit.show_again(record, Notice(_NOTES.get(word, "welcome_back")))


_NOTES = {"back": "nothing_to_go_back", "cancel": "not_possible_here"}


def _next(unit: UnitOfWork, record: WalkRecord) -> None:
    walk = unit.open(record)
    screen = screens.shown(walk)
    event = screen.last.plain_next()
    offer = walk.procedure.offer_of(screen.last.step, event) if event is not None else None
    if event is not None and offer is not None and (offer.guarded or offer.danger):
        ask(unit, record, OfferedAct(event, at=screen.last.step, acts=len(screen.open) - 1))
    elif event is not None:
        walkthrough.act(unit, record, event, {}, at=screen.last.step, acts=len(screen.open) - 1)
    else:
        unit.show_again(record, step_forms.asked_for(walk))


def _values(unit: UnitOfWork, record: WalkRecord, _said: MerchantMessage, values: Values) -> None:
    read = ", ".join(candidate.read_as for candidate in values.candidates)
    unit.show_again(record, Notice("which_value", {"candidates": read}))


def _which(unit: UnitOfWork, record: WalkRecord, _said: MerchantMessage, _which: AskWhich) -> None:
    unit.show_again(record, Notice("which_button"))


def _error(unit: UnitOfWork, record: WalkRecord, _said: MerchantMessage, error: ErrorMessage) -> None:
    error_messages.answer(unit, record, unit.open(record), error.text)


def _person(unit: UnitOfWork, record: WalkRecord, _said: MerchantMessage, person: PersonWanted) -> None:
    shown = unit.show_again(record, lead=person_lead(unit.texts_of(record), "person", person.words))
    # A typed „ja“ is the button: it calls a person with the same words.
    unit.add_event(shown, ASKED, shown.step, {"event": HELP, "words": evidence.redacted(unit, person.words)})


def _answer(unit: UnitOfWork, record: WalkRecord, _said: MerchantMessage, answer: Answer) -> None:
    question_answers.show(unit, record, answer.question, offered=answer.offered)


def _suggestions(unit: UnitOfWork, record: WalkRecord, _said: MerchantMessage, suggestions: Suggestions) -> None:
    question_answers.suggest(unit, record, suggestions.questions)


def _chatter(unit: UnitOfWork, record: WalkRecord, _said: MerchantMessage, said: Chatter) -> None:
    if said.kind == "later":
        putting_off.typed(unit, record, said.when)
    else:
        chatter(unit, record, said.kind)


def _value(unit: UnitOfWork, record: WalkRecord, said: MerchantMessage, value: TypedValue) -> None:
    walk, texts, act = unit.open(record), unit.texts_of(record), value.act
    form = walk.form(str(act.form))
    read = (texts.say("heard.value_read", value=value.read_as),) if value.read_as else ()
    if not value.complete:
        # A button's value passes the gate unread: no secret may get into it, whatever the procedure took it for.
        prefill, secrets = unit.config.gate(unit.user.language).text(json.dumps(value.raw))
        open_form = LeadButton(
            f"{ids.FORM}:{act.form}",
            texts.say("heard.open_form"),
            "primary",
            "" if secrets else prefill,
            act.at,
            act.acts,
        )
        unit.show_again(record, lead=Lead(say(texts, "heard.incomplete", value=value.read_as), (open_form,)))
        return
    secret = form.secret and secret_kind(unit, said.text) is not None
    notes = (*read, *((texts.say("notes.delete_typed_secret"),) if secret else ()))
    try:
        outcome = walkthrough.act(
            unit, record, act.event, value.raw, more=notes, at=act.at, acts=act.acts, below=secret, source=said.source
        )
    except NotOffered:
        unit.show_again(record, Notice("not_possible_here"))
        return
    sentences = tuple(refusal_text(texts, refusal) for refusal in outcome.refusals)
    if sentences:
        unit.show_again(record, sentences=(*notes, *sentences))
    if secret:
        kept = (*read, *sentences, *(notice_text(texts, note) for note in outcome.notes))
        pleas.asked(unit, record, said.source, kept)


def _label(texts: Texts, act: OfferedAct) -> str:
    """The words of the act's button."""
    if act.choice is not None:
        return texts.say(f"choices.{act.event}.{act.choice}")
    return texts.say(f"steps.{act.at}.buttons.{act.event}")


def _press(unit: UnitOfWork, record: WalkRecord, _said: MerchantMessage, press: Press) -> None:
    """Do an act that was put into words, and offer to take it back; ask first where that would not help."""
    texts, act = unit.texts_of(record), press.act
    if act.guarded:
        ask(unit, record, act)
        return
    if act.form is not None:
        step_forms.ask_for(unit, record, act, _label(texts, act))
        return
    lead = Lead(
        say(texts, "heard.pressed", label=press.read_as or _label(texts, act)),
        (LeadButton(ids.UNDO, texts.say("heard.undo")),),
    )
    _fire(unit, record, act, lead)


def _fire(unit: UnitOfWork, record: WalkRecord, act: OfferedAct, lead: Lead | None) -> None:
    raw: dict[str, Any] = {"choice": act.choice} if act.choice is not None else {}
    try:
        walkthrough.act(unit, record, act.event, raw, at=act.at, acts=act.acts, lead=lead)
    except (NotOffered, ValueError):
        unit.show_again(record, Notice("not_possible_here"))


def ask(unit: UnitOfWork, record: WalkRecord, act: OfferedAct) -> None:
    """Ask once whether this act is meant. A typed „ja“ answers as well as the button."""
    texts = unit.texts_of(record)
    action_id = f"{ids.WALK}:{act.event}" + (f":{act.choice}" if act.choice is not None else "")
    if act.form is not None:
        action_id = f"{ids.FORM}:{act.form}"
    yes = LeadButton(action_id, texts.say("heard.yes"), "danger", at=act.at, acts=act.acts)
    no = LeadButton(ids.PLAIN, texts.say("heard.no"))
    detail = {"event": act.event, "choice": act.choice, "at": act.at, "acts": act.acts, "form": act.form}
    unit.show_again(record, lead=Lead(say(texts, "heard.is_it", label=_label(texts, act)), (yes, no)))
    shown = unit.tx.walk(record.id)
    if shown is not None:
        unit.add_event(shown, ASKED, shown.step, detail)


def _confirmed(unit: UnitOfWork, record: WalkRecord, _said: MerchantMessage, answer: Confirm) -> None:
    """The answer in words to the question about an act; without such a question it is too little."""
    asked = last_asked(unit, record)
    if asked is None:
        unit.show_again(record, Notice("which_button"))
    elif not answer.yes:
        unit.show_again(record, Notice("not_done"))
    elif asked.event == HELP:
        words = unit.tx.events(record.id)[-1].detail.get("words", "")
        ticket_filing.request_support(unit, record, str(words))
    elif asked.form is not None:
        step_forms.ask_for(unit, record, asked, _label(unit.texts_of(record), asked))
    else:
        _fire(unit, record, asked, None)


def last_asked(unit: UnitOfWork, record: WalkRecord) -> OfferedAct | None:
    """The act about which the bot has asked last, if nothing has happened in the walk since."""
    events = unit.tx.events(record.id)
    if not events or events[-1].name != ASKED:
        return None
    detail = events[-1].detail
    return OfferedAct(
        event=str(detail.get("event")), choice=detail.get("choice"), at=str(detail.get("at") or ""),
        acts=int(detail.get("acts") or 0), form=detail.get("form"),
    )  # fmt: skip


def undo(unit: UnitOfWork, address: Address, place: PressOrigin) -> None:
    """„So war es nicht gemeint“: back to the step where it was said."""
    try:
        record = walkthrough.locate(unit, address, "undo")
        walkthrough.act(unit, record, BACK, {}, place.response_url, (unit.texts.say("heard.undone"),))
    except TooLate as late:
        too_late.answer(unit, late, place.response_url)
    except NotOffered:
        too_late.answer(unit, TooLate("answers.stale", record=record), place.response_url)


def plain(unit: UnitOfWork, address: Address, place: PressOrigin) -> None:
    """„Nein“ to the question about an act: the step without the question."""
    walkthrough.toggle(unit, address, place, expanded=False)
    try:
        record = walkthrough.locate(unit, address, "plain")
    except TooLate:
        return
    unit.add_event(record, "not_meant", record.step)


def chatter(unit: UnitOfWork, record: WalkRecord | None, kind: str) -> None:
    """A short word back; the step stays where it is, and „ok“ presses nothing."""
    if kind == "acknowledged" and record is not None:
        unit.show_again(record, Notice("ok_presses_nothing"))
    elif kind == "presence" and record is not None:
        unit.show_again(record, lead=person_lead(unit.texts_of(record), "presence", ""))
    else:
        unit.post(unit.direct_message, entry_messages.paragraph(unit.texts, f"heard.chatter.{kind}"))


_IntentHandler = Callable[[UnitOfWork, WalkRecord, MerchantMessage, Any], None]
_HANDLERS: dict[type, _IntentHandler] = {
    Command: _command,
    TypedValue: _value,
    Values: _values,
    Press: _press,
    Confirm: _confirmed,
    AskWhich: _which,
    ErrorMessage: _error,
    PersonWanted: _person,
    Answer: _answer,
    Suggestions: _suggestions,
    Chatter: _chatter,
}
"""What there is to do about each intent; about every other one nothing is known."""
