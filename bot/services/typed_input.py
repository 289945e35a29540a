"""What is typed in the direct message: every message gets an answer, and none loses the step."""

from bot.blocks import entry_messages
from bot.blocks.kit import say
from bot.services import merchant_messages, privacy, start, ticket_filing, walkthrough
from bot.services.merchant_messages import MerchantMessage, secret_kind, secret_warning
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import TicketRecord, WalkRecord
from conversations.amazon_token.interpret import Notice, Raw
from conversations.amazon_token.messages import refusal_text
from conversations.amazon_token.steps import FORM_EVENTS
from conversations.amazon_token.triage import VENDOR_ONLY, is_error_message, triage
from conversations.amazon_token.walk import NotOffered, Walk
from conversations.secrets.credentials import SecretKind

WORDS = ("next", "back", "help", "start", "status", "privacy", "same", "failed", "worked")
_TYPED_FORMS = {"version": "version", "developer_id": "developer_id", "token": "token", "old_token": "token"}
"""Forms of one field, whose value may be typed at their step."""
_TOKEN_FORMS = frozenset({"token", "old_token"})
_TOKEN_SIZE, _TOKEN_HYPHENS = 30, 2
"""What is nearly as long as a token and has hyphens is taken for one, so that its fault is named."""


def message_typed(unit: UnitOfWork, said: MerchantMessage) -> None:
    """A message of the user in their direct message: to support while they are in conversation, else to the bot."""
    text, has_files = said.text, said.has_files
    records = unit.tx.open_walks(unit.user.team_id, unit.user.user_id)
    word = _word(unit, text)
    talk = merchant_messages.ticket_of_thread(unit, said)
    if talk is None and word != "privacy" and not _for_the_bot(unit, text, records):
        talk = merchant_messages.ticket_in_conversation(unit) or (
            merchant_messages.open_ticket(unit) if not records and word is None else None
        )
    asked = _ask_about_pictures(unit, talk, said)
    if talk is not None:
        merchant_messages.pass_on_message(unit, talk, said)
    elif asked and not text.strip():
        return
    elif word == "privacy":
        privacy.show(unit)
    elif len(records) > 1:
        _which_walk(unit, text, records)
    elif not records:
        _without_walk(unit, text, word)
    elif word is not None:
        _word_at_step(unit, records[0], word)
    else:
        _words_at_step(unit, records[0], text, has_files=has_files)


def _ask_about_pictures(unit: UnitOfWork, talk: TicketRecord | None, said: MerchantMessage) -> bool:
    """Handle images, which are for support; whether there were any and a ticket to add them to."""
    case = (talk or merchant_messages.open_ticket(unit)) if said.files else None
    if case is not None:
        merchant_messages.ask_about_screenshots(unit, case, said)
    return case is not None


def _for_the_bot(unit: UnitOfWork, text: str, records: list[WalkRecord]) -> bool:
    """What goes to the bot also while a person talks: a command of the walk, or the value that its step asks for."""
    if _is(unit, text, "in_talk"):
        return True
    form = _typed_form(unit.open(records[0])) if len(records) == 1 else None
    return form is not None and _looks_like(form, text, secret_kind(text))


def _word(unit: UnitOfWork, text: str) -> str | None:
    return next((word for word in WORDS if _is(unit, text, word)), None)


def _is(unit: UnitOfWork, text: str, word: str) -> bool:
    plain = text.strip().strip(".!?„“\"'").casefold()
    return any(plain in map(str.casefold, texts.words(f"words.{word}")) for texts in unit.config.all_texts.values())


def _which_walk(unit: UnitOfWork, text: str, records: list[WalkRecord]) -> None:
    names = ", ".join(record.for_name or unit.user.name for record in records)
    lead, which = secret_warning(unit.texts, text), say(unit.texts, "answers.several_walks", names=names)
    unit.post(unit.direct_message, entry_messages.message(f"{lead}\n\n{which}" if lead else which))


def _without_walk(unit: UnitOfWork, text: str, word: str | None) -> None:
    if word == "start":
        start.begin(unit)
        return
    unit.post(unit.direct_message, entry_messages.introduction(unit.texts, secret_warning(unit.texts, text)))


