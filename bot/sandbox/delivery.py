"""How payloads get to the app: over a socket, or as signed HTTP requests to its request URL."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.world import SIGNING_SECRET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.sandbox.misbehaviour import Misbehaviour
    from bot.sandbox.world import Json

ANSWERS = 20_000
OVERTAKING = 2.0
"""For so many seconds an event waits until a later one has been delivered before it."""


@dataclass(frozen=True, kw_only=True)
class AppRequest:
    """A request to the app. `attempt` counts from 0; `reason` says why it is sent again."""

    kind: Literal["events_api", "slash_commands", "interactive"]
    payload: Json
    attempt: int = 0
    reason: str = ""


class NotAcknowledged(Exception):  # noqa: N818 - an outcome that is handled, not a failure of the sandbox
    """The app did not acknowledge it. `reason`: "timeout", "http_error", "connection_failed" or "not_connected"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Transport(Protocol):
    """A way to send requests to the app: `Sockets` or `HttpTransport`."""

    async def deliver(self, request: AppRequest) -> Any:
        """Send it and return the app's answer (JSON, text, or `None`). Raises `NotAcknowledged` without one in time."""

    @property
    def connected(self) -> bool:
        """Whether an app is there to send to."""


class Delivery:
    """Sends requests over a transport, twice or in the wrong order when `misbehaviour` says so.

    `answers` holds what the app answered, oldest first: errors of fields, views and ephemeral texts.
    """

    def __init__(self, transport: Transport, misbehaviour: Misbehaviour) -> None:
        self.transport = transport
        self._misbehaviour = misbehaviour
        self._overtaken: asyncio.Event | None = None
        self.answers: deque[Any] = deque(maxlen=ANSWERS)

    async def send(self, request: AppRequest) -> Any:
        """Send it and return the app's answer. Raises `NotAcknowledged`."""
        answer = await self._sent(request)
        if answer:
            self.answers.append(answer)
        return answer

    async def _sent(self, request: AppRequest) -> Any:
        is_event = request.kind == "events_api"
        if is_event and self._misbehaviour.take("delivery", "disorder"):
            await self._wait_to_be_overtaken()
        twice = self._misbehaviour.take("delivery", "double") is not None
        try:
            if twice:
                both = (self.transport.deliver(request), self.transport.deliver(request))
                answers = await asyncio.gather(*both, return_exceptions=True)
                return _first_acknowledged(answers)
            return await self.transport.deliver(request)
        finally:
            if is_event and self._overtaken is not None:
                self._overtaken.set()

    async def _wait_to_be_overtaken(self) -> None:
        overtaken = self._overtaken = asyncio.Event()
        try:
            async with asyncio.timeout(OVERTAKING):
                await overtaken.wait()
        except TimeoutError:
            pass
        finally:
            self._overtaken = None


def _first_acknowledged(answers: Sequence[Any]) -> Any:
    for answer in answers:
        if not isinstance(answer, BaseException):
            return answer
    raise answers[0]


class HttpTransport:
    """Signed requests to `request_url`, as Slack sends them. An answer may take `ack_limit` seconds."""

    def __init__(self, request_url: str, ack_limit: float) -> None:
        self.request_url = request_url
        self._timeout = aiohttp.ClientTimeout(total=ack_limit)
        self._session: aiohttp.ClientSession | None = None
        self.connected = True

    async def deliver(self, request: AppRequest) -> Any:
        """POST it and return the answer."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        content_type, body = _encoded(request)
        headers = signed(body) | {"Content-Type": content_type}
        if request.attempt:
            headers["X-Slack-Retry-Num"] = str(request.attempt)
            headers["X-Slack-Retry-Reason"] = request.reason
        try:
            async with self._session.post(self.request_url, data=body, headers=headers) as response:
                if response.status != 200:  # noqa: PLR2004 - Slack takes nothing else for an acknowledgement
                    raise NotAcknowledged("http_error")
                return _decoded(await response.text())
        except TimeoutError:
            raise NotAcknowledged("timeout") from None
        except aiohttp.ClientError:
            raise NotAcknowledged("connection_failed") from None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def signed(body: str, at: int | None = None) -> dict[str, str]:
    """The headers that prove to the app that Slack sent this body."""
    timestamp = str(int(time.time()) if at is None else at)
    mac = hmac.new(SIGNING_SECRET.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256)
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={mac.hexdigest()}"}


def _encoded(request: AppRequest) -> tuple[str, str]:
    form = "application/x-www-form-urlencoded"
    if request.kind == "slash_commands":
        return form, urlencode(request.payload)
    if request.kind == "interactive":
        return form, urlencode({"payload": json.dumps(request.payload)})
    return "application/json", json.dumps(request.payload)


def _decoded(body: str) -> Any:
    if not body.strip():
        return None
    try:
        return json.loads(body)
    except ValueError:
        return body
