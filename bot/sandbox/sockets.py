"""Socket Mode: the app connects, and each request is sent over one of its connections and must be acknowledged."""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from bot.sandbox.delivery import AppRequest, NotAcknowledged
from bot.sandbox.world import APP_ID, PATIENCE

if TYPE_CHECKING:
    from bot.sandbox.world import Json

MOST_CONNECTIONS = 10
ANSWERABLE = ("slash_commands", "interactive")


class Sockets:
    """The app's connections and the requests that wait for an acknowledgement, for at most `ack_limit` seconds."""

    def __init__(self, ack_limit: float) -> None:
        self.ack_limit = ack_limit
        self.connections: list[web.WebSocketResponse] = []
        self.connections_ever = 0
        self._tickets: set[str] = set()
        self._waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Any]]] = {}
        self._turn = 0
        self._app_connected = asyncio.Event()
        self.broken_handshakes = 0
        """So many of the next connections fail after their address was used and before the handshake."""

    @property
    def connected(self) -> bool:
        """Whether the app has a connection."""
        return bool(self.connections)

    @property
    def waiting(self) -> int:
        """How many requests the app has not acknowledged yet."""
        return len(self._waiting)

    def ticket(self) -> str:
        """The end of an address from apps.connections.open; it is valid for one connection."""
        ticket = secrets.token_urlsafe(8)
        self._tickets.add(ticket)
        return ticket

    async def wait_until_connected(self, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109 - as in the driver
        """Wait until the app is connected. Raises `TimeoutError` when it does not connect."""
        try:
            async with asyncio.timeout(timeout):
                await self._app_connected.wait()
        except TimeoutError:
            raise TimeoutError(f"the app has not connected within {timeout:g} s") from None

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to close."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="unknown or used ticket")
        self._tickets.discard(ticket)
        if self.broken_handshakes:
            self.broken_handshakes -= 1
            return web.Response(status=502, text="upstream connect error")
        socket = web.WebSocketResponse(heartbeat=10)
        await socket.prepare(request)
        if len(self.connections) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        await socket.send_json(self._hello())
        self.connections.append(socket)
        self.connections_ever += 1
        self._app_connected.set()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(json.loads(message.data))
        finally:
            self._gone(socket)
        return socket

    async def deliver(self, request: AppRequest) -> Any:
        """Send it over the next connection and wait for its acknowledgement."""
        if not self.connections:
            raise NotAcknowledged("not_connected")
        self._turn += 1
        socket = self.connections[self._turn % len(self.connections)]
        envelope_id = secrets.token_hex(16)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = (socket, answer)
        try:
            await socket.send_json(_envelope(request, envelope_id))
            async with asyncio.timeout(self.ack_limit):
                return await answer
        except TimeoutError:
            raise NotAcknowledged("timeout") from None
        except ConnectionError:
            raise NotAcknowledged("connection_failed") from None
        finally:
            self._waiting.pop(envelope_id, None)

    async def disconnect(self, *, warning: float | None = None) -> None:
        """Close every connection, at once or after a warning so many seconds before."""
        sockets = list(self.connections)
        if warning is not None:
            for socket in sockets:
                await socket.send_json({"type": "disconnect", "reason": "warning", "debug_info": {}})
            await asyncio.sleep(warning)
        for socket in sockets:
            self._gone(socket)
            await socket.close(code=1001, message=b"refresh requested", drain=False)

    def _acknowledged(self, message: Json) -> None:
        _, answer = self._waiting.get(message.get("envelope_id", ""), (None, None))
        if answer is not None and not answer.done():
            answer.set_result(message.get("payload") or None)

    def _gone(self, socket: web.WebSocketResponse) -> None:
        if socket in self.connections:
            self.connections.remove(socket)
        if not self.connections:
            self._app_connected.clear()
        for used_socket, answer in self._waiting.values():
            if used_socket is socket and not answer.done():
                answer.set_exception(NotAcknowledged("connection_failed"))

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections) + 1,
            "connection_info": {"app_id": APP_ID},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 18060},
        }


def _envelope(request: AppRequest, envelope_id: str) -> Json:
    envelope: Json = {
        "type": request.kind,
        "envelope_id": envelope_id,
        "payload": request.payload,
        "accepts_response_payload": request.kind in ANSWERABLE,
    }
    if request.kind == "events_api":
        envelope |= {"retry_attempt": request.attempt, "retry_reason": request.reason}
    return envelope
