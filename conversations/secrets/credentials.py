"""Finds credentials in people's words, however they are written, wrapped or encoded."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conversations.marketplaces import MARKETPLACE_IDS
from conversations.secrets.normalize import Normalized, within_escapes
from conversations.secrets.patterns import PATTERNS, REMOVED, SecretKind
from conversations.secrets.readings import readings

__all__ = ["BY_WORDS", "NOT_SECRET", "SecretKind", "Span", "find", "kind_of", "only_by_its_words"]

NOT_SECRET = frozenset(
    {SecretKind.marketplace_id, SecretKind.sp_api_app, SecretKind.seller_id, SecretKind.developer_id}
)
"""Not secret: recognized so that the merchant can be told what was pasted instead."""
BY_WORDS = frozenset({SecretKind.password, SecretKind.one_time_code})
"""Recognized by the words around them, which may mislead."""
_WEAK = NOT_SECRET | {SecretKind.possible_token}

_CERTAINTY = (
    *(kind for kind in dict.fromkeys(pattern.kind for pattern in PATTERNS) if kind not in _WEAK),
    *sorted(NOT_SECRET),
    SecretKind.possible_token,
)
_GLUE = re.compile(r"[^0-9a-z@]+")
_BEFORE = 60
_NUMBERED = re.compile(
    # What Amazon and its programs number: the ID stands in error messages, and a person may put words before it.
    r"(?:(?:request|anfrage|anforderungs?|trace|correlation|korrelations?|vorgangs?|fehler|error|support|feed|report"
    r"|berichts?|job|event|log|case|fall|session|sitzungs?|submission|message|nachrichten?|transaktions?|transaction"
    r"|auftrags?|order|bestell|reference|referenz)[-_ ]{0,2}(?:ids?|nummern?|numbers?|nr|no|kennung)"
    r"|refere?n[cz]e?)(?![a-z])[^\n]{0,24}$",
    re.IGNORECASE,
)
_HOST = re.compile(r"https?://(?:[a-z0-9-]{1,40}\.){1,4}$", re.IGNORECASE)
_SECRET_WORD = re.compile(r"token|secret|geheim|schl|passw|kennw", re.IGNORECASE)
_REST = re.compile(rf"(?:[%&\\][^\s{REMOVED}]*)?")


@dataclass(frozen=True)
class Span:
    """The place of a credential: `text[start:end]`."""

    start: int
    end: int
    kind: SecretKind


def find(text: str) -> list[Span]:
    """The credentials in `text` as it will be read, in order; none overlaps another.

    Formatting, invisible characters, line breaks, escapes and look-alikes hide none. A password or a one-time code is
    recognized by the words around it, which are not part of the span. Time grows with the length only.
    """
    spans = [span for reading in readings(text) for span in _in_reading(text, reading)]
    if within := within_escapes(text):
        # The "%0a" of "%0amzn.mws." is no line break.
        unresolved = (span for reading in readings(text, escapes=False) for span in _in_reading(text, reading))
        spans += [span for span in unresolved if span.start in within]
    return _apart(sorted(spans, key=lambda span: span.start))


def only_by_its_words(text: str) -> bool:
    """Whether there is something secret in `text`, and all of it was recognized by the words around it only."""
    kinds = {span.kind for span in find(text)} - NOT_SECRET
    return bool(kinds) and kinds <= BY_WORDS


def _in_reading(text: str, plain: Normalized) -> Iterator[Span]:
    taken = bytearray(len(plain.text))
    letters = _GLUE.sub("", plain.text.lower())
    for kind, expression, needles in PATTERNS:
        if not any(needle in letters for needle in needles):
            continue
        for match in expression.finditer(plain.text):
            start, end = match.span(match.lastgroup or 0)
            if 1 in taken[start:end] or _is_harmless(kind, plain.text, start):
                continue
            taken[start:end] = b"\1" * (end - start)
            yield _span(text, plain, kind, start, end)


def _apart(spans: list[Span]) -> list[Span]:
    """One span for those that overlap, of the most certain kind among them that is secret."""
    apart: list[Span] = []
    for span in spans:
        if apart and span.start < apart[-1].end:
            before = apart.pop()
            kind = min(before.kind, span.kind, key=_CERTAINTY.index)
            span = Span(before.start, max(before.end, span.end), kind)  # noqa: PLW2901 - it takes the place of both
        apart.append(span)
    return apart


def _span(text: str, plain: Normalized, kind: SecretKind, start: int, end: int) -> Span:
    last = plain.ends[end - 1]
    if kind is SecretKind.password and plain.text[start] not in "\"'":
        # An encoded blank such as %20 ends the value in the normalized text, but not in the original.
        rest = _REST.match(text, last)
        last = rest.end() if rest is not None and plain.text[end : end + 1] != "&" else last
    return Span(plain.starts[start], last, kind)


def _is_harmless(kind: SecretKind, plain: str, start: int) -> bool:
    """Whether what has the form of `kind` is the ID of a request, or the end of a host and the path behind it."""
    if kind is SecretKind.possible_token:
        return _is_request_id(plain, start)
    return kind is SecretKind.aws_secret_key and _HOST.search(plain, max(0, start - _BEFORE), start) is not None


def _is_request_id(plain: str, start: int) -> bool:
    """Whether what stands at `start` is the ID of a request or the like, as Amazon puts it into every error message."""
    named = _NUMBERED.search(plain, max(0, start - _BEFORE), start)
    return named is not None and _SECRET_WORD.search(plain, named.start(), start) is None


def kind_of(text: str) -> SecretKind | None:
    """The kind of the first certain credential in `text`, else of the first; a marketplace ID only if it is alone."""
    kinds = [span.kind for span in find(text)]
    if kinds:
        return next((kind for kind in kinds if kind not in _WEAK), kinds[0])
    return SecretKind.marketplace_id if text.strip().upper() in MARKETPLACE_IDS else None
