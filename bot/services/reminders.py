"""A walk is shown again by itself: because it waits, or because its step is gone."""

from dataclasses import replace

from bot.services.unit_of_work import Unit
from bot.store.models import Reminder, WalkRecord
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.interpret import Note
from conversations.amazon_token.messages import note_text
from conversations.amazon_token.steps import STEPS
from conversations.amazon_token.walk import Walk
from conversations.ticket.chart import IN_CONVERSATION


def remind(unit: Unit, record: WalkRecord, due: Reminder) -> None:
    """Show the step again with a word about the walk that waits; none for one that has ended meanwhile."""
    if record.ended_at is not None or due.declined:
        unit.tx.forget_reminder(record.id)
        return
    rhythm = unit.house.rhythm
    if unit.tx.tickets(team_id=record.team_id, merchant_id=record.worker_id, states=IN_CONVERSATION, limit=1):
        unit.tx.save_reminder(replace(due, due_at=unit.now + rhythm.while_talking))
        return
    person = unit.tx.person(record.team_id, record.worker_id)
    by_day = rhythm.by_day(unit.now, person.zone if person is not None else None)
    if by_day > unit.now:
        unit.tx.save_reminder(replace(due, due_at=by_day))
        return
    code = "reminder_orders_paused" if unit.open(record).facts.in_danger_zone else "reminder"
    unit.show_again(record, Note(code), sent=due.sent + 1)


def resettle(unit: Unit, record: WalkRecord) -> None:
    """Go on at the last step on the walk's way that there still is, with a word about it."""
    facts = Facts.model_validate_json(record.facts)
    facts.return_to(frozenset(STEPS))
    guide, walk = unit.guide_of(record), Walk(facts, unit.house.policy)
    unit.retire(record, guide.say("records.shown_again"), mark="↓")
    unit.remember(record, "resettled", walk.step)
    unit.show(record, walk, (note_text(guide, Note("step_gone")),))
