"""A text as it will be read: what Slack takes for formatting shows nowhere and must not hide a credential."""

import re
from collections.abc import Iterator, Sequence

from conversations.secrets.normalize import Normalized, normalized

_FORMATTING = re.compile(r"[*_~`]+|(?:^|(?<=\n))[^\S\n]{0,5}>[>\s]{0,5}")
_LINK = re.compile(r"<(?:https?:|mailto:|tel:|[@#!])[^<>|\n]{0,3000}\|([^<>]{0,3000})>", re.IGNORECASE)
_ANY = re.compile(r"[*_~`<>]")


def readings(text: str, *, escapes: bool = True) -> Iterator[Normalized]:
    """`text` in plain ASCII forms: as it was written; then, where they differ, without formatting and without links.

    Of a link <address|words> the last one holds the words. Formatting is dropped wherever it stands, also between two
    letters, where Slack would show it: one who hides a token does not ask what Slack shows. Without `escapes`, those
    stay what they are.
    """
    written = normalized(text, escapes=escapes)
    yield written
    if _ANY.search(written.text) is None:
        return
    plain = _without(_FORMATTING, written)
    if len(plain.text) < len(written.text):
        yield plain
    if _LINK.search(written.text) is not None:
        yield _without(_FORMATTING, _without(_LINK, written))


def _without(dropped: re.Pattern[str], read: Normalized) -> Normalized:
    """What is read without each match; where the expression has a group, that part stays."""
    kept: list[slice] = []
    position = 0
    for match in dropped.finditer(read.text):
        kept.append(slice(position, match.start()))
        if dropped.groups:
            kept.append(slice(*match.span(1)))
        position = match.end()
    kept.append(slice(position, None))
    text = "".join(read.text[part] for part in kept)
    return Normalized(text, _joined(read.starts, kept), _joined(read.ends, kept))


def _joined(places: Sequence[int], kept: list[slice]) -> list[int]:
    return [place for part in kept for place in places[part]]
