"""The ticket's card in the support channel, its thread, and every change of a ticket that they show."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.blocks import tickets as cards
from bot.blocks.kit import Content
from bot.services import deadlines, evidence, home_tab
from bot.services.publisher import part_key
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import ERASED, Event, TicketEvent, TicketRecord, WalkRecord
from conversations.engine.formatter import Formatter, StepTime
from conversations.engine.texts import Texts
from conversations.engine.walkthrough import AnyWalk
from conversations.ticket.chart import OVER, apply
from conversations.ticket.models import Contact
from conversations.ticket.progress import named_step
from conversations.ticket.ticket_summary import TicketSummary, ticket_summary


def step_times(events: list[Event], record: WalkRecord, screen_of: Mapping[str, str], now: datetime) -> list[StepTime]:
    """Seconds spent in each step and how often it was reached, in the order first met.

    Steps that are shown together count as one: how long each of them took is not known.
    """
    seconds: dict[str, float] = {}
    visits: dict[str, int] = {}
    since, step = record.started_at, screen_of.get(events[0].step if events else record.step, record.step)
    visits[step] = 1
    for event in events:
        next_step = screen_of.get(event.next_step, event.next_step)
        if next_step == step:
            continue
        seconds[step] = seconds.get(step, 0.0) + (event.at - since).total_seconds()
        since, step = event.at, next_step
        visits[step] = visits.get(step, 0) + 1
    until = record.ended_at or now
    seconds[step] = seconds.get(step, 0.0) + (until - since).total_seconds()
    return [StepTime(name, round(spent), visits[name]) for name, spent in seconds.items()]


_EARLIER, _LOOKED_AT = 3, 20
"""Earlier tickets that a card names, and among how many of the merchant's newest ones they are looked for."""
REFRESH = "card:"
"""Prefix of the scheduled job that refreshes a card after steps of its walkthrough; the ticket's number follows."""
REFRESH_DELAY = timedelta(seconds=3)
"""Slack takes 50 edits a minute: a merchant who hurries through steps costs one."""


def transition(
    unit: UnitOfWork,
    ticket: TicketRecord,
    event: str,
    *,
    detail: dict[str, Any] | None = None,
    walk: AnyWalk | None = None,
    response_url: str | None = None,
    words: str = "",
    owed: bool = False,
    **fields: Any,
) -> TicketRecord:
    """Fire `event` of the ticket's chart, add it to the timeline, and refresh the card. The changed ticket.

    `words` are what was written, redacted. `fields` are what else changes in the record. `owed`: support owes an answer
    in what is merged into it. `walk` is the ticket's where its state is not stored yet. Raises `NotPossible` when the
    ticket's state does not allow the event; nothing has changed then.
    """
    state = apply(ticket.state, event, owned=ticket.claimed_by is not None, owed=owed)
    since = unit.now if state != ticket.state else ticket.waiting_since
    changed = replace(ticket, state=state, **{"waiting_since": since, **fields})
    add_event(unit, ticket, event, changed, detail, words)
    save_and_refresh(unit, changed, walk=walk, response_url=response_url)
    return changed


def add_event(
    unit: UnitOfWork,
    before: TicketRecord,
    name: str,
    after: TicketRecord | None = None,
    detail: dict[str, Any] | None = None,
    words: str = "",
    walk: AnyWalk | None = None,
) -> None:
    """Add to the ticket's timeline and to what ticket senders get; an act that changes no state has no `after`.

    `words` and `walk`, where it is not the ticket's, are for ticket senders only: the timeline keeps none.
    """
    unit.ticket_changed(before.number, name, words, walk)
    unit.tx.add_ticket_event(
        TicketEvent(
            number=before.number, at=unit.now, actor_id=unit.user.user_id, name=name, state=before.state,
            next_state=(after or before).state, detail=detail or {},
        )
    )  # fmt: skip


def save_and_refresh(
    unit: UnitOfWork, ticket: TicketRecord, *, walk: AnyWalk | None = None, response_url: str | None = None
) -> None:
    """Store a changed ticket, plan its next timer, and refresh its card."""
    unit.tx.save_ticket(ticket)
    deadlines.plan(unit, ticket)
    unit.update(ticket.card_key, unit.support_channel, card(unit, ticket, walk), response_url=response_url)
    unit.tx.unschedule_job(f"{REFRESH}{ticket.number}")
    home_tab.refresh(unit, ticket.merchant_id)


def schedule_refresh(unit: UnitOfWork, record: WalkRecord) -> None:
    """Refresh the card of an open ticket soon: once for several steps of its walkthrough."""
    ticket = unit.tx.ticket_of_walk(record.id)
    if ticket is not None and ticket.state not in OVER and unit.tx.job_due_at(f"{REFRESH}{ticket.number}") is None:
        unit.tx.schedule_job(f"{REFRESH}{ticket.number}", unit.now + REFRESH_DELAY)


def _profile_link(ticket: TicketRecord) -> str:
    """A link to the merchant's direct message; empty when they were erased."""
    if ticket.merchant_id.startswith(ERASED):
        return ""
    return f"slack://user?team={ticket.team_id}&id={ticket.merchant_id}"


