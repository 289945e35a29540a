"""The plea to delete a message with a secret in it goes when the message is deleted."""

from bot.blocks.step import step_message
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import WalkRecord

ASKED = "asked_to_delete"
"""The event of a walk when its step asks to delete a message: `source` in its detail names that, `key` the step's."""


def asked(unit: UnitOfWork, record: WalkRecord, source: str, notes: tuple[str, ...] = ()) -> None:
    """Remember that the live step asks for it; `notes` are the sentences that stay when the message is deleted."""
    shown = unit.tx.walk(record.id)
    if source and shown is not None and shown.live_key is not None:
        unit.add_event(shown, ASKED, shown.step, {"source": source, "key": shown.live_key, "notes": list(notes)})


def message_deleted(unit: UnitOfWork, source: str) -> None:
    """The user has deleted a message: the step that asks for it, if it is still shown, asks no more."""
    for record in unit.tx.open_walks(unit.user.team_id, unit.user.user_id):
        for event in reversed(unit.tx.events(record.id)):
            detail = event.detail
            if event.name == ASKED and detail.get("source") == source and detail.get("key") == record.live_key:
                view = unit.view(record, unit.open(record), str(record.live_key), tuple(detail.get("notes", ())))
                unit.update(str(record.live_key), record.destination, step_message(view))
                return
