"""`support`: a merchant calls a person at once; an agent, who may mean somebody else, is asked for whom."""

from bot.blocks import actions as ids
from bot.blocks import entry_messages
from bot.blocks.kit import Content, button, say
from bot.services import ticket_filing, too_late, typed_input
from bot.services.too_late import TooLate
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Person

_CALLERS = 10
"""Callers on the phone that an agent may choose from."""


def called(unit: UnitOfWork, words: str, merchant: Person | None) -> Content:
    """The answer to the command. An agent calls for the merchant they name; without one they are asked."""
    if not unit.user.is_agent:
        number = typed_input.support_requested(unit, words)
        return unit.with_answer_time(entry_messages.answer(unit.texts, "support_called", ticket=number), number)
    if merchant is None:
        return _question(unit)
    theirs = unit.acting_for(unit.user.team_id, merchant.user_id)
    number = typed_input.support_requested(theirs, words)
    return entry_messages.answer(unit.texts, "support_called_for", ticket=number, merchant=merchant.name)


def chosen(unit: UnitOfWork, walk_id: int | None, response_url: str | None) -> None:
    """The agent calls for the caller of this walk of theirs, or, without one, for themselves."""
    record = unit.tx.walk(walk_id) if walk_id is not None else None
    if walk_id is None:
        number = typed_input.support_requested(unit)
    elif record is None or record.ended_at is not None or record.worker_id != unit.user.user_id:
        too_late.answer(unit, TooLate("answers.foreign"), response_url)
        return
    else:
        number = ticket_filing.request_support(unit, record).number
    if response_url is not None:
        replaced = entry_messages.answer(unit.texts, "support_called", ticket=number)
        unit.respond(response_url, {**replaced, "replace_original": True})


def _question(unit: UnitOfWork) -> Content:
    walks = unit.tx.open_walks(unit.user.team_id, unit.user.user_id)
    callers = [walk for walk in walks if walk.for_name][:_CALLERS]
    buttons = [button(f"{ids.CALL_FOR}:{walk.id}", walk.for_name[:75], str(walk.id)) for walk in callers]
    own = button(f"{ids.CALL_FOR}:own", unit.texts.say("buttons.call_for_me"))
    return entry_messages.message(
        say(unit.texts, "answers.support_for_whom", command=unit.config.command), *buttons, own
    )
