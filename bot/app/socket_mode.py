"""The connection of Socket Mode, which reconnects by itself."""

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
from bot.slack_api.errors import REVOKED_CODES, retry_after

ANSWER_SECONDS = 3.0
"""How long a shutdown waits for requests in flight: Slack does not wait longer for an answer."""
RECONNECT_SECONDS = 5.0
PING_SECONDS = 10.0
"""How often the connection is checked, and how long until the next attempt to reconnect."""

_REFUSED = REVOKED_CODES | {"missing_scope", "not_allowed_token_type"}
"""Codes after which another attempt with the same app token would fail too."""

log = structlog.get_logger()


class RefusedBySlack(Exception):  # noqa: N818 - the message is for the operator
    """Slack does not accept the token. The message says what to do."""


def code_of_refusal(error: SlackApiError) -> str:
    """Slack's code, or the status when a proxy between the bot and Slack answered in plain text."""
    data = getattr(error.response, "data", None)
    return str(data.get("error")) if isinstance(data, dict) else f"status {error.response.status_code}"


class FreshUrlClient(SocketModeClient):
    """The SDK's client, with a new URL for every attempt to connect.

    A URL from `apps.connections.open` is valid for one connection. The SDK retries the URL it has: when that one was
    used up, for instance because the connection broke during the handshake, it would never reconnect.
    """

    def __init__(self, app_token: str, web_client: AsyncWebClient, ping_interval: float = 10) -> None:
        super().__init__(app_token, web_client=web_client, ping_interval=ping_interval)
        self._connect_lock = asyncio.Lock()
        # The SDK's own session cannot be given a hook afterwards; it is kept only to be closed.
        self._sdk_session = self.aiohttp_client_session
        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(self._forget_url)
        self.aiohttp_client_session = aiohttp.ClientSession(trace_configs=[trace])

    async def _forget_url(self, _session: aiohttp.ClientSession, _context: SimpleNamespace, _params: Any) -> None:
        self.wss_uri = None

    async def connect(self) -> None:
        """Return once connected. Of two connections opened at the same time the first would receive nothing."""
        async with self._connect_lock:
            await super().connect()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        """Close the connection for good."""
        await self._sdk_session.close()
        await super().close()  # type: ignore[no-untyped-call]


class SocketConnection(AsyncBaseSocketModeHandler):
    """The connection of Socket Mode. It knows the requests in flight, so that they are answered before it closes."""

    def __init__(self, bot: Bot, app_token: str) -> None:
        self._bolt = bot.app
        self.app_token = app_token
        self.client = FreshUrlClient(app_token, bot.client, PING_SECONDS)
        self.client.socket_mode_request_listeners.append(self.handle)
        self._in_flight: set[asyncio.Task[Any]] = set()

    async def handle(self, client: Any, req: Any) -> None:
        """Answer one request; one that Slack cannot have sent is not answered."""
        if not well_shaped(req.payload):
            log.warning("refused", mode="socket")
            return
        task = asyncio.current_task()
        if task is not None:
            self._in_flight.add(task)
            task.add_done_callback(self._in_flight.discard)
        started_at = time.time()
        await send_async_response(client, req, await run_async_bolt_app(self._bolt, req), started_at)

    async def connect(self) -> None:
        """Return once connected. Raises `RefusedBySlack`; after any other error it tries again, when Slack says so."""
        while True:
            pause = RECONNECT_SECONDS
            try:
                answer = await self.client.web_client.apps_connections_open(app_token=self.app_token)
                self.client.wss_uri = str(answer["url"])
                break
            except SlackApiError as error:
                code = code_of_refusal(error)
                if code in _REFUSED:
                    raise RefusedBySlack(
                        f"Slack refuses SLACK_APP_TOKEN ({code}). Take one with the scope connections:write from the "
                        "app's page “Basic Information”, or leave it empty and use HTTP."
                    ) from error
                log.warning("slack_unreachable", error=code)
                pause = retry_after(error.response.headers) or pause
            except (SlackClientError, OSError, TimeoutError) as error:
                log.warning("slack_unreachable", error=type(error).__name__)
            await asyncio.sleep(pause)
        await self.connect_async()  # type: ignore[no-untyped-call]

    async def finish(self, connecting: asyncio.Task[None] | None) -> None:
        """Accept no more requests, wait for the answers to those in flight, and close the connection."""
        self.client.socket_mode_request_listeners.clear()
        if connecting is not None:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
        if self._in_flight:
            await asyncio.wait(self._in_flight, timeout=ANSWER_SECONDS)
        await self.close_async()  # type: ignore[no-untyped-call]
