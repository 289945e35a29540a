"""The check of a pasted MWS token."""

import re

from conversations.amazon_token.reasons import Reason, other_credential, wrong_character
from conversations.engine.checks import PASTE_LIMIT, Accepted, Refused, first_non_latin
from conversations.marketplaces import marketplace_of
from conversations.secrets.clean_paste import Repair, ascii_lower, clean_paste, with_repairs, without_blanks
from conversations.secrets.credentials import SecretKind, Span, find
from conversations.secrets.normalize import strip_lookalikes

TOKEN_LENGTH = 45

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
_NEARLY_WHOLE = 40
"""So many characters before a blank are taken for the token; with fewer, the blank is taken for a part of it."""

_LABELLED = frozenset({SecretKind.password, SecretKind.one_time_code})
_MAY_BE_OURS = _LABELLED | {SecretKind.mws_token, SecretKind.possible_token}


def check_token(text: str) -> Accepted[str] | Refused:
    """An MWS token: 45 characters, lower-case hexadecimal, not a UUID (source: Amazon's MWS developer guide).

    Other credentials are looked for before the text is cleaned: the pipe in `Atzr|…` is Slack's separator too.
    """
    if len(text) > PASTE_LIMIT:
        return Refused(Reason.too_long)
    spans = find(text)
    credential = next((span for span in spans if span.kind not in _MAY_BE_OURS), None)
    if credential is not None:
        return other_credential(credential.kind)
    value, repairs = clean_paste(text)
    return _token_in(value, repairs) or _why_refused(text, ascii_lower(value), spans)


def _token_in(value: str, repairs: tuple[Repair, ...]) -> Accepted[str] | Refused | None:
    """The one token in `value`, or the refusal of several; `None` when there is none."""
    lower = ascii_lower(value)
    unspaced = without_blanks(lower)
    if _TOKEN.fullmatch(unspaced):
        blank = Repair.blank_inside if unspaced != lower else None
        return Accepted(unspaced, with_repairs(repairs, blank, Repair.upper_case if lower != value else None))
    matches = _IN_TEXT.findall(lower) or _OVER_LINES.findall(lower)
    tokens = {without_blanks(match) for match in matches}
    if not tokens:
        return None
    if len(tokens) > 1:
        return Refused(Reason.two_tokens)
    token = tokens.pop()
    broken = any(without_blanks(match) != match for match in matches)
    only_token = not unspaced.replace(token, "").strip(",;/|")
    return Accepted(
        token,
        with_repairs(
            repairs,
            Repair.blank_inside if broken else None,
            None if token in without_blanks(value) else Repair.upper_case,
            Repair.doubled if len(matches) > 1 else None,
            None if only_token else Repair.words_around,
        ),
    )


def _why_refused(text: str, lower: str, spans: list[Span]) -> Refused:
    unspaced = without_blanks(lower)
    if _EXAMPLE.search(unspaced):
        return Refused(Reason.example_token)
    if _MASK.search(text):
        return Refused(Reason.masked)
    if not lower:
        return Refused(Reason.empty)
    subject = _subject(lower, unspaced)
    return _something_else(lower, spans) if subject is None else _fault(subject)


def _something_else(lower: str, spans: list[Span]) -> Refused:
    """The refusal of a text that does not contain the prefix of a token."""
    unspaced = without_blanks(lower)
    if _BARE.search(unspaced) or _BARE.search(lower):
        return Refused(Reason.missing_prefix)
    return _another_value(unspaced, spans)


def _another_value(unspaced: str, spans: list[Span]) -> Refused:
    labelled = next((span for span in spans if span.kind in _LABELLED), None)
    if labelled is not None:
        return other_credential(labelled.kind)
    if marketplace_of(unspaced) is not None:
        return other_credential(SecretKind.marketplace_id)
    if _DEVELOPER_ID.fullmatch(unspaced):
        return other_credential(SecretKind.developer_id)
    if _SELLER_ID.fullmatch(unspaced):
        return other_credential(SecretKind.seller_id)
    return Refused(Reason.not_a_token)


def _as_latin(lower: str) -> str:
    """`lower` with each look-alike replaced by the letter it looks like; positions stay the same."""
    return "".join((strip_lookalikes(character)[:1] or "?").lower() for character in lower)


def _subject(lower: str, unspaced: str) -> str | None:
    """The part that is meant as the token: from the prefix up to a blank, or further where the blank is inside it.

    `None` when no prefix is there.
    """
    start = _as_latin(lower).find(_PREFIX)
    if start < 0:
        return unspaced if _as_latin(unspaced).startswith(_PREFIX) else None
    first = lower[start:].split(maxsplit=1)[0]
    return first if len(first) >= _NEARLY_WHOLE else without_blanks(lower[start:])


def _fault(subject: str) -> Refused:
    """The refusal of a value that begins with the prefix, or with look-alikes of it."""
    start = subject[:TOKEN_LENGTH]
    index = first_non_latin(start)
    if index is not None:
        return wrong_character(Reason.look_alike, index, subject)
    for index, character in enumerate(start[len(_PREFIX) :], start=len(_PREFIX)):
        if character not in _SIGNS:
            return wrong_character(Reason.not_hexadecimal, index, subject)
    body = subject[len(_PREFIX) :]
    if len(subject) == TOKEN_LENGTH or (_SIGNS.issuperset(body) and len(body.replace("-", "")) == _HEX_DIGITS):
        return Refused(Reason.missing_hyphens)
    return Refused(Reason.wrong_length, {"length": len(subject), "expected": TOKEN_LENGTH})
