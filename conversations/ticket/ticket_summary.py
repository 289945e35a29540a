"""A ticket's summary: what an agent needs to act without asking back. No token, and of people's words the newest."""

from dataclasses import dataclass
from datetime import datetime

from conversations.engine.formatter import Formatter, Line, Mention, Section, StepTime, Value
from conversations.engine.procedure import UNKNOWN, AnyProcedure
from conversations.engine.rules import answer_of
from conversations.engine.settings import ProcedureSettings
from conversations.engine.texts import LANGUAGES, Texts
from conversations.engine.walkthrough import AnyWalk
from conversations.ticket.card_lines import Written, card_lines
from conversations.ticket.models import Contact, TicketFacts

__all__ = ["Line", "Section", "TicketSummary", "ticket_summary"]


@dataclass(frozen=True)
class TicketSummary:
    """What is said of a ticket: `lines` on its card, `sections` in its thread's first reply and in its timeline."""

    title: str
    state_line: tuple[Value, ...]
    sections: tuple[Section, ...]
    lines: tuple[Line, ...]


def ticket_summary(
    texts: Texts,
    ticket: TicketFacts,
    contact: Contact,
    procedure: AnyProcedure,
    settings: ProcedureSettings,
    walk: AnyWalk | None,
    times: list[StepTime],
    *,
    bot_version: str,
    guide_version: str,
    answer: str = "",
    answer_due: datetime | None = None,
    late: bool = False,
    until: datetime | None = None,
    reason_at: datetime | None = None,
    written: Written = Written(),  # noqa: B008 - it is frozen
) -> TicketSummary:
    """The summary of `ticket`. `walk` is `None` when the merchant asked for help outside a walkthrough.

    What is unknown is shown as unknown. `times` may be empty; `guide_version` is that of the texts the merchant read.
    `answer` is the key of what to check first, without it the category's own. `answer_due` is until when support has to
    answer, if it has to, and `late` that this is over; `until` is until when the ticket is postponed. `reason_at` is
    when support was called for the ticket's reason, if that was not when it was filed.
    """
    formatter = Formatter(texts)
    state_line = (*_state_line(formatter, ticket, until), *_due(formatter, answer_due, late=late))
    return TicketSummary(
        title=_title(formatter, ticket),
        state_line=state_line,
        sections=(
            _ticket(
                formatter,
                ticket,
                answer or answer_of(ticket.category),
                procedure.tickets.check_first(formatter, settings),
                reason_at or ticket.opened_at,
            ),
            _contact(formatter, contact, walking=walk is not None),
            *_walkthrough(formatter, walk, times, erased=contact.erased),
            formatter.section(
                "versions",
                formatter.line("versions", formatter.say("values.versions", bot=bot_version, guide=guide_version)),
            ),
        ),
        lines=card_lines(formatter, ticket, contact, walk, written, state_line),
    )


def _title(formatter: Formatter, ticket: TicketFacts) -> str:
    if ticket.category == UNKNOWN:
        return formatter.say("title_bare", number=ticket.number, priority=ticket.priority)
    category = formatter.texts.say(f"categories.{ticket.category}.name")
    return formatter.say("title", number=ticket.number, priority=ticket.priority, category=category)


def _state_line(formatter: Formatter, ticket: TicketFacts, until: datetime | None) -> tuple[Value, ...]:
    unknown = formatter.say("values.not_known")
    if ticket.state == "open":
        return formatter.values("states.open", at=ticket.opened_at)
    if ticket.merged_into is not None:
        into = str(ticket.merged_into)
        return formatter.values("states.merged", into=into, at=ticket.closed_at or unknown)
    if ticket.state == "closed":
        return formatter.values("states.closed", at=ticket.closed_at or unknown)
    by, at = {
        "claimed": (ticket.claimed_by, ticket.claimed_at),
        "resolved": (ticket.resolved_by, ticket.resolved_at),
        "postponed": (ticket.claimed_by, until),
    }.get(ticket.state, (ticket.claimed_by, ticket.waiting_since))
    return formatter.values(f"states.{ticket.state}", agent=Mention(by) if by else unknown, at=at or unknown)


