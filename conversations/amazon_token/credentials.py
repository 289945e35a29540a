"""Recognizes credentials by their shape (sources: Amazon's developer guides, public secret scanners' rules)."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from conversations.amazon_token.regions import MARKETPLACE_IDS


class Kind(StrEnum):
    """What a string is, by its shape."""

    mws_token = "mws_token"
    lwa_refresh_token = "lwa_refresh_token"
    lwa_access_token = "lwa_access_token"
    lwa_client_id = "lwa_client_id"
    lwa_client_secret = "lwa_client_secret"
    aws_access_key = "aws_access_key"
    aws_secret_key = "aws_secret_key"
    sp_api_app = "sp_api_app"
    slack_token = "slack_token"
    password = "password"
    possible_token = "possible_token"
    marketplace_id = "marketplace_id"


NOT_SECRET = frozenset({Kind.marketplace_id, Kind.sp_api_app})
"""Recognized so that the right thing can be asked for; they may be shown."""

_DASH = "[-‐‑‒–—―−]"
_HEX = "[0-9a-zA-Z]"
_BODY = rf"(?:{_HEX}\s?){{8}}(?:{_DASH}\s?(?:{_HEX}\s?){{4}}){{3}}{_DASH}\s?(?:{_HEX}\s?){{11}}{_HEX}"
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.lwa_refresh_token, re.compile(r"atzr(?:\||%7c|\s)\s?[\w\-+/=%|.~]{8,2100}", re.ASCII | re.IGNORECASE)),
    (Kind.lwa_access_token, re.compile(r"atza(?:\||%7c|\s)\s?[\w\-+/=%|.~]{8,2100}", re.ASCII | re.IGNORECASE)),
    (Kind.lwa_client_id, re.compile(r"amzn1\.application-oa2-client\.[0-9a-z]{8,}", re.ASCII | re.IGNORECASE)),
    (Kind.lwa_client_secret, re.compile(r"amzn1\.oa2-cs\.v1\.[0-9a-z]{8,}", re.ASCII | re.IGNORECASE)),
    (
        Kind.sp_api_app,
        re.compile(r"amzn1\.(?:sellerapps\.app|sp\.solution)\.[0-9a-f-]{8,}", re.ASCII | re.IGNORECASE),
    ),
    (Kind.mws_token, re.compile(rf"amzn\s?\.\s?mws\s?\.\s?{_BODY}|amzn\.mws\.[^\s<>]{{4,80}}", re.IGNORECASE)),
    (Kind.slack_token, re.compile(r"xox[a-z]-[A-Za-z0-9-]{8,}|xapp-[A-Za-z0-9-]{8,}", re.ASCII)),
    (
        Kind.aws_access_key,
        re.compile(r"(?<![A-Za-z0-9])(?:(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}|022QF0EXAMPLEH9DHM02)"
                   r"(?![A-Za-z0-9])", re.ASCII | re.IGNORECASE),
    ),
    (Kind.lwa_client_secret, re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])", re.ASCII | re.IGNORECASE)),
    (
        Kind.aws_secret_key,
        re.compile(r"(?<![A-Za-z0-9/+])(?=[A-Za-z0-9/+]*[A-Z])(?=[A-Za-z0-9/+]*[a-z])(?=[A-Za-z0-9/+]*[0-9/+])"
                   r"[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])", re.ASCII),
    ),
    (
        Kind.password,
        re.compile(r"(?<=\b)(?:passwort|kennwort|password|passwd|pwd|secret|geheimschlüssel)\s{0,3}[:=]\s{0,3}\S{1,200}",
                   re.IGNORECASE),
    ),
    (Kind.possible_token, re.compile(rf"(?<![0-9a-zA-Z-]){_BODY.replace('a-zA-Z', 'a-fA-F')}(?![0-9a-zA-Z])")),
)  # fmt: skip


@dataclass(frozen=True)
class Span:
    """Where a credential stands: `text[start:end]`."""

    start: int
    end: int
    kind: Kind


def invisible(character: str) -> bool:
    """Whether a character cannot be seen: zero-width, bidi marks, soft hyphen, BOM, other controls."""
    return unicodedata.category(character) in {"Cf", "Cc"} and character not in "\n\r\t"


def find(text: str) -> list[Span]:
    """The credentials in `text`, in order, without overlap. Invisible characters and full-width forms hide nothing."""
    shadow, places = _shadow(text)
    found: list[Span] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(shadow):
            start, end = places[match.start()], places[match.end() - 1] + 1
            if all(end <= span.start or start >= span.end for span in found):
                found.append(Span(start, end, kind))
    return sorted(found, key=lambda span: span.start)


def _shadow(text: str) -> tuple[str, list[int]]:
    """`text` without what cannot be seen and in plain forms, and for each character where it came from."""
    characters: list[str] = []
    places: list[int] = []
    for index, character in enumerate(text):
        if character.isascii():
            plain = "" if invisible(character) else character
        else:
            plain = "" if invisible(character) else unicodedata.normalize("NFKC", character)
        for one in plain:
            characters.append(one)
            places.append(index)
    return "".join(characters), places


def kind_of(text: str) -> Kind | None:
    """The kind of the first credential in `text`; a marketplace ID only when it is all there is."""
    spans = find(text)
    if spans:
        return spans[0].kind
    return Kind.marketplace_id if text.strip().upper() in MARKETPLACE_IDS else None
