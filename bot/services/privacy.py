"""People's own data: what is stored, an export of it, and its erasure."""

import json
import secrets
from datetime import timedelta

from bot.blocks import entry_messages, talk
from bot.blocks.home import MerchantHome, home_view
from bot.blocks.kit import Content, say
from bot.services import consent, ticket_filing, too_late
from bot.services.gating import KEPT
from bot.services.too_late import TooLate
from bot.services.unit_of_work import UnitOfWork
from bot.store.counts import Erased, Purged
from bot.store.models import Destination, PostedMessage
from conversations.engine.screens import title_shown
from conversations.ticket.chart import OVER


def shown(unit: UnitOfWork) -> Content:
    """What is kept, why, how long, and how to get or delete it."""
    return entry_messages.privacy(
        unit.texts, unit.config.command, unit.config.retention_days, copies=bool(unit.config.ticket_senders)
    )


def show(unit: UnitOfWork) -> None:
    """The same in the direct message, where a press on the Home tab is answered too; the live step stays the newest."""
    unit.post(unit.direct_message, shown(unit))
    walks = unit.tx.open_walks(unit.user.team_id, unit.user.user_id)
    if len(walks) == 1:
        unit.show_again(walks[0])


def export(unit: UnitOfWork) -> Content:
    """Send everything that is stored of the user, as a file in their direct message."""
    user = unit.user
    kept = unit.config.gate(user.language).content(unit.tx.export_person(user.team_id, user.user_id), KEPT).value
    # No other file has this name: the outbox finds by it whether the file has arrived already.
    filename = f"amazon-token-{unit.now:%Y-%m-%d}-{secrets.token_hex(4)}.json"
    unit.upload(
        unit.direct_message,
        json.dumps(kept, ensure_ascii=False, indent=2),
        filename=filename,
        title=unit.texts.say("answers.export_title"),
        comment=say(unit.texts, "answers.export_comment", file=filename),
    )
    return entry_messages.answer(unit.texts, "export_coming")


def export_pressed(unit: UnitOfWork, response_url: str | None) -> None:
    """The same from a button."""
    unit.post_ephemeral(response_url, export(unit))


def question(unit: UnitOfWork) -> Content:
    """The question before everything is deleted, with what the deletion means now."""
    user, warnings = unit.user, []
    walks = [(record, unit.open(record)) for record in unit.tx.open_walks(user.team_id, user.user_id)]
    urgent = next((record for record, walk in walks if walk.urgency is not None), None)
    if urgent is not None:
        warnings.append(say(unit.texts_about(urgent), "answers.delete_urgent"))
    elif walks:
        record = walks[0][0]
        title = unit.texts_about(record).say(title_shown(unit.open(record)))
        warnings.append(say(unit.texts, "answers.delete_walk", title=title))
    tickets = unit.tx.tickets(team_id=user.team_id, merchant_id=user.user_id)
    waiting = [ticket.number for ticket in tickets if ticket.state not in OVER]
    if waiting:
        numbers = ", ".join(str(number) for number in sorted(waiting))
        warnings.append(say(unit.texts, "answers.delete_tickets", tickets=numbers))
    if tickets and unit.config.ticket_senders:
        warnings.append(say(unit.texts, "answers.delete_copies"))
    return entry_messages.ask_delete(unit.texts, f"{user.team_id}:{user.user_id}", *warnings)


def delete_pressed(unit: UnitOfWork, response_url: str | None) -> None:
    """The same from a button."""
    unit.post_ephemeral(response_url, question(unit))


def erase_pressed(unit: UnitOfWork, owner: str | None, response_url: str | None) -> bool:
    """Erase the user, who has confirmed the question; whether anything was deleted. Only `owner` can confirm it."""
    if owner != f"{unit.user.team_id}:{unit.user.user_id}":
        too_late.answer(unit, TooLate("answers.foreign"), response_url)
        return False
    forget(unit)
    if response_url is not None:
        done = {**entry_messages.answer(unit.texts, "deleted"), "replace_original": True}
        unit.respond(response_url, done, erased=True)
    return True


def purge(unit: UnitOfWork, keep: timedelta) -> Purged:
    """Erase everything that ended longer than `keep` ago."""
    return unit.tx.purge(unit.now, keep)


def forget_deliveries(unit: UnitOfWork, age: timedelta) -> int:
    """Forget the IDs of deliveries older than `age`, which Slack no longer repeats; how many."""
    return unit.tx.forget_seen(unit.now - age)


def forget(unit: UnitOfWork) -> Erased:
    """Erase the user from the store, and edit every message of the bot's that still shows something of them."""
    user = unit.user
    person = unit.tx.person(user.team_id, user.user_id)
    handled = [message["number"] for message in unit.tx.export_person(user.team_id, user.user_id)["tickets_handled"]]
    last = unit.tx.last_invitation(user.team_id, user.user_id)
    if (person is not None and not person.unasked) or (last is not None and last.answer == "declined"):
        consent.keep_refusal(unit, user.user_id)  # said before it was kept apart
    unit.flush()  # the words of rows that wait in the outbox are erased too
    erased = unit.tx.erase_person(user.team_id, user.user_id)
    replacement = talk.remark_alone(say(unit.texts, "answers.deleted_message"))
    for message in erased.messages:
        unit.update(message.key, _destination(user.team_id, message), replacement, erased=message.channel is None)
    reply = talk.remark_alone(say(unit.support_texts, "answers.deleted_reply"))
    for message in erased.replies:
        unit.update(message.key, _destination(user.team_id, message), reply)
    for message in erased.files:
        unit.unshare(message.key, _destination(user.team_id, message))
    for number in sorted({*erased.tickets, *handled}):
        ticket_filing.refresh_card(unit, number)
    for number in erased.tickets:
        unit.ticket_changed(number, "erased")
    if person is not None and person.home_opened:
        unit.publish(unit.direct_message, home_view(unit.texts, MerchantHome()), erased=True)
    return erased


def _destination(team_id: str, message: PostedMessage) -> Destination:
    """The message's channel, which does not name the person; the person while it is still being sent."""
    return Destination(team_id, message.channel or message.to)
