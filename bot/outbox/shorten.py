"""A shorter message in place of one whose content Slack refuses: what is left out follows in its thread."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.blocks.fit import pieces, words
from bot.blocks.kit import Block, Content
from bot.slack_api.errors import code_of
from bot.store.models import Row
from bot.store.outbox_protocol import REFUSED_CONTENT

_log = structlog.get_logger("bot.outbox")

_KEPT = 2400
"""Characters of text that stay in the message: well below every limit of Slack, also in bytes."""
_PART = 2400
"""Characters of each message in the thread."""
_PLAIN_KEPT, _PLAIN_PART = 300, 1000
"""The same of the plain form: what every client shows in one piece."""
_MOST_BUTTONS = 5
"""Blocks with buttons or a field that stay; without them a step could not be answered."""
_OF_A_BUTTON = ("type", "action_id", "text", "value", "confirm")
"""What stays of a button in the plain form."""


Send = Callable[[Content], Awaitable[Any]]


async def send_or_shorten(row: Row, content: Content, send: Send) -> tuple[Any, tuple[str, ...] | None]:
    """Send `content`, or something shorter where Slack refuses it; what was refused in every form, in its plain form.

    Slack's answer, and what is still to be said where it was shortened. Raises what `send` raises.
    """
    if content.get("plain") or row.error in REFUSED_CONTENT:
        return await _first_accepted(fallbacks(content, plain=True), send)
    try:
        return await send(content), None
    except SlackApiError as error:
        if code_of(error) not in REFUSED_CONTENT:
            raise
        _log.warning("message_shortened", row=row.key, method=row.method, error=code_of(error))
        return await _first_accepted(fallbacks(content), send)


async def _first_accepted(forms: Iterator[tuple[Content, tuple[str, ...]]], send: Send) -> tuple[Any, tuple[str, ...]]:
    """Slack's answer to the first of `forms` that it accepts, and what follows. Raises the last refusal."""
    for form, rest in forms:
        try:
            return await send(form), rest
        except SlackApiError as error:
            if code_of(error) not in REFUSED_CONTENT:
                raise
            refusal = error
    raise refusal


def fallbacks(content: Content, *, plain: bool = False) -> Iterator[tuple[Content, tuple[str, ...]]]:
    """What to send instead of `content`, one after the other, each with the texts that follow in its thread.

    First a short text with the buttons and fields, then the text alone; in the `plain` form both are shorter still,
    there is no field, and buttons have nothing that they can do without. Nothing that was written is lost.
    """
    most, part = (_PLAIN_KEPT, _PLAIN_PART) if plain else (_KEPT, _PART)
    text = _whole_text(content)
    kept = pieces(text, most)[0]
    rest = tuple(piece for piece in pieces(text[len(kept) :].strip(), part) if piece)
    shown = f"{kept}…" if rest else kept
    staying = {"actions"} if plain else {"actions", "input"}
    buttons = [block for block in content.get("blocks") or [] if block.get("type") in staying][:_MOST_BUTTONS]
    if plain:
        buttons = [
            {**block, "elements": [_plain_button(element) for element in block["elements"]]} for block in buttons
        ]
    if buttons:
        section = {"type": "section", "text": {"type": "mrkdwn", "text": shown or "…"}}
        yield {**content, "text": shown, "blocks": [section, *buttons]}, rest
    yield {name: value for name, value in content.items() if name != "blocks"} | {"text": shown or "…"}, rest


def _plain_button(element: Block) -> Block:
    return {name: element[name] for name in _OF_A_BUTTON if name in element}


def _whole_text(content: Content) -> str:
    """Everything that people read of a message, buttons left out."""
    return "\n".join(words(content.get("blocks") or [])) or str(content.get("text") or "")
