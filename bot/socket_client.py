"""A connection of Socket Mode that finds its way back by itself."""

import asyncio
from types import SimpleNamespace
from typing import Any

import aiohttp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient


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
