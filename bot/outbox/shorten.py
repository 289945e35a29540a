"""A shorter message in place of one whose content Slack refuses: what is left out follows in its thread."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.blocks.kit import Block, Content
from bot.slack_api.errors import code_of

REFUSED_CONTENT = frozenset(
    {"msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format", "too_many_blocks", "no_text"}
)
"""Slack's codes for content that it will not accept however often it is sent."""
_KEPT = 2400
"""Characters of text that stay in the message: well below every limit of Slack, also in bytes."""
_PART = 2400
"""Characters of each message in the thread."""
_MOST_BUTTONS = 5
"""Blocks with buttons that stay; without its buttons a step could not be answered."""


async def send_shorter(
    content: Content, send: Callable[[Content], Awaitable[Any]], error: SlackApiError
) -> tuple[Any, tuple[str, ...]]:
    """Send `content` with less in it: Slack's answer, and what is still to be said. Raises the last refusal."""
    for shorter, rest in fallbacks(content):
        try:
            return await send(shorter), rest
        except SlackApiError as again:
            if code_of(again) not in REFUSED_CONTENT:
                raise
            error = again
    raise error


def fallbacks(content: Content) -> Iterator[tuple[Content, tuple[str, ...]]]:
    """What to send instead of `content`, one after the other, each with the texts that follow in its thread.

    First a short text with the buttons, then the text alone. Nothing that was written is lost.
    """
    text = _whole_text(content)
    kept, rest = text[:_KEPT], tuple(text[start : start + _PART] for start in range(_KEPT, len(text), _PART))
    shown = f"{kept}…" if rest else kept
    buttons = [block for block in content.get("blocks") or [] if block.get("type") == "actions"][:_MOST_BUTTONS]
    if buttons:
        section = {"type": "section", "text": {"type": "mrkdwn", "text": shown or "…"}}
        yield {**content, "text": shown, "blocks": [section, *buttons]}, rest
    yield {name: value for name, value in content.items() if name != "blocks"} | {"text": shown or "…"}, rest


def _whole_text(content: Content) -> str:
    """Everything that people read of a message, buttons left out."""
    parts = [part for block in content.get("blocks") or [] for part in _texts(block)]
    return "\n".join(parts) or str(content.get("text") or "")


def _texts(block: Block) -> Iterator[str]:
    kind = block.get("type")
    if kind in {"section", "header"}:
        yield from (str(part["text"]) for part in [block.get("text"), *(block.get("fields") or [])] if part)
    elif kind in {"context", "rich_text"}:
        line = "".join(_leaves(block.get("elements")))
        if line:
            yield line


def _leaves(node: Any) -> Iterator[str]:
    """The texts in nested elements, in their order."""
    if isinstance(node, list):
        for part in node:
            yield from _leaves(part)
    elif isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        yield from _leaves(node.get("elements"))
