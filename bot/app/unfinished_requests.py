"""Drops requests that do not come to an end, so that a few slow senders cannot keep everybody else out.

A request is unfinished from the first byte, or from the connection where none comes, until all of it is received. What
was received and is being worked on counts as finished: it is the bot's turn.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

import structlog
from aiohttp import web

SECONDS = 30.0
"""How long a request may take, from its first byte until its answer is made, and how long that may take to be sent."""
MOST = 100
"""Requests that may be unfinished at once. Of more, those are dropped that have been for the longest."""
GRACE_SECONDS = 1.0
"""Nobody younger is dropped for others: many who come at the same moment are served."""
_TURNS = 20
"""Of the event loop, before anybody is dropped for others: a busy bot may not have read yet what they sent."""
_LOG_SECONDS = 10.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger()


class UnfinishedRequests:
    """The requests that are being received, the oldest first."""

    def __init__(self) -> None:
        self._since: dict[Connection, float] = {}
        self._dropped = 0
        self._log_at: asyncio.TimerHandle | None = None
        self._room_at: asyncio.Handle | None = None

    def begin(self, connection: "Connection") -> None:
        """A request begins; another one may have to go."""
        self._since[connection] = asyncio.get_running_loop().time()
        self._watch_room()

    def end(self, connection: "Connection") -> None:
        """It is received, or its connection is gone."""
        self._since.pop(connection, None)

    def drop(self, connection: "Connection") -> None:
        """End its connection without an answer."""
        self.end(connection)
        connection.abort()
        self._dropped += 1
        if self._log_at is None:  # an attacker must not be able to fill the log as well
            self._log_at = asyncio.get_running_loop().call_later(_LOG_SECONDS, self._write_log)
            self._write_line()

    def close(self) -> None:
        """Say how many were dropped since the last line."""
        if self._room_at is not None:
            self._room_at.cancel()
        if self._log_at is not None:
            self._log_at.cancel()
            self._write_log()

    def _watch_room(self) -> None:
        """With too many, look again when the oldest has had its time."""
        if len(self._since) > MOST and self._room_at is None:
            loop = asyncio.get_running_loop()
            oldest_since = next(iter(self._since.values()))
            self._room_at = loop.call_later(max(0.0, oldest_since + GRACE_SECONDS - loop.time()), self._make_room)

    def _make_room(self, turns: int = _TURNS) -> None:
        loop = asyncio.get_running_loop()
        if turns:
            self._room_at = loop.call_soon(self._make_room, turns - 1)
            return
        self._room_at = None
        old = [one for one, since in self._since.items() if since + GRACE_SECONDS <= loop.time()]
        for connection in old[: max(0, len(self._since) - MOST)]:
            self.drop(connection)
        self._watch_room()

    def _write_log(self) -> None:
        self._log_at = None
        if self._dropped:
            self._write_line()

    def _write_line(self) -> None:
        log.warning("unfinished_requests_dropped", count=self._dropped)
        self._dropped = 0


class Connection(asyncio.Protocol):
    """One connection: tells `requests` about its requests, and leaves the rest to aiohttp's protocol."""

    def __init__(self, inner: asyncio.Protocol, requests: UnfinishedRequests) -> None:
        self._inner = inner
        self._requests = requests
        self._transport: asyncio.Transport | None = None
        self._state: Literal["receiving", "working", "answered"] = "answered"
        self._limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The first request begins when the connection does."""
        if isinstance(transport, asyncio.Transport):  # what a TCP server makes
            self._transport = transport
        self._inner.connection_made(transport)
        self._begin()

    def data_received(self, data: bytes) -> None:
        """The next request begins with the first byte after an answer."""
        if self._state == "answered":
            self._begin()
        self._inner.data_received(data)

    def received(self) -> None:
        """The request is complete."""
        if self._state == "receiving":
            self._state = "working"
            self._requests.end(self)

    def answered(self) -> None:
        """The handler is done; what it answers may still have to be sent.

        Each of several requests that came together counts: their last answers may be the ones that nobody takes.
        """
        self.received()
        self._state = "answered"
        self._start_limit()

    def abort(self) -> None:
        """End the connection now."""
        if self._transport is not None:
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Its request, if there is one, is over."""
        self._requests.end(self)
        if self._limit is not None:
            self._limit.cancel()
        self._inner.connection_lost(exc)

    def eof_received(self) -> bool | None:
        """The same as for aiohttp's protocol alone."""
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        """The same as for aiohttp's protocol alone."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """The same as for aiohttp's protocol alone."""
        self._inner.resume_writing()

    def _begin(self) -> None:
        self._state = "receiving"
        self._start_limit()
        self._requests.begin(self)

    def _start_limit(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
        self._limit = asyncio.get_running_loop().call_later(SECONDS, self._time_is_up)

    def _time_is_up(self) -> None:
        unsent = self._transport.get_write_buffer_size() if self._transport is not None else 0
        if self._state != "answered" or unsent:
            self._requests.drop(self)


class GuardedSite(web.TCPSite):
    """Listens like `TCPSite`, and drops requests that do not come to an end. The application has `notice_requests`."""

    def __init__(self, runner: web.AppRunner, host: str, port: int) -> None:
        super().__init__(runner, host, port)
        if runner.server is None:
            raise RuntimeError("the runner is not set up")
        self._protocol = runner.server
        self._requests = UnfinishedRequests()

    async def start(self) -> None:
        """Begin to listen."""
        await web.BaseSite.start(self)
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Connection(self._protocol(), self._requests), self._host, self._port, backlog=self._backlog
        )

    async def stop(self) -> None:
        """Listen no more."""
        await super().stop()
        self._requests.close()


@web.middleware
async def notice_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Tell the connection when a request without a body is received, and when any is answered."""
    connection = _connection(request)
    if connection is None:
        return await handler(request)
    if not request.can_read_body:
        connection.received()
    try:
        return await handler(request)
    finally:
        connection.answered()


def body_received(request: web.Request) -> None:
    """To be called by a handler that has read the body of its request."""
    connection = _connection(request)
    if connection is not None:
        connection.received()


def _connection(request: web.Request) -> Connection | None:
    """The connection of a request; `None` when it is gone, or when no `GuardedSite` listens."""
    protocol = request.transport.get_protocol() if request.transport is not None else None
    return protocol if isinstance(protocol, Connection) else None
