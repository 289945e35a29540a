"""Takes secrets out of people's words, so that the rest may be kept and shown."""

from collections.abc import Callable

from conversations.amazon_token.credentials import NOT_SECRET, Kind, find

WORDS_LIMIT = 3000
"""More of an error text than this is not kept."""


def redact(text: str, label: Callable[[Kind], str]) -> str:
    """`text` with every secret replaced by the visible `label` of its kind. Seller IDs are no secrets."""
    parts: list[str] = []
    end = 0
    for span in find(text):
        if span.kind in NOT_SECRET:
            continue
        parts += [text[end : span.start], label(span.kind)]
        end = span.end
    return ("".join(parts) + text[end:])[:WORDS_LIMIT]
