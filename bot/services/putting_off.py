"""„Später“: asks when, and shows the step again then, whatever the time of day: the person chose it."""

from bot.blocks.actions import Address
from bot.blocks.kit import say
from bot.blocks.lead import Lead
from bot.services import later_question, reminder_policy, too_late, walkthrough
from bot.services.too_late import TooLate
from bot.services.unit_of_work import UnitOfWork
from bot.services.walkthrough import PressOrigin
from bot.store.models import WalkRecord
from conversations.engine import later
from conversations.engine.answers import Notice
from conversations.engine.later import Later


def typed(unit: UnitOfWork, record: WalkRecord, when: Later | None) -> None:
    """Put the walk off until then; ask when, where that is open or past."""
    planned = _plan(unit, record, when) if when is not None else None
    unit.show_again(record, lead=planned or later_question.lead(unit, record))


def chosen(unit: UnitOfWork, address: Address, place: PressOrigin, *, when: Later) -> None:
    """A press below the question when. The step stays the same message."""
    try:
        record = walkthrough.locate(unit, address, "later")
    except TooLate as late:
        too_late.answer(unit, late, place.response_url)
        return
    lead = _plan(unit, record, when) or later_question.lead(unit, record)
    walkthrough.redraw(unit, record, address, place, lead=lead)


def _plan(unit: UnitOfWork, record: WalkRecord, when: Later) -> Lead | None:
    """Plan it and say so; `None` when that moment is past."""
    at = later.moment(when, unit.now, later_question.zone_of(unit, record), unit.config.reminders.day_begins)
    if at is None:
        return None
    unit.tx.schedule_job(f"{reminder_policy.LATER}{record.id}", at)
    unit.tx.plan_reminder(record.id, None, 0)
    unit.add_event(record, "later", record.step, {"when": when})
    return Lead(say(unit.texts_of(record), "heard.later_planned", at=at))


def come_back(unit: UnitOfWork) -> bool:
    """Show the step of a walk that was put off until now; whether there was one."""
    job = unit.tx.due_job(reminder_policy.LATER, unit.now)
    if job is None:
        return False
    unit.tx.unschedule_job(job)
    record = unit.tx.walk(int(job.removeprefix(reminder_policy.LATER)))
    if record is not None and record.ended_at is None:
        unit.acting_for(record.team_id, record.worker_id).show_again(record, Notice("later_over"), sent=1)
    return True
