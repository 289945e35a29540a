"""The Bolt app. An event is acknowledged after its commit: when the bot crashes before it, Slack delivers again."""

import hashlib

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import payload
from bot.slack.dispatch import Dispatcher, IncomingRequest, incoming
from bot.slack.listeners import register
from bot.slack.store_thread import begin_request

_KINDS = frozenset(
    {"command", "block_actions", "view_submission", "view_closed", "message", "app_home_opened", "user_change",
     "member_joined_channel", "member_left_channel"}
)  # fmt: skip


class App(AsyncApp):
    """Bolt's app. It sets `incoming` before Bolt looks at a request: a middleware would cost more."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Bolt's answer to a request."""
        kind = payload.kind(req.body)
        key = payload.event_id(req.body) or _signature_key(req)
        begin_request()
        incoming.set(IncomingRequest(kind if kind in _KINDS else "unknown", key))
        return await super().async_dispatch(req)


def _signature_key(request: AsyncBoltRequest) -> str | None:
    """A short key made of the signature of a request over HTTP, verified or not; `None` over a socket."""
    signature = request.headers.get("x-slack-signature")
    return f"signed:{hashlib.sha256(signature[0].encode()).hexdigest()}" if signature else None


def build(client: AsyncWebClient, signing_secret: str | None, dispatcher: Dispatcher, command: str) -> AsyncApp:
    """The app with all its listeners. Without a signing secret it must only be used in Socket Mode."""
    app = App(
        client=client,
        signing_secret=signing_secret or "",
        request_verification_enabled=signing_secret is not None,
        process_before_response=True,
    )
    register(app, dispatcher, command)
    return app
