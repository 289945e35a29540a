"""Sends messages with their pictures, or without them rather than not at all.

Slack refuses the whole message when it cannot show one of its pictures, and cannot show a new file for one or two
seconds. So a message is sent at once and gets such a picture later.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.blocks.image import ImageReference, reference_in
from bot.blocks.kit import Blocks
from bot.images.cache import AttachedImages, ImageCache
from bot.slack_api.errors import code_of

_log = structlog.get_logger("bot.images")

Response = TypeVar("Response")
_FIRST_PAUSE = 0.4
"""Seconds until a picture is tried again that Slack has not processed yet; each further pause is twice that."""


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


def _is_complete(blocks: Blocks, shown: tuple[ImageReference, ...]) -> bool:
    return len(shown) == sum(reference_in(block) is not None for block in blocks)


class ImageAttacher:
    """Sends messages of one workspace with their pictures; without an `image_cache` there are none.

    `start` carries out, beside what comes next, what is to be done once a message is there.
    """

    def __init__(
        self, image_cache: ImageCache | None, team_id: str, start: Callable[[Coroutine[Any, Any, None]], None]
    ) -> None:
        self._image_cache = image_cache
        self._team_id = team_id
        self._start = start

    async def attach(self, blocks: Blocks) -> AttachedImages:
        """The blocks as Slack takes them, with the pictures that can be shown at once."""
        if self._image_cache is None:
            return AttachedImages([block for block in blocks if reference_in(block) is None])
        return await self._image_cache.attach(self._team_id, blocks)

    async def is_ready(self, blocks: Blocks) -> bool:
        """Whether every picture of the blocks can be shown at once, or none ever."""
        return self._image_cache is None or _is_complete(blocks, (await self.attach(blocks)).shown)

    async def send(
        self,
        send: Callable[[Blocks], Awaitable[Response]],
        blocks: Blocks,
        amend: Callable[[Response, Blocks], Awaitable[bool]],
    ) -> Response:
        """Send the blocks at once, and return Slack's response.

        A picture that is not there yet, or that Slack has not processed yet, is added a moment later, which is not
        waited for: `amend` changes the message of the response, or returns False where it has become another one.
        When Slack refuses blocks with pictures, they are sent without. Errors of `send` are raised; those of `amend`
        are not, as the message is there.
        """
        attached = await self.attach(blocks)
        try:
            response = await send(attached.blocks)
        except SlackApiError as error:
            plain = without_images(attached.blocks)
            if code_of(error) != "invalid_blocks" or plain == attached.blocks:
                raise
            response, shown = await send(plain), None
        else:
            shown = attached.shown
        if self._image_cache is not None:
            await self._settle(self._image_cache, partial(amend, response), blocks, attached, shown)
        return response

    async def _settle(
        self,
        cache: ImageCache,
        amend: Callable[[Blocks], Awaitable[bool]],
        blocks: Blocks,
        attached: AttachedImages,
        shown: tuple[ImageReference, ...] | None,
    ) -> None:
        """After a message is sent with the pictures `shown`, or without the `attached` ones, as Slack refused them."""
        if shown is not None:
            cache.accepted(self._team_id, shown)
        elif not cache.may_become_ready(self._team_id, attached.shown):
            await cache.refused(self._team_id, attached.shown)
            return
        if not _is_complete(blocks, shown or ()):
            self._start(self._add(cache, amend, blocks, shown or ()))

    async def _add(
        self,
        cache: ImageCache,
        amend: Callable[[Blocks], Awaitable[bool]],
        blocks: Blocks,
        shown: tuple[ImageReference, ...],
    ) -> None:
        """Add the pictures that are not `shown` as soon as Slack can show them, within the cache's patience."""
        until = time.monotonic() + cache.patience
        pause = _FIRST_PAUSE
        while True:
            attached = await cache.attach_when_ready(self._team_id, blocks, until)
            if attached.shown == shown:
                return
            try:
                changed = await amend(attached.blocks)
            except (SlackApiError, aiohttp.ClientError, OSError) as error:
                if not isinstance(error, SlackApiError) or code_of(error) != "invalid_blocks":
                    _log.warning("picture_not_added", error=type(error).__name__)
                    return
            else:
                if changed:
                    cache.accepted(self._team_id, attached.shown)
                return
            if not cache.may_become_ready(self._team_id, attached.shown) or time.monotonic() + pause > until:
                await cache.refused(self._team_id, attached.shown)
                return
            await asyncio.sleep(pause)
            pause *= 2
