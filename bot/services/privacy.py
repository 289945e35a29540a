"""Use cases of people's own data: what is kept, a file of it all, and forgetting."""

import json
import secrets

from bot.blocks import entry_messages
from bot.blocks.home import Own, home_view
from bot.blocks.kit import Content, say
from bot.services import ticket_filing
from bot.services.unit_of_work import Noted, Unit
from bot.services.walkthrough import Place, TooLate, say_too_late
from bot.store.models import Erased, Standing
from conversations.ticket.chart import OVER


def shown(unit: Unit) -> Content:
    """What is kept, why, how long, and how to get or delete it."""
    return entry_messages.privacy(
        unit.guide, unit.house.command, unit.house.retention_days, copies=bool(unit.house.mirrors)
    )


def show(unit: Unit) -> None:
    """The same in the direct message, where a press on the Home tab is answered too; the live step stays the newest."""
    unit.post(unit.caller.user_id, shown(unit))
    walks = unit.tx.open_walks(unit.caller.team_id, unit.caller.user_id)
    if len(walks) == 1:
        unit.show_again(walks[0])


def export(unit: Unit) -> Content:
    """Everything that is kept of the caller, as a file in their direct message."""
    me = unit.caller
    kept = unit.tx.export_person(me.team_id, me.user_id)
    # The name is the file's own: by it the courier sees whether it stands there already.
    filename = f"amazon-token-{unit.now:%Y-%m-%d}-{secrets.token_hex(4)}.json"
    unit.upload(
        me.user_id,
        json.dumps(kept, ensure_ascii=False, indent=2),
        filename=filename,
        title=unit.guide.say("answers.export_title"),
        comment=say(unit.guide, "answers.export_comment", file=filename),
    )
    return entry_messages.answer(unit.guide, "export_coming")


def export_pressed(unit: Unit, response_url: str | None) -> None:
    """The same from a button."""
    unit.whisper(response_url, export(unit))


def question(unit: Unit) -> Content:
    """Asks before everything is deleted, with what that means as things stand."""
    me, warnings = unit.caller, []
    walks = [(record, unit.open(record)) for record in unit.tx.open_walks(me.team_id, me.user_id)]
    if any(walk.facts.in_danger_zone for _, walk in walks):
        warnings.append(say(unit.guide, "answers.delete_orders_paused"))
    elif walks:
        title = unit.guide.say(f"steps.{walks[0][0].step}.title")
        warnings.append(say(unit.guide, "answers.delete_walk", title=title))
    mine = unit.tx.tickets(team_id=me.team_id, merchant_id=me.user_id)
    waiting = [ticket.number for ticket in mine if ticket.state not in OVER]
    if waiting:
        told = ", ".join(str(number) for number in sorted(waiting))
        warnings.append(say(unit.guide, "answers.delete_tickets", tickets=told))
    if mine and unit.house.mirrors:
        warnings.append(say(unit.guide, "answers.delete_copies"))
    return entry_messages.ask_delete(unit.guide, f"{me.team_id}:{me.user_id}", *warnings)


def delete_pressed(unit: Unit, response_url: str | None) -> None:
    """The same from a button."""
    unit.whisper(response_url, question(unit))


def erase_pressed(unit: Unit, owner: str | None, response_url: str | None) -> bool:
    """The question was answered with „ja“. Whether anything was deleted: only `owner` can say so."""
    if owner != f"{unit.caller.team_id}:{unit.caller.user_id}":
        say_too_late(unit, TooLate("foreign"), Place(response_url=response_url))
        return False
    forget(unit)
    if response_url is not None:
        done = {**entry_messages.answer(unit.guide, "deleted"), "replace_original": True}
        unit.respond(response_url, done, erased=True)
    return True


def forget(unit: Unit) -> Erased:
    """Forget the caller, and let Slack show nothing of them any more where the bot can reach it."""
    me = unit.caller
    person = unit.tx.person(me.team_id, me.user_id)
    handled = [one["number"] for one in unit.tx.export_person(me.team_id, me.user_id)["tickets_handled"]]
    erased = unit.tx.erase_person(me.team_id, me.user_id)
    own = entry_messages.answer(unit.guide, "deleted_message")
    for one in erased.messages:
        unit.update(one.key, _place(one), own, erased=one.channel is None)
    reply = entry_messages.answer(unit.support_guide, "deleted_reply")
    for one in erased.replies:
        unit.update(one.key, _place(one), reply)
    for one in erased.files:
        unit.unshare(one.key, _place(one))
    for number in sorted({*erased.tickets, *handled}):
        ticket_filing.show_again(unit, number)
    unit.noted += [Noted(number, "erased") for number in erased.tickets]
    if person is not None and person.home_opened:
        unit.publish(me.user_id, home_view(unit.guide, Own()), erased=True)
    return erased


def _place(one: Standing) -> str:
    """The channel where it stands, which does not name the person; while it is being sent it has none yet."""
    return one.channel or one.to
