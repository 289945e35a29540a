"""Invitations: one person or several, what is sent of them and when, the answers.

What is sent later is in the invitation itself (`due_at`, `sent`) and changes with the message in one transaction: after
a crash nobody is invited twice, and nobody is left out.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from bot.blocks import invitations as blocks
from bot.blocks.actions import GROUP_LIMIT
from bot.blocks.entry_messages import answer as answer_message
from bot.blocks.kit import Content
from bot.services import consent, home_tab, invitation_ends, too_late, walk_start
from bot.services.pending_invitations import REMINDED_AFTER, may_be_reminded
from bot.services.too_late import TooLate, refused_in_modal
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Destination, Person
from bot.store.support_models import Invitation
from conversations.engine.answers import Notice
from conversations.engine.messages import notice_text
from conversations.engine.procedure import AnyProcedure

PACE = timedelta(seconds=5)
"""Between two invitations of a list."""
Hindrance = Literal["running", "pending", "declined_before", "unwanted", "recent"]
"""Why somebody is not invited: the end of the key of a text."""


def hindrance(unit: UnitOfWork, merchant: Person) -> Hindrance | None:
    """Why this person is not invited, or `None`. An invitation that a walk has overtaken is put away."""
    if _under_way(unit, merchant.user_id):
        return "running"
    last = unit.tx.last_invitation(merchant.team_id, merchant.user_id)
    if last is not None and _overtaken(unit, last):
        invitation_ends.end(unit, last, "over")
    elif last is not None and last.answer is None:
        return "pending"
    elif last is not None and last.answer == "declined":
        return "declined_before"
    elif last is not None and last.answer in {"withdrawn", "over"} and consent.written_recently(unit, last):
        return "recent"
    if consent.has_refused(unit, merchant.user_id):
        return "declined_before" if merchant.unasked else "unwanted"
    return None if merchant.unasked else "unwanted"


def invite(unit: UnitOfWork, merchant: Person, procedure: AnyProcedure | None = None) -> Content:
    """An agent offers a walk through the procedure, else through the first, to a merchant, who is asked first."""
    why = hindrance(unit, merchant)
    if why is not None:
        return answer_message(unit.texts, f"invitation_{why}", merchant=merchant.name)
    _send(unit, _planned(unit, merchant.user_id, procedure or unit.config.first_procedure))
    home_tab.schedule_support_homes(unit)
    return answer_message(unit.texts, "invited", merchant=merchant.name)


def proposed(unit: UnitOfWork, people: Sequence[Person], procedure: AnyProcedure | None = None) -> Content:
    """Invite one person at once. Of several, say who would be invited and who not, and why, and ask first."""
    if len(people) == 1:
        return invite(unit, people[0], procedure)
    if len(people) > GROUP_LIMIT:
        return answer_message(unit.texts, "invitations_too_many", count=GROUP_LIMIT)
    found = [(person, hindrance(unit, person)) for person in people]
    invited = [person for person, why in found if why is None]
    others = [(person.name, why) for person, why in found if why is not None]
    procedure_id = (procedure or unit.config.first_procedure).id
    return blocks.preview(unit.texts, procedure_id, [(one.user_id, one.name) for one in invited], others)


def confirmed(unit: UnitOfWork, procedure_id: str, user_ids: Sequence[str], response_url: str | None) -> None:
    """The agent has confirmed the preview: each is invited once, one after another, with progress on one message.

    It is said who is not, and why: something has happened since, or it was confirmed before.
    """
    if not unit.user.is_agent:
        _answer(unit, response_url, answer_message(unit.texts, "agents_only"))
        return
    procedure = unit.config.offered.get(procedure_id) or unit.config.first_procedure
    list_key = unit.config.new_key()
    count, others = 0, list[tuple[str, str]]()
    for user_id in dict.fromkeys(user_ids):
        person = unit.tx.person(unit.user.team_id, user_id)
        why = hindrance(unit, person) if person is not None and user_id != unit.user.user_id else "unknown"
        if person is None or why is not None:
            others.append((unit.name_of(user_id), why or "unknown"))
            continue
        _planned(unit, user_id, procedure, list_key, unit.config.reminders.by_day(unit.now, person) + count * PACE)
        count += 1
    if count:
        unit.post(unit.direct_message, invitation_ends.progress(unit, list_key), key=list_key)
        home_tab.schedule_support_homes(unit)
    _answer(unit, response_url, blocks.begun(unit.texts, count, others))


def send_due(unit: UnitOfWork) -> bool:
    """Send the invitation or reminder that has been due longest; whether there was one. Only by day."""
    invitation = unit.tx.due_invitation(unit.now)
    if invitation is None:
        return False
    unit = unit.acting_for(invitation.team_id, invitation.agent_id)
    merchant = unit.tx.person(invitation.team_id, invitation.merchant_id)
    by_day = unit.config.reminders.by_day(unit.now, merchant)
    if _under_way(unit, invitation.merchant_id) or _overtaken(unit, invitation):
        invitation_ends.end(unit, invitation, "over")
    elif merchant is not None and not merchant.unasked:
        unit.tx.save_invitation(replace(invitation, due_at=None))
    elif by_day > unit.now:
        unit.tx.save_invitation(replace(invitation, due_at=by_day))
    else:
        _send(unit, invitation)
    invitation_ends.refresh(unit, invitation)
    return True


def answered(unit: UnitOfWork, invitation_id: int | None, response_url: str | None, *, accepted: bool) -> None:
    """The merchant decides. The agent hears of it; a second press changes nothing."""
    invitation = _own(unit, invitation_id, response_url)
    if invitation is None:
        return
    if invitation.answer in {"withdrawn", "over"}:
        invitation_ends.show_end(unit, invitation, response_url)
    if invitation.answer == "over" and accepted:
        _go_on(unit)
    if invitation.answer is not None:
        return
    decided = replace(invitation, answer="accepted" if accepted else "declined", answered_at=unit.now, due_at=None)
    unit.tx.save_invitation(decided)
    if not accepted:
        consent.keep_refusal(unit, unit.user.user_id)
    content = answer_message(unit.texts, "started" if accepted else "invitation_declined")
    unit.update(invitation.message_key, unit.direct_message, content, response_url=response_url)
    if invitation.list_key:
        invitation_ends.refresh(unit, invitation)
    else:
        notice = "invitation_accepted_agent" if accepted else "invitation_declined_agent"
        agent = Destination(invitation.team_id, invitation.agent_id)
        unit.post(agent, answer_message(unit.texts_for(invitation.agent_id), notice, merchant=unit.user.name))
        home_tab.schedule_support_homes(unit)
    if accepted:
        _begin_or_go_on(unit, invitation)


def no_reminders(unit: UnitOfWork, invitation_id: int | None, response_url: str | None) -> None:
    """„Nicht mehr erinnern“: this person is neither invited nor reminded of an invitation again."""
    invitation = _own(unit, invitation_id, response_url)
    person = unit.tx.person(unit.user.team_id, unit.user.user_id)
    if invitation is None or person is None:
        return
    unit.tx.save_person(replace(person, unasked=False))
    consent.keep_refusal(unit, person.user_id)
    if invitation.answer is None:
        unit.tx.save_invitation(replace(invitation, due_at=None))
        content = blocks.invitation(
            unit.texts, unit.name_of(invitation.agent_id), invitation.id, key="invitation_quiet"
        )
        unit.update(invitation.message_key, unit.direct_message, content, response_url=response_url)


@refused_in_modal
def remind(unit: UnitOfWork, invitation_id: int, _response_url: str | None) -> None:
    """An agent has the next reminder sent now. Too late where none is left, or the last message is of today."""
    invitation = _changeable(unit, invitation_id)
    if not may_be_reminded(unit, invitation):
        raise TooLate(f"answers.invitation_not_{'now' if invitation.answer is None else 'open'}")
    _send(unit.acting_for(invitation.team_id, invitation.agent_id), invitation)
    invitation_ends.refresh(unit, invitation)


@refused_in_modal
def withdraw(unit: UnitOfWork, invitation_id: int, _response_url: str | None) -> None:
    """An agent takes one unanswered invitation back. One that is withdrawn already stays so."""
    invitation = _changeable(unit, invitation_id)
    if invitation.answer is None:
        invitation_ends.end(unit, invitation, "withdrawn")
    elif invitation.answer != "withdrawn":
        raise TooLate("answers.invitation_not_open")
    invitation_ends.refresh(unit, invitation)


@refused_in_modal
def withdraw_all(unit: UnitOfWork, invitation_id: int, _response_url: str | None) -> None:
    """An agent takes back all unanswered invitations of the list to which this one belongs."""
    invitation = _changeable(unit, invitation_id)
    for one in unit.tx.invitations_of_list(invitation.list_key) if invitation.list_key else ():
        if one.answer is None:
            invitation_ends.end(unit, one, "withdrawn")
    invitation_ends.refresh(unit, invitation)


def _planned(
    unit: UnitOfWork, user_id: str, procedure: AnyProcedure, list_key: str = "", due_at: datetime | None = None
) -> Invitation:
    return unit.tx.add_invitation(
        Invitation(
            team_id=unit.user.team_id, agent_id=unit.user.user_id, merchant_id=user_id, procedure=procedure.id,
            message_key=unit.config.new_key(), invited_at=unit.now, sent=0,
            due_at=due_at or unit.now, list_key=list_key,
        )
    )  # fmt: skip


def _send(unit: UnitOfWork, invitation: Invitation) -> None:
    """Post the next message of an invitation; an earlier one shrinks. The last reminder has none after it."""
    theirs = unit.acting_for(invitation.team_id, invitation.merchant_id)
    key = invitation.message_key
    if invitation.sent:
        content = answer_message(theirs.texts, "invitation_below")
        theirs.update(invitation.message_key, theirs.direct_message, content)
        key = unit.config.new_key()
    text = "invitation_reminder" if invitation.sent else "invitation"
    content = blocks.invitation(
        theirs.texts, unit.name_of(invitation.agent_id), invitation.id, key=text, quiet=invitation.sent > 0
    )
    theirs.post(theirs.direct_message, content, key=key)
    waits = REMINDED_AFTER[invitation.sent : invitation.sent + 1]
    due_at = unit.now + waits[0] if waits else None
    unit.tx.save_invitation(replace(invitation, message_key=key, sent=invitation.sent + 1, due_at=due_at))


def _go_on(unit: UnitOfWork) -> bool:
    """Show the user's walk again; whether one is under way."""
    open_walks = [walk for walk in unit.tx.open_walks(unit.user.team_id, unit.user.user_id) if not walk.for_name]
    if open_walks:
        unit.show_again(open_walks[0], Notice("welcome_back"))
    return bool(open_walks)


