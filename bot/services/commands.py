"""The subcommands of the slash command. Each returns an answer that only the user sees."""

import re
from collections.abc import Callable

from bot.blocks import actions as ids
from bot.blocks import entry_messages
from bot.blocks.home import ticket_list_message
from bot.blocks.kit import Content, button, say
from bot.blocks.step import heading
from bot.services import privacy, start, statistics, ticket_lists, typed_input, walkthrough
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Person, WalkRecord
from conversations.amazon_token.checks import Refused, clean_names
from conversations.amazon_token.interpret import Notice

CommandHandler = Callable[[UnitOfWork, str, "Invitee", str], Content]
Invitee = Person | None

_DELETE = ("delete", "löschen", "loeschen")
_EXPORT = ("export", "exportieren")
MENTION = re.compile(r"<@([UW][A-Z0-9]{1,20})(?:\|[^>]*)?>", re.ASCII)


def command(unit: UnitOfWork, text: str, invitee: Invitee, app_id: str) -> Content:
    """What `/amazon-token …` does. `invitee` is the person mentioned in it, if any."""
    name, _, rest = text.strip().partition(" ")
    run = _COMMANDS.get(name.casefold(), _usage)
    return run(unit, rest.strip(), invitee, app_id)


def _walks(unit: UnitOfWork) -> list[WalkRecord]:
    return unit.tx.open_walks(unit.user.team_id, unit.user.user_id)


def _start(unit: UnitOfWork, _rest: str, _invitee: Invitee, app_id: str) -> Content:
    open_walks = [walk for walk in _walks(unit) if not walk.for_name]
    if open_walks:
        title = unit.texts.say(f"steps.{open_walks[0].step}.title")
        return entry_messages.continue_or_restart(unit.texts, title, open_walks[0].id)
    start.begin(unit)
    return entry_messages.answer(unit.texts, "started", entry_messages.dm_button(unit.texts, unit.user.team_id, app_id))


def _status(unit: UnitOfWork, _rest: str, _invitee: Invitee, _app_id: str) -> Content:
    walks = _walks(unit)
    if not walks:
        return entry_messages.answer(unit.texts, "no_walk")
    lines = []
    for walk in walks:
        where = " · ".join(part for part in (heading(unit.texts, walk.step), walk.for_name) if part)
        title = unit.texts.say(f"steps.{walk.step}.title")
        lines.append(say(unit.texts, "answers.status", heading=where, title=title, started=walk.started_at))
    shows = [button(ids.GO_ON, unit.texts.say("buttons.show_step"), str(walks[0].id))] if len(walks) == 1 else []
    return entry_messages.message("\n".join(lines), *shows)


def _one(unit: UnitOfWork) -> WalkRecord | Content:
    """The user's one open walkthrough, or the answer that there is none or that there are several."""
    walks = _walks(unit)
    if not walks:
        return entry_messages.answer(unit.texts, "no_walk")
    if len(walks) > 1:
        names = ", ".join(walk.for_name or unit.user.name for walk in walks)
        return entry_messages.answer(unit.texts, "several_walks", names=names)
    return walks[0]


def _back(unit: UnitOfWork, _rest: str, _invitee: Invitee, app_id: str) -> Content:
    record = _one(unit)
    if not isinstance(record, WalkRecord):
        return record
    if not unit.open(record).can("back"):
        return entry_messages.answer(unit.texts, "nothing_to_go_back")
    walkthrough.act(unit, record, "back", {})
    return entry_messages.answer(
        unit.texts, "going_on", entry_messages.dm_button(unit.texts, unit.user.team_id, app_id)
    )


def _restart(unit: UnitOfWork, _rest: str, _invitee: Invitee, _app_id: str) -> Content:
    record = _one(unit)
    if not isinstance(record, WalkRecord):
        return record
    return entry_messages.ask(unit.texts, "ask_restart", ids.RESTART, "restart", record.id)


def _cancel(unit: UnitOfWork, _rest: str, _invitee: Invitee, _app_id: str) -> Content:
    record = _one(unit)
    return start.keep_question(unit, record) if isinstance(record, WalkRecord) else record


def _language(unit: UnitOfWork, rest: str, _invitee: Invitee, _app_id: str) -> Content:
    language = rest.casefold()
    if language not in {"de", "en"}:
        return entry_messages.answer(unit.texts, "language_unknown", command=unit.config.command)
    start.choose_language(unit, "de" if language == "de" else "en")
    return entry_messages.answer(unit.texts, "language_set", command=unit.config.command)


