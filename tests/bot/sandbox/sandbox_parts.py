"""Tiny Bolt apps in both modes, receivers, and blocks to try things with."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox


def client_of(sandbox: Sandbox, token: str | None = None) -> AsyncWebClient:
    return AsyncWebClient(token=token or sandbox.token, base_url=sandbox.api_url, timeout=60, retry_handlers=[])


async def refused(call: Awaitable[Any]) -> dict[str, Any]:
    """The body of an answer that says no."""
    with pytest.raises(SlackApiError) as caught:
        await call
    body: dict[str, Any] = caught.value.response.data
    return body


def tiny_app(sandbox: Sandbox) -> AsyncApp:
    return AsyncApp(client=client_of(sandbox), signing_secret=sandbox.signing_secret, process_before_response=True)


@asynccontextmanager
async def over_socket(sandbox: Sandbox, app: AsyncApp) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(app, sandbox.app_token, ping_interval=1)
    await handler.connect_async()
    await sandbox.sockets.wait_until_connected()
    try:
        yield
    finally:
        await handler.close_async()


@asynccontextmanager
async def over_http(sandbox: Sandbox, app: AsyncApp) -> AsyncIterator[None]:
    async def receive(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    async with listening(receive) as url:
        sandbox.delivery.transport = sandbox.http_transport
        sandbox.request_url = url
        yield


@asynccontextmanager
async def listening(receive: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[str]:
    """An HTTP server with one handler; its address."""
    server = web.Application()
    server.router.add_post("/slack/events", receive)
    runner = web.AppRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()


class Receiver:
    """An app that answers with the statuses in `answers`, then 200, and keeps what it got."""

    def __init__(self, *answers: int, delay: float = 0.0) -> None:
        self.answers = list(answers)
        self.delay = delay
        self.got: list[tuple[dict[str, str], dict[str, Any]]] = []

    async def receive(self, request: web.Request) -> web.Response:
        body = await request.json() if request.content_type == "application/json" else dict(await request.post())
        self.got.append((dict(request.headers), body))
        await asyncio.sleep(self.delay)
        return web.Response(status=self.answers.pop(0) if self.answers else 200)


def button(action_id: str = "go", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": "Weiter"}, **more}


def actions(*elements: dict[str, Any], block_id: str = "bar") -> dict[str, Any]:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def section(text: str = "Hallo", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def field(block_id: str = "name", **element: Any) -> dict[str, Any]:
    inner = {"type": "plain_text_input", "action_id": "input", **element}
    return {"type": "input", "block_id": block_id, "label": plain("Name"), "element": inner}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    shown = {"type": "modal", "callback_id": "form", "title": plain("Formular"), "submit": plain("Senden")}
    return shown | {"blocks": list(blocks) or [field()]} | more
