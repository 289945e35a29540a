"""The subcommands of the slash command. Each returns an answer that only the user sees, or a modal to open."""

import re
from collections.abc import Callable

from bot.blocks import entry_messages
from bot.blocks.home import taken, ticket_list_message
from bot.blocks.kit import Content, say
from bot.services import (
    invitations,
    outage_forms,
    privacy,
    start,
    statistics,
    status,
    support_calls,
    templates,
    ticket_actions,
    ticket_lists,
    ticket_search,
    typed_input,
    walk_start,
    walkthrough,
)
from bot.services.merchant_messages import MerchantMessage
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Person, WalkRecord
from conversations.engine.answers import Notice
from conversations.engine.charts import BACK
from conversations.engine.checks import Refused, clean_names
from conversations.engine.procedure import AnyProcedure
from conversations.engine.screens import title_shown
from conversations.engine.texts import Language

CommandHandler = Callable[[UnitOfWork, str, "Invitee", str], Content]
Invitee = Person | None

_DELETE = ("delete", "löschen", "loeschen")
_EXPORT = ("export", "exportieren")
_AND = frozenset({"und", "and", "&"})
MENTION = re.compile(r"<@([UW][A-Z0-9]{1,20})(?:\|[^>]*)?>", re.ASCII)


def command(unit: UnitOfWork, text: str, invitee: Invitee, app_id: str) -> Content:
    """What `/amazon-token …` does. `invitee` is the person mentioned first in it, if any."""
    name, _, rest = text.strip().partition(" ")
    if not rest and name.casefold() in _LANGUAGES:
        return _language(unit, name, invitee, app_id)
    run = _COMMANDS.get(name.casefold())
    if run is not None:
        return run(unit, rest.strip(), invitee, app_id)
    procedure = _procedure(unit, text)
    if procedure is not None:
        return _begin(unit, procedure, app_id)
    if unit.user.is_agent and not _walks(unit):
        return _usage(unit, rest, invitee, app_id)
    # Anything else is heard as if it had been typed in the direct message, where the answer is.
    said = MerchantMessage(text=text.strip(), channel=f"/{unit.config.new_key()}")
    typed_input.message_typed(unit, said)
    return entry_messages.answer(unit.texts, "heard", entry_messages.dm_button(unit.texts, unit.user.team_id, app_id))


def _procedure(unit: UnitOfWork, word: str) -> AnyProcedure | None:
    """The procedure that people call by this word, or `None`."""
    word = word.strip().casefold()
    for procedure in unit.config.offered.values():
        for language in unit.config.all_texts:
            words = unit.config.all_texts.of(language, procedure.id).words("procedure.words")
            if word in map(str.casefold, words):
                return procedure
    return None


def _walks(unit: UnitOfWork) -> list[WalkRecord]:
    return unit.tx.open_walks(unit.user.team_id, unit.user.user_id)


def _start(unit: UnitOfWork, rest: str, _invitee: Invitee, app_id: str) -> Content:
    return _begin(unit, _procedure(unit, rest), app_id)


def _begin(unit: UnitOfWork, procedure: AnyProcedure | None, app_id: str) -> Content:
    """Begin this procedure, or the first where none was named."""
    under_way = next((walk for walk in _walks(unit) if not walk.for_name), None)
    if under_way is not None:
        title = unit.texts_about(under_way).say(title_shown(unit.open(under_way)))
        other = None
        if procedure is not None and procedure.id != under_way.procedure:
            name = unit.config.all_texts.of(unit.user.language, procedure.id).say("procedure.name")
            other = procedure.id, name
        return entry_messages.continue_or_restart(unit.texts, title, under_way.id, other)
    walk_start.begin(unit, procedure)
    return entry_messages.answer(unit.texts, "started", entry_messages.dm_button(unit.texts, unit.user.team_id, app_id))


def _status(unit: UnitOfWork, _rest: str, _invitee: Invitee, _app_id: str) -> Content:
    return status.answer(unit)


