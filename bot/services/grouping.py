"""The steps of a screen in a message each, or together again."""

from bot.blocks.actions import Address
from bot.services import too_late, walkthrough
from bot.services.too_late import TooLate
from bot.services.unit_of_work import UnitOfWork
from bot.services.walkthrough import PressOrigin
from bot.store.models import WalkRecord
from conversations.engine import screens
from conversations.engine.answers import Notice


def group(unit: UnitOfWork, address: Address, place: PressOrigin, *, one_by_one: bool) -> None:
    """Show the steps of a screen in a message each, or together again. It is remembered for walks to come."""
    event = "one_by_one" if one_by_one else "together"
    try:
        record = walkthrough.locate(unit, address, event)
    except TooLate as late:
        too_late.answer(unit, late, place.response_url)
        return
    _regroup(unit, record, one_by_one=one_by_one, response_url=place.response_url)


def _regroup(unit: UnitOfWork, record: WalkRecord, *, one_by_one: bool, response_url: str | None = None) -> None:
    walk = unit.open(record)
    walk.state.one_by_one = one_by_one
    unit.shrink(record, unit.texts_of(record).say("records.shown_again"), response_url, mark="↓")
    unit.add_event(record, "one_by_one" if one_by_one else "together", record.step)
    unit.show(record, walk)


def typed(unit: UnitOfWork, record: WalkRecord, *, one_by_one: bool) -> None:
    """„Einzeln zeigen“ or „Zusammen zeigen“, where the button of that name is, or an offer that does the same."""
    walk = unit.open(record)
    offer = next((offer for offer in walk.offers() if offer.one_by_one), None) if one_by_one else None
    if offer is not None:
        walkthrough.act(unit, record, offer.event, {})
    elif screens.groups(walk, screens.shown(walk)) and walk.state.one_by_one is not one_by_one:
        _regroup(unit, record, one_by_one=one_by_one)
    else:
        unit.show_again(record, Notice("not_possible_here"))
