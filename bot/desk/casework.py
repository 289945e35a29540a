"""Use cases of a ticket: filed, added to, claimed, resolved. The card always shows the present state."""

from dataclasses import replace
from typing import Literal

from bot.blocks import doors
from bot.blocks import tickets as cards
from bot.blocks.kit import Content
from bot.desk import timeline
from bot.desk.unit import Unit
from bot.store.records import ERASED, TicketRecord, WalkRecord
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.interpret import Note, Raw
from conversations.amazon_token.triage import VENDOR_ONLY, triage
from conversations.amazon_token.walk import Walk
from conversations.ticket.case import Case, Contact
from conversations.ticket.chart import NotPossible, apply
from conversations.ticket.dossier import dossier
from conversations.ticket.priority import Priority, higher, priority

Reason = Literal["second_failure", "help"]
UNKNOWN = "unknown"


def file(unit: Unit, record: WalkRecord | None, walk: Walk | None, reason: Reason, words: str = "") -> TicketRecord:
    """The one ticket of this walk, or of this person outside a walk: filed now, or added to when it is there."""
    known = (
        unit.tx.ticket_of_walk(record.id)
        if record is not None
        else unit.tx.open_ticket_without_walk(unit.caller.team_id, unit.caller.user_id)
    )
    if known is not None:
        return _call_again(unit, known, walk, reason, words)
    facts = walk.facts if walk is not None else None
    key = unit.house.new_key()
    texts = tuple(text for text in ((*facts.error_texts, words) if facts is not None else (words,)) if text)
    category = _category(texts)
    ticket = unit.tx.add_ticket(
        TicketRecord(
            team_id=unit.caller.team_id,
            merchant_id=record.worker_id if record is not None else unit.caller.user_id,
            walk_id=record.id if record is not None else None,
            reason=reason,
            category=category,
            priority=_priority(facts, reason, category),
            language=unit.caller.language,
            card_key=key,
            words=texts,
            opened_at=unit.now,
        )
    )
    unit.post(unit.house.support_channel, card(unit, ticket, record, facts), key=key)
    for text in texts:
        _in_thread(unit, ticket, "ticket.thread.words", text)
    return ticket


def _call_again(unit: Unit, ticket: TicketRecord, walk: Walk | None, reason: Reason, words: str) -> TicketRecord:
    facts = walk.facts if walk is not None else None
    if ticket.state == "resolved":
        ticket = replace(
            ticket, state=apply(ticket.state, "reopen"), claimed_by=None, claimed_at=None, resolved_by=None,
            resolved_at=None,
        )  # fmt: skip
    texts = (*ticket.words, *([words] if words else []))
    category = _category(texts) if ticket.category == UNKNOWN else ticket.category
    changed = replace(
        ticket,
        reason="second_failure" if reason == "second_failure" else ticket.reason,
        priority=higher(ticket.priority, _priority(facts, reason, category)),
        words=texts,
        category=category,
    )
    key = "ticket.thread.second_failure" if reason == "second_failure" else "ticket.thread.call_again"
    _in_thread(unit, changed, key, words)
    _store(unit, changed, facts=facts)
    return changed


def add_failure(unit: Unit, record: WalkRecord, walk: Walk) -> TicketRecord:
    """What the merchant told after the ticket was filed: which accounts failed and what CONNECT said."""
    ticket = unit.tx.ticket_of_walk(record.id) or file(unit, record, walk, "second_failure")
    said = walk.facts.error_texts[-1] if walk.facts.error_texts else ""
    new = said if said and said not in ticket.words else ""
    texts = (*ticket.words, *([new] if new else []))
    category = _category(texts) if ticket.category == UNKNOWN else ticket.category
    changed = replace(
        ticket,
        words=texts,
        category=category,
        priority=higher(ticket.priority, _priority(walk.facts, "second_failure", category)),
    )
    if new:
        _in_thread(unit, changed, "ticket.thread.error_text_intro", new)
    _store(unit, changed, facts=walk.facts)
    return changed


def _priority(facts: Facts | None, reason: Reason, category: str) -> Priority:
    return "P1" if category in VENDOR_ONLY else priority(facts, reason)


def _category(texts: tuple[str, ...]) -> str:
    return next((found for text in texts if (found := str(triage(text))) != UNKNOWN), UNKNOWN)


def call_from_form(unit: Unit, record: WalkRecord, raw: Raw) -> None:
    """„Ich brauche Hilfe“: a person, with an optional sentence. The step stays where it is."""
    sentence = raw.get("sentence", "")
    call(unit, record, sentence if isinstance(sentence, str) else "", unit.mark("help", raw))


def call(unit: Unit, record: WalkRecord, sentence: str = "", mark: str | None = None) -> TicketRecord:
    """A person is asked for at the present step."""
    words = unit.house.reader(unit.house.support_language).error_text(sentence.strip())
    known = unit.tx.ticket_of_walk(record.id)
    ticket = file(unit, record, unit.open(record), "help", words)
    unit.remember(record, "help", record.step, {"mark": mark} if mark is not None else None)
    code = "ticket_filed" if known is None else "ticket_added"
    unit.show_again(record, Note(code, {"ticket": ticket.number}))
    return ticket