def post_words_in_thread(unit: UnitOfWork, ticket: TicketRecord, key: str, text: str) -> None:
    """Post a line in the ticket's thread, which only support sees, and below it what somebody wrote."""
    content = cards.in_thread(unit.support_texts_about(ticket), key, text, name=unit.name_of(ticket.merchant_id))
    post_in_thread(unit, ticket, content)


def post_evidence(unit: UnitOfWork, ticket: TicketRecord, walk: AnyWalk | None, text: str) -> None:
    """Post what was written in the ticket's thread; where it is an error message of the walk, with step and time."""
    pasted = next((error for error in reversed(walk.state.errors) if error.text == text), None) if walk else None
    if walk is None or pasted is None:
        post_words_in_thread(unit, ticket, "ticket.thread.words", text)
        return
    texts = unit.support_texts_about(ticket)
    step = named_step(Formatter(texts), walk.procedure, pasted.step)
    values = {"name": unit.name_of(ticket.merchant_id), "step": step, "at": pasted.at}
    post_in_thread(unit, ticket, cards.in_thread(texts, "ticket.thread.error_text_at", text, **values))


def note_category(unit: UnitOfWork, ticket: TicketRecord, category: str) -> None:
    """Add to the timeline that a newer error message has changed the category."""
    unit.tx.add_ticket_event(
        TicketEvent(
            number=ticket.number, at=unit.now, actor_id=unit.user.user_id, name="error_text", state=ticket.state,
            next_state=ticket.state, detail={"category": [ticket.category, category]},
        )
    )  # fmt: skip


def post_in_thread(unit: UnitOfWork, ticket: TicketRecord, content: Content, *, key: str = "") -> None:
    """Post in the ticket's thread, which only support sees."""
    unit.post(unit.support_channel, content, key=key, thread=ticket.card_key)


def card(unit: UnitOfWork, ticket: TicketRecord, walk: AnyWalk | None = None) -> Content:
    """The card's content, in the support channel's language."""
    return cards.card(unit.support_texts_about(ticket), summary_of(unit, ticket, walk), ticket)


def snapshot_key(ticket: TicketRecord) -> str:
    """The row of the first reply in the ticket's thread; a card's continuations count from 1."""
    return part_key(ticket.card_key, 0)


def post_snapshot(unit: UnitOfWork, ticket: TicketRecord, walk: AnyWalk | None = None) -> None:
    """Post everything that is known as the first reply in the ticket's thread."""
    summary = summary_of(unit, ticket, walk)
    content = cards.snapshot(unit.support_texts_about(ticket), summary, unit.now)
    post_in_thread(unit, ticket, content, key=snapshot_key(ticket))


def summary_of(
    unit: UnitOfWork, ticket: TicketRecord, walk: AnyWalk | None = None, texts: Texts | None = None
) -> TicketSummary:
    """What is said of the ticket, in the support channel's language unless `texts` are of another.

    `walk` replaces the stored walkthrough.
    """
    record = unit.walk_of(ticket)
    if walk is None and record is not None:
        walk = unit.open(record)
    due = deadlines.answer_due(unit, ticket)
    procedure = unit.procedure_of(ticket)
    contact = Contact(
        name=unit.name_of(ticket.merchant_id),
        user_id=ticket.merchant_id,
        workspace=unit.config.workspace,
        language=ticket.language,
        phone_name=record.for_name if record is not None else "",
        invited_by=record.invited_by if record is not None else None,
        permalink=_profile_link(ticket),
        erased=ticket.merchant_id.startswith(ERASED),
        earlier=() if record is not None and record.for_name else _earlier(unit, ticket),
    )
    times = step_times(unit.tx.events(record.id), record, procedure.screen_of, unit.now) if record is not None else []
    return ticket_summary(
        texts or unit.support_texts_about(ticket), ticket, contact, procedure, unit.config.settings_of(procedure), walk,
        times,
        bot_version=unit.config.bot_version,
        guide_version=unit.config.guide_versions[procedure.id],
        answer=evidence.answer_key(unit, ticket, walk), answer_due=due,
        late=due is not None and due <= unit.now,
        until=deadlines.postponed_until(unit, ticket),
        reason_at=_reason_at(unit, ticket),
        written=evidence.written(unit, ticket, walk),
    )  # fmt: skip


def _earlier(unit: UnitOfWork, ticket: TicketRecord) -> tuple[int, ...]:
    """The numbers of the newest tickets that this merchant had before, duplicates left out."""
    theirs = unit.tx.tickets(team_id=ticket.team_id, merchant_id=ticket.merchant_id, limit=_LOOKED_AT)
    earlier = (before for before in theirs if before.number < ticket.number and before.merged_into is None)
    return tuple(before.number for before in earlier)[:_EARLIER]


def _reason_at(unit: UnitOfWork, ticket: TicketRecord) -> datetime:
    """When support was last called for the ticket's reason; older tickets know only when they were filed."""
    events = unit.tx.ticket_events(ticket.number)
    calls = (event.at for event in reversed(events) if event.detail.get("reason") == ticket.reason)
    return next(calls, ticket.opened_at)
