"""What is typed in the direct message: who is meant by it, the bot or support. Every message gets an answer.

From filing until closing the conversation is the ticket's: only exact commands, complete values and, as long as nobody
has answered, the acts of the present step are the bot's.
"""

from typing import Literal

from bot.blocks import entry_messages
from bot.blocks.kit import say
from bot.blocks.lead import Lead
from bot.services import (
    evidence,
    intent_actions,
    merchant_messages,
    pleas,
    privacy,
    question_answers,
    resolution_answers,
    screenshots,
    start,
    status,
    ticket_filing,
    unheard,
    walk_start,
)
from bot.services.merchant_messages import MerchantMessage, secret_kind, secret_warning
from bot.services.unit_of_work import UnitOfWork
from bot.services.unknown_words import not_understood
from bot.store.models import TicketRecord, WalkRecord
from conversations.engine.answers import Notice
from conversations.engine.procedure import HELP, AnyProcedure
from conversations.engine.texts import Texts
from conversations.engine.understanding.intents import (
    Answer,
    AskWhich,
    Chatter,
    Command,
    ErrorMessage,
    Intent,
    PersonWanted,
    Press,
    Suggestions,
    TypedValue,
    Understood,
    Unknown,
    Values,
)
from conversations.engine.understanding.situation import Situation, TicketStage, situation_of
from conversations.engine.understanding.understand import understand

_STAGES: dict[str, TicketStage] = {
    "open": "open", "claimed": "claimed", "waiting_for_merchant": "waiting", "waiting_for_support": "answered",
    "postponed": "answered", "resolved": "resolved",
}  # fmt: skip

_WITHOUT_WALK = frozenset({"start", "next", "help", "status", "language", "privacy"})
"""Commands that mean something while no walk is under way."""


def message_typed(unit: UnitOfWork, said: MerchantMessage) -> None:
    """A message of the user in their direct message. The same one again does nothing."""
    if said.ts and not unit.tx.first_time(f"message:{said.source}", unit.now):
        return
    _hear(unit, said)


def message_edited(unit: UnitOfWork, said: MerchantMessage) -> None:
    """An edit is passed on where the message was, and heard where the bot could do nothing with the message before."""
    if merchant_messages.follow_edit(unit, said):
        return
    records = unit.tx.open_walks(unit.user.team_id, unit.user.user_id)
    if len(records) == 1 and unheard.waits_for_edit(unit, records[0], said.source):
        _hear(unit, said, edited=True)


def _hear(unit: UnitOfWork, said: MerchantMessage, *, edited: bool = False) -> None:
    records = unit.tx.open_walks(unit.user.team_id, unit.user.user_id)
    in_thread = merchant_messages.ticket_of_thread(unit, said)
    ticket = in_thread or merchant_messages.live_ticket(unit)
    record = records[0] if len(records) == 1 else None
    understood = _understood(unit, said, record, ticket, in_thread=in_thread is not None)
    if edited and isinstance(understood.intent, Press):
        understood = Understood(understood.text, understood.secrets, AskWhich((understood.intent.act,)))
    if ticket is not None and said.files:
        screenshots.ask_about_screenshots(unit, ticket, said)
        if not said.text.strip():
            return
    if ticket is None:
        _to_bot(unit, said, records, understood)
    elif in_thread is None and _is_for_bot(unit, said, records, ticket, understood.intent):
        if ticket.answered_at is not None and isinstance(understood.intent, TypedValue):
            merchant_messages.pass_on_message(unit, ticket, said, silent=True)
        _to_bot(unit, said, records, understood)
    elif ticket.state == "resolved":
        resolution_answers.heard(unit, ticket, said, understood.intent)
    else:
        merchant_messages.pass_on_message(unit, ticket, said)
        if in_thread is None and ticket.answered_at is None:
            _answer_from_guide(unit, record, understood.intent)


def _understood(
    unit: UnitOfWork, said: MerchantMessage, record: WalkRecord | None, ticket: TicketRecord | None, *, in_thread: bool
) -> Understood:
    walk = unit.open(record) if record is not None else None
    procedure = walk.procedure if walk is not None else _last_procedure(unit)
    situation: Situation = situation_of(
        unit.config.all_texts.vocabulary(procedure),
        unit.user.language,
        walk,
        ticket=_STAGES.get(ticket.state) if ticket is not None else None,
        last_speaker=_last_speaker(unit, ticket),
        in_ticket_thread=in_thread,
        asked=_asked(unit, record, ticket),
    )
    return understand(said.text, situation)


