"""Questions that the guide answers: the answer with the step, offers of questions, and „Nicht meine Frage“."""

from collections.abc import Sequence

from bot.blocks import actions as ids
from bot.blocks.actions import Address
from bot.blocks.kit import escape, say
from bot.blocks.lead import Lead, LeadButton, person_lead
from bot.services import too_late, walkthrough
from bot.services.too_late import TooLate
from bot.services.unit_of_work import UnitOfWork
from bot.services.walkthrough import PressOrigin
from bot.statistics.walkthroughs import ASKED, REJECTED
from bot.store.models import WalkRecord
from conversations.engine.procedure import AnyProcedure
from conversations.engine.texts import Texts
from conversations.engine.understanding.questions import Question
from conversations.engine.walkthrough import AnyWalk

LABEL_LIMIT = 75


def show(unit: UnitOfWork, record: WalkRecord, question: Question, *, offered: bool) -> None:
    """The answer with the step; `offered`, the question first, as a button."""
    walk, texts = unit.open(record), unit.texts_of(record)
    unit.show_again(record, lead=lead_for(unit, texts, walk.procedure, question, walk, offered=offered))
    if not offered:
        _asked(unit, record, question)


def lead_for(
    unit: UnitOfWork, texts: Texts, procedure: AnyProcedure, question: Question, walk: AnyWalk | None, *, offered: bool
) -> Lead:
    """The answer; `offered`, the question as a button."""
    if offered:
        return offers(unit, texts, procedure, [question])
    return answer_lead(unit, texts, procedure, question, walk)


def suggest(unit: UnitOfWork, record: WalkRecord, questions: Sequence[Question]) -> None:
    """Up to three questions as buttons, with the step."""
    texts, procedure = unit.texts_of(record), unit.procedure_of(record)
    unit.show_again(record, lead=offers(unit, texts, procedure, questions))


def offers(unit: UnitOfWork, texts: Texts, procedure: AnyProcedure, questions: Sequence[Question]) -> Lead:
    """„Meinen Sie …?“ with a button for each question."""
    key = "heard.one_question" if len(questions) == 1 else "heard.questions"
    buttons = tuple(
        LeadButton(f"{ids.QUESTION}:{procedure.id}:{question.key}", question.title[:LABEL_LIMIT])
        for question in (_in_language(unit, texts, procedure, one) for one in questions)
    )
    return Lead(say(texts, key), buttons)


def answer_lead(
    unit: UnitOfWork, texts: Texts, procedure: AnyProcedure, question: Question, walk: AnyWalk | None
) -> Lead:
    """The question as it was understood, its answer, and a button to say that it was another one.

    Without a walk there is a button for a person as well, which every step has.
    """
    question = _in_language(unit, texts, procedure, question)
    not_mine = LeadButton(f"{ids.NOT_MINE}:{procedure.id}:{question.key}", texts.say("heard.not_mine"))
    buttons = (not_mine,) if walk is not None else (not_mine, calls_person(texts))
    return Lead(f"*{escape(question.title)}*\n{answer_text(texts, question, walk)}", buttons)


def answer_text(texts: Texts, question: Question, walk: AnyWalk | None) -> str:
    """The answer as mrkdwn, its placeholders filled from the present step."""
    values = walk.text_values(ticket="") if walk is not None else {}
    return say(texts, question.answer_key, **values).strip()


def _in_language(unit: UnitOfWork, texts: Texts, procedure: AnyProcedure, question: Question) -> Question:
    """The same question in the language of `texts`: somebody may ask in the other one."""
    questions = unit.config.all_texts.questions(texts.language, procedure.id).questions
    return next((other for other in questions if other.key == question.key), question)


def pressed(unit: UnitOfWork, address: Address | None, place: PressOrigin, procedure: str, key: str) -> None:
    """An offered question: its answer replaces the offers."""
    found = _question(unit, procedure, key)
    if address is None:
        if found is not None and place.response_url is not None:
            lead = answer_lead(unit, unit.config.all_texts.of(unit.user.language, procedure), *found, None)
            unit.respond(place.response_url, {**lead.message(), "replace_original": True})
        return
    try:
        record = walkthrough.locate(unit, address, "question")
    except TooLate as late:
        too_late.answer(unit, late, place.response_url)
        return
    if found is not None:
        walk = unit.open(record)
        lead = answer_lead(unit, unit.texts_of(record), *found, walk)
        walkthrough.redraw(unit, record, address, place, lead=lead)
        _asked(unit, record, found[1])


def not_mine(unit: UnitOfWork, address: Address | None, place: PressOrigin, procedure: str, key: str) -> None:
    """„Nicht meine Frage“: it is counted, and a person is one press away."""
    if address is None:
        if place.response_url is not None:
            lead = Lead(say(unit.texts, "heard.not_mine_said"), (calls_person(unit.texts),))
            unit.respond(place.response_url, {**lead.message(), "replace_original": True})
        return
    try:
        record = walkthrough.locate(unit, address, REJECTED)
    except TooLate as late:
        too_late.answer(unit, late, place.response_url)
        return
    lead = person_lead(unit.texts_of(record), "not_mine_said", "")
    walkthrough.redraw(unit, record, address, place, lead=lead)
    if procedure == record.procedure:
        unit.add_event(record, REJECTED, record.step, {"question": key})


def calls_person(texts: Texts, words: str = "") -> LeadButton:
    """The button that calls a person where no walk is under way."""
    return LeadButton(ids.CALL_PERSON, texts.say("heard.call_person"), said=words)


def _question(unit: UnitOfWork, procedure: str, key: str) -> tuple[AnyProcedure, Question] | None:
    known = unit.config.procedures.get(procedure)
    if known is None:
        return None
    questions = unit.config.all_texts.questions(unit.user.language, procedure).questions
    return next(((known, question) for question in questions if question.key == key), None)


def _asked(unit: UnitOfWork, record: WalkRecord, question: Question) -> None:
    unit.add_event(record, ASKED, record.step, {"question": question.key})
