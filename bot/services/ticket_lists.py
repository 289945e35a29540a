"""The open tickets, most urgent first: for agents' Home tabs and for the subcommand `tickets`."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.blocks.home import ListedTicket, OpenWalkthrough, SupportHome, UndeliveredCards
from bot.blocks.kit import say
from bot.services import deadlines, evidence, pending_invitations
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import ERASED, SLACK, TicketRecord, WalkRecord
from conversations.engine.formatter import Formatter
from conversations.engine.procedure import UNKNOWN
from conversations.engine.texts import Texts
from conversations.engine.walkthrough import AnyWalk
from conversations.ticket.acts import refusal
from conversations.ticket.card_lines import shortened
from conversations.ticket.models import TicketState
from conversations.ticket.progress import named_step

OPEN: frozenset[TicketState] = frozenset(
    {"open", "claimed", "waiting_for_merchant", "waiting_for_support", "postponed"}
)
OLD = timedelta(days=1)
"""A ticket open for longer is in the list of old tickets."""
CASES, WALKS, LISTED = 12, 12, 20
"""How many are shown: on a Home tab, which takes 100 blocks, and in an answer, which takes 50."""
WORDS = 80
"""Characters of the merchant's words in a list."""

UNNOTICED = timedelta(minutes=1)
"""Trouble that is over sooner is not shown."""
REASONS = frozenset({"is_archived", "not_in_channel", "channel_not_found", "restricted_action"})
OTHER_REASON = "other"
"""Why a channel takes no messages, by Slack's codes: for each there is a text about what to do."""

MOST = 500
"""How many are looked at to find the most urgent: reading the states of as many walks takes some 50 milliseconds."""


def open_tickets(unit: UnitOfWork) -> list[TicketRecord]:
    """All that somebody owes a word in, the most urgent first."""
    return sorted(unit.tx.tickets(team_id=unit.user.team_id, states=OPEN, limit=MOST), key=urgency)


def listed(unit: UnitOfWork, which: str) -> list[TicketRecord]:
    """The open tickets ("open"), the user's own ("mine"), or those open for long, oldest first ("old")."""
    tickets_found = open_tickets(unit)
    if which == "mine":
        return [ticket for ticket in tickets_found if ticket.claimed_by == unit.user.user_id]
    if which == "old":
        return sorted(
            (old_ticket for old_ticket in tickets_found if is_old(unit, old_ticket)),
            key=lambda old_ticket: old_ticket.opened_at,
        )
    return tickets_found


def is_old(unit: UnitOfWork, ticket: TicketRecord) -> bool:
    """Whether the ticket has been open for long."""
    return ticket.state in OPEN and unit.now - ticket.opened_at > OLD


def urgency(ticket: TicketRecord) -> tuple[bool, bool, str, datetime]:
    """Sorts tickets: where support owes the next word, then where the merchant does; by priority, then by age."""
    return (
        ticket.state == "postponed",
        ticket.state == "waiting_for_merchant",
        ticket.priority,
        ticket.waiting_since or ticket.opened_at,
    )


def listed_ticket(unit: UnitOfWork, ticket: TicketRecord) -> ListedTicket:
    """The ticket as a line of a list, in the user's language."""
    record = unit.walk_of(ticket)
    name = record.for_name if record is not None else ""
    written = evidence.written(unit, ticket, unit.open(record) if record is not None else None)
    until = deadlines.postponed_until(unit, ticket)
    due = until or deadlines.answer_due(unit, ticket)
    return ListedTicket(
        number=ticket.number,
        priority=ticket.priority,
        category=category(unit.texts_about(ticket), ticket),
        name=name or unit.name_of(ticket.merchant_id),
        status=status(unit, ticket),
        since=ticket.waiting_since or ticket.opened_at,
        words=shortened(written.words or written.error, WORDS),
        due=due,
        due_kind="postponed" if until is not None else "late" if due is not None and due <= unit.now else "ahead",
        link=link(unit, ticket),
    )


def category(texts: Texts, ticket: TicketRecord) -> str:
    """The name of the ticket's category; "" while none is known."""
    return texts.say(f"categories.{ticket.category}.name") if ticket.category != UNKNOWN else ""


