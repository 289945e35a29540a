"""The answer to a press or a form that has no effect: it came too late, or is not this user's to make."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from bot.blocks import entry_messages, talk
from bot.blocks.forms import sentence_view
from bot.blocks.kit import View, say
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import WalkRecord

Arguments = ParamSpec("Arguments")


class TooLate(Exception):  # noqa: N818 - it is an answer, not a fault
    """Nothing was changed. `key` names the sentence to answer with and `values` fill it.

    The key is empty for a repeat of what was accepted: that is answered with silence. `record` is the user's own walk,
    to whose present step the answer leads. `take`: the answer offers to take a colleague's ticket, by its number, and
    to go on with what was refused, by the name of the act.
    """

    def __init__(
        self, key: str, *, record: WalkRecord | None = None, take: tuple[str, int] | None = None, **values: object
    ) -> None:
        self.key = key
        self.record = record
        self.take = take
        self.values = values
        super().__init__(key)


def answer(unit: UnitOfWork, late: TooLate, response_url: str | None) -> None:
    """Answer a merchant's press below its message; only the user sees it."""
    if not late.key:
        return
    sentence = say(unit.texts, late.key, **late.values)
    walk_id = late.record.id if late.record is not None and late.record.ended_at is None else None
    unit.post_ephemeral(response_url, entry_messages.too_late(unit.texts, sentence, walk_id))


def refused(unit: UnitOfWork, late: TooLate) -> View | None:
    """The modal that answers an agent's press; `None` after a repeat.

    A sentence would appear at the end of the channel, far from an old card.
    """
    return talk.refused_view(unit.texts, say(unit.texts, late.key, **late.values), late.take) if late.key else None


def refused_in_modal(
    act: Callable[Concatenate[UnitOfWork, Arguments], View | None],
) -> Callable[Concatenate[UnitOfWork, Arguments], View | None]:
    """`act` for an agent's press: where it raises `TooLate`, the modal to open says why nothing has changed."""

    @wraps(act)
    def run(unit: UnitOfWork, /, *args: Arguments.args, **named: Arguments.kwargs) -> View | None:
        try:
            return act(unit, *args, **named)
        except TooLate as late:
            return refused(unit, late)

    return run


def instead(unit: UnitOfWork, late: TooLate) -> dict[str, Any] | None:
    """The `response_action` for a submitted form; `None`, which closes it, after a repeat."""
    if not late.key:
        return None
    return {"response_action": "update", "view": sentence_view(unit.texts, late.key, **late.values)}
