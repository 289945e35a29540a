"""„Wie war es?“ at the end of a walk: what somebody says of their own walk, once or changed later."""

from typing import Any

from bot.blocks.rating import rating_view
from bot.blocks.step import step_message
from bot.services import evidence, too_late
from bot.services.too_late import TooLate
from bot.services.unit_of_work import UnitOfWork
from bot.services.walkthrough import PressOrigin
from bot.store.models import Rating, WalkRecord
from conversations.common_schema import RATING_FIELD
from conversations.engine.answers import Raw, text_of


def press(unit: UnitOfWork, walk_id: int, key: str, place: PressOrigin, face: str) -> None:
    """A face: it is stored, and the message shows it. What was written stays."""
    try:
        record = _ended(unit, walk_id, key)
    except TooLate as late:
        too_late.answer(unit, late, place.response_url)
        return
    earlier = unit.tx.rating(record.id)
    sentence = earlier.sentence if earlier is not None else ""
    unit.tx.save_rating(Rating(walk_id=record.id, face=face, sentence=sentence, at=unit.now))
    if place.channel is not None and place.ts is not None:
        unit.tx.mark_delivered(key, place.channel, place.ts)
    _show(unit, record, key, place.response_url)


def form(unit: UnitOfWork, walk_id: int, key: str, place: PressOrigin) -> dict[str, Any] | None:
    """The form of the sentence to open; `None` where the user gets an answer instead."""
    try:
        rating = _rated(unit, walk_id, key)
    except TooLate as late:
        too_late.answer(unit, late, place.response_url)
        return None
    return rating_view(unit.texts, walk_id, key, rating.sentence)


def submit(unit: UnitOfWork, walk_id: int, key: str, raw: Raw) -> dict[str, Any] | None:
    """The sentence: stored without secrets, in place of an earlier one; an empty one takes that back."""
    try:
        rating, record = _rated(unit, walk_id, key), _ended(unit, walk_id, key)
    except TooLate as late:
        return too_late.instead(unit, late)
    sentence = evidence.redacted(unit, text_of(raw, RATING_FIELD.name).strip())
    unit.tx.save_rating(Rating(walk_id=record.id, face=rating.face, sentence=sentence, at=unit.now))
    _show(unit, record, key)
    return None


def _ended(unit: UnitOfWork, walk_id: int, key: str) -> WalkRecord:
    """The user's own walk, which is over, if the message belongs to it. Raises `TooLate`."""
    record, message = unit.tx.walk(walk_id), unit.tx.row(key)
    if record is None or (record.team_id, record.worker_id) != (unit.user.team_id, unit.user.user_id):
        raise TooLate("answers.foreign")
    if record.ended_at is None or record.for_name or message is None or message.walk_id != record.id:
        raise TooLate("answers.stale", record=record)
    return record


def _rated(unit: UnitOfWork, walk_id: int, key: str) -> Rating:
    """What the user has said of the walk. Raises `TooLate`."""
    rating = unit.tx.rating(_ended(unit, walk_id, key).id)
    if rating is None:
        raise TooLate("answers.stale")
    return rating


def _show(unit: UnitOfWork, record: WalkRecord, key: str, response_url: str | None = None) -> None:
    content = step_message(unit.view(record, unit.open(record), key))
    unit.update(key, record.destination, content, response_url=response_url)
