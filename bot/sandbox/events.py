"""The Events API: which events the app gets, in what envelope, and how often they are sent again."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import TYPE_CHECKING

from bot.sandbox.delivery import AppRequest, NotAcknowledged
from bot.sandbox.world import APP_ID, BOT_USER, PATIENCE

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence
    from typing import Any

    from bot.sandbox.delivery import Delivery
    from bot.sandbox.installation import Installation
    from bot.sandbox.manifest import Manifest
    from bot.sandbox.world import Channel, Json

RETRY_AFTER = (0.0, 60.0, 300.0)
"""Seconds until an event that was not acknowledged is sent again: at once, after one minute, after five minutes."""

_SUFFIX = {"im": "im", "groups": "groups", "channels": "channels"}
_RETRY_REASONS = {"timeout": "http_timeout", "not_connected": "connection_failed"}


class Events:
    """Sends events to the app in the background. `given_up` holds those that were never acknowledged."""

    def __init__(
        self, delivery: Delivery, manifest: Manifest, retry_after: Sequence[float], installation: Installation
    ) -> None:
        self._delivery = delivery
        self._manifest = manifest
        self._retry_after = retry_after
        self._installation = installation
        self._under_way: set[asyncio.Task[None]] = set()
        self.given_up: list[Json] = []

    def happened(self, event: Json, channel: Channel | None = None) -> bool:
        """Send this event if the manifest allows it, and return whether it is sent."""
        name = event["type"]
        if name == "message" and channel is not None:
            if BOT_USER not in channel.members:
                return False
            name = f"message.{_SUFFIX[channel.family]}"
        if not self._manifest.hears(name):
            return False
        self._in_background(self._deliver(self._wrapped(event)))
        return True

    async def settle(self, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109 - as in the driver
        """Wait until no event is on its way any more. Raises `TimeoutError` when one still is."""
        try:
            async with asyncio.timeout(timeout):
                while self._under_way:
                    await asyncio.wait(self._under_way)
        except TimeoutError:
            raise TimeoutError(f"{len(self._under_way)} events are still on their way after {timeout:g} s") from None

    async def stop(self) -> None:
        """Cancel everything that is on its way."""
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _deliver(self, envelope: Json) -> None:
        reason = ""
        for attempt, wait in enumerate((None, *self._retry_after)):
            if wait is not None:
                await asyncio.sleep(wait)
            try:
                await self._delivery.send(
                    AppRequest(kind="events_api", payload=envelope, attempt=attempt, reason=reason)
                )
            except NotAcknowledged as error:
                reason = _RETRY_REASONS.get(error.reason, error.reason)
            else:
                return
        self.given_up.append(envelope)

    def _wrapped(self, event: Json) -> Json:
        """The event in its envelope, whose event_id stays the same for every retry."""
        return {
            "token": "sandbox",
            **self._installation.in_event(),
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(time.time()),
            "is_ext_shared_channel": False,
        }
