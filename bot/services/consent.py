"""Who may be written to unasked, and that a "no" outlives everything else that is kept of a person."""

from datetime import datetime, timedelta

from bot.services.unit_of_work import UnitOfWork
from bot.store.support_models import Invitation
from conversations.secrets.redact import fingerprint

UNASKED_EVERY = timedelta(days=7)
"""After the newest message of an invitation, before an agent may send another one."""


def keep_refusal(unit: UnitOfWork, user_id: str) -> None:
    """Keep, as a keyed hash without name or ID, that somebody in the user's workspace wants no invitations."""
    unit.tx.keep_refusal(_mark(unit, user_id), unit.now)


def has_refused(unit: UnitOfWork, user_id: str) -> bool:
    """Whether they said so once, also if they were erased, or forgotten because it is long ago."""
    return unit.tx.has_refused(_mark(unit, user_id))


def written_recently(unit: UnitOfWork, invitation: Invitation) -> bool:
    """Whether the newest message of this invitation was sent within `UNASKED_EVERY`."""
    return invitation.sent > 0 and unit.now - _written_at(unit, invitation) < UNASKED_EVERY


def _written_at(unit: UnitOfWork, invitation: Invitation) -> datetime:
    row = unit.tx.row(invitation.message_key)
    return row.created_at if row is not None else invitation.invited_at


def _mark(unit: UnitOfWork, user_id: str) -> str:
    return fingerprint(unit.config.hash_key, f"refused:{unit.user.team_id}:{user_id}")
