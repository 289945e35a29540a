"""Reminders of walkthroughs that wait, and walkthroughs whose step a new version no longer has."""

from dataclasses import replace

from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Reminder, WalkRecord
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.interpret import Notice
from conversations.amazon_token.messages import notice_text
from conversations.amazon_token.steps import STEPS
from conversations.amazon_token.walk import Walk
from conversations.ticket.chart import IN_CONVERSATION


def remind_due(unit: UnitOfWork) -> bool:
    """Look at the reminder that has been due longest; whether there was one."""
    due = unit.tx.due_reminder(unit.now)
    record = unit.tx.walk(due.walk_id) if due is not None else None
    if due is None or record is None:
        return False
    remind(unit.acting_for(record.team_id, record.worker_id), record, due)
    return True


def resettle_all(unit: UnitOfWork) -> int:
    """Move walks back to a step that exists, after a change of the procedure; how many. For the start."""
    lost = unit.tx.walks_elsewhere(STEPS)
    for record in lost:
        resettle(unit.acting_for(record.team_id, record.worker_id), record)
    return len(lost)


def remind(unit: UnitOfWork, record: WalkRecord, due: Reminder) -> None:
    """Post the step again with a sentence about the waiting walkthrough; nothing for one that has ended."""
    if record.ended_at is not None or due.declined:
        unit.tx.forget_reminder(record.id)
        return
    reminders = unit.config.reminders
    if unit.tx.tickets(team_id=record.team_id, merchant_id=record.worker_id, states=IN_CONVERSATION, limit=1):
        unit.tx.save_reminder(replace(due, due_at=unit.now + reminders.while_talking))
        return
    person = unit.tx.person(record.team_id, record.worker_id)
    by_day = reminders.by_day(unit.now, person.zone if person is not None else None)
    if by_day > unit.now:
        unit.tx.save_reminder(replace(due, due_at=by_day))
        return
    code = "reminder_orders_paused" if unit.open(record).facts.in_danger_zone else "reminder"
    unit.show_again(record, Notice(code), sent=due.sent + 1)


def resettle(unit: UnitOfWork, record: WalkRecord) -> None:
    """Continue at the last step of the trail that still exists, with a sentence about it."""
    facts = Facts.model_validate_json(record.facts)
    facts.return_to(frozenset(STEPS))
    texts, walk = unit.texts_of(record), Walk(facts, unit.config.policy)
    unit.shrink(record, texts.say("records.shown_again"), mark="↓")
    unit.add_event(record, "resettled", walk.step)
    unit.show(record, walk, (notice_text(texts, Notice("step_gone")),))
