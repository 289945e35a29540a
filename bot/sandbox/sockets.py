"""Socket Mode: the app connects, payloads go to one of its connections, each must be acknowledged."""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from bot.sandbox.delivery import NotAcknowledged, Parcel
from bot.sandbox.waiting import PATIENCE
from bot.sandbox.world import APP_ID

if TYPE_CHECKING:
    from bot.sandbox.world import Json

MOST_CONNECTIONS = 10
ANSWERABLE = ("slash_commands", "interactive")


class Sockets:
    """The connections of the app, and what is on its way over them. An acknowledgement may take `ack_limit` seconds."""

    def __init__(self, ack_limit: float) -> None:
        self.ack_limit = ack_limit
        self.connections: list[web.WebSocketResponse] = []
        self.connections_ever = 0
        self._tickets: set[str] = set()
        self._waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Any]]] = {}
        self._turn = 0
        self._someone = asyncio.Event()
        self.broken_handshakes = 0
        """So many connections break from now on after their address was used and before the handshake."""

    @property
    def connected(self) -> bool:
        """Whether the app is there."""
        return bool(self.connections)

    @property
    def waiting(self) -> int:
        """How many payloads the app has got and not acknowledged yet."""
        return len(self._waiting)

    def ticket(self) -> str:
        """What an address of apps.connections.open ends with; good for one connection."""
        ticket = secrets.token_urlsafe(8)
        self._tickets.add(ticket)
        return ticket

    async def wait_until_connected(self, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109 - part of the promise
        """Return as soon as the app is there; `TimeoutError` when it does not come."""
        try:
            async with asyncio.timeout(timeout):
                await self._someone.wait()
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
        self._someone.set()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(json.loads(message.data))
        finally:
            self._gone(socket)
        return socket

    async def carry(self, parcel: Parcel) -> Any:
        """Send it over the next connection and wait for its acknowledgement."""
        if not self.connections:
            raise NotAcknowledged("not_connected")
        self._turn += 1
        socket = self.connections[self._turn % len(self.connections)]
        envelope_id = secrets.token_hex(16)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = (socket, answer)
        try:
            await socket.send_json(_envelope(parcel, envelope_id))
            async with asyncio.timeout(self.ack_limit):
                return await answer
        except TimeoutError:
            raise NotAcknowledged("timeout") from None
        except ConnectionError:
            raise NotAcknowledged("connection_failed") from None
        finally:
            self._waiting.pop(envelope_id, None)

    async def disconnect(self, *, warning: float | None = None) -> None:
        """End every connection there is now, at once or after a warning of so many seconds."""
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
            self._someone.clear()
        for holder, answer in self._waiting.values():
            if holder is socket and not answer.done():
                answer.set_exception(NotAcknowledged("connection_failed"))

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections) + 1,
            "connection_info": {"app_id": APP_ID},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 18060},
        }


def _envelope(parcel: Parcel, envelope_id: str) -> Json:
    envelope: Json = {
        "type": parcel.kind,
        "envelope_id": envelope_id,
        "payload": parcel.payload,
        "accepts_response_payload": parcel.kind in ANSWERABLE,
    }
    if parcel.kind == "events_api":
        envelope |= {"retry_attempt": parcel.attempt, "retry_reason": parcel.reason}
    return envelope
