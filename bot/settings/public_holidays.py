"""Public holidays by country and region, looked up in a separate process (`holiday_lookup` says why)."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import lru_cache, partial
from typing import Any

YEARS_AT_ONCE = 10
LIMIT_SECONDS = 60.0


@lru_cache
def regions_of(country: str) -> frozenset[str] | None:
    """The names of the regions of `country` (ISO 3166-1, "DE"), or `None` for an unknown country."""
    names = _ask("regions", country)
    return None if names is None else frozenset(names)


def public_holidays(country: str, region: str = "") -> Callable[[date], bool]:
    """A function that says whether a day is a public holiday of `country`, or of its `region` ("BY") if one is named.

    The first day of each decade starts a process, which takes about 0.1 s.
    """
    return partial(_is_holiday, country, region)


def _is_holiday(country: str, region: str, day: date) -> bool:
    return day in _days(country, region, day.year // YEARS_AT_ONCE)


@lru_cache
def _days(country: str, region: str, decade: int) -> frozenset[date]:
    first = decade * YEARS_AT_ONCE
    years = range(max(first, date.min.year), min(first + YEARS_AT_ONCE, date.max.year + 1))
    return frozenset(map(date.fromisoformat, _ask("days", country, region, *map(str, years))))


def _ask(*words: str) -> Any:
    """Raises `SubprocessError` or `OSError` when the process cannot answer; failures are not cached."""
    command = (sys.executable, "-P", "-m", "bot.settings.holiday_lookup", *words)
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=LIMIT_SECONDS)  # noqa: S603
    return json.loads(answer.stdout)
