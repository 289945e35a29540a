"""The Bolt app. An event is acknowledged after its commit: a crash before it makes Slack deliver again."""

import hashlib

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import payload
from bot.slack.dispatch import Dispatcher, IncomingRequest, incoming
from bot.slack.listeners import register

_KINDS = frozenset(
    {"command", "block_actions", "view_submission", "view_closed", "message", "app_home_opened", "user_change",
     "member_joined_channel", "member_left_channel"}
)  # fmt: skip


def arrived(request: AsyncBoltRequest) -> None:
    """Note `request` in the context in which it is handled. Its signature need not be verified yet."""
    kind = payload.kind(request.body)
    key = payload.event_id(request.body) or _signature(request)
    incoming.set(IncomingRequest(kind if kind in _KINDS else "unknown", key))


def _signature(request: AsyncBoltRequest) -> str | None:
    """A short name for the signature of a request over HTTP, or `None` over a socket."""
    signature = request.headers.get("x-slack-signature")
    return f"signed:{hashlib.sha256(signature[0].encode()).hexdigest()}" if signature else None


class App(AsyncApp):
    """Bolt's app. What arrives is noted before Bolt looks at it: a middleware costs more than the note."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Bolt's answer to a request."""
        arrived(req)
        return await super().async_dispatch(req)


def build(client: AsyncWebClient, signing_secret: str | None, dispatcher: Dispatcher, command: str) -> AsyncApp:
    """The app with all its listeners. Without a signing secret it is fit for Socket Mode only."""
    app = App(
        client=client,
        signing_secret=signing_secret or "",
        request_verification_enabled=signing_secret is not None,
        process_before_response=True,
    )
    register(app, dispatcher, command)
    return app
