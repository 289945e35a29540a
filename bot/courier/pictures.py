"""A message without its pictures. Slack refuses the whole message when it cannot fetch one of them."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError

from bot.courier.outcomes import code_of

Blocks = list[dict[str, Any]]
Answer = TypeVar("Answer")


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


async def rather_without_pictures(send: Callable[[Blocks], Awaitable[Answer]], blocks: Blocks) -> Answer:
    """Send the blocks; where Slack finds them invalid and there are pictures, once more without."""
    try:
        return await send(blocks)
    except SlackApiError as error:
        plain = without_pictures(blocks)
        if code_of(error) != "invalid_blocks" or plain == blocks:
            raise
    return await send(plain)
