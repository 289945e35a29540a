"""A message with its pictures, or rather without them than not at all.

Slack refuses the whole message when it cannot show one of its pictures.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError

from bot.blocks.image import reference_in
from bot.images.cache import Album, Blocks, Hung
from bot.slack_api.errors import code_of

Answer = TypeVar("Answer")
_FIRST_PAUSE = 0.3
"""Seconds until a message whose picture Slack has not looked at yet is sent again; each further pause is twice that."""


def without_pictures(blocks: Blocks) -> Blocks:
    """The blocks without image blocks, image accessories and images in a context."""
    kept = [_without_picture(block) for block in blocks if block.get("type") != "image"]
    return [block for block in kept if block.get("type") != "context" or block["elements"]]


def _without_picture(block: dict[str, Any]) -> dict[str, Any]:
    if block.get("type") == "context":
        return block | {"elements": [item for item in block["elements"] if item.get("type") != "image"]}
    if (block.get("accessory") or {}).get("type") == "image":
        return {name: value for name, value in block.items() if name != "accessory"}
    return block


class Frame:
    """Sends messages of one workspace with their pictures; without an `album` there are none."""

    def __init__(self, album: Album | None, team_id: str) -> None:
        self._album = album
        self._team_id = team_id

    async def hang(self, blocks: Blocks, until: float | None = None) -> Hung:
        """The blocks as Slack takes them, at `until` (by `time.monotonic()`) at the latest."""
        if self._album is None:
            return Hung([block for block in blocks if reference_in(block) is None])
        return await self._album.hang(self._team_id, blocks, until or time.monotonic() + self._album.patience)

    async def send(self, send: Callable[[Blocks], Awaitable[Answer]], blocks: Blocks) -> Answer:
        """Send the blocks; where Slack finds them invalid and there are pictures, once more without."""
        until = time.monotonic() + (self._album.patience if self._album is not None else 0.0)
        hung = await self.hang(blocks, until)
        pause = _FIRST_PAUSE
        while True:
            try:
                answer = await send(hung.blocks)
            except SlackApiError as error:
                plain = without_pictures(hung.blocks)
                if code_of(error) != "invalid_blocks" or plain == hung.blocks:
                    raise
            else:
                self._accepted(hung)
                return answer
            if not self._may_still_come(hung) or time.monotonic() + pause > until:
                break
            await asyncio.sleep(pause)
            pause *= 2
        answer = await send(plain)
        if self._album is not None:
            await self._album.refused(self._team_id, hung.shown)
        return answer

    def _accepted(self, hung: Hung) -> None:
        if self._album is not None:
            self._album.accepted(self._team_id, hung.shown)

    def _may_still_come(self, hung: Hung) -> bool:
        return self._album is not None and self._album.may_still_come(self._team_id, hung.shown)
