"""Patterns of credentials (sources: Amazon's developer guides, the rules of public secret scanners).

They are matched against normalized text in this order, the most certain first, so that a form which several kinds share
counts as the most certain of them. Every repetition is bounded, or its parts exclude each other: no text makes them
slow.
"""

import re
from enum import StrEnum


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


REMOVED = "\ue000-\uf8ff"
"""Private-use characters, with which `redact` marks what is already removed: no value contains them."""

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
    rf"(?={_GAP}(?:[A-Z]{_GAP}){{0,15}}[2-7])(?:{_GAP}[A-Z2-7]){{16}})(?![0-9A-Z])|"
    # Old keys for MWS begin with a digit and hold letters and digits, as in Amazon's 022QF0EXAMPLEH9DHM02.
    r"(?<![0-9A-Za-z])[01](?=(?:[0-9]{0,18}[A-Z]){4})(?=[A-Z]{0,18}[0-9])[A-Z0-9]{19}(?![0-9A-Za-z])"
)
_KEY_IN_ANY_CASE = (
    rf"(?<![0-9a-z])(?:{_KEY_PREFIX}(?=[a-z]{{0,15}}[2-7])[a-z2-7]{{16}}|022qf0exampleh9dhm02)(?![0-9a-z])"
)
_BASE64 = "[A-Za-z0-9/+]"
_FOLD = r"(?:\s?\n[\s>]{0,5})?"
_SECRET_KEY = (
    rf"(?<!{_BASE64})(?=[a-z0-9/+\s>]{{0,60}}[A-Z])(?=[A-Z0-9/+\s>]{{0,60}}[a-z])(?=[A-Za-z/+\s>]{{0,60}}[0-9])"
    rf"(?:{_BASE64}{{40}}|(?:{_BASE64}{_FOLD}){{39}}{_BASE64})(?![A-Za-z0-9/+=])"
)
_CODE_NAMES = (
    r"einmal-?(?:code|kennwort|passwort|pin)|one[- ]time[- ](?:code|password|passcode|pin)"
    r"|(?<![a-z])(?:otp|m?tan|totp|2fa)|(?:sicherheits|best(?:[äÄa]|ae)tigungs|verifizierungs|anmelde|sms|pr(?:[üÜu]|ue)f)-?code"
    r"|(?:verification|security|login|sign-in|2fa|authenticator|sms) code"
)
_CODE = (
    rf"(?:{_CODE_NAMES})[^\w\n{REMOVED}]{{0,4}}(?:(?:ist|lautet|is|war|was)[^\w\n{REMOVED}]{{0,4}})?\s{{0,3}}"
    r"(?P<value>[0-9]{3}[ -]?[0-9]{3}(?![0-9])|[0-9]{4,8}(?![0-9-]))|"
    r"(?<![a-z])(?<!(?:error|fault|state|store)[ _-])(?<!fehler[ _-])(?<!status[ _-])(?<!http[ _-])"
    r"code\s{0,2}(?::|ist|lautet|is)\s{0,3}"
    r"(?P<more>[0-9]{3}[ -]?[0-9]{3}(?![0-9-]))"
)
_LABELS = (
    r"(?:passwor[dt]|kennwort|passwd|passphrase|passcode|geheimnis|secret(?:[ _-]?(?:access[ _-]?)?key)?"
    r"|schl(?:[üÜu]|ue)ssel|api[ _-]?key|(?<![a-z])(?:pwd?|pin))"
)
_PASSWORD = (
    rf"{_LABELS}[\"'*_`)\]]{{0,3}}\s{{0,3}}"
    r"(?:[:=]{1,2}>?\s{0,3}|(?:ist|lautet|is)\s{1,3}(?=\S{0,60}[0-9]))"
    rf"(?P<value>\"[^\"\n{REMOVED}]{{1,200}}\"|'[^'\n{REMOVED}]{{1,200}}'|(?:(?!&\w{{1,40}}=)[^\s{REMOVED}]){{1,200}})"
)
_POSSIBLE = rf"(?<![0-9a-z-])(?:{_body('[0-9a-f]')}|[0-9a-f]{{32}})(?![0-9a-z])"

_ANY_CASE = re.ASCII | re.IGNORECASE
PATTERNS: tuple[tuple[SecretKind, re.Pattern[str]], ...] = (
    (SecretKind.lwa_refresh_token, re.compile(_lwa("r"), _ANY_CASE)),
    (SecretKind.lwa_access_token, re.compile(_lwa("a"), _ANY_CASE)),
    (SecretKind.lwa_client_id, re.compile(_CLIENT_ID, _ANY_CASE)),
    (SecretKind.lwa_client_secret, re.compile(_CLIENT_SECRET, _ANY_CASE)),
    (SecretKind.sp_api_app, re.compile(_APP, _ANY_CASE)),
    (SecretKind.mws_token, re.compile(_MWS, _ANY_CASE)),
    (SecretKind.slack_token, re.compile(_SLACK, _ANY_CASE)),
    (SecretKind.aws_access_key, re.compile(_KEY_IN_CAPITALS, re.ASCII)),
    (SecretKind.aws_access_key, re.compile(_KEY_IN_ANY_CASE, _ANY_CASE)),
    (SecretKind.lwa_client_secret, re.compile(_OLD_SECRET, _ANY_CASE)),
    (SecretKind.aws_secret_key, re.compile(_SECRET_KEY, re.ASCII)),
    (SecretKind.one_time_code, re.compile(_CODE, _ANY_CASE)),
    (SecretKind.password, re.compile(_PASSWORD, _ANY_CASE)),
    (SecretKind.possible_token, re.compile(_POSSIBLE, _ANY_CASE)),
)
