"""What was not understood: it is said honestly and kept for the guide's authors; a person is offered."""

from bot.blocks.lead import person_lead
from bot.services import pleas
from bot.services.merchant_messages import MerchantMessage
from bot.services.unit_of_work import UnitOfWork
from bot.services.unknown_words import not_understood
from bot.store.models import Event, WalkRecord
from conversations.engine.answers import Notice

NOT_UNDERSTOOD = "not_understood"
"""The event of a walk after a message that nobody could do anything with; `source` in its detail names the message."""


def unknown(
    unit: UnitOfWork, record: WalkRecord, said: MerchantMessage, words: str, warning: Notice | None = None
) -> None:
    """Show the step again. While orders are down the help form is one press away at once, else the second time.

    `warning`: there was a secret in the message, and nothing else that means anything.
    """
    texts = unit.texts_of(record)
    if warning is not None:
        shown = unit.show_again(record, warning)
    elif said.has_files and not said.text.strip():
        shown = unit.show_again(record, Notice("files_not_needed"))
    elif unit.open(record).urgency is not None or _last(unit, record, NOT_UNDERSTOOD) is not None:
        shown = unit.show_again(record, lead=person_lead(texts, "unknown", words))
    else:
        shown = unit.show_again(record, Notice("unclear"))
    if warning is not None:
        pleas.asked(unit, shown, said.source)
    unit.add_event(shown, NOT_UNDERSTOOD, shown.step, {"source": said.source})
    if warning is None:
        not_understood(unit, record, words)


def waits_for_edit(unit: UnitOfWork, record: WalkRecord, source: str) -> bool:
    """Whether this message was not understood, or its value refused, and nothing has happened in the walk since."""
    return any(
        event is not None and event.detail.get("source") == source
        for event in (_last(unit, record, name) for name in (NOT_UNDERSTOOD, "refused"))
    )


def _last(unit: UnitOfWork, record: WalkRecord, name: str) -> Event | None:
    """The newest event of the walk, if it has this name; what only shows the step again does not count."""
    newest = next((event for event in reversed(unit.tx.events(record.id)) if event.name != "shown_again"), None)
    return newest if newest is not None and newest.name == name else None