def status(unit: UnitOfWork, ticket: TicketRecord) -> str:
    """The ticket's state in the user's language, with the name of its owner."""
    if ticket.merged_into is not None:
        return unit.texts.say("desk.states.merged", into=ticket.merged_into)
    owner = unit.name_of(ticket.claimed_by) if ticket.claimed_by is not None else unit.texts.say("desk.nobody")
    return unit.texts.say(f"desk.states.{ticket.state}", agent=owner)


def link(unit: UnitOfWork, ticket: TicketRecord) -> str:
    """Slack's link to the card, or to its channel where Slack gave none; empty until the card is delivered."""
    address = unit.tx.address(ticket.card_key)
    if address is None:
        return ""
    return unit.tx.permalink(ticket.card_key) or f"slack://channel?team={ticket.team_id}&id={address[0]}"


def support_home(unit: UnitOfWork) -> SupportHome:
    """What an agent's Home tab shows of tickets and walkthroughs."""
    tickets = open_tickets(unit)
    records = unit.tx.walks_under_way(unit.user.team_id, MOST)
    walks = sorted(((record, unit.open(record)) for record in records), key=_stuckness)
    return SupportHome(
        [replace(listed_ticket(unit, ticket), acts=_acts(unit, ticket)) for ticket in tickets[:CASES]],
        max(0, len(tickets) - CASES),
        [_under_way(unit, record, walk) for record, walk in walks[:WALKS]], max(0, len(walks) - WALKS),
        undelivered(unit, UNNOTICED), pending_invitations.pending(unit),
    )  # fmt: skip


def _acts(unit: UnitOfWork, ticket: TicketRecord) -> list[str]:
    """What the user may do with the ticket from the list."""
    acts = ("claim", "history") if ticket.merchant_id.startswith(ERASED) else ("claim", "answer", "history")
    return [act for act in acts if refusal(act, ticket, unit.user.user_id) is None]


def is_undelivered(unit: UnitOfWork) -> bool:
    """Whether anything waits for the support channel, however short the time."""
    found = undelivered(unit, timedelta(days=-1))
    return found.since is not None or found.paused is not None


def undelivered(unit: UnitOfWork, longer_than: timedelta) -> UndeliveredCards:
    """What has not been in the support channel for longer than that, and whether it takes messages."""
    channel = unit.config.support_channel
    cards = unit.tx.undelivered_tickets(unit.user.team_id)
    waits = next((one for one in unit.tx.paused() if one.receiver == SLACK and one.to == channel), None)
    told = cards.since is not None and unit.now - cards.since > longer_than
    paused = waits if waits is not None and unit.now - waits.since > longer_than else None
    return UndeliveredCards(
        count=cards.count if told else 0,
        since=cards.since if told else None,
        refused=told and bool(unit.tx.dead_cards(channel)),
        paused=paused.since if paused is not None else None,
        why=paused.error if paused is not None and paused.error in REASONS else OTHER_REASON,
    )


def _stuckness(walk: tuple[WalkRecord, AnyWalk]) -> tuple[bool, datetime]:
    """Sorts walkthroughs: those that cannot wait first, then by how long they have not moved."""
    record, opened = walk
    return opened.urgency is None, record.updated_at


def _under_way(unit: UnitOfWork, record: WalkRecord, walk: AnyWalk) -> OpenWalkthrough:
    texts = unit.texts_about(record)
    values = {
        "name": record.for_name or unit.name_of(record.worker_id),
        "step": named_step(Formatter(texts), walk.procedure, record.step),
        "since": since(unit, record),
    }
    key = "desk.overview.walk" if walk.urgency is None else "desk.overview.walk_urgent"
    return OpenWalkthrough(id=record.id, text=say(texts, key, **values))


def since(unit: UnitOfWork, record: WalkRecord) -> datetime:
    """When it came to its step; being shown again is no move."""
    moves = (event.at for event in unit.tx.events(record.id) if event.step != event.next_step)
    return max(moves, default=record.started_at)
