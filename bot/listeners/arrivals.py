"""Notes what has arrived, before any listener: for the log, and so that nothing is done twice."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.listeners import payload
from bot.reception import Arrival, arrival

_KINDS = frozenset(
    {"command", "block_actions", "view_submission", "view_closed", "message", "app_home_opened", "user_change",
     "member_joined_channel", "member_left_channel"}
)  # fmt: skip


def register(app: AsyncApp) -> None:
    """The middleware; Bolt has verified the signature before it."""

    @app.middleware
    async def note(
        request: AsyncBoltRequest, body: dict[str, Any], next_: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        kind = payload.kind(body)
        arrival.set(Arrival(kind if kind in _KINDS else "unknown", payload.event_id(body) or _signature(request)))
        return await next_()


def _signature(request: AsyncBoltRequest) -> str | None:
    """A short name for the signature of a request over HTTP, or `None` over a socket."""
    signature = request.headers.get("x-slack-signature")
    return f"signed:{hashlib.sha256(signature[0].encode()).hexdigest()}" if signature else None
