"""The sandbox: a local imitation of Slack on 127.0.0.1."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Literal, Self

import aiohttp
from aiohttp import web

from bot.sandbox.control import Control
from bot.sandbox.delivery import Delivery, HttpTransport
from bot.sandbox.demo_routes import DemoRoutes
from bot.sandbox.events import RETRY_AFTER, Events
from bot.sandbox.installation import Installation
from bot.sandbox.interactions import Interactions
from bot.sandbox.manifest import read_manifest
from bot.sandbox.misbehaviour import Fault, FaultKind, Misbehaviour
from bot.sandbox.page import Page
from bot.sandbox.people_methods import user_object
from bot.sandbox.rates import Rates
from bot.sandbox.response_urls import LIFE, ResponseUrls
from bot.sandbox.sockets import Sockets
from bot.sandbox.views import Views
from bot.sandbox.webapi import Call, WebApi
from bot.sandbox.workspace import Workspace
from bot.sandbox.world import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, TEAM_ID, World

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence
    from pathlib import Path

    from bot.sandbox.world import Json, SandboxUser

    WebHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HOSTS = ("127.0.0.1", "localhost")
LARGEST_REQUEST = 16 * 2**20
PROCESSING = 1.5
"""Seconds until a new file can be shown. The rule uploads_need_a_moment."""


class Sandbox:
    """One workspace with the app installed.

    `manifest` is a file or a mapping. Payloads go over Socket Mode, or with `delivery="http"` as signed requests to
    `request_url`. Times are in seconds: how long the app may take to acknowledge, when events come again, how long a
    trigger and a response_url are valid, how long it takes until a new file can be shown (`processing`). `rates` raises
    the rate limits by that factor, infinity removes them; `history_limited` as in `Rates`. `on_reset` is an address
    that gets a POST when somebody resets the sandbox; below `demo` is what the page offers to try.
    """

    token = BOT_TOKEN
    app_token = APP_TOKEN
    signing_secret = SIGNING_SECRET

    def __init__(
        self,
        manifest: str | Path | Json | None = None,
        *,
        delivery: Literal["socket", "http"] = "socket",
        request_url: str | None = None,
        ack_limit: float = 3.0,
        retry_after: Sequence[float] = RETRY_AFTER,
        trigger_life: float = 3.0,
        response_life: float = LIFE,
        on_reset: str | None = None,
        demo: str | None = None,
        people: Iterable[SandboxUser] | None = None,
        processing: float = PROCESSING,
        rates: float = 1.0,
        history_limited: bool = False,
        installation: Installation | None = None,
    ) -> None:
        self.world = World(people)
        parsed, installed = read_manifest(manifest), installation or Installation()
        self.workspace = Workspace(
            world=self.world, manifest=parsed, views=Views(self.world, trigger_life, installed), installation=installed
        )
        self.workspace.processing = processing
        self.workspace.rates = Rates(factor=rates, history_limited=history_limited)
        self.misbehaviour = Misbehaviour()
        self.sockets = Sockets(ack_limit)
        self.http_transport = HttpTransport(request_url or "", ack_limit)
        self.delivery = Delivery(self.sockets if delivery == "socket" else self.http_transport, self.misbehaviour)
        self.events = Events(self.delivery, parsed, retry_after, installed)
        self._closing = asyncio.Event()
        self.api = WebApi(self.workspace, self.misbehaviour, self._closing)
        self.responses = ResponseUrls(self.workspace, self.api, response_life)
        interactions = Interactions(self.workspace, self.delivery, self.responses)
        self.page = Page(self.workspace, interactions, self.events, self.delivery)
        self.on_reset = on_reset
        self._demo = DemoRoutes(demo, self.world)
        self.world.on_change = self.page.tell
        self.world.on_event = self.events.happened
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The address of the page, without a slash at its end."""
        return self.workspace.base_url

    @property
    def api_url(self) -> str:
        """The address that the app uses instead of https://slack.com/api/."""
        return f"{self.url}/api/"

    @property
    def calls(self) -> list[Call]:
        """Every call of the app, oldest first."""
        return list(self.api.calls)

    @property
    def request_url(self) -> str:
        """The address for payloads over HTTP; it can be set once the app knows its own port."""
        return self.http_transport.request_url

    @request_url.setter
    def request_url(self, url: str) -> None:
        self.http_transport.request_url = url

    async def start(self, port: int = 0) -> None:
        """Listen; port 0 takes a free one."""
        app = web.Application(middlewares=[_only_from_here], client_max_size=LARGEST_REQUEST)
        app.add_routes(
            [
                web.route("*", "/api/{method}", self.api.answer),
                web.post("/response/{key}", self.responses.answer),
                web.get("/link/socket", self.sockets.serve),
                *self.page.routes(),
                *self._demo.routes(),
                *Control(self).routes(),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        bound = self._runner.addresses[0][1]
        self.workspace.base_url = f"http://127.0.0.1:{bound}"
        self.workspace.socket_ticket = self._socket_address

    def _socket_address(self) -> str:
        return f"{self.url.replace('http', 'ws', 1)}/link/socket?ticket={self.sockets.ticket()}"

    async def stop(self) -> None:
        """Stop listening and end everything that is under way."""
        self._closing.set()
        await self.events.stop()
        await self.sockets.disconnect()
        await self.page.stop()
        await self.http_transport.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def misbehave(self, method: str, kind: FaultKind, times: int = 1, **more: Any) -> None:
        """Let the next `times` calls of `method` fail; "response_url", "upload" and "delivery" count as methods."""
        self.misbehaviour.order(Fault(method=method, kind=kind, times=times, **more))

    async def change_locale(self, user_id: str, locale: str) -> None:
        """Give a person another language; the app gets `user_change`."""
        person = self.world.people[user_id]
        person.locale = locale
        self.page.tell("state", None, user_id)
        user = user_object(person, with_locale=True)
        self.world.on_event({"type": "user_change", "user": user, "event_ts": self.world.next_ts()}, None)

    def change_membership(self, user_id: str, channel_id: str, *, joins: bool) -> None:
        """Add a person (or the bot) to a channel or remove them; the app gets the event."""
        channel = self.world.channels[channel_id]
        (channel.members.add if joins else channel.members.discard)(user_id)
        self.page.tell("state")
        event: Json = {
            "type": "member_joined_channel" if joins else "member_left_channel",
            "user": user_id,
            "channel": channel_id,
            "channel_type": "G" if channel.private else "C",
            "team": TEAM_ID,
            "event_ts": self.world.next_ts(),
        }
        self.world.on_event(event, None)

    def uninstall(self) -> None:
        """Remove the app: its tokens are invalid from now on, and it gets `tokens_revoked` and `app_uninstalled`."""
        self.workspace.revoked = True
        now = self.world.next_ts()
        tokens = {"oauth": [], "bot": ["U0BOT"]}
        self.world.on_event({"type": "tokens_revoked", "tokens": tokens, "event_ts": now}, None)
        self.world.on_event({"type": "app_uninstalled", "event_ts": now}, None)

    async def start_afresh(self) -> None:
        """Delete messages, modals and Home tabs; people and conversations stay. `on_reset` gets a POST.

        Calls so far no longer count against the rate limits: for Slack it would be another workspace.
        """
        self.world.start_afresh()
        self.workspace.views.start_afresh()
        self.workspace.rates.start_afresh()
        if self.on_reset:
            async with aiohttp.ClientSession() as session, session.post(self.on_reset, json={}):
                pass
        self.page.tell("reset")


@web.middleware
async def _only_from_here(request: web.Request, handler: WebHandler) -> web.StreamResponse:
    """Refuse requests of other web sites: the host must be this machine's, and POSTs of the page need a header."""
    host = request.host.rsplit(":", 1)[0]
    origin = request.headers.get("Origin")
    if host not in HOSTS or (origin and origin.rstrip("/") != f"http://{request.host}"):
        raise web.HTTPForbidden(text="only from this machine")
    guarded = request.path.startswith(("/page/", "/sandbox/")) and request.method == "POST"
    if guarded and request.headers.get("X-Sandbox") != "1":
        raise web.HTTPForbidden(text="the header X-Sandbox: 1 is missing")
    return await handler(request)
