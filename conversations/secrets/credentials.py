"""Finds credentials in people's words, whatever they are dressed in."""

import re
from dataclasses import dataclass

from conversations.marketplaces import MARKETPLACE_IDS
from conversations.secrets.normalize import Normalized, normalized
from conversations.secrets.patterns import PATTERNS, REMOVED, SecretKind

__all__ = ["NOT_SECRET", "SecretKind", "Span", "find", "kind_of"]

NOT_SECRET = frozenset(
    {SecretKind.marketplace_id, SecretKind.sp_api_app, SecretKind.seller_id, SecretKind.developer_id}
)
"""Recognized so that the right thing can be asked for; they may be shown."""
_WEAK = NOT_SECRET | {SecretKind.possible_token}

_REQUEST = ("requestid", "anfrageid", "anforderungsid", "traceid", "correlationid", "korrelationsid")
_BEFORE = 40
_REST = re.compile(rf"[^\s{REMOVED}]*")


@dataclass(frozen=True)
class Span:
    """Where a credential stands: `text[start:end]`."""

    start: int
    end: int
    kind: SecretKind


def find(text: str) -> list[Span]:
    """The credentials in `text`, in order. Invisible characters, wraps, codes and other alphabets hide nothing.

    A password or a one-time code is recognized by the label in front, which is not part of the span.
    Time grows with the length only.
    """
    view = normalized(text)
    taken = bytearray(len(view.text))
    spans: list[Span] = []
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(view.text):
            start, end = match.span(match.lastgroup or 0)
            if 1 in taken[start:end] or (kind is SecretKind.possible_token and _names_a_request(view.text, start)):
                continue
            taken[start:end] = b"\1" * (end - start)
            spans.append(_span(text, view, kind, start, end))
    return sorted(spans, key=lambda span: span.start)


def _span(text: str, view: Normalized, kind: SecretKind, start: int, end: int) -> Span:
    last = view.ends[end - 1]
    if kind is SecretKind.password and view.text[start] not in "\"'":
        # A coded blank such as %20 ends the value in the plain view, but not as it was written.
        rest = _REST.match(text, last)
        last = rest.end() if rest is not None and view.text[end : end + 1] != "&" else last
    return Span(view.starts[start], last, kind)


def _names_a_request(plain: str, start: int) -> bool:
    """Whether the UUID at `start` is the number of a request, which Amazon puts into every error message."""
    before = "".join(c for c in plain[max(0, start - _BEFORE) : start].lower() if c.isalpha())
    return before.endswith(_REQUEST)


def kind_of(text: str) -> SecretKind | None:
    """The kind of the first sure credential in `text`, else of the first; a marketplace ID only if it stands alone."""
    kinds = [span.kind for span in find(text)]
    if kinds:
        return next((kind for kind in kinds if kind not in _WEAK), kinds[0])
    return SecretKind.marketplace_id if text.strip().upper() in MARKETPLACE_IDS else None