def _word_at_step(unit: UnitOfWork, record: WalkRecord, word: str) -> None:
    walk = unit.open(record)
    event = _event(walk, word)
    if event is not None and walk.can(event):
        walkthrough.act(unit, record, event, {})
    elif word == "help":
        unit.show_again(record, Notice("help_offered"), expanded=True)
    elif word in {"start", "status"}:
        unit.show_again(record, Notice("welcome_back"))
    elif word == "next":
        code = "needs_value" if walk.value_form() is not None else "needs_choice"
        unit.show_again(record, Notice(code))
    else:
        unit.show_again(record, Notice("nothing_to_go_back" if word == "back" else "not_possible_here"))


def _event(walk: Walk, word: str) -> str | None:
    if word == "next":
        return walk.plain_next()
    return {"back": "back", "same": "same_seller_id", "failed": "fetch_failed", "worked": "fetched"}.get(word)


def _words_at_step(unit: UnitOfWork, record: WalkRecord, text: str, *, has_files: bool) -> None:
    walk = unit.open(record)
    form = _typed_form(walk)
    kind = secret_kind(text)
    if form is not None and _looks_like(form, text, kind):
        _value(unit, record, form, text)
    elif kind is not None:
        unit.show_again(record, Notice("delete_secret_message", {"kind": str(kind)}))
    elif walk.can("describe_failure") and (is_error_message(text) or has_files):
        _failure(unit, record, text)
    elif is_error_message(text):
        category = triage(text)
        if category in VENDOR_ONLY:
            ticket_filing.request_support(unit, record, text)
            return
        unit.show_again(record, Notice("error_text_understood", {"category": str(category), "answer": str(category)}))
    else:
        unit.show_again(record, Notice("files_not_needed" if has_files and not text.strip() else "unclear"))


def _typed_form(walk: Walk) -> str | None:
    return next((o.form for o in walk.offers() if o.form in _TYPED_FORMS), None)


def _looks_like(form: str, text: str, kind: SecretKind | None) -> bool:
    if form in _TOKEN_FORMS:
        compact = "".join(text.split())
        return (
            kind is not None
            or "amzn" in text.casefold()
            or (len(compact) >= _TOKEN_SIZE and compact.count("-") >= _TOKEN_HYPHENS)
        )
    return kind is None and any(character.isdigit() for character in text) and not is_error_message(text)


def _value(unit: UnitOfWork, record: WalkRecord, form: str, text: str) -> None:
    event, field = FORM_EVENTS[form], _TYPED_FORMS[form]
    secret = Notice("delete_token_message") if form in _TOKEN_FORMS else None
    raw: Raw = {field: text}
    said = (unit.texts.say(f"notes.{secret.code}"),) if secret is not None else ()
    try:
        outcome = walkthrough.act(unit, record, event, raw, more=said)
    except NotOffered:
        unit.show_again(record, Notice("not_possible_here"))
        return
    if outcome.refusals:
        sentences = tuple(refusal_text(unit.texts, refusal) for refusal in outcome.refusals)
        unit.show_again(record, *([secret] if secret is not None else []), sentences=sentences)


def _failure(unit: UnitOfWork, record: WalkRecord, text: str) -> None:
    facts = unit.open(record).facts
    raw: Raw = {"accounts": list(facts.failed_accounts), "error_text": text}
    walkthrough.act(unit, record, "describe_failure", raw)


def support_requested(unit: UnitOfWork) -> int:
    """`support`: a person, now, with or without a walk; the ticket's number."""
    records = unit.tx.open_walks(unit.user.team_id, unit.user.user_id)
    if records:
        return ticket_filing.request_support(unit, records[0]).number
    last = unit.tx.last_walk(unit.user.team_id, unit.user.user_id)
    ticket = ticket_filing.file(unit, None, unit.open(last) if last is not None else None, "help")
    unit.post(unit.direct_message, entry_messages.answer(unit.texts, "ticket_filed", ticket=ticket.number))
    return ticket.number
