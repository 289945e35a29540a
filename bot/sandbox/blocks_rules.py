"""What Slack accepts as the blocks of a message, a modal or a Home tab, and as a message's metadata."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any, Literal, Protocol

from bot.sandbox.elements_rules import ACCESSORY, IN_ACTIONS, IN_CONTEXT, IN_INPUT, SLACK_FILE
from bot.sandbox.refusal import SlackRefusal
from bot.sandbox.rich_text_rules import RICH_TEXT
from bot.sandbox.shapes import Check, Faults, Shape, anything, boolean, fault, items, one_of, plain, string, text, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.world import Json

Surface = Literal["message", "modal", "home"]
MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
METADATA_BYTES = 8000


class KnownImages(Protocol):
    """The pictures that blocks may show. `Workspace` knows them."""

    def file_known(self, file_id: str) -> bool:
        """Whether this file can be shown."""

    def picture_fetched(self, url: str) -> bool:
        """Whether there is a picture at this address."""


_base: dict[str, Check] = {"type": anything}
_may: dict[str, Check] = {"block_id": string(255)}


def _section(value: Any, at: str, faults: Faults) -> None:
    Shape(
        _base, {**_may, "text": text(3000), "fields": items(text(2000), 10), "accessory": ACCESSORY, "expand": boolean}
    )(value, at, faults)
    if not value.get("text") and not value.get("fields"):
        fault(faults, "missing required field: text or fields", at)


def _image(value: Any, at: str, faults: Faults) -> None:
    Shape(
        {**_base, "alt_text": string(2000)},
        {**_may, "title": plain(2000), "image_url": string(3000), "slack_file": SLACK_FILE},
    )(value, at, faults)
    if bool(value.get("image_url")) == bool(value.get("slack_file")):
        fault(faults, "exactly one of image_url and slack_file is required", at)


# The rule table_cells of docs/sandbox-rules.md.
CELL = typed({"raw_text": Shape({**_base, "text": string(3000)}), "rich_text": RICH_TEXT})
COLUMN = Shape(may={"align": one_of("left", "center", "right"), "is_wrapped": boolean})

BLOCKS: dict[str, Check] = {
    "section": _section,
    "divider": Shape(_base, _may),
    "header": Shape({**_base, "text": plain(150)}, _may),
    "context": Shape({**_base, "elements": items(IN_CONTEXT, 10)}, _may),
    "actions": Shape({**_base, "elements": items(IN_ACTIONS, 25)}, _may),
    "image": _image,
    "input": Shape(
        {**_base, "label": plain(2000), "element": IN_INPUT},
        {**_may, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": RICH_TEXT,
    "markdown": Shape({**_base, "text": string(12000)}, _may),
    "table": Shape({**_base, "rows": items(items(CELL, 20), 100)}, {**_may, "column_settings": items(COLUMN, 20, 0)}),
    "alert": Shape(
        {**_base, "text": text(200)}, {**_may, "level": one_of("default", "info", "warning", "error", "success")}
    ),
}
_EVERYWHERE = ("section", "divider", "header", "context", "actions", "image", "input", "rich_text")
SURFACE_BLOCKS: dict[Surface, tuple[str, ...]] = {
    "message": (*_EVERYWHERE, "markdown", "table"),
    "modal": (*_EVERYWHERE, "alert"),
    "home": _EVERYWHERE,
}


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of a block."""
    candidates = [*(block.get("elements") or []), block.get("accessory"), block.get("element")]
    return [e for e in candidates if isinstance(e, dict) and "type" in e] if block["type"] != "rich_text" else []


def check_blocks(blocks: Any, surface: Surface, pictures: KnownImages) -> Faults:
    """Everything that Slack would not accept about `blocks` on this surface, in Slack's words."""
    faults: Faults = []
    items(typed(BLOCKS, *SURFACE_BLOCKS[surface]), MOST_BLOCKS[surface], 0)(blocks, "/blocks", faults)
    if not faults:
        _check_unique(blocks, faults)
        _check_files(blocks, faults, pictures)
    return faults


def _check_unique(blocks: list[Json], faults: Faults) -> None:
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            fault(faults, f"block_id already exists: {block_id}", f"/blocks/{number}/block_id")
        seen |= {block_id} if block_id else set()
        actions = [e["action_id"] for e in elements_of(block) if e.get("action_id")]
        for action_id in sorted({a for a in actions if actions.count(a) > 1}):
            fault(faults, f"action_id already exists: {action_id}", f"/blocks/{number}")


def _check_files(blocks: list[Json], faults: Faults, pictures: KnownImages) -> None:
    for at, image in _pictures(blocks):
        file_id = (image.get("slack_file") or {}).get("id")
        if file_id and not pictures.file_known(file_id):
            fault(faults, "invalid slack file", f"{at}/slack_file")
        url = image.get("image_url")
        if url and not url.startswith(("https://", "http://")):
            fault(faults, "invalid image url", f"{at}/image_url")
        elif url and not pictures.picture_fetched(url):
            fault(faults, "downloading image failed", f"{at}/image_url")


def _pictures(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    for number, block in enumerate(blocks):
        for index, image in enumerate([block, *elements_of(block)]):
            if image["type"] == "image":
                yield (f"/blocks/{number}" if index == 0 else f"/blocks/{number}/elements/{index - 1}"), image


def with_ids(blocks: list[Json]) -> list[Json]:
    """A copy of the blocks as Slack stores them: every block and every interactive element has an ID."""
    stored: list[Json] = json.loads(json.dumps(blocks))
    for block in stored:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in elements_of(block):
            if element["type"] not in ("image", "plain_text", "mrkdwn"):
                element.setdefault("action_id", secrets.token_urlsafe(4))
    return stored


def check_metadata(metadata: Any) -> None:
    """Raise `SlackRefusal` for metadata that is not {"event_type": string, "event_payload": object}."""
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        raise SlackRefusal("invalid_metadata_format", "[ERROR] event_type and event_payload are required")
    event_type = metadata["event_type"]
    if not isinstance(event_type, str) or not event_type or not isinstance(metadata["event_payload"], dict):
        raise SlackRefusal("invalid_metadata_format", "[ERROR] event_type must be a word, event_payload an object")
    if len(json.dumps(metadata)) > METADATA_BYTES:
        raise SlackRefusal("metadata_too_large")