def _support(unit: UnitOfWork, _rest: str, _invitee: Invitee, _app_id: str) -> Content:
    return entry_messages.answer(unit.texts, "support_called", ticket=typed_input.support_requested(unit))


def _privacy(unit: UnitOfWork, rest: str, _invitee: Invitee, _app_id: str) -> Content:
    """„datenschutz“ and „daten“ with what is to become of them: „daten löschen“, „daten export“."""
    action = rest.casefold()
    if action in {*_DELETE, "delete my data"}:
        return privacy.question(unit)
    return privacy.export(unit) if action in _EXPORT else privacy.shown(unit)


def _export(unit: UnitOfWork, _rest: str, _invitee: Invitee, _app_id: str) -> Content:
    return privacy.export(unit)


def _delete(unit: UnitOfWork, _rest: str, _invitee: Invitee, _app_id: str) -> Content:
    return privacy.question(unit)


def _usage(unit: UnitOfWork, _rest: str, _invitee: Invitee, _app_id: str) -> Content:
    return entry_messages.usage(unit.texts, unit.config.command, agent=unit.user.is_agent)


def _for(unit: UnitOfWork, _rest: str, invitee: Invitee, _app_id: str) -> Content:
    if not unit.user.is_agent:
        return entry_messages.answer(unit.texts, "agents_only")
    if invitee is None or not invitee.name:
        return entry_messages.answer(unit.texts, "merchant_unknown", command=unit.config.command)
    if invitee.user_id == unit.user.user_id:
        return entry_messages.answer(unit.texts, "not_yourself", command=unit.config.command)
    return start.invite(unit, invitee)


def _phone(unit: UnitOfWork, rest: str, _invitee: Invitee, app_id: str) -> Content:
    if not unit.user.is_agent:
        return entry_messages.answer(unit.texts, "agents_only")
    names = clean_names([rest]) if rest else None
    if names is None or isinstance(names, Refused) or not names.value:
        return entry_messages.answer(unit.texts, "phone_name_missing", command=unit.config.command)
    name = names.value[0][: start.PHONE_NAME_LIMIT]
    running = [walk for walk in _walks(unit) if walk.for_name.casefold() == name.casefold()]
    if running:
        unit.show_again(running[0], Notice("welcome_back"))
    else:
        start.begin(unit, for_name=name)
    open_dm = entry_messages.dm_button(unit.texts, unit.user.team_id, app_id)
    return entry_messages.answer(unit.texts, "phone_started", open_dm, name=name)


def _stats(unit: UnitOfWork, rest: str, _invitee: Invitee, _app_id: str) -> Content:
    return statistics.requested(unit, rest) if unit.user.is_agent else entry_messages.answer(unit.texts, "agents_only")


def _tickets(unit: UnitOfWork, rest: str, _invitee: Invitee, _app_id: str) -> Content:
    """The open tickets, most urgent first; `mine` lists the user's, `old` those open longest, oldest first."""
    if not unit.user.is_agent:
        return entry_messages.answer(unit.texts, "agents_only")
    which = _LISTS.get(rest.casefold())
    if which is None:
        return entry_messages.answer(unit.texts, "tickets_unknown", command=unit.config.command)
    tickets = ticket_lists.listed(unit, which)
    if not tickets:
        return entry_messages.answer(unit.texts, f"no_tickets_{which}")
    message = [ticket_lists.listed_ticket(unit, ticket) for ticket in tickets[: ticket_lists.LISTED]]
    title = say(unit.texts, f"answers.tickets_{which}", count=len(tickets))
    return ticket_list_message(unit.texts, title, message, len(tickets) - len(message))


_LISTS = {
    **dict.fromkeys(("", "open", "offen"), "open"),
    **dict.fromkeys(("mine", "meine"), "mine"),
    **dict.fromkeys(("old", "alt"), "old"),
}
_COMMANDS: dict[str, CommandHandler] = {
    "": _start,
    "start": _start,
    "status": _status,
    "back": _back,
    "restart": _restart,
    "cancel": _cancel,
    "language": _language,
    "support": _support,
    **dict.fromkeys(("privacy", "datenschutz", "data", "daten"), _privacy),
    **dict.fromkeys(_EXPORT, _export),
    **dict.fromkeys(_DELETE, _delete),
    "for": _for,
    "phone": _phone,
    "tickets": _tickets,
    **dict.fromkeys(("stats", "zahlen"), _stats),
}
