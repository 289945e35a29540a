"""The unanswered invitations, for agents' Home tabs."""

from datetime import timedelta

from bot.blocks.invitations import PendingInvitation
from bot.services.unit_of_work import UnitOfWork
from bot.store.support_models import Invitation

REMINDED_AFTER = (timedelta(days=3), timedelta(days=4))
"""After the invitation, and after the first reminder."""
SHOWN = 5
"""How many unanswered invitations a Home tab shows."""
AGAIN_AFTER = timedelta(days=1)
"""After a message of an invitation, before an agent may have the next one sent."""


def pending(unit: UnitOfWork) -> list[PendingInvitation]:
    """The unanswered invitations of the user's workspace, the oldest first, at most `SHOWN`."""
    return [
        PendingInvitation(
            id=one.id, name=unit.name_of(one.merchant_id), agent=unit.name_of(one.agent_id), since=one.invited_at,
            can_remind=may_be_reminded(unit, one),
        )
        for one in unit.tx.pending_invitations(unit.user.team_id, SHOWN)
    ]  # fmt: skip


def may_be_reminded(unit: UnitOfWork, invitation: Invitation) -> bool:
    """Whether a reminder is left, the merchant takes them, and the last message is `AGAIN_AFTER` old."""
    return (
        invitation.answer is None
        and 0 < invitation.sent <= len(REMINDED_AFTER)
        and invitation.due_at is not None
        and invitation.due_at - REMINDED_AFTER[invitation.sent - 1] + AGAIN_AFTER <= unit.now
    )
