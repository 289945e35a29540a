"""The plea to delete a message with a secret in it goes when the message is deleted."""

from collections.abc import Iterator
from itertools import count, takewhile
from typing import Literal

from bot.blocks import talk
from bot.blocks.kit import Content, say
from bot.blocks.step import step_message
from bot.services.context import KEY_LETTERS
from bot.services.publisher import part_key
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import WalkRecord

ASKED = "asked_to_delete"
"""The event of a walk when its step asks to delete a message: `source` in its detail names that, `key` the step's."""
PICTURES_PASSED_ON = "picture_passed_on"
"""The event of a ticket when its merchant has passed pictures on; `key` in its detail is that of the question."""


def asked(unit: UnitOfWork, record: WalkRecord, source: str, notes: tuple[str, ...] = ()) -> None:
    """Remember that the live step asks for it; `notes` are the sentences that stay when the message is deleted."""
    shown = unit.tx.walk(record.id)
    if source and shown is not None and shown.live_key is not None:
        unit.add_event(shown, ASKED, shown.step, {"source": source, "key": shown.live_key, "notes": list(notes)})


def key_for(unit: UnitOfWork, source: str, about: Literal["secret", "pictures"] = "secret") -> str:
    """The key for a message that asks to delete the one of `source`, by which it is found again.

    It does nothing else, or it is the question about the pictures in it. An edited message can be asked about again.
    """
    return next(key for key in _keys(source, about) if unit.tx.state(key) is None)


def message_deleted(unit: UnitOfWork, source: str) -> None:
    """The user has deleted a message: what asks for it asks no more, at the step if it is still shown and elsewhere."""
    for key in _asking(unit, source, "secret"):
        _replace(unit, key, talk.sentence(say(unit.texts, "answers.secret_message_deleted")))
    for key in _asking(unit, source, "pictures"):
        if not _passed_on(unit, key):
            _replace(unit, key, talk.screenshot_line(unit.texts, "deleted"))
    _held(unit, source)
    for record in unit.tx.open_walks(unit.user.team_id, unit.user.user_id):
        for event in reversed(unit.tx.events(record.id)):
            detail = event.detail
            if event.name == ASKED and detail.get("source") == source and detail.get("key") == record.live_key:
                walk, notes = unit.open(record), tuple(detail.get("notes", ()))
                view = unit.view(record, walk, str(record.live_key), notes, below=True)
                unit.update(str(record.live_key), record.destination, step_message(view))
                return


def _keys(source: str, about: str) -> Iterator[str]:
    return (part_key(f"{about} {source}", number).translate(KEY_LETTERS) for number in count(1))


def _asking(unit: UnitOfWork, source: str, about: str) -> Iterator[str]:
    """The keys of the messages that ask to delete the one of `source`."""
    return takewhile(lambda key: unit.tx.state(key) is not None, _keys(source, about))


def _replace(unit: UnitOfWork, key: str, content: Content) -> None:
    """Replace a message of the user's. One that was never sent is dropped; somebody erased has none any more."""
    row = unit.tx.row(key)
    if row is not None and row.destination == unit.direct_message and not unit.drop_pending(key):
        unit.update(key, row.destination, content)


def _passed_on(unit: UnitOfWork, key: str) -> bool:
    """Whether support got the pictures that the question of this key was about."""
    tickets = unit.tx.tickets(team_id=unit.user.team_id, merchant_id=unit.user.user_id)
    events = (event for ticket in tickets for event in unit.tx.ticket_events(ticket.number))
    return any(event.name == PICTURES_PASSED_ON and event.detail.get("key") == key for event in events)


def _held(unit: UnitOfWork, source: str) -> None:
    """Show the question about the message, while it waits for its merchant's look, without the plea."""
    message = unit.tx.ticket_message_of(source)
    if message is not None and message.state == "held" and message.author_id == unit.user.user_id:
        question = talk.held_question(unit.texts, message.id, message.text, "")
        unit.update(str(message.note_key), unit.direct_message, question)
