"""The Bolt app. An event is acknowledged after its commit: a crash before it makes Slack deliver again."""

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.listeners import register
from bot.listeners.arrivals import arrived
from bot.reception import Reception


class App(AsyncApp):
    """Bolt's app. What arrives is noted before Bolt looks at it: a middleware costs more than the note."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Bolt's answer to a request."""
        arrived(req)
        return await super().async_dispatch(req)


def build(client: AsyncWebClient, signing_secret: str | None, reception: Reception, command: str) -> AsyncApp:
    """The app with all its listeners. Without a signing secret it is fit for Socket Mode only."""
    app = App(
        client=client,
        signing_secret=signing_secret or "",
        request_verification_enabled=signing_secret is not None,
        process_before_response=True,
    )
    register(app, reception, command)
    return app
