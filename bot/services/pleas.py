"""The plea to delete a message with a secret in it goes when the message is deleted."""

from collections.abc import Iterator
from itertools import count, takewhile

from bot.blocks import talk
from bot.blocks.kit import say
from bot.blocks.step import step_message
from bot.services.publisher import part_key
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import WalkRecord

ASKED = "asked_to_delete"
"""The event of a walk when its step asks to delete a message: `source` in its detail names that, `key` the step's."""


def asked(unit: UnitOfWork, record: WalkRecord, source: str, notes: tuple[str, ...] = ()) -> None:
    """Remember that the live step asks for it; `notes` are the sentences that stay when the message is deleted."""
    shown = unit.tx.walk(record.id)
    if source and shown is not None and shown.live_key is not None:
        unit.add_event(shown, ASKED, shown.step, {"source": source, "key": shown.live_key, "notes": list(notes)})


def key_for(unit: UnitOfWork, source: str) -> str:
    """The key for a message that does nothing but ask to delete the one of `source`, by which it is found again.

    An edited message can be asked about more than once.
    """
    return next(key for key in _keys(source) if unit.tx.state(key) is None)


def message_deleted(unit: UnitOfWork, source: str) -> None:
    """The user has deleted a message: what asks for it asks no more, at the step if it is still shown and elsewhere."""
    for key in takewhile(lambda key: unit.tx.state(key) is not None, _keys(source)):
        _fulfilled(unit, key)
    _held(unit, source)
    for record in unit.tx.open_walks(unit.user.team_id, unit.user.user_id):
        for event in reversed(unit.tx.events(record.id)):
            detail = event.detail
            if event.name == ASKED and detail.get("source") == source and detail.get("key") == record.live_key:
                view = unit.view(record, unit.open(record), str(record.live_key), tuple(detail.get("notes", ())))
                unit.update(str(record.live_key), record.destination, step_message(view))
                return


def _keys(source: str) -> Iterator[str]:
    return (part_key(f"plea {source}", number) for number in count(1))


def _fulfilled(unit: UnitOfWork, key: str) -> None:
    """Replace the message by the line that it is done. One that was never sent is dropped; erased people have none."""
    row = unit.tx.row(key)
    if row is not None and row.destination == unit.direct_message and not unit.drop_pending(key):
        unit.update(key, row.destination, talk.sentence(say(unit.texts, "answers.secret_message_deleted")))


def _held(unit: UnitOfWork, source: str) -> None:
    """Show the question about the message, while it waits for its merchant's look, without the plea."""
    message = unit.tx.ticket_message_of(source)
    if message is not None and message.state == "held" and message.author_id == unit.user.user_id:
        question = talk.held_question(unit.texts, message.id, message.text, "")
        unit.update(str(message.note_key), unit.direct_message, question)