def _due(formatter: Formatter, answer_due: datetime | None, *, late: bool) -> tuple[Value, ...]:
    """Until when support has to answer, or since when it is late."""
    if answer_due is None:
        return ()
    return (" · ", *formatter.values(f"due.{'late' if late else 'ahead'}", at=answer_due))


def _ticket(
    formatter: Formatter, ticket: TicketFacts, answer: str, check_first: tuple[Line, ...], reason_at: datetime
) -> Section:
    reason = formatter.say(f"values.reasons.{ticket.reason}")
    lines = (
        formatter.line("reason", *formatter.values("values.reason", reason=reason, opened=reason_at)),
        formatter.line("priority", formatter.say(f"values.priorities.{ticket.priority}")),
        formatter.line("category", formatter.texts.say(f"categories.{ticket.category}.name")),
        formatter.line("first_answer", formatter.texts.say(answer)),
    )
    return formatter.section("case", *lines, *check_first)


def _contact(formatter: Formatter, contact: Contact, *, walking: bool) -> Section:
    language = contact.language
    if contact.erased:
        return _erased(formatter, contact)
    return formatter.section(
        "contact",
        formatter.line("merchant", *_merchant(formatter, contact)),
        formatter.line("reachable", *_reachable(formatter, contact)),
        formatter.line("origin", *_origin(formatter, contact, walking=walking)),
        formatter.line("workspace", _workspace(formatter, contact)),
        formatter.line(
            "language", formatter.say(f"values.languages.{language}") if language in LANGUAGES else language
        ),
        formatter.line("permalink", contact.permalink or formatter.say("values.not_known")),
    )


def _erased(formatter: Formatter, contact: Contact) -> Section:
    return formatter.section(
        "contact",
        formatter.line("merchant", *formatter.values("values.erased", mention=Mention(contact.user_id))),
        formatter.line("reachable", formatter.say("values.erased_reachable")),
        formatter.line("workspace", _workspace(formatter, contact)),
    )


def _merchant(formatter: Formatter, contact: Contact) -> tuple[Value, ...]:
    if contact.phone_name:
        return formatter.values("values.caller", name=contact.phone_name)
    mention = Mention(contact.user_id)
    return formatter.values("values.person", name=contact.name, mention=mention) if contact.name else (mention,)


def _reachable(formatter: Formatter, contact: Contact) -> tuple[Value, ...]:
    way = "by_phone" if contact.phone_name else "direct_message"
    return formatter.values(f"values.{way}", mention=Mention(contact.user_id))


def _origin(formatter: Formatter, contact: Contact, *, walking: bool) -> tuple[Value, ...]:
    if not walking:
        return formatter.values("values.no_walk")
    if contact.phone_name:
        return formatter.values("values.phone_start", mention=Mention(contact.user_id))
    if contact.invited_by:
        return formatter.values("values.invited", mention=Mention(contact.invited_by))
    return formatter.values("values.own_start")


def _workspace(formatter: Formatter, contact: Contact) -> str:
    workspace = contact.workspace or formatter.say("values.not_known")
    if not contact.company:
        return formatter.say("values.workspace_only", workspace=workspace)
    return formatter.say("values.workspace_company", workspace=workspace, company=contact.company)


def _walkthrough(
    formatter: Formatter, walk: AnyWalk | None, times: list[StepTime], *, erased: bool
) -> tuple[Section, ...]:
    if walk is not None:
        return tuple(walk.procedure.tickets.sections(formatter, walk, times).values())
    nothing = formatter.say("values.erased_walk" if erased else "values.no_walk_all")
    return (formatter.section("walk", formatter.line("walk", nothing)),)
