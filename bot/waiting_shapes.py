"""What the settings of waiting must look like."""

import re
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.public_holidays import regions_of
from bot.setting_shapes import wrong

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PRIORITIES = ("P1", "P2", "P3")
_MOST_HOURS = 1000


def hours(value: Any) -> Any:
    """From "P1=1,P2=4,P3=8" to hours by priority; all three must be there."""
    if not isinstance(value, str):
        return value
    found: dict[str, float] = {}
    for entry in value.upper().replace(" ", "").split(","):
        name, _, number = entry.partition("=")
        if name not in _PRIORITIES or not re.fullmatch(r"\d+(\.\d+)?", number, re.ASCII):
            raise wrong("it must be hours by priority, such as P1=1,P2=4,P3=8")
        found[name] = float(number)
    if tuple(sorted(found)) != _PRIORITIES or not all(0 < one <= _MOST_HOURS for one in found.values()):
        raise wrong(f"it must name P1, P2 and P3, each with more than 0 and at most {_MOST_HOURS} hours")
    return found


def people(value: Any) -> Any:
    """From "U0123ABC,U0456DEF" to the IDs."""
    if not isinstance(value, str):
        return value
    found = tuple(part.strip() for part in value.split(",") if part.strip())
    if not all(re.fullmatch(r"[UW][A-Z0-9]+", one, re.ASCII) for one in found):
        raise wrong("it must be member IDs (U… or W…), with commas between them, and not names")
    return found


def clock(value: str) -> str:
    """A time of the day."""
    moment(value)
    return value


def moment(value: str) -> time:
    """The time that "08:15" or "8" names."""
    found = re.fullmatch(r"([01]?\d|2[0-3])(?::([0-5]\d))?", value.strip(), re.ASCII)
    if found is None:
        raise wrong("it must be a time of the day, such as 08:15")
    return time(int(found[1]), int(found[2] or 0))


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
    found: set[int] = set()
    for part in value.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in _WEEKDAYS or (last or first) not in _WEEKDAYS:
            raise wrong(f"it must be days such as mon-fri or mon,wed; they are called {', '.join(_WEEKDAYS)}")
        begin, length = _WEEKDAYS.index(first), len(_WEEKDAYS)
        found |= {(begin + step) % length for step in range((_WEEKDAYS.index(last or first) - begin) % length + 1)}
    return frozenset(found)


def zone(value: str) -> str:
    """A time zone that is known here."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise wrong("there is no time zone of this name") from None
    return value


def country(value: str) -> str:
    """A country whose public holidays are known."""
    if regions_of(value) is None:
        raise wrong("the public holidays of no country of this name are known")
    return value


def region(of_country: str, value: str) -> str:
    """A region of the country whose public holidays are known; empty for none."""
    if value and value not in (regions_of(of_country) or ()):
        raise wrong(f"no region of this name is known in the country {of_country}")
    return value
