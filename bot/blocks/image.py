"""Which picture a block shows. A row of the outbox holds this; what Slack needs for it is found when it is sent."""

from dataclasses import dataclass
from typing import Any

ImageValues = tuple[tuple[str, str], ...]
KEY = "picture"
"""The field of an image block that holds the reference. Slack never sees it."""


@dataclass(frozen=True)
class ImageReference:
    """A picture by its name, in one language, filled with `values` (name, value)."""

    name: str
    language: str
    values: ImageValues = ()


def block(reference: ImageReference, alt_text: str) -> dict[str, Any]:
    """The image block of a row; `alt_text` says what is to be seen and done."""
    held = {"name": reference.name, "language": reference.language, "values": [list(one) for one in reference.values]}
    return {"type": "image", "alt_text": alt_text, KEY: held}


def reference_in(block: dict[str, Any]) -> ImageReference | None:
    """The picture that a block of a row refers to, or `None` when it refers to none."""
    held = block.get(KEY)
    if held is None:
        return None
    return ImageReference(held["name"], held["language"], tuple((name, value) for name, value in held["values"]))
