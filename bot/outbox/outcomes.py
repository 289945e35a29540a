"""What becomes of a row after an attempt."""

from datetime import datetime
from hashlib import sha256
from typing import TypeGuard

from bot.slack_api.errors import CLOSED_CODES, AppRevoked, Delivered, Fail, Retry, SendResult
from bot.store.models import Row

_RESPOND_ATTEMPTS = 2
"""An answer to a press is best effort: its response URL soon expires."""
NEWER = "written by a newer version of the program, which sends it"
_UPLOADED = frozenset({"data", "file", "chart"})
_DESCRIBED = frozenset({"filename", "title", "text"})
_CHANNELS = ("C", "G")
"""How the IDs of channels begin (https://docs.slack.dev/reference/objects/conversation-object)."""


def is_known(row: Row) -> bool:
    """Whether this version knows what is in the row; else a newer one has written it, which serves beside this one."""
    there = row.content.keys()
    if row.method == "publish":
        return "view" in there
    erased = there <= {"filename"}
    return row.method != "upload" or erased or (there >= _DESCRIBED and not _UPLOADED.isdisjoint(there))


def is_channel(to: str) -> bool:
    """Whether a destination is a channel, and not a person."""
    return to.startswith(_CHANNELS)


def passes(result: SendResult, row: Row, max_attempts: int) -> TypeGuard[Retry | AppRevoked]:
    """Whether the row is tried again. Trouble that passes never ends that, except for an answer to a press.

    What is about one row only is given up after `max_attempts`: one that Slack refuses as if it did not know the app
    while it does, and one whose attempts end in an exception that nobody expected.
    """
    if isinstance(result, AppRevoked):
        return row.attempts < max_attempts
    if not isinstance(result, Retry):
        return False
    if row.method == "respond":
        return row.attempts < _RESPOND_ATTEMPTS
    return not result.unexpected or row.attempts < max_attempts


def delivered(channel: str, ts: str, rest: tuple[str, ...] | None) -> Delivered:
    """The message is at `ts`; `rest` is still to be said where it was shortened."""
    return Delivered(channel, ts) if rest is None else Delivered(channel, ts, how="shortened", rest=rest)


def unless_closed(result: SendResult, row: Row) -> SendResult:
    """`result`, but a refusal passes where a channel cannot be written to at present: somebody can open it again.

    A person's direct message that is not there never comes back.
    """
    if isinstance(result, Fail) and result.error in CLOSED_CODES and is_channel(row.destination.to):
        return Retry(result.error)
    return result


def following(row: Row, result: Delivered, now: datetime) -> list[Row]:
    """What is still to be said of a message that was shortened, as rows for its thread."""
    return [
        Row(
            key=sha256(f"{row.key}.{number}".encode()).hexdigest()[:32], destination=row.destination, method="post",
            content={"text": text}, ordering_key=row.ordering_key, thread=row.thread or row.target or row.key,
            walk_id=row.walk_id, created_at=now, due_at=now,
        )
        for number, text in enumerate(result.rest)
    ]  # fmt: skip