def _begin_or_go_on(unit: UnitOfWork, invitation: Invitation) -> None:
    if not _go_on(unit):
        invited = notice_text(unit.texts, Notice("invited", {"agent": unit.name_of(invitation.agent_id)}))
        procedure = unit.config.offered.get(invitation.procedure)  # else the first: it was switched off meanwhile
        walk_start.begin(unit, procedure, invited_by=invitation.agent_id, notes=(invited,))


def _own(unit: UnitOfWork, invitation_id: int | None, response_url: str | None) -> Invitation | None:
    """The user's own invitation of this ID; for anything else they are told."""
    invitation = unit.tx.invitation(invitation_id) if invitation_id is not None else None
    if invitation is None or Destination(invitation.team_id, invitation.merchant_id) != unit.direct_message:
        too_late.answer(unit, TooLate("answers.foreign"), response_url)
        return None
    return invitation


def _under_way(unit: UnitOfWork, user_id: str) -> bool:
    return any(not walk.for_name for walk in unit.tx.open_walks(unit.user.team_id, user_id))


def _overtaken(unit: UnitOfWork, invitation: Invitation) -> bool:
    """Whether the merchant has begun a walk since without answering, or has it behind them."""
    walk = unit.tx.last_walk(invitation.team_id, invitation.merchant_id)
    return invitation.answer is None and walk is not None and walk.started_at >= invitation.invited_at


def _changeable(unit: UnitOfWork, invitation_id: int) -> Invitation:
    """The invitation, for an agent of its workspace. Raises `TooLate` for anybody else."""
    invitation = unit.tx.invitation(invitation_id)
    if not unit.user.is_agent or invitation is None or invitation.team_id != unit.user.team_id:
        raise TooLate("answers.agents_only")
    return invitation


def _answer(unit: UnitOfWork, response_url: str | None, content: Content) -> None:
    """Replace the preview, so that it cannot be confirmed twice."""
    if response_url is not None:
        unit.respond(response_url, {**content, "replace_original": True})