def _asked(
    unit: UnitOfWork, record: WalkRecord | None, ticket: TicketRecord | None
) -> Literal["works_now", "press"] | None:
    """The bot's own last question."""
    if record is not None and intent_actions.last_asked(unit, record) is not None:
        return "press"
    return "works_now" if ticket is not None and ticket.state == "resolved" else None


def _last_speaker(unit: UnitOfWork, ticket: TicketRecord | None) -> Literal["merchant", "agent"] | None:
    messages = unit.tx.ticket_messages(ticket.number) if ticket is not None else []
    return messages[-1].side if messages else None


def _last_procedure(unit: UnitOfWork) -> AnyProcedure:
    last = unit.tx.last_walk(unit.user.team_id, unit.user.user_id)
    return unit.procedure_of(last) if last is not None else unit.config.first_procedure


def _is_for_bot(
    unit: UnitOfWork, said: MerchantMessage, records: list[WalkRecord], ticket: TicketRecord, intent: Intent
) -> bool:
    """Whether a message in the conversation is the bot's while there is this ticket, which is not closed."""
    if isinstance(intent, Command) and not records and intent.word not in _WITHOUT_WALK:
        return False
    if ticket.state == "resolved":
        return isinstance(intent, Command | TypedValue | Values | Press)
    if ticket.answered_at is not None:
        return _stays(unit, said) or (isinstance(intent, TypedValue) and intent.complete and not intent.read_as)
    if isinstance(intent, ErrorMessage):
        return len(records) == 1  # it is explained there, and added to the ticket
    if isinstance(intent, Command):
        return intent.exact
    return isinstance(intent, Press) or (isinstance(intent, TypedValue) and intent.complete)


def _stays(unit: UnitOfWork, said: MerchantMessage) -> bool:
    """Whether the whole message is one of the words that stay commands during a conversation."""
    plain = said.text.strip().strip(".!?„“\"'").casefold()
    all_texts = unit.config.all_texts
    return any(plain in map(str.casefold, all_texts[language].words("words.in_talk")) for language in all_texts)


def _answer_from_guide(unit: UnitOfWork, record: WalkRecord | None, intent: Intent) -> None:
    """Nobody has answered yet: what the guide says for sure stands beside, marked as the guide's."""
    if not isinstance(intent, Answer) or intent.offered:
        return
    walk = unit.open(record) if record is not None else None
    procedure = walk.procedure if walk is not None else _last_procedure(unit)
    texts = unit.config.all_texts.of(unit.user.language, procedure.id)
    answer = question_answers.answer_lead(unit, texts, procedure, intent.question, walk)
    lead = Lead(f"{say(texts, 'heard.from_guide')}\n{answer.text}")
    unit.post(unit.direct_message, lead.message())


def _to_bot(unit: UnitOfWork, said: MerchantMessage, records: list[WalkRecord], understood: Understood) -> None:
    intent = understood.intent
    if isinstance(intent, Command) and intent.word == "privacy":
        privacy.show(unit)
    elif isinstance(intent, Command) and intent.word == "language" and intent.language is None:
        unit.post(unit.direct_message, entry_messages.answer(unit.texts, "language_which"))
    elif isinstance(intent, Command) and intent.word == "language" and intent.language is not None:
        start.choose_language(unit, intent.language)
        unit.post(unit.direct_message, entry_messages.answer(unit.texts, "language_set", command=unit.config.command))
    elif len(records) > 1 and intent == Command("status"):
        unit.post(unit.direct_message, status.answer(unit))
    elif len(records) > 1:
        _warn(unit, said)
        _which_walk(unit, records)
    elif records:
        _at_step(unit, records[0], said, understood)
    else:
        _without_walk(unit, said, understood)


def _at_step(unit: UnitOfWork, record: WalkRecord, said: MerchantMessage, understood: Understood) -> None:
    """What the message means there. A secret that nobody has asked for is warned of, whatever else is said."""
    kind, intent = secret_kind(unit, said.text), understood.intent
    if kind is not None and (
        isinstance(intent, Unknown | Chatter) or (isinstance(intent, TypedValue) and not intent.complete)
    ):
        unheard.unknown(unit, record, said, understood.text, Notice("delete_secret_message", {"kind": str(kind)}))
        return
    if kind is not None and not isinstance(intent, TypedValue):
        _warn(unit, said)
    intent_actions.at_step(unit, record, said, understood)


