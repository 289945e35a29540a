"""Patterns of credentials (sources: Amazon's developer guides, the rules of public secret scanners).

They are matched against normalized text in this order, the most certain first, so that a form which several kinds share
counts as the most certain of them. Every repetition is bounded, or its parts exclude each other: no text makes them
slow.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from conversations.secrets.wordings import ANY_CASE, ONE_TIME_CODES, PASSWORDS, REMOVED

__all__ = ["PATTERNS", "REMOVED", "SecretKind"]


class SecretKind(StrEnum):
    """What a string is, by its form."""

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
    one_time_code = "one_time_code"
    possible_token = "possible_token"
    marketplace_id = "marketplace_id"
    seller_id = "seller_id"
    developer_id = "developer_id"


_GAP = r"(?:\s[\s>]{0,5})?"
_PREFIX = _GAP.join("amzn") + r"[\s.\-_,:>]{1,6}" + _GAP.join("mws") + r"[\s.\-_,:>]{1,6}"
_WRAPPED = r"(?:\s[\s>]{0,5}(?=\S{0,300}[0-9])[\w\-+/=|.~]{16,4000}){0,200}"


def _run(characters: str, count: int) -> str:
    return rf"(?:{characters}{_GAP}){{{count - 1}}}{characters}"


def _body(characters: str) -> str:
    four = rf"(?:-{_GAP}(?:{characters}{_GAP}){{4}})"
    return rf"(?:{characters}{_GAP}){{8}}{four}{{3}}-{_GAP}{_run(characters, 12)}"


def _lwa(letter: str) -> str:
    start = rf"{_GAP.join(f'atz{letter}')}(?:{_GAP}\|{_GAP}|\s{{1,4}}(?=\S{{0,300}}[0-9]))"
    more = r"\s[\s>]{0,5}(?=\S{0,300}[0-9])[\w\-+/=|.~]{16,4000}"
    return rf"{start}(?:[\w\-+/=|.~]{{8,4000}}|[\w\-+/=|.~]{{1,7}}{more}){_WRAPPED}"


_MWS = (
    rf"{_PREFIX}{_body('[0-9a-z]')}(?:(?!amzn)[0-9a-z-]){{0,60}}|"
    rf"amzn{_GAP}\.{_GAP}mws{_GAP}\.{_GAP}(?=\S{{0,80}}[0-9-])[^\s<>\"'&{REMOVED}]{{4,4000}}"
    r"(?:\s[\s>]{0,5}(?=[a-z-]{0,40}[0-9])(?=[0-9a-z]{0,40}-|[0-9a-z]{8})[0-9a-z-]{4,40}(?![0-9a-z])){0,6}"
)
_CLIENT_ID = rf"amzn1\.application-oa2-client\.{_GAP}(?:{_run('[0-9a-f]', 32)}|[0-9a-z]{{8,200}})"
_CLIENT_SECRET = rf"amzn1\.oa2-cs\.v1\.{_GAP}(?:{_run('[0-9a-f]', 64)}|[0-9a-z]{{8,200}})"
_OLD_SECRET = rf"(?<![0-9a-z]){_run('[0-9a-f]', 64)}(?![0-9a-z])"
_APP = rf"amzn1\.(?:sellerapps\.app|sp\.solution)\.{_GAP}(?:{_body('[0-9a-f]')}|[0-9a-f-]{{8,60}})"
_SLACK = (
    r"(?:xox[a-z](?:\.xox[a-z])?|xapp)-[0-9a-z-]{4,4000}(?:\s[\s>]{0,5}(?=[a-z-]{0,80}[0-9])[0-9a-z-]{12,400}){0,4}|"
    r"hooks\.slack\.com/(?:services|workflows|triggers)/[\w/-]{8,300}"
)
_KEY_PREFIXES = ("AKIA", "ASIA", "ABIA", "ACCA")
_KEY_PREFIX = f"(?:A3T[A-Z0-9]|{'|'.join(_KEY_PREFIXES)})"
_KEY_IN_CAPITALS = (
    # With a digit in it, a key is recognized inside a longer word too; of letters only, it must be a word of its own.
    rf"{_KEY_PREFIX}(?=[A-Z]{{0,15}}[2-7])[A-Z2-7]{{16}}|"
    rf"(?<![0-9A-Z])(?:{_KEY_PREFIX}[A-Z2-7]{{16}}|(?:{'|'.join(map(_GAP.join, _KEY_PREFIXES))})"
    rf"(?={_GAP}(?:[A-Z]{_GAP}){{0,15}}[2-7])(?:{_GAP}[A-Z2-7]){{16}})(?![0-9A-Z])"
)
_OLD_KEY = (
    # Old keys for MWS begin with a digit and hold letters and digits, as in Amazon's 022QF0EXAMPLEH9DHM02.
    r"(?<![0-9A-Za-z])[01](?=(?:[0-9]{0,18}[A-Z]){4})(?=[A-Z]{0,18}[0-9])[A-Z0-9]{19}(?![0-9A-Za-z])"
)
_KEY_IN_ANY_CASE = (
    rf"(?<![0-9a-z])(?:{_KEY_PREFIX}(?=[a-z]{{0,15}}[2-7])[a-z2-7]{{16}}|022qf0exampleh9dhm02)(?![0-9a-z])"
)
_BASE64 = "[A-Za-z0-9/+]"
_FOLD = r"(?:\s?\n[\s>]{0,5})?"
_SECRET_KEY = (
    # Slack's link to a message in an old channel has forty characters between its dots.
    rf"(?<!{_BASE64})(?!com/archives/[CDG][A-Z0-9]{{8}}/p[0-9]{{16}})(?=[a-z0-9/+\s>]{{0,60}}[A-Z])(?=[A-Z0-9/+\s>]{{0,60}}[a-z])(?=[A-Za-z/+\s>]{{0,60}}[0-9])"
    rf"(?:{_BASE64}{{40}}|(?:{_BASE64}{_FOLD}){{39}}{_BASE64})(?![A-Za-z0-9/+=])"
)
_CORE = (
    # The core of a token under a name of the person's own: AuthToken-<core>, MWS_Key=<core>.
    rf"(?:token|auth|mws|secret|key|schl(?:[üÜu]|ue)ssel)[\"'*_`]{{0,3}}[-_.:=/#|~>(\[]{{1,3}}\s{{0,2}}"
    rf"(?P<core>{_body('[0-9a-z]')}|[0-9a-f]{{32}})(?![0-9a-z])"
)
_POSSIBLE = (
    rf"(?:(?<![0-9a-z])|(?<=[g-z_]))(?:{_body('[0-9a-f]')})(?![0-9a-z])|(?<![0-9a-z-])[0-9a-f]{{32}}(?![0-9a-z])"
)

_KEY_WORDS = tuple(prefix.lower() for prefix in (*_KEY_PREFIXES, "A3T"))


class Pattern(NamedTuple):
    """What one kind looks like. A text without any of the `needles` in its small letters and digits has none of it."""

    kind: SecretKind
    expression: re.Pattern[str]
    needles: tuple[str, ...] = ("",)


def _pattern(kind: SecretKind, expression: str, *needles: str, flags: int = ANY_CASE) -> Pattern:
    return Pattern(kind, re.compile(expression, flags), needles or ("",))


PATTERNS = (
    _pattern(SecretKind.lwa_refresh_token, _lwa("r"), "atzr"),
    _pattern(SecretKind.lwa_access_token, _lwa("a"), "atza"),
    _pattern(SecretKind.lwa_client_id, _CLIENT_ID, "amzn1application"),
    _pattern(SecretKind.lwa_client_secret, _CLIENT_SECRET, "amzn1oa2cs"),
    _pattern(SecretKind.sp_api_app, _APP, "amzn1s"),
    _pattern(SecretKind.mws_token, _MWS, "amznmws"),
    _pattern(SecretKind.slack_token, _SLACK, "xox", "xapp", "hooksslack"),
    _pattern(SecretKind.aws_access_key, _KEY_IN_CAPITALS, *_KEY_WORDS, flags=re.ASCII),
    _pattern(SecretKind.aws_access_key, _OLD_KEY, flags=re.ASCII),
    _pattern(SecretKind.aws_access_key, _KEY_IN_ANY_CASE, *_KEY_WORDS, "022qf0"),
    _pattern(SecretKind.lwa_client_secret, _OLD_SECRET),
    _pattern(SecretKind.aws_secret_key, _SECRET_KEY, flags=re.ASCII),
    _pattern(SecretKind.mws_token, _CORE, "token", "auth", "mws", "secret", "key", "schl"),
    *(_pattern(SecretKind.one_time_code, *wording) for wording in ONE_TIME_CODES),
    *(_pattern(SecretKind.password, *wording) for wording in PASSWORDS),
    _pattern(SecretKind.possible_token, _POSSIBLE),
)
