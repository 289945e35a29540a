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
"""For how many seconds an event waits to be overtaken by the next one."""


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """Something for the app. `attempt` counts from 0; `reason` says why it comes again."""

    kind: Literal["events_api", "slash_commands", "interactive"]
    payload: Json
    attempt: int = 0
    reason: str = ""


class NotAcknowledged(Exception):  # noqa: N818 - an outcome that is handled, not a failure of the sandbox
    """The app did not take it: "timeout", "http_error", "connection_failed" or "not_connected"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Carrier(Protocol):
    """Brings a parcel to the app and comes back with what it answered (JSON, text, or `None`)."""

    async def carry(self, parcel: Parcel) -> Any:
        """The answer; `NotAcknowledged` when there was none in time."""

    @property
    def connected(self) -> bool:
        """Whether there is anybody to carry it to."""


class Delivery:
    """A carrier with bad days: double deliveries and disorder when `misbehaviour` says so.

    What the app answered is kept in `answers`, oldest first: fields' errors, views and ephemeral texts come this way.
    """

    def __init__(self, carrier: Carrier, misbehaviour: Misbehaviour) -> None:
        self.carrier = carrier
        self._misbehaviour = misbehaviour
        self._overtaken: asyncio.Event | None = None
        self.answers: deque[Any] = deque(maxlen=ANSWERS)

    async def send(self, parcel: Parcel) -> Any:
        """The app's answer."""
        answer = await self._sent(parcel)
        if answer:
            self.answers.append(answer)
        return answer

    async def _sent(self, parcel: Parcel) -> Any:
        is_event = parcel.kind == "events_api"
        if is_event and self._misbehaviour.take("delivery", "disorder"):
            await self._wait_to_be_overtaken()
        twice = self._misbehaviour.take("delivery", "double") is not None
        try:
            if twice:
                both = (self.carrier.carry(parcel), self.carrier.carry(parcel))
                answers = await asyncio.gather(*both, return_exceptions=True)
                return _first_taken(answers)
            return await self.carrier.carry(parcel)
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


def _first_taken(answers: Sequence[Any]) -> Any:
    for answer in answers:
        if not isinstance(answer, BaseException):
            return answer
    raise answers[0]


class HttpCarrier:
    """Signed requests to `request_url`, as Slack sends them. An answer may take `ack_limit` seconds."""

    def __init__(self, request_url: str, ack_limit: float) -> None:
        self.request_url = request_url
        self._timeout = aiohttp.ClientTimeout(total=ack_limit)
        self._session: aiohttp.ClientSession | None = None
        self.connected = True

    async def carry(self, parcel: Parcel) -> Any:
        """POST it and read the answer."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        content_type, body = _encoded(parcel)
        headers = signed(body) | {"Content-Type": content_type}
        if parcel.attempt:
            headers["X-Slack-Retry-Num"] = str(parcel.attempt)
            headers["X-Slack-Retry-Reason"] = parcel.reason
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
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def signed(body: str, at: int | None = None) -> dict[str, str]:
    """The headers by which the app knows that Slack sent this body."""
    timestamp = str(int(time.time()) if at is None else at)
    mac = hmac.new(SIGNING_SECRET.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256)
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={mac.hexdigest()}"}


def _encoded(parcel: Parcel) -> tuple[str, str]:
    form = "application/x-www-form-urlencoded"
    if parcel.kind == "slash_commands":
        return form, urlencode(parcel.payload)
    if parcel.kind == "interactive":
        return form, urlencode({"payload": json.dumps(parcel.payload)})
    return "application/json", json.dumps(parcel.payload)


def _decoded(body: str) -> Any:
    if not body.strip():
        return None
    try:
        return json.loads(body)
    except ValueError:
        return body
