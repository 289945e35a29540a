"""A connection of Socket Mode that finds its way back by itself."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_base_handler import AsyncBaseSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.app.bootstrap import Bot
from bot.slack.request_verification import well_shaped
from bot.slack_api.errors import REVOKED_CODES


class FreshAddressClient(SocketModeClient):
    """The SDK's client with an address of its own for every try.

    An address from `apps.connections.open` is good for one connection. The SDK keeps trying the address it has;
    when that one was used up, for instance because the line broke during the handshake, it would never come back.
    """

    def __init__(self, app_token: str, web_client: AsyncWebClient, ping_interval: float = 10) -> None:
        super().__init__(app_token, web_client=web_client, ping_interval=ping_interval)
        self._one_at_a_time = asyncio.Lock()
        # The session that the SDK makes has no hook, and nothing is open in it yet.
        self._without_hook = self.aiohttp_client_session
        hook = aiohttp.TraceConfig()
        hook.on_request_start.append(self._used)
        self.aiohttp_client_session = aiohttp.ClientSession(trace_configs=[hook])

    async def _used(self, _session: aiohttp.ClientSession, _context: SimpleNamespace, _about: Any) -> None:
        self.wss_uri = None

    async def connect(self) -> None:
        """Return once connected. Two that find the line broken do not open two: the first would hear nothing."""
        async with self._one_at_a_time:
            await super().connect()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        """Hang up for good."""
        await self._without_hook.close()
        await super().close()  # type: ignore[no-untyped-call]


ANSWER_SECONDS = 3.0
"""What is under way when the line is to be cut gets so long: after three seconds Slack does not listen any more."""
RECONNECT_SECONDS = 5.0
PING_SECONDS = 10.0
"""How often the line is looked at, and how long until the next try to connect again."""

log = structlog.get_logger()


class RefusedBySlack(Exception):  # noqa: N818 - the message is for the operator
    """Slack does not accept the token. The message says what to do."""


def code_of_refusal(error: SlackApiError) -> str:
    """Slack's code. What stands between us and Slack answers in plain text; then it is the status."""
    told = getattr(error.response, "data", None)
    return str(told.get("error")) if isinstance(told, dict) else f"status {error.response.status_code}"


class SocketConnection(AsyncBaseSocketModeHandler):
    """The connection of Socket Mode. Knows what is under way, so that it can be finished before the line is cut."""

    def __init__(self, bot: Bot, app_token: str) -> None:
        self._bolt = bot.app
        self.app_token = app_token
        self.client = FreshAddressClient(app_token, bot.client, PING_SECONDS)
        self.client.socket_mode_request_listeners.append(self.handle)
        self._under_way: set[asyncio.Task[Any]] = set()

    async def handle(self, client: Any, req: Any) -> None:
        """Answer one request. What is misshapen is none of Slack's and stays unanswered."""
        if not well_shaped(req.payload):
            log.warning("refused", mode="socket")
            return
        task = asyncio.current_task()
        if task is not None:
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        began = time.time()
        await send_async_response(client, req, await run_async_bolt_app(self._bolt, req), began)

    async def connect(self) -> None:
        """Return once connected. Raises `RefusedBySlack`; any other trouble is waited out."""
        while True:
            try:
                opened = await self.client.web_client.apps_connections_open(app_token=self.app_token)
                self.client.wss_uri = str(opened["url"])
                break
            except SlackApiError as error:
                code = code_of_refusal(error)
                if code in REVOKED_CODES:
                    raise RefusedBySlack(
                        f"Slack refuses SLACK_APP_TOKEN ({code}). Take one with the scope connections:write from the "
                        "app's page “Basic Information”, or leave it empty and use HTTP."
                    ) from error
                log.warning("slack_unreachable", error=code)
            except (SlackClientError, OSError, TimeoutError) as error:
                log.warning("slack_unreachable", error=type(error).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)
        await self.connect_async()  # type: ignore[no-untyped-call]

    async def finish(self, connecting: asyncio.Task[None] | None) -> None:
        """Take nothing new, let what is under way be answered, and hang up."""
        self.client.socket_mode_request_listeners.clear()
        if connecting is not None:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=ANSWER_SECONDS)
        await self.close_async()  # type: ignore[no-untyped-call]
