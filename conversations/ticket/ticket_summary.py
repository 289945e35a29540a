"""A ticket's dossier: what an agent needs to act without asking back. No token, and no words of people."""

from dataclasses import dataclass

from conversations.amazon_token.facts import Facts
from conversations.amazon_token.policy import Policy
from conversations.engine.texts import LANGUAGES, Texts
from conversations.ticket import summary_sections
from conversations.ticket.formatter import Formatter, Line, Section
from conversations.ticket.models import Contact, Mention, StepTime, TicketFacts, Value

__all__ = ["Line", "Section", "TicketSummary", "ticket_summary"]


@dataclass(frozen=True)
class TicketSummary:
    """What the ticket's card shows, in the support language. `stands` is where the walk is now."""

    title: str
    state_line: tuple[Value, ...]
    sections: tuple[Section, ...]
    stands: Line | None = None


def ticket_summary(
    texts: Texts,
    case: TicketFacts,
    contact: Contact,
    facts: Facts | None,
    times: list[StepTime],
    policy: Policy,
    *,
    bot_version: str,
    guide_version: str,
) -> TicketSummary:
    """The dossier of `case`. `facts` is `None` when the merchant asked for help outside any walkthrough.

    What is unknown is said to be unknown. `times` may be empty; `guide_version` is what the merchant read.
    """
    formatter = Formatter(texts)
    category = texts.say(f"categories.{case.category}.name")
    return TicketSummary(
        title=formatter.say("title", number=case.number, priority=case.priority, category=category),
        state_line=(*_state_line(formatter, case), *_due(formatter, case)),
        sections=(
            _ticket(formatter, case, policy),
            _contact(formatter, contact, walking=facts is not None),
            *_walkthrough(formatter, facts, times, policy, erased=contact.erased),
            formatter.section(
                "versions",
                formatter.line("versions", formatter.say("values.versions", bot=bot_version, guide=guide_version)),
            ),
        ),
        stands=formatter.line("stands_at", summary_sections.stands_at(formatter, facts)) if facts is not None else None,
    )


def _state_line(formatter: Formatter, case: TicketFacts) -> tuple[Value, ...]:
    unknown = formatter.say("values.not_known")
    if case.state == "open":
        return formatter.values("states.open", at=case.opened_at)
    if case.state == "closed":
        return formatter.values("states.closed", at=case.closed_at or unknown)
    by, at = {
        "claimed": (case.claimed_by, case.claimed_at),
        "resolved": (case.resolved_by, case.resolved_at),
    }.get(case.state, (case.claimed_by, case.waiting_since))
    return formatter.values(f"states.{case.state}", agent=Mention(by) if by else unknown, at=at or unknown)


def _due(formatter: Formatter, case: TicketFacts) -> tuple[Value, ...]:
    """Until when support owes an answer, and in words that it is late."""
    if case.answer_due is None:
        return ()
    return (" · ", *formatter.values(f"due.{'late' if case.late else 'ahead'}", at=case.answer_due))


def _ticket(formatter: Formatter, case: TicketFacts, policy: Policy) -> Section:
    reason = formatter.say(f"values.reasons.{case.reason}")
    category = f"categories.{case.category}"
    lines = [
        formatter.line("reason", *formatter.values("values.reason", reason=reason, opened=case.opened_at)),
        formatter.line("priority", formatter.say(f"values.priorities.{case.priority}")),
        formatter.line("category", formatter.texts.say(f"{category}.name")),
        formatter.line("first_answer", formatter.texts.say(f"{category}.answer")),
    ]
    if policy.mws_notice:
        lines.append(formatter.line("mws_gone", formatter.say("values.mws_gone")))
    return formatter.section("case", *lines)


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
    formatter: Formatter, facts: Facts | None, times: list[StepTime], policy: Policy, *, erased: bool
) -> tuple[Section, ...]:
    if facts is None:
        return (
            formatter.section(
                "walk", formatter.line("walk", formatter.say("values.erased_walk" if erased else "values.no_walk_all"))
            ),
        )
    return (
        summary_sections.connect(formatter, facts),
        summary_sections.amazon(formatter, facts, policy),
        summary_sections.walk(formatter, facts, times),
        summary_sections.fetches(formatter, facts),
        summary_sections.tokens(formatter, facts),
    )
