"""Sends messages with their pictures, or without them rather than not at all.

Slack refuses the whole message when it cannot show one of its pictures.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError

from bot.blocks.image import reference_in
from bot.blocks.kit import Blocks
from bot.images.cache import AttachedImages, ImageCache
from bot.slack_api.errors import code_of

Response = TypeVar("Response")
_FIRST_PAUSE = 0.3
"""Seconds until a message is sent again whose picture Slack has not processed yet; each further pause is twice that."""


def without_images(blocks: Blocks) -> Blocks:
    """The blocks without image blocks, image accessories and images in a context."""
    kept = [_without_image(block) for block in blocks if block.get("type") != "image"]
    return [block for block in kept if block.get("type") != "context" or block["elements"]]


def _without_image(block: dict[str, Any]) -> dict[str, Any]:
    if block.get("type") == "context":
        return block | {"elements": [item for item in block["elements"] if item.get("type") != "image"]}
    if (block.get("accessory") or {}).get("type") == "image":
        return {name: value for name, value in block.items() if name != "accessory"}
    return block


class ImageAttacher:
    """Sends messages of one workspace with their pictures; without an `image_cache` there are none."""

    def __init__(self, image_cache: ImageCache | None, team_id: str) -> None:
        self._image_cache = image_cache
        self._team_id = team_id

    async def attach(self, blocks: Blocks, until: float | None = None) -> AttachedImages:
        """The blocks as Slack takes them; pictures that are not ready at `until` (`time.monotonic()`) are left out."""
        if self._image_cache is None:
            return AttachedImages([block for block in blocks if reference_in(block) is None])
        return await self._image_cache.attach(
            self._team_id, blocks, until or time.monotonic() + self._image_cache.patience
        )

    async def send(self, send: Callable[[Blocks], Awaitable[Response]], blocks: Blocks) -> Response:
        """Send the blocks, and return Slack's response.

        When Slack finds blocks with pictures invalid, they are sent again after a pause, as long as a new file may not
        be processed yet, and in the end without pictures. Other errors of `send` are raised.
        """
        until = time.monotonic() + (self._image_cache.patience if self._image_cache is not None else 0.0)
        attached = await self.attach(blocks, until)
        pause = _FIRST_PAUSE
        while True:
            try:
                response = await send(attached.blocks)
            except SlackApiError as error:
                plain = without_images(attached.blocks)
                if code_of(error) != "invalid_blocks" or plain == attached.blocks:
                    raise
            else:
                self._accepted(attached)
                return response
            if not self._may_become_ready(attached) or time.monotonic() + pause > until:
                break
            await asyncio.sleep(pause)
            pause *= 2
        response = await send(plain)
        if self._image_cache is not None:
            await self._image_cache.refused(self._team_id, attached.shown)
        return response

    def _accepted(self, attached: AttachedImages) -> None:
        if self._image_cache is not None:
            self._image_cache.accepted(self._team_id, attached.shown)

    def _may_become_ready(self, attached: AttachedImages) -> bool:
        return self._image_cache is not None and self._image_cache.may_become_ready(self._team_id, attached.shown)
