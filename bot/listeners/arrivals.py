"""Notes what has arrived, before any listener: for the log, and so that nothing is done twice."""

import hashlib

from slack_bolt.request.async_request import AsyncBoltRequest

from bot.listeners import payload
from bot.reception import Arrival, arrival

_KINDS = frozenset(
    {"command", "block_actions", "view_submission", "view_closed", "message", "app_home_opened", "user_change",
     "member_joined_channel", "member_left_channel"}
)  # fmt: skip


def arrived(request: AsyncBoltRequest) -> None:
    """Note `request` in the context in which it is handled. Its signature need not be verified yet."""
    kind = payload.kind(request.body)
    key = payload.event_id(request.body) or _signature(request)
    arrival.set(Arrival(kind if kind in _KINDS else "unknown", key))


def _signature(request: AsyncBoltRequest) -> str | None:
    """A short name for the signature of a request over HTTP, or `None` over a socket."""
    signature = request.headers.get("x-slack-signature")
    return f"signed:{hashlib.sha256(signature[0].encode()).hexdigest()}" if signature else None
