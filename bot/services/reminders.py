"""Reminders of walkthroughs that wait, and walkthroughs whose step a new version no longer has."""

from dataclasses import replace

from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Reminder, WalkRecord
from conversations.engine.answers import Notice
from conversations.engine.messages import notice_text
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
    lost = [
        record
        for procedure in unit.config.procedures.values()
        for record in unit.tx.walks_elsewhere(procedure.id, procedure.steps)
    ]
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
    outage = unit.outage(record.team_id)
    if outage is not None and unit.open(record).can_wait:
        unit.tx.save_reminder(replace(due, due_at=outage.ends_at))
        return
    person = unit.tx.person(record.team_id, record.worker_id)
    by_day = reminders.by_day(unit.now, person)
    if by_day > unit.now:
        unit.tx.save_reminder(replace(due, due_at=by_day))
        return
    code = "reminder_urgent" if unit.open(record).urgency is not None else "reminder"
    unit.show_again(record, Notice(code), sent=due.sent + 1)


def resettle(unit: UnitOfWork, record: WalkRecord) -> None:
    """Continue at the last step of the trail that still exists, with a sentence about it."""
    procedure = unit.procedure_of(record)
    state = procedure.load(record.state)
    state.return_to(frozenset(procedure.steps))
    texts, walk = unit.texts_of(record), unit.walk(procedure, state)
    unit.shrink(record, texts.say("records.shown_again"), mark="↓")
    unit.add_event(record, "resettled", walk.step)
    unit.show(record, walk, (notice_text(texts, Notice("step_gone")),))
