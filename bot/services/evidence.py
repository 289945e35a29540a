"""Error messages as evidence: kept where they were pasted, and what follows from them for a ticket."""

from dataclasses import replace
from functools import partial

from bot.services import awaited
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import TicketRecord, WalkRecord
from conversations.engine.procedure import UNKNOWN, AnyProcedure
from conversations.engine.understanding.error_text import newest_part, read_error
from conversations.engine.walkthrough import AnyWalk
from conversations.secrets.credentials import NOT_SECRET, SecretKind
from conversations.secrets.redact import WORDS_LIMIT, without_secrets
from conversations.ticket.card_lines import Written


def keep(unit: UnitOfWork, record: WalkRecord, text: str) -> WalkRecord:
    """The walkthrough with an error message in it, redacted, with the step and the time. Its buttons go on working."""
    state = unit.procedure_of(record).load(record.state)
    state.keep_error(redacted(unit, text), unit.now)
    kept = replace(record, state=state.model_dump_json())
    unit.tx.save_walk_state(kept)
    return kept


def redacted(unit: UnitOfWork, text: str) -> str:
    """`text` as it may be stored: of a long one the part with the newest error."""
    reader, text = unit.config.reader(unit.config.support_language), text.strip()
    if len(text) > WORDS_LIMIT:
        text = newest_part(without_secrets(text, reader.secret_label), WORDS_LIMIT)
    return reader.error_text(text)


def all_texts(walk: AnyWalk | None) -> tuple[str, ...]:
    """The error messages of a walkthrough, oldest first, each once."""
    if walk is None:
        return ()
    kept = dict.fromkeys(error.text for error in walk.state.errors)
    described = walk.procedure.tickets.error_texts(walk.facts)
    return (*(text for text in described if text not in kept), *kept)


def written(unit: UnitOfWork, ticket: TicketRecord, walk: AnyWalk | None = None) -> Written:
    """What was written about the ticket, and what of it is new to support."""
    rules = unit.procedure_of(ticket).tickets
    messages = [message for message in unit.tx.ticket_messages(ticket.number) if message.state != "held"]
    answers = [number for number, message in enumerate(messages, 1) if message.side == "agent"]
    theirs = [message.text for message in messages if message.side == "merchant"]
    new = theirs if not answers else [m.text for m in messages[answers[-1] :] if m.side == "merchant"]
    # What is written again is the newest once more.
    texts = list(dict.fromkeys(reversed((*ticket.words, *theirs))))[::-1]
    own = [text for text in texts if not rules.is_error_message(text)]
    errors = [text for text in (*texts, *all_texts(walk)) if text not in own]
    shown = {own[-1] if own else "", errors[-1] if errors else ""}
    read = read_error(errors[-1]) if errors else None
    return Written(
        words=own[-1] if own else "",
        error=read.message if read is not None and read.message else errors[-1] if errors else "",
        more=len({*(new if answers else texts)} - shown),
        exposed=any(map(partial(_had_secret, unit), (*texts, *errors))),
        undelivered=any(awaited.undelivered(unit.tx, m, unit.now).why for m in messages if m.side == "agent"),
    )


def _had_secret(unit: UnitOfWork, text: str) -> bool:
    return any(f"[removed: {kind}]" in _named(unit, text) for kind in SecretKind if kind not in NOT_SECRET)


def category(procedure: AnyProcedure, texts: tuple[str, ...], known: str = UNKNOWN) -> str:
    """The category after `texts`, oldest first, where it was `known`.

    The newest error message that says something decides. A sentence decides only while nothing is known.
    """
    rules = procedure.tickets
    for text in texts:
        found, is_error = str(rules.triage(text)), rules.is_error_message(text)
        if found != UNKNOWN and (is_error or known == UNKNOWN):
            known = found
        elif is_error and rules.explained(text):
            known = UNKNOWN
    return known


def answer_key(unit: UnitOfWork, ticket: TicketRecord, walk: AnyWalk | None = None) -> str:
    """The key of what to check first and to answer: from the ticket's category and from what has happened."""
    return _answer(unit, ticket, walk)[0]


def is_explained(unit: UnitOfWork, ticket: TicketRecord) -> bool:
    """Whether more can be answered than that the cause is not known."""
    found, nothing = _answer(unit, ticket)
    return ticket.category != UNKNOWN or found != nothing


def _answer(unit: UnitOfWork, ticket: TicketRecord, walk: AnyWalk | None = None) -> tuple[str, str]:
    """What is answered, and what would be if nothing had been written."""
    record = unit.walk_of(ticket)
    if walk is None and record is not None:
        walk = unit.open(record)
    rules, state = unit.procedure_of(ticket).tickets, walk.state if walk is not None else None
    texts = [_named(unit, text) for text in dict.fromkeys((*ticket.words, *all_texts(walk)))]
    return str(rules.answer(ticket.category, texts, state)), str(rules.answer(UNKNOWN, (), state))


def _named(unit: UnitOfWork, text: str) -> str:
    """`text` with the code of a kind in each placeholder: the operator may have changed the words."""
    for language in unit.config.all_texts:
        label = unit.config.removed(language)
        for kind in SecretKind:
            text = text.replace(label(kind), f"[removed: {kind}]")
    return text
