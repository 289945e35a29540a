"""Routes of the page to the demonstration: what it offers to try, and what somebody chooses of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

if TYPE_CHECKING:
    from bot.sandbox.world import World

NOT_OFFERED = {"ok": False, "error": "not_offered"}


class DemoRoutes:
    """Passes on what the page asks to the demonstration at `address`; without one nothing is offered.

    When the demonstration has moved its clock, the world's is moved as well.
    """

    def __init__(self, address: str | None, world: World) -> None:
        self._address = address
        self._world = world

    def routes(self) -> list[web.AbstractRouteDef]:
        """The routes with their handlers."""
        return [web.get("/page/demo", self._offers), web.post("/page/demo", self._act)]

    async def _offers(self, _request: web.Request) -> web.StreamResponse:
        return await self._passed_on("GET", {})

    async def _act(self, request: web.Request) -> web.StreamResponse:
        return await self._passed_on("POST", await request.json())

    async def _passed_on(self, method: str, body: object) -> web.StreamResponse:
        """The demonstration's answer. A story may take minutes."""
        if self._address is None:
            return web.json_response(NOT_OFFERED)
        patient = aiohttp.ClientTimeout(total=None)
        try:
            async with (
                aiohttp.ClientSession(timeout=patient) as session,
                session.request(method, f"{self._address}/demo", json=body) as answer,
            ):
                said = await answer.json()
                self._world.ahead = said.get("ahead", self._world.ahead)
                return web.json_response(said)
        except aiohttp.ClientError:
            return web.json_response(NOT_OFFERED)
