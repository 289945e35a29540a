"""The question when to come back to a step that is put off."""

from zoneinfo import ZoneInfo

from bot.blocks import actions as ids
from bot.blocks.kit import say
from bot.blocks.lead import Lead, LeadButton
from bot.services import reminder_policy
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import WalkRecord
from conversations.engine import later


def lead(unit: UnitOfWork, record: WalkRecord) -> Lead:
    """The question with a button for each moment, in the time of the person who works on the walk."""
    texts = unit.texts_of(record)
    moments = later.choices(unit.now, zone_of(unit, record), unit.config.reminders.day_begins)
    buttons = tuple(LeadButton(f"{ids.LATER}:{one}", texts.say(f"heard.later.{one}")) for one in moments)
    return Lead(say(texts, "heard.later_when"), buttons)


def zone_of(unit: UnitOfWork, record: WalkRecord) -> ZoneInfo:
    """The time zone of the person who works on the walk."""
    return reminder_policy.zone_of(unit.tx.person(record.team_id, record.worker_id))
