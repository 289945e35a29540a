"""What is typed in the direct message: every message gets an answer, and none loses the step."""

from bot.blocks import entry_messages
from bot.blocks.kit import say
from bot.services import merchant_messages, privacy, screenshots, ticket_filing, walk_start, walkthrough
from bot.services.merchant_messages import MerchantMessage, secret_kind, secret_warning
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import TicketRecord, WalkRecord
from conversations.engine import screens
from conversations.engine.answers import Notice, Raw
from conversations.engine.charts import BACK
from conversations.engine.messages import refusal_text
from conversations.engine.procedure import HELP
from conversations.engine.screens import PlacedOffer
from conversations.engine.walkthrough import AnyWalk, NotOffered

WORDS = ("next", BACK, HELP, "start", "status", "privacy")
"""The common words; procedures have further ones."""


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
        screenshots.ask_about_screenshots(unit, case, said)
    return case is not None


def _for_the_bot(unit: UnitOfWork, text: str, records: list[WalkRecord]) -> bool:
    """What goes to the bot also while a person talks: a command of the walk, or the value that its step asks for."""
    if _is(unit, text, "in_talk"):
        return True
    if len(records) != 1:
        return False
    walk = unit.open(records[0])
    placed = screens.shown(walk).typed_form()
    return placed is not None and _looks_like(unit, walk, str(placed.offer.form), text)


def _word(unit: UnitOfWork, text: str) -> str | None:
    """The common word that `text` is, or one of a procedure."""
    common = next((word for word in WORDS if _is(unit, text, word)), None)
    if common is not None:
        return common
    return next(
        (
            word
            for procedure in unit.config.procedures.values()
            for word in procedure.texts.words
            if _is(unit, text, word, procedure.id)
        ),
        None,
    )


def _is(unit: UnitOfWork, text: str, word: str, procedure: str | None = None) -> bool:
    plain = text.strip().strip(".!?„“\"'").casefold()
    all_texts = unit.config.all_texts
    spoken = [all_texts[language] if procedure is None else all_texts.of(language, procedure) for language in all_texts]
    return any(plain in map(str.casefold, texts.words(f"words.{word}")) for texts in spoken)


def _which_walk(unit: UnitOfWork, text: str, records: list[WalkRecord]) -> None:
    names = ", ".join(record.for_name or unit.user.name for record in records)
    lead, which = secret_warning(unit, unit.texts, text), say(unit.texts, "answers.several_walks", names=names)
    unit.post(unit.direct_message, entry_messages.message(f"{lead}\n\n{which}" if lead else which))


def _without_walk(unit: UnitOfWork, text: str, word: str | None) -> None:
    if word == "start":
        walk_start.begin(unit)
        return
    unit.post(unit.direct_message, entry_messages.introduction(unit.texts, secret_warning(unit, unit.texts, text)))


def _word_at_step(unit: UnitOfWork, record: WalkRecord, word: str) -> None:
    walk = unit.open(record)
    if word == "next":
        screen = screens.shown(walk)
        event, at, acts = screen.last.plain_next(), screen.last.step, len(screen.open) - 1
    else:
        event, at, acts = BACK if word == BACK else walk.procedure.texts.words.get(word), "", 0
    if event is not None and (acts or walk.can(event)):
        walkthrough.act(unit, record, event, {}, at=at, acts=acts)
    elif word == HELP:
        unit.show_again(record, Notice("help_offered"), expanded=True)
    elif word in {"start", "status"}:
        unit.show_again(record, Notice("welcome_back"))
    elif word == "next":
        code = "needs_value" if walk.value_form() is not None else "needs_choice"
        unit.show_again(record, Notice(code))
    else:
        unit.show_again(record, Notice("nothing_to_go_back" if word == BACK else "not_possible_here"))


def _words_at_step(unit: UnitOfWork, record: WalkRecord, text: str, *, has_files: bool) -> None:
    walk = unit.open(record)
    rules = walk.procedure.tickets
    placed = screens.shown(walk).typed_form()
    kind = secret_kind(unit, text)
    if placed is not None and _looks_like(unit, walk, str(placed.offer.form), text):
        _value(unit, record, walk, placed, text)
    elif kind is not None:
        unit.show_again(record, Notice("delete_secret_message", {"kind": str(kind)}))
    elif rules.describe is not None and walk.can(rules.describe) and (rules.is_error_message(text) or has_files):
        walkthrough.act(unit, record, rules.describe, rules.description(walk.facts, text))
    elif rules.is_error_message(text):
        category = rules.triage(text)
        if category in rules.vendor_only:
            ticket_filing.request_support(unit, record, text)
            return
        unit.show_again(record, Notice("error_text_understood", {"category": str(category), "answer": str(category)}))
    else:
        unit.show_again(record, Notice("files_not_needed" if has_files and not text.strip() else "unclear"))


def _looks_like(unit: UnitOfWork, walk: AnyWalk, name: str, text: str) -> bool:
    form = walk.form(name)
    return form.looks_like is None or form.looks_like(text, secret_kind(unit, text))


def _value(unit: UnitOfWork, record: WalkRecord, walk: AnyWalk, placed: PlacedOffer, text: str) -> None:
    form, event, texts = walk.form(str(placed.offer.form)), placed.offer.event, unit.texts_about(record)
    secret = Notice("delete_typed_secret") if form.secret else None
    said = (texts.say(f"notes.{secret.code}"),) if secret is not None else ()
    try:
        raw: Raw = {str(form.typed): text}
        outcome = walkthrough.act(unit, record, event, raw, more=said, at=placed.at, acts=placed.acts)
    except NotOffered:
        unit.show_again(record, Notice("not_possible_here"))
        return
    if outcome.refusals:
        sentences = tuple(refusal_text(texts, refusal) for refusal in outcome.refusals)
        unit.show_again(record, *([secret] if secret is not None else []), sentences=sentences)


def support_requested(unit: UnitOfWork) -> int:
    """`support`: a person, now, with or without a walk; the ticket's number."""
    records = unit.tx.open_walks(unit.user.team_id, unit.user.user_id)
    if records:
        return ticket_filing.request_support(unit, records[0]).number
    last = unit.tx.last_walk(unit.user.team_id, unit.user.user_id)
    ticket = ticket_filing.file(unit, None, unit.open(last) if last is not None else None, HELP)
    ticket_filing.post_receipt(unit, ticket)
    return ticket.number
