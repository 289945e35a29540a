"""References to pictures in the blocks of outbox rows; `bot.images` replaces them by Slack's fields on sending."""

from dataclasses import dataclass
from typing import Any

ImageValues = tuple[tuple[str, str], ...]
KEY = "picture"
"""The field of an image block that holds the reference. Slack never gets it."""


@dataclass(frozen=True)
class ImageReference:
    """A picture by its name ("<procedure>.<picture>"), in one language, filled with `values` (name, value)."""

    name: str
    language: str
    values: ImageValues = ()


def block(reference: ImageReference, alt_text: str) -> dict[str, Any]:
    """An image block with the reference in it."""
    stored = {
        "name": reference.name,
        "language": reference.language,
        "values": [list(pair) for pair in reference.values],
    }
    return {"type": "image", "alt_text": alt_text, KEY: stored}


def reference_in(block: dict[str, Any]) -> ImageReference | None:
    """The reference in a block, or `None` when it has none."""
    stored = block.get(KEY)
    if stored is None:
        return None
    return ImageReference(stored["name"], stored["language"], tuple((name, value) for name, value in stored["values"]))