def _warn(unit: UnitOfWork, said: MerchantMessage) -> bool:
    """Ask to delete the message if there is a secret in it, in a message of its own; whether there is."""
    warning = secret_warning(unit, unit.texts, said.text)
    if warning:
        unit.post(unit.direct_message, entry_messages.message(warning), key=pleas.key_for(unit, said.source))
    return bool(warning)


def _which_walk(unit: UnitOfWork, records: list[WalkRecord]) -> None:
    names = ", ".join(record.for_name or unit.user.name for record in records)
    unit.post(unit.direct_message, entry_messages.answer(unit.texts, "several_walks", names=names))


def _without_walk(unit: UnitOfWork, said: MerchantMessage, understood: Understood) -> None:
    """Nothing is under way: a person, a question and an error are answered all the same."""
    intent, warned = understood.intent, _warn(unit, said)
    if isinstance(intent, Command) and intent.word in {"start", "next"}:
        walk_start.begin(unit)
    elif _is_about_walk(intent) and (_has_begun(unit) or merchant_messages.live_ticket(unit) is not None):
        unit.post(unit.direct_message, status.answer(unit))
    elif isinstance(intent, Chatter) and intent.kind != "presence" and not warned and _has_begun(unit):
        intent_actions.chatter(unit, None, intent.kind)
    elif (lead := _lead(unit, understood)) is not None:
        unit.post(unit.direct_message, lead.message())
    else:
        if said.text.strip():
            not_understood(unit, None, understood.text)
        call = question_answers.calls_person(unit.texts, understood.text)
        unit.post(unit.direct_message, entry_messages.introduction(unit.texts, call.block(None)))


def _is_about_walk(intent: Intent) -> bool:
    """Whether this means something only while a walk is under way: to go back in it, to end it, to put it off."""
    later = isinstance(intent, Chatter) and intent.kind == "later"
    return later or (isinstance(intent, Command) and intent.word != "help")


def _lead(unit: UnitOfWork, understood: Understood) -> Lead | None:
    """The answer without a walk; `None` to introduce the bot to somebody who has never begun."""
    procedure = _last_procedure(unit)
    texts = unit.config.all_texts.of(unit.user.language, procedure.id)
    call = question_answers.calls_person(texts, understood.text)
    match understood.intent:
        case PersonWanted() | Command(word="help") | Chatter(kind="presence"):
            return Lead(say(texts, "heard.person_at_once"), (call,))
        case ErrorMessage(text=text):
            return Lead(_about_error(unit, procedure, texts, text), (call,))
        case Answer(question=question, offered=offered):
            return question_answers.lead_for(unit, texts, procedure, question, None, offered=offered)
        case Suggestions(questions=questions):
            return question_answers.offers(unit, texts, procedure, questions)
    if not _has_begun(unit):
        return None
    return Lead(say(texts, "heard.about_what"), (call,))


def _about_error(unit: UnitOfWork, procedure: AnyProcedure, texts: Texts, text: str) -> str:
    """What is said about an error message without a walk under way; how far the last one came counts."""
    last = unit.tx.last_walk(unit.user.team_id, unit.user.user_id)
    category = str(procedure.tickets.triage(text))
    key = procedure.tickets.answer(category, (text,), unit.open(last).state if last is not None else None)
    return say(texts, "heard.error", category=texts.say(f"categories.{category}.name"), answer=texts.say(key))


def _has_begun(unit: UnitOfWork) -> bool:
    """Whether the user has ever begun a walk."""
    return unit.tx.last_walk(unit.user.team_id, unit.user.user_id) is not None


def person_called(unit: UnitOfWork, words: str, response_url: str | None) -> None:
    """„Mensch rufen“ without a walk: a ticket with what was typed."""
    number = support_requested(unit, words)
    if response_url is not None:
        answer = entry_messages.answer(unit.texts, "support_called", ticket=number)
        replaced = unit.with_answer_time(answer, number)
        unit.respond(response_url, {**replaced, "replace_original": True})


def support_requested(unit: UnitOfWork, words: str = "") -> int:
    """`support`: a person, now, with or without a walk of one's own; the ticket's number."""
    records = unit.tx.open_walks(unit.user.team_id, unit.user.user_id)
    own = next((record for record in records if not record.for_name), None)
    if own is not None:
        return ticket_filing.request_support(unit, own, words).number
    last = unit.tx.last_walk(unit.user.team_id, unit.user.user_id)
    walk = unit.open(last) if last is not None and not last.for_name else None
    ticket = ticket_filing.file(unit, None, walk, HELP, evidence.redacted(unit, words))
    ticket_filing.post_receipt(unit, ticket)
    return ticket.number
