"""How invitations end, and what their agents see of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

from bot.blocks import invitations as blocks
from bot.blocks.entry_messages import answer as answer_message
from bot.blocks.kit import Content
from bot.services import home_tab
from bot.services.unit_of_work import UnitOfWork
from bot.store.support_models import Invitation

AT_ONCE = timedelta(minutes=1)
"""An invitation that is sent later than that is said to be sent later, and when."""


def begun(unit: UnitOfWork) -> None:
    """The user has begun a walk: an invitation that they have not answered is over, for them and for its agent."""
    last = unit.tx.last_invitation(unit.user.team_id, unit.user.user_id)
    if last is not None and last.answer is None:
        end(unit, last, "over")
        refresh(unit, last)


def end(unit: UnitOfWork, invitation: Invitation, how: Literal["over", "withdrawn"]) -> None:
    """End an unanswered invitation: a walk has overtaken it, or an agent takes it back."""
    ended = replace(invitation, answer=how, answered_at=unit.now, due_at=None)
    unit.tx.save_invitation(ended)
    show_end(unit, ended)


def show_end(unit: UnitOfWork, invitation: Invitation, response_url: str | None = None) -> None:
    """Say in the merchant's message, if it was posted, that there is nothing more to answer."""
    if invitation.sent:
        theirs = unit.acting_for(invitation.team_id, invitation.merchant_id)
        content = answer_message(theirs.texts, f"invitation_{invitation.answer}")
        theirs.update(invitation.message_key, theirs.direct_message, content, response_url=response_url)


def refresh(unit: UnitOfWork, invitation: Invitation) -> None:
    """Show what has become of the invitations, in the list's message and on the agents' Home tabs."""
    home_tab.schedule_support_homes(unit)
    if invitation.list_key:
        agent = unit.acting_for(invitation.team_id, invitation.agent_id)
        agent.update(invitation.list_key, agent.direct_message, progress(agent, invitation.list_key))


def finished(unit: UnitOfWork, user_id: str) -> None:
    """A walk of this person has ended: the message of the list they were invited in says so."""
    last = unit.tx.last_invitation(unit.user.team_id, user_id)
    if last is not None and last.list_key and last.answer == "accepted":
        refresh(unit, last)


def progress(unit: UnitOfWork, list_key: str) -> Content:
    """What has become of a list, for its agent."""
    names, listed = dict[str, list[str]](), unit.tx.invitations_of_list(list_key)
    for one in listed:
        state: str = one.answer or ("asked" if one.sent else "planned")
        walk = unit.tx.last_walk(one.team_id, one.merchant_id) if state == "accepted" else None
        if walk is not None and unit.open(walk).properties.end == "good":
            state = "finished"
        names.setdefault(state, []).append(unit.name_of(one.merchant_id))
    first = min((one.due_at for one in listed if one.answer is None and not one.sent and one.due_at), default=unit.now)
    withdraw = listed[0].id if "asked" in names or "planned" in names else None
    return blocks.progress(unit.texts, names, withdraw, first if first - unit.now > AT_ONCE else None)
