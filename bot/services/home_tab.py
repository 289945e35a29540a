"""The Home tabs of everybody who has opened theirs.

A merchant's is published with each change of theirs. What agents see changes with everybody's steps, so theirs are
published together, at most every few seconds; when is kept as a scheduled job in the store.
"""

from dataclasses import replace
from datetime import timedelta

from bot.blocks.home import MerchantHome, OwnWalkthrough, home_view
from bot.blocks.kit import say
from bot.blocks.step import heading
from bot.services import awaited, ticket_lists
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Person, TicketRecord, WalkRecord
from conversations.engine.screens import title_shown

JOB = "homes"
SOON_JOB = "agents_homes:"
"""Prefix of a second job: each change that plans one has its own, so that changes by several processes do not meet."""
SOON, AGAIN = timedelta(seconds=3), timedelta(minutes=15)
"""After a change, and when nothing changes: how long somebody has stood still decides who comes first."""
UNDELIVERED_AGAIN = timedelta(minutes=1)
"""While something waits for the support channel: it may arrive, or become worth a word, at any time."""
WALKS, TICKETS = 8, 5


def opened(unit: UnitOfWork) -> None:
    """The user has opened the Home tab; an agent's shows the tickets too."""
    user = unit.user
    person_before = unit.tx.person(user.team_id, user.user_id) or Person(team_id=user.team_id, user_id=user.user_id)
    person = replace(person_before, home_opened=True, support_home=user.is_agent)
    if person != person_before:
        unit.tx.save_person(person)
    if person.support_home and unit.tx.job_due_at(JOB) is None:
        unit.tx.schedule_job(JOB, unit.now + AGAIN)
    _publish(unit, person)


def refresh(unit: UnitOfWork, user_id: str) -> None:
    """Publish this person's Home tab, and soon those of the agents."""
    schedule_support_homes(unit)
    person = unit.tx.person(unit.user.team_id, user_id)
    if person is not None and person.home_opened and not person.support_home:
        _publish(unit, person)


def schedule_support_homes(unit: UnitOfWork) -> None:
    """Publish the agents' Home tabs soon, once for everything that changes until then."""
    soon = unit.now + SOON
    due = unit.tx.job_due_at(JOB)
    if due is not None and due > soon and not unit.tx.is_planned(SOON_JOB, soon):
        unit.tx.schedule_job(f"{SOON_JOB}{unit.config.new_key()}", soon)


def show_now(unit: UnitOfWork) -> None:
    """Publish the user's own Home tab, which a press on it has changed."""
    person = unit.tx.person(unit.user.team_id, unit.user.user_id)
    if person is not None and person.home_opened:
        _publish(unit, person)


def left_channel(unit: UnitOfWork, channel: str) -> None:
    """The user has left a channel; without the support channel their Home tab shows no tickets any more."""
    person = unit.tx.person(unit.user.team_id, unit.user.user_id)
    if channel == unit.config.support_channel and person is not None and person.support_home:
        withdraw(unit)


def withdraw(unit: UnitOfWork) -> None:
    """The user is no longer an agent."""
    person = unit.tx.person(unit.user.team_id, unit.user.user_id)
    if person is not None:
        person = replace(person, support_home=False)
        unit.tx.save_person(person)
        _publish(unit, person)


def withdraw_from_others(unit: UnitOfWork, members: frozenset[str]) -> None:
    """Remove the tickets from the Home tab of everybody who is not among the `members` of the support channel."""
    for team_id, user_id in unit.tx.support_homes():
        if user_id not in members:
            withdraw(unit.acting_for(team_id, user_id))


def publish_due(unit: UnitOfWork) -> bool:
    """Publish the Home tabs of all agents if that is due; whether it was."""
    changed = unit.tx.due_job(SOON_JOB, unit.now)
    if changed is None and unit.tx.due_job(JOB, unit.now) is None:
        return False
    while changed is not None:
        unit.tx.unschedule_job(changed)
        changed = unit.tx.due_job(SOON_JOB, unit.now)
    homes = unit.tx.support_homes()
    waits = any(ticket_lists.is_undelivered(unit.acting_for(team_id, "")) for team_id in {home[0] for home in homes})
    unit.tx.schedule_job(JOB, unit.now + (UNDELIVERED_AGAIN if waits else AGAIN))
    for team_id, user_id in homes:
        person = unit.tx.person(team_id, user_id)
        if person is not None:
            _publish(unit, person)
    return True


def _publish(unit: UnitOfWork, person: Person) -> None:
    theirs = unit.acting_for(person.team_id, person.user_id)
    support = ticket_lists.support_home(theirs) if person.support_home else None
    unit.publish(theirs.direct_message, home_view(theirs.texts, _own(theirs), support, command=unit.config.command))


def _own(unit: UnitOfWork) -> MerchantHome:
    walks = unit.tx.open_walks(unit.user.team_id, unit.user.user_id)
    tickets_of_user = unit.tx.tickets(team_id=unit.user.team_id, merchant_id=unit.user.user_id, limit=TICKETS)
    tickets = [
        (ticket.number, state_for_merchant(unit, ticket), ticket.waiting_since or ticket.opened_at)
        for ticket in tickets_of_user
    ]
    others = [
        (one.id, unit.config.all_texts.of(unit.user.language, one.id).say("procedure.name"))
        for one in unit.config.other_procedures
    ]
    return MerchantHome([_own_walk(unit, record) for record in walks[:WALKS]], tickets, others)


def state_for_merchant(unit: UnitOfWork, ticket: TicketRecord) -> str:
    """The ticket's state as its merchant reads it (a key of `home.ticket_states`): support may not have it yet."""
    arrived = ticket.state != "open" or awaited.card_arrived(unit.tx, ticket, unit.now)
    return ticket.state if arrived else "on_its_way"


def _own_walk(unit: UnitOfWork, record: WalkRecord) -> OwnWalkthrough:
    walk, texts = unit.open(record), unit.texts_about(record)
    items = walk.items if len(walk.items) > 1 else ()
    step_heading = heading(texts, walk)
    return OwnWalkthrough(
        id=record.id,
        heading=" · ".join(part for part in (step_heading, record.for_name) if part),
        title=texts.say(title_shown(walk)),
        urgent=say(texts, "home.urgent") if walk.urgency is not None else "",
        done=[item.name for item in items if item.done],
        left=[item.name for item in items if not item.done],
    )
