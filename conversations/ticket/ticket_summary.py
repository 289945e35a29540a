"""A ticket's dossier: what an agent needs to act without asking back. No token, and no words of people."""

from dataclasses import dataclass

from conversations.amazon_token.facts import Facts
from conversations.amazon_token.policy import Policy
from conversations.engine.texts import LANGUAGES, Guide
from conversations.ticket import summary_sections
from conversations.ticket.formatter import Line, Pen, Section
from conversations.ticket.models import Case, Contact, Mention, StepTime, Value

__all__ = ["Dossier", "Line", "Section", "dossier"]


@dataclass(frozen=True)
class Dossier:
    """What the ticket's card shows, in the support language. `stands` is where the walk is now."""

    title: str
    state_line: tuple[Value, ...]
    sections: tuple[Section, ...]
    stands: Line | None = None


def dossier(
    guide: Guide,
    case: Case,
    contact: Contact,
    facts: Facts | None,
    times: list[StepTime],
    policy: Policy,
    *,
    bot_version: str,
    guide_version: str,
) -> Dossier:
    """The dossier of `case`. `facts` is `None` when the merchant asked for help outside any walkthrough.

    What is unknown is said to be unknown. `times` may be empty; `guide_version` is what the merchant read.
    """
    pen = Pen(guide)
    category = guide.say(f"categories.{case.category}.name")
    return Dossier(
        title=pen.say("title", number=case.number, priority=case.priority, category=category),
        state_line=(*_state_line(pen, case), *_due(pen, case)),
        sections=(
            _case(pen, case, policy),
            _contact(pen, contact, walking=facts is not None),
            *_walkthrough(pen, facts, times, policy, erased=contact.erased),
            pen.section(
                "versions",
                pen.line("versions", pen.say("values.versions", bot=bot_version, guide=guide_version)),
            ),
        ),
        stands=pen.line("stands_at", summary_sections.stands_at(pen, facts)) if facts is not None else None,
    )


def _state_line(pen: Pen, case: Case) -> tuple[Value, ...]:
    unknown = pen.say("values.not_known")
    if case.state == "open":
        return pen.values("states.open", at=case.opened_at)
    if case.state == "closed":
        return pen.values("states.closed", at=case.closed_at or unknown)
    by, at = {
        "claimed": (case.claimed_by, case.claimed_at),
        "resolved": (case.resolved_by, case.resolved_at),
    }.get(case.state, (case.claimed_by, case.waiting_since))
    return pen.values(f"states.{case.state}", agent=Mention(by) if by else unknown, at=at or unknown)


def _due(pen: Pen, case: Case) -> tuple[Value, ...]:
    """Until when support owes an answer, and in words that it is late."""
    if case.answer_due is None:
        return ()
    return (" · ", *pen.values(f"due.{'late' if case.late else 'ahead'}", at=case.answer_due))


def _case(pen: Pen, case: Case, policy: Policy) -> Section:
    reason = pen.say(f"values.reasons.{case.reason}")
    category = f"categories.{case.category}"
    lines = [
        pen.line("reason", *pen.values("values.reason", reason=reason, opened=case.opened_at)),
        pen.line("priority", pen.say(f"values.priorities.{case.priority}")),
        pen.line("category", pen.guide.say(f"{category}.name")),
        pen.line("first_answer", pen.guide.say(f"{category}.answer")),
    ]
    if policy.mws_notice:
        lines.append(pen.line("mws_gone", pen.say("values.mws_gone")))
    return pen.section("case", *lines)


def _contact(pen: Pen, contact: Contact, *, walking: bool) -> Section:
    language = contact.language
    if contact.erased:
        return _erased(pen, contact)
    return pen.section(
        "contact",
        pen.line("merchant", *_merchant(pen, contact)),
        pen.line("reachable", *_reachable(pen, contact)),
        pen.line("origin", *_origin(pen, contact, walking=walking)),
        pen.line("workspace", _workspace(pen, contact)),
        pen.line("language", pen.say(f"values.languages.{language}") if language in LANGUAGES else language),
        pen.line("permalink", contact.permalink or pen.say("values.not_known")),
    )


def _erased(pen: Pen, contact: Contact) -> Section:
    return pen.section(
        "contact",
        pen.line("merchant", *pen.values("values.erased", mention=Mention(contact.user_id))),
        pen.line("reachable", pen.say("values.erased_reachable")),
        pen.line("workspace", _workspace(pen, contact)),
    )


def _merchant(pen: Pen, contact: Contact) -> tuple[Value, ...]:
    if contact.phone_name:
        return pen.values("values.caller", name=contact.phone_name)
    mention = Mention(contact.user_id)
    return pen.values("values.person", name=contact.name, mention=mention) if contact.name else (mention,)


def _reachable(pen: Pen, contact: Contact) -> tuple[Value, ...]:
    way = "by_phone" if contact.phone_name else "direct_message"
    return pen.values(f"values.{way}", mention=Mention(contact.user_id))


def _origin(pen: Pen, contact: Contact, *, walking: bool) -> tuple[Value, ...]:
    if not walking:
        return pen.values("values.no_walk")
    if contact.phone_name:
        return pen.values("values.phone_start", mention=Mention(contact.user_id))
    if contact.invited_by:
        return pen.values("values.invited", mention=Mention(contact.invited_by))
    return pen.values("values.own_start")


def _workspace(pen: Pen, contact: Contact) -> str:
    workspace = contact.workspace or pen.say("values.not_known")
    if not contact.company:
        return pen.say("values.workspace_only", workspace=workspace)
    return pen.say("values.workspace_company", workspace=workspace, company=contact.company)


def _walkthrough(
    pen: Pen, facts: Facts | None, times: list[StepTime], policy: Policy, *, erased: bool
) -> tuple[Section, ...]:
    if facts is None:
        return (
            pen.section("walk", pen.line("walk", pen.say("values.erased_walk" if erased else "values.no_walk_all"))),
        )
    return (
        summary_sections.connect(pen, facts),
        summary_sections.amazon(pen, facts, policy),
        summary_sections.walk(pen, facts, times),
        summary_sections.fetches(pen, facts),
        summary_sections.tokens(pen, facts),
    )
