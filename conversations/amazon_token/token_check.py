"""The check of a pasted MWS token."""

import re

from conversations.amazon_token.check_results import Accepted, Reason, Refused, at, first_alien, other_kind
from conversations.marketplaces import marketplace_of
from conversations.secrets.clean_paste import Repair, clean_paste, joined, small, with_repairs
from conversations.secrets.credentials import SecretKind, Span, find
from conversations.secrets.normalize import strip_lookalikes

TOKEN_LENGTH = 45
PASTE_LIMIT = 4000
"""Whoever pastes more than this did not paste a value."""

_PREFIX = "amzn.mws."
_BODY = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_LINE = r"(?:[ \t]*\n\s*)?"
_BEFORE, _AFTER = r"(?<![^\W_])(?<![.-])", r"(?![^\W_]|-)"
_TOKEN = re.compile(r"amzn\.mws\." + _BODY, re.ASCII)
_IN_TEXT = re.compile(_BEFORE + r"amzn\.mws\." + _BODY + _AFTER)
_OVER_LINES = re.compile(
    rf"{_BEFORE}amzn\.mws\.(?:{_LINE}[0-9a-f]){{8}}(?:{_LINE}-(?:{_LINE}[0-9a-f]){{4}}){{3}}"
    rf"{_LINE}-(?:{_LINE}[0-9a-f]){{12}}{_AFTER}"
)
_BARE = re.compile(rf"(?<![0-9a-f-])(?:{_BODY}|[0-9a-f]{{32}})(?![0-9a-z-])", re.ASCII)
_EXAMPLE = re.compile(r"amzn\.mws\.[0-9a-z-]{1,60}example(?![0-9a-z])", re.ASCII)
_MASK = re.compile(r"…|\.{3}|[*•●∙·#_]{2,}|x{4,}", re.IGNORECASE)
_HEX = frozenset("0123456789abcdef")
_SIGNS = _HEX | {"-"}
_HEX_DIGITS = 32
_SELLER_ID = re.compile(r"a(?=[a-z]{0,20}[0-9])[0-9a-z]{9,20}", re.ASCII)
_DEVELOPER_ID = re.compile(r"[0-9]{4}-?[0-9]{4}-?[0-9]{4}", re.ASCII)
_NEARLY_ALL = 40

_LABELLED = frozenset({SecretKind.password, SecretKind.one_time_code})
_MAY_BE_OURS = _LABELLED | {SecretKind.mws_token, SecretKind.possible_token}


def check_token(text: str) -> Accepted[str] | Refused:
    """An MWS token: 45 characters, lower-case hexadecimal, not a UUID (source: Amazon's MWS developer guide).

    Other credentials are looked for in the text as it came: the pipe in `Atzr|…` is Slack's separator too.
    """
    if len(text) > PASTE_LIMIT:
        return Refused(Reason.too_long)
    spans = find(text)
    sure = next((span for span in spans if span.kind not in _MAY_BE_OURS), None)
    if sure is not None:
        return other_kind(sure.kind)
    value, repairs = clean_paste(text)
    return _found(value, repairs) or _why_not(text, small(value), spans)


def _found(value: str, repairs: tuple[Repair, ...]) -> Accepted[str] | Refused | None:
    low = small(value)
    whole = joined(low)
    if _TOKEN.fullmatch(whole):
        blank = Repair.blank_inside if whole != low else None
        return Accepted(whole, with_repairs(repairs, blank, Repair.upper_case if low != value else None))
    matches = _IN_TEXT.findall(low) or _OVER_LINES.findall(low)
    tokens = {joined(match) for match in matches}
    if not tokens:
        return None
    if len(tokens) > 1:
        return Refused(Reason.two_tokens)
    token = tokens.pop()
    broken = any(joined(match) != match for match in matches)
    alone = not whole.replace(token, "").strip(",;/|")
    return Accepted(
        token,
        with_repairs(
            repairs,
            Repair.blank_inside if broken else None,
            None if token in joined(value) else Repair.upper_case,
            Repair.doubled if len(matches) > 1 else None,
            None if alone else Repair.words_around,
        ),
    )


def _why_not(text: str, low: str, spans: list[Span]) -> Refused:
    whole = joined(low)
    if _EXAMPLE.search(whole):
        return Refused(Reason.example_token)
    if _MASK.search(text):
        return Refused(Reason.masked)
    if not low:
        return Refused(Reason.empty)
    subject = _subject(low, whole)
    return _something_else(low, spans) if subject is None else _fault(subject)


def _something_else(low: str, spans: list[Span]) -> Refused:
    """No prefix of a token is in sight."""
    whole = joined(low)
    if _BARE.search(whole) or _BARE.search(low):
        return Refused(Reason.missing_prefix)
    return _another_value(whole, spans)


def _another_value(whole: str, spans: list[Span]) -> Refused:
    labelled = next((span for span in spans if span.kind in _LABELLED), None)
    if labelled is not None:
        return other_kind(labelled.kind)
    if marketplace_of(whole) is not None:
        return other_kind(SecretKind.marketplace_id)
    if _DEVELOPER_ID.fullmatch(whole):
        return other_kind(SecretKind.developer_id)
    if _SELLER_ID.fullmatch(whole):
        return other_kind(SecretKind.seller_id)
    return Refused(Reason.not_a_token)


def _plain(low: str) -> str:
    """`low` with look-alikes as the letters they look like, character for character."""
    return "".join((strip_lookalikes(character)[:1] or "?").lower() for character in low)


def _subject(low: str, whole: str) -> str | None:
    """What is to be judged: from the prefix up to the blank, unless the token is broken there."""
    start = _plain(low).find(_PREFIX)
    if start < 0:
        return whole if _plain(whole).startswith(_PREFIX) else None
    first = low[start:].split(maxsplit=1)[0]
    return first if len(first) >= _NEARLY_ALL else joined(low[start:])


def _fault(subject: str) -> Refused:
    """What is wrong with a value that looks as if it began with the prefix."""
    start = subject[:TOKEN_LENGTH]
    alien = first_alien(start)
    if alien is not None:
        return at(Reason.look_alike, alien, subject)
    for index, character in enumerate(start[len(_PREFIX) :], start=len(_PREFIX)):
        if character not in _SIGNS:
            return at(Reason.not_hexadecimal, index, subject)
    body = subject[len(_PREFIX) :]
    if len(subject) == TOKEN_LENGTH or (_SIGNS.issuperset(body) and len(body.replace("-", "")) == _HEX_DIGITS):
        return Refused(Reason.missing_hyphens)
    return Refused(Reason.wrong_length, {"length": len(subject), "expected": TOKEN_LENGTH})
