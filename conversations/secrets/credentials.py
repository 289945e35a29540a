"""Finds credentials in people's words, however they are written, wrapped or encoded."""

import re
from dataclasses import dataclass

from conversations.marketplaces import MARKETPLACE_IDS
from conversations.secrets.normalize import Normalized, normalized
from conversations.secrets.patterns import PATTERNS, REMOVED, SecretKind

__all__ = ["NOT_SECRET", "SecretKind", "Span", "find", "kind_of"]

NOT_SECRET = frozenset(
    {SecretKind.marketplace_id, SecretKind.sp_api_app, SecretKind.seller_id, SecretKind.developer_id}
)
"""Not secret: recognized so that the merchant can be told what was pasted instead."""
_WEAK = NOT_SECRET | {SecretKind.possible_token}

_REQUEST = ("requestid", "anfrageid", "anforderungsid", "traceid", "correlationid", "korrelationsid")
_BEFORE = 40
_REST = re.compile(rf"[^\s{REMOVED}]*")


@dataclass(frozen=True)
class Span:
    """The place of a credential: `text[start:end]`."""

    start: int
    end: int
    kind: SecretKind


def find(text: str) -> list[Span]:
    """The credentials in `text`, in order; invisible characters, line breaks, escapes and look-alikes hide none.

    A password or a one-time code is recognized by the label in front, which is not part of the span.
    Time grows with the length only.
    """
    plain = normalized(text)
    taken = bytearray(len(plain.text))
    spans: list[Span] = []
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(plain.text):
            start, end = match.span(match.lastgroup or 0)
            if 1 in taken[start:end] or (kind is SecretKind.possible_token and _is_request_id(plain.text, start)):
                continue
            taken[start:end] = b"\1" * (end - start)
            spans.append(_span(text, plain, kind, start, end))
    return sorted(spans, key=lambda span: span.start)


def _span(text: str, plain: Normalized, kind: SecretKind, start: int, end: int) -> Span:
    last = plain.ends[end - 1]
    if kind is SecretKind.password and plain.text[start] not in "\"'":
        # An encoded blank such as %20 ends the value in the normalized text, but not in the original.
        rest = _REST.match(text, last)
        last = rest.end() if rest is not None and plain.text[end : end + 1] != "&" else last
    return Span(plain.starts[start], last, kind)


def _is_request_id(plain: str, start: int) -> bool:
    """Whether the UUID at `start` is a request ID, which Amazon puts into every error message."""
    before = "".join(c for c in plain[max(0, start - _BEFORE) : start].lower() if c.isalpha())
    return before.endswith(_REQUEST)


def kind_of(text: str) -> SecretKind | None:
    """The kind of the first certain credential in `text`, else of the first; a marketplace ID only if it is alone."""
    kinds = [span.kind for span in find(text)]
    if kinds:
        return next((kind for kind in kinds if kind not in _WEAK), kinds[0])
    return SecretKind.marketplace_id if text.strip().upper() in MARKETPLACE_IDS else None