def _one(unit: UnitOfWork) -> WalkRecord | Content:
    """The user's one open walkthrough, or the answer that there is none or that there are several."""
    walks = _walks(unit)
    if not walks:
        return status.answer(unit)
    if len(walks) > 1:
        names = ", ".join(walk.for_name or unit.user.name for walk in walks)
        return entry_messages.answer(unit.texts, "several_walks", names=names)
    return walks[0]


def _back(unit: UnitOfWork, _rest: str, _invitee: Invitee, app_id: str) -> Content:
    record = _one(unit)
    if not isinstance(record, WalkRecord):
        return record
    if not unit.open(record).can(BACK):
        return entry_messages.answer(unit.texts, "nothing_to_go_back")
    walkthrough.act(unit, record, BACK, {})
    return entry_messages.answer(
        unit.texts, "going_on", entry_messages.dm_button(unit.texts, unit.user.team_id, app_id)
    )


def _restart(unit: UnitOfWork, _rest: str, _invitee: Invitee, _app_id: str) -> Content:
    record = _one(unit)
    if not isinstance(record, WalkRecord):
        return record
    return start.restart_question(unit, record)


def _cancel(unit: UnitOfWork, _rest: str, _invitee: Invitee, _app_id: str) -> Content:
    record = _one(unit)
    return start.keep_question(unit, record) if isinstance(record, WalkRecord) else record


def _language(unit: UnitOfWork, rest: str, _invitee: Invitee, _app_id: str) -> Content:
    if not rest:
        return entry_messages.answer(unit.texts, "language_which")
    language = _LANGUAGES.get(rest.casefold())
    if language is None:
        return entry_messages.answer(unit.texts, "language_unknown", command=unit.config.command)
    start.choose_language(unit, language)
    return entry_messages.answer(unit.texts, "language_set", command=unit.config.command)


def _support(unit: UnitOfWork, rest: str, invitee: Invitee, _app_id: str) -> Content:
    return support_calls.called(unit, MENTION.sub("", rest).strip(), invitee)


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
    texts_of = [unit.config.all_texts.of(unit.user.language, one.id) for one in unit.config.other_procedures]
    others = [(texts.words("procedure.words")[0], texts.say("procedure.name")) for texts in texts_of]
    return entry_messages.usage(unit.texts, unit.config.command, agent=unit.user.is_agent, others=others)


def _for(unit: UnitOfWork, rest: str, invitee: Invitee, _app_id: str) -> Content:
    """Invite one person, or ask whether to invite several. Nobody is dropped silently: a name not found stops it."""
    if not unit.user.is_agent:
        return entry_messages.answer(unit.texts, "agents_only")
    user_ids = list(dict.fromkeys(MENTION.findall(rest)))
    first = [invitee] if invitee is not None else []
    people = [*first, *(unit.tx.person(unit.user.team_id, user_id) for user_id in user_ids[len(first) :])]
    named = [person for person in people if person is not None and person.name]
    if not named or len(named) < len(user_ids):
        return entry_messages.answer(unit.texts, "merchant_unknown", command=unit.config.command)
    if any(person.user_id == unit.user.user_id for person in named):
        return entry_messages.answer(unit.texts, "not_yourself", command=unit.config.command)
    words = " ".join(word for word in MENTION.sub(" ", rest).replace(",", " ").split() if word not in _AND)
    procedure = _procedure(unit, words)
    if words and procedure is None:
        return entry_messages.answer(unit.texts, "invitees_unclear", words=words)
    return invitations.proposed(unit, named, procedure)


def _phone(unit: UnitOfWork, rest: str, _invitee: Invitee, app_id: str) -> Content:
    if not unit.user.is_agent:
        return entry_messages.answer(unit.texts, "agents_only")
    first, _, others = rest.partition(" ")
    procedure = _procedure(unit, first) if others.strip() else None
    names = clean_names([others if procedure is not None else rest]) if rest else None
    if names is None or isinstance(names, Refused) or not names.value:
        return entry_messages.answer(unit.texts, "phone_name_missing", command=unit.config.command)
    # As it will be stored, so that the walk is found by it.
    name, _ = unit.config.gate(unit.config.support_language).text(names.value[0][: start.PHONE_NAME_LIMIT])
    running = [walk for walk in _walks(unit) if walk.for_name.casefold() == name.casefold()]
    if running:
        unit.show_again(running[0], Notice("welcome_back"))
    else:
        walk_start.begin(unit, procedure, for_name=name)
    open_dm = entry_messages.dm_button(unit.texts, unit.user.team_id, app_id)
    return entry_messages.answer(unit.texts, "phone_started", open_dm, name=name)


