"""Home tabs: for whoever has opened theirs, kept as things are.

A merchant's is published with each change of theirs. What agents see changes with everybody's steps, so theirs are
published together, at most every few seconds; when is kept as a chore in the store.
"""

from dataclasses import replace
from datetime import timedelta

from bot.blocks.home import Own, OwnWalk, home_view
from bot.blocks.step import heading
from bot.services import ticket_lists
from bot.services.unit_of_work import Unit
from bot.store.models import Person, WalkRecord

CHORE = "homes"
SOON, AGAIN = timedelta(seconds=3), timedelta(minutes=15)
"""After a change, and when nothing changes: how long somebody has stood still decides who comes first."""
WALKS, TICKETS = 8, 5


def opened(unit: Unit) -> None:
    """The caller has opened the Home tab; an agent's shows the desk."""
    me = unit.caller
    known = unit.tx.person(me.team_id, me.user_id) or Person(team_id=me.team_id, user_id=me.user_id)
    person = replace(known, home_opened=True, support_home=me.is_agent)
    if person != known:
        unit.tx.save_person(person)
    if person.support_home and unit.tx.chore(CHORE) is None:
        unit.tx.save_chore(CHORE, unit.now + AGAIN)
    _publish(unit, person)


def refresh(unit: Unit, user_id: str) -> None:
    """Something of this person has changed, and so has what agents see."""
    touch(unit)
    person = unit.tx.person(unit.caller.team_id, user_id)
    if person is not None and person.home_opened and not person.support_home:
        _publish(unit, person)


def touch(unit: Unit) -> None:
    """What agents see has changed: their tabs are published soon, once for all that changes until then."""
    due = unit.tx.chore(CHORE)
    if due is not None and due > unit.now + SOON:
        unit.tx.save_chore(CHORE, unit.now + SOON)


def left(unit: Unit, channel: str) -> None:
    """The caller has left a channel; who leaves the support channel does not see the desk any more."""
    person = unit.tx.person(unit.caller.team_id, unit.caller.user_id)
    if channel == unit.house.support_channel and person is not None and person.support_home:
        withdraw(unit)


def withdraw(unit: Unit) -> None:
    """The caller is no agent any more."""
    person = unit.tx.person(unit.caller.team_id, unit.caller.user_id)
    if person is not None:
        person = replace(person, support_home=False)
        unit.tx.save_person(person)
        _publish(unit, person)


def publish_desk(unit: Unit) -> None:
    """The caller is an agent whose tab is due."""
    person = unit.tx.person(unit.caller.team_id, unit.caller.user_id)
    if person is not None and person.support_home:
        _publish(unit, person)


def _publish(unit: Unit, person: Person) -> None:
    seen = unit.seen_by(person)
    desk = ticket_lists.desk_side(seen) if person.support_home else None
    unit.publish(person.user_id, home_view(seen.guide, _own(seen), desk, command=unit.house.command))


def _own(unit: Unit) -> Own:
    walks = unit.tx.open_walks(unit.caller.team_id, unit.caller.user_id)
    mine = unit.tx.tickets(team_id=unit.caller.team_id, merchant_id=unit.caller.user_id, limit=TICKETS)
    tickets = [(one.number, one.state, one.waiting_since or one.opened_at) for one in mine]
    return Own([_own_walk(unit, record) for record in walks[:WALKS]], tickets)


def _own_walk(unit: Unit, record: WalkRecord) -> OwnWalk:
    facts = unit.open(record).facts
    several = len(facts.accounts) > 1
    return OwnWalk(
        id=record.id,
        heading=" · ".join(part for part in (heading(unit.guide, record.step), record.for_name) if part),
        title=unit.guide.say(f"steps.{record.step}.title"),
        paused=facts.in_danger_zone,
        saved=[account.name for account in facts.saved] if several else (),
        left=[account.name for account in facts.left] if several else (),
    )
