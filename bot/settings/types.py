"""Checks and parsers of setting values. Errors never repeat the value: it may be a secret in the wrong place."""

import re
from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, SecretStr, ValidationInfo

from bot.settings.public_holidays import regions_of
from conversations.engine.settings import wrong


def token(prefix: str) -> AfterValidator:
    """A check for a Slack token of this prefix."""
    pattern = re.compile(rf"{prefix}-[A-Za-z0-9-]+", re.ASCII)

    def check(secret: SecretStr) -> SecretStr:
        if not pattern.fullmatch(secret.get_secret_value()):
            raise wrong(f"it must begin with {prefix}- and hold letters, digits and hyphens only")
        return secret

    return AfterValidator(check)


def signing_secret(secret: SecretStr) -> SecretStr:
    """The signing secret; a token pasted here by mistake is refused."""
    value = secret.get_secret_value()
    if value.startswith("x") or not re.fullmatch(r"[\w-]{16,}", value, re.ASCII):
        raise wrong("it must be the signing secret (32 hexadecimal digits at Slack), not a token")
    return secret


def channel(value: str) -> str:
    """The ID of a channel, not its name, which can change."""
    if not re.fullmatch(r"[CG][A-Z0-9]{5,}", value, re.ASCII):
        raise wrong("it must be the channel's ID, C… or G…, and not its name")
    return value


def api_url(value: str) -> str:
    """A web address, with a slash appended if it has none."""
    parts = urlsplit(value)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.query or parts.fragment:
        raise wrong("it must be an address such as https://slack.com/api/")
    return value if value.endswith("/") else f"{value}/"


def public_url(value: str) -> str:
    """A web address without a trailing slash: https, or http on this machine."""
    parts = urlsplit(value)
    here = parts.hostname in {"localhost", "127.0.0.1"}
    if parts.scheme not in ({"https", "http"} if here else {"https"}) or not parts.hostname or parts.query:
        raise wrong("it must be an address such as https://bot.example.com")
    return value.rstrip("/")


def database_url(value: str) -> str:
    """A SQLite file or a database in PostgreSQL. One in memory is refused: every restart would lose all data."""
    if value.startswith("postgresql://"):
        return _postgresql(value)
    path = value.removeprefix("sqlite:///")
    if path == value or not path.strip("/") or path.startswith(":") or "?" in path:
        raise wrong(
            "it must be sqlite:/// and the path of a file (four slashes before an absolute one), or "
            "postgresql://user@host/database"
        )
    return value


def _postgresql(value: str) -> str:
    """The address without a password, so that it can be shown."""
    try:
        parts = urlsplit(value)
        named = bool(parts.hostname and parts.username and parts.path.strip("/"))
    except ValueError:
        named = False
    if not named:
        raise wrong("it must name user, host and database, as in postgresql://bot@db.example.com/amazon_token")
    if parts.password is not None or "password" in parts.query:
        raise wrong("the password does not belong here; set DATABASE_PASSWORD")
    return value


def folder(value: Path) -> Path:
    """A folder that exists."""
    if not value.is_dir():
        raise wrong("there is no folder of this name")
    return value


def hexadecimal(secret: SecretStr) -> SecretStr:
    """A key of at least 16 bytes."""
    if not re.fullmatch(r"(?:[0-9a-fA-F]{2}){16,}", secret.get_secret_value(), re.ASCII):
        raise wrong("it must be at least 32 hexadecimal digits, an even number of them")
    return secret


def later_than(name: str) -> Callable[[int, ValidationInfo], int]:
    """A check that an hour is later than that of the setting `name`, unless that one is wrong itself."""

    def check(value: int, info: ValidationInfo) -> int:
        if value <= info.data.get(name, -1):
            raise wrong(f"it must be later than {name.upper()}")
        return value

    return check


def lower(value: Any) -> Any:
    """In lower case, so that case does not matter."""
    return value.lower() if isinstance(value, str) else value


def upper(value: Any) -> Any:
    """In upper case, so that case does not matter."""
    return value.upper() if isinstance(value, str) else value


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PRIORITIES = ("P1", "P2", "P3")
_MOST_HOURS = 1000


def hours(value: Any) -> Any:
    """From "P1=1,P2=4,P3=8" to hours by priority; all three must be there."""
    if not isinstance(value, str):
        return value
    by_priority: dict[str, float] = {}
    for entry in value.upper().replace(" ", "").split(","):
        name, _, number = entry.partition("=")
        if name not in _PRIORITIES or not re.fullmatch(r"\d+(\.\d+)?", number, re.ASCII):
            raise wrong("it must be hours by priority, such as P1=1,P2=4,P3=8")
        by_priority[name] = float(number)
    if tuple(sorted(by_priority)) != _PRIORITIES or not all(0 < limit <= _MOST_HOURS for limit in by_priority.values()):
        raise wrong(f"it must name P1, P2 and P3, each with more than 0 and at most {_MOST_HOURS} hours")
    return by_priority


def people(value: Any) -> Any:
    """From "U0123ABC,U0456DEF" to the IDs."""
    if not isinstance(value, str):
        return value
    user_ids = tuple(part.strip() for part in value.split(",") if part.strip())
    if not all(re.fullmatch(r"[UW][A-Z0-9]+", user_id, re.ASCII) for user_id in user_ids):
        raise wrong("it must be member IDs (U… or W…), with commas between them, and not names")
    return user_ids


def clock(value: str) -> str:
    """A time of the day."""
    moment(value)
    return value


def moment(value: str) -> time:
    """The time that "08:15" or "8" names."""
    match = re.fullmatch(r"([01]?\d|2[0-3])(?::([0-5]\d))?", value.strip(), re.ASCII)
    if match is None:
        raise wrong("it must be a time of the day, such as 08:15")
    return time(int(match[1]), int(match[2] or 0))


def clock_span(value: str) -> str:
    """Two times of the day, the earlier one first."""
    span(value)
    return value


def span(value: str) -> tuple[time, time]:
    """The times that "08:00-17:00" or "8-17" names."""
    begins, dash, ends = value.replace("–", "-").partition("-")
    if not dash or moment(begins) >= moment(ends):
        raise wrong("it must be two times with a hyphen, the earlier one first, such as 08:00-17:00")
    return moment(begins), moment(ends)


def weekdays(value: str) -> str:
    """Days of the week."""
    days(value)
    return value


def days(value: str) -> frozenset[int]:
    """The days that "mon-fri" or "mon,wed" names; Monday is 0."""
    weekday_numbers: set[int] = set()
    for part in value.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in _WEEKDAYS or (last or first) not in _WEEKDAYS:
            raise wrong(f"it must be days such as mon-fri or mon,wed; they are called {', '.join(_WEEKDAYS)}")
        begin, length = _WEEKDAYS.index(first), len(_WEEKDAYS)
        weekday_numbers |= {
            (begin + step) % length for step in range((_WEEKDAYS.index(last or first) - begin) % length + 1)
        }
    return frozenset(weekday_numbers)


def zone(value: str) -> str:
    """A time zone that this machine knows."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise wrong("there is no time zone of this name") from None
    return value


def country(value: str) -> str:
    """A country whose public holidays are known."""
    if regions_of(value) is None:
        raise wrong("there is no country of this name whose public holidays are known")
    return value


def region(of_country: str, value: str) -> str:
    """A region of the country whose public holidays are known; empty for none."""
    if value and value not in (regions_of(of_country) or ()):
        raise wrong(f"no region of this name is known in the country {of_country}")
    return value
