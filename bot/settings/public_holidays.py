"""Public holidays by country and region, looked up in a process of its own (`holiday_lookup` says why)."""

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
    """The names of the regions of `country` (ISO 3166, "DE"); `None` for a country whose holidays are not known."""
    found = _ask("regions", country)
    return None if found is None else frozenset(found)


def public_holidays(country: str, region: str = "") -> Callable[[date], bool]:
    """Whether a day is a public holiday of `country`, and of its `region` ("BY") if one is named: both of `regions_of`.

    The first day of a decade that is asked about takes a process, some 0.1 s.
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
    """Raises `SubprocessError` or `OSError` when the process cannot answer; nothing of that is remembered."""
    command = (sys.executable, "-P", "-m", "bot.settings.holiday_lookup", *words)
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=LIMIT_SECONDS)  # noqa: S603
    return json.loads(answer.stdout)