def claim(unit: Unit, number: int, response_url: str | None) -> None:
    """„Übernehmen“: who and when on the card, a word to the merchant. The second to press is told who was first."""
    _decide(unit, number, "claim", response_url)


def resolve(unit: Unit, number: int, response_url: str | None) -> None:
    """„Gelöst“: the card says so, and the merchant is asked whether it is."""
    _decide(unit, number, "resolve", response_url)


def _decide(unit: Unit, number: int, event: Literal["claim", "resolve"], response_url: str | None) -> None:
    ticket = unit.tx.ticket(number)
    if not unit.caller.is_agent or ticket is None or ticket.team_id != unit.caller.team_id:
        _answer(unit, response_url, doors.too_late(unit.guide, "agents_only", None))
        return
    try:
        state = apply(ticket.state, event)
    except NotPossible:
        _answer_late(unit, ticket, response_url)
        return
    me = unit.caller.user_id
    if event == "claim":
        changed = replace(ticket, state=state, claimed_by=me, claimed_at=unit.now)
    else:
        changed = replace(ticket, state=state, resolved_by=me, resolved_at=unit.now)
    _store(unit, changed, response_url=response_url)
    _tell_merchant(unit, changed, "ticket_claimed" if event == "claim" else "ticket_resolved")


def _answer_late(unit: Unit, ticket: TicketRecord, response_url: str | None) -> None:
    holder = ticket.resolved_by if ticket.state == "resolved" else ticket.claimed_by
    if holder == unit.caller.user_id or holder is None:
        return
    key = "ticket_already_resolved" if ticket.state == "resolved" else "ticket_already_claimed"
    values = {"ticket": ticket.number, "agent": unit.name_of(holder)}
    late = {
        **doors.answer(unit.guide, key, **values),
        "response_type": "ephemeral",
        "replace_original": False,
    }
    _answer(unit, response_url, late)


def _answer(unit: Unit, response_url: str | None, content: Content) -> None:
    if response_url is not None:
        unit.respond(response_url, content)


def _tell_merchant(unit: Unit, ticket: TicketRecord, code: str) -> None:
    if ticket.merchant_id.startswith(ERASED):
        return
    values = {"ticket": ticket.number, "agent": unit.caller.name}
    record = unit.tx.walk(ticket.walk_id) if ticket.walk_id is not None else None
    if record is not None and record.ended_at is None and code == "ticket_resolved":
        unit.show_again(record, Note(code, values))
        return
    guide = unit.house.guides[unit.language_of(ticket.merchant_id)]
    unit.post(ticket.merchant_id, doors.answer(guide, code, **values))


def refresh(unit: Unit, record: WalkRecord, walk: Walk) -> None:
    """Let the card show where the walk stands now, if it has a ticket."""
    ticket = unit.tx.ticket_of_walk(record.id)
    if ticket is not None:
        _store(unit, ticket, facts=walk.facts)


def _store(unit: Unit, ticket: TicketRecord, *, facts: Facts | None = None, response_url: str | None = None) -> None:
    unit.tx.save_ticket(ticket)
    record = unit.tx.walk(ticket.walk_id) if ticket.walk_id is not None else None
    if facts is None and record is not None:
        facts = Facts.model_validate_json(record.facts)
    unit.update(
        ticket.card_key,
        unit.house.support_channel,
        card(unit, ticket, record, facts),
        response_url=response_url,
    )


def _in_thread(unit: Unit, ticket: TicketRecord, key: str, text: str) -> None:
    content = cards.in_thread(unit.support_guide, key, text, name=unit.name_of(ticket.merchant_id))
    unit.post(unit.house.support_channel, content, thread=ticket.card_key)


def card(unit: Unit, ticket: TicketRecord, record: WalkRecord | None, facts: Facts | None) -> Content:
    """The card as things stand, in the support channel's language."""
    guide = unit.support_guide
    case = Case(
        number=ticket.number,
        reason=ticket.reason,
        state=ticket.state,
        category=ticket.category,
        priority=ticket.priority,
        opened_at=ticket.opened_at,
        claimed_by=ticket.claimed_by,
        claimed_at=ticket.claimed_at,
        resolved_by=ticket.resolved_by,
        resolved_at=ticket.resolved_at,
    )
    contact = Contact(
        name=unit.name_of(ticket.merchant_id),
        user_id=ticket.merchant_id,
        workspace=unit.house.workspace,
        language=ticket.language,
        phone_name=record.for_name if record is not None else "",
        invited_by=record.invited_by if record is not None else None,
        permalink=f"https://slack.com/app_redirect?team={ticket.team_id}&channel={ticket.merchant_id}",
    )
    times = timeline.step_times(unit.tx.events(record.id), record, unit.now) if record is not None else []
    told = dossier(
        guide, case, contact, facts, times, unit.house.policy,
        bot_version=unit.house.bot_version, guide_version=unit.house.guide_version,
    )  # fmt: skip
    return cards.card(guide, told, ticket.number, ticket.state)