def _templates(unit: UnitOfWork, _rest: str, _invitee: Invitee, _app_id: str) -> Content:
    return templates.listed(unit) if unit.user.is_agent else entry_messages.answer(unit.texts, "agents_only")


def _outage(unit: UnitOfWork, rest: str, _invitee: Invitee, _app_id: str) -> Content:
    return outage_forms.command(unit, rest)


def _stats(unit: UnitOfWork, rest: str, _invitee: Invitee, _app_id: str) -> Content:
    return statistics.requested(unit, rest) if unit.user.is_agent else entry_messages.answer(unit.texts, "agents_only")


def _tickets(unit: UnitOfWork, rest: str, _invitee: Invitee, _app_id: str) -> Content:
    """The open tickets, most urgent first; `mine` lists the user's, `old` those open longest, oldest first.

    `next` takes the most urgent one; anything else is searched for.
    """
    if not unit.user.is_agent:
        return entry_messages.answer(unit.texts, "agents_only")
    if rest.casefold() in _NEXT:
        ticket = ticket_actions.take_next(unit)
        if ticket is None:
            return entry_messages.message(say(unit.texts, "desk.overview.none_next"))
        return taken(unit.texts, ticket_lists.listed_ticket(unit, unit.tx.ticket(ticket.number) or ticket))
    which = _LISTS.get(rest.casefold())
    tickets = ticket_lists.listed(unit, which) if which is not None else ticket_search.found(unit, rest)
    values = {"query": rest} if which is None else {}
    if not tickets:
        return entry_messages.answer(unit.texts, f"no_tickets_{which or 'found'}", **values)
    message = [ticket_lists.listed_ticket(unit, ticket) for ticket in tickets[: ticket_lists.LISTED]]
    title = say(unit.texts, f"answers.tickets_{which or 'found'}", count=len(tickets), **values)
    return ticket_list_message(unit.texts, title, message, len(tickets) - len(message))


_LANGUAGES: dict[str, Language] = {
    **dict.fromkeys(("de", "deutsch", "german"), "de"),
    **dict.fromkeys(("en", "english", "englisch"), "en"),
}
_NEXT = frozenset({"next", "nächstes", "naechstes"})
_LISTS = {
    **dict.fromkeys(("", "open", "offen"), "open"),
    **dict.fromkeys(("mine", "meine"), "mine"),
    **dict.fromkeys(("old", "alt"), "old"),
}
_COMMANDS: dict[str, CommandHandler] = {
    **dict.fromkeys(("", "start", "starten"), _start),
    **dict.fromkeys(("status", "stand"), _status),
    **dict.fromkeys(("back", "zurück", "zurueck"), _back),
    **dict.fromkeys(("restart", "neustart"), _restart),
    **dict.fromkeys(("cancel", "abbrechen"), _cancel),
    **dict.fromkeys(("language", "sprache"), _language),
    **dict.fromkeys(("support", "mensch"), _support),
    **dict.fromkeys(("help", "hilfe", "?"), _usage),
    **dict.fromkeys(("privacy", "datenschutz", "data", "daten"), _privacy),
    **dict.fromkeys(_EXPORT, _export),
    **dict.fromkeys(_DELETE, _delete),
    "for": _for,
    "phone": _phone,
    "tickets": _tickets,
    **dict.fromkeys(("templates", "vorlagen"), _templates),
    **dict.fromkeys(("outage", "störung", "stoerung"), _outage),
    **dict.fromkeys(("stats", "zahlen"), _stats),
}
