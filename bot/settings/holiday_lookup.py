"""Prints public holidays as JSON: `python -m bot.settings.holiday_lookup regions DE`, or `… days DE BY 2026 2027`.

Run as a separate process, because the library `holidays` imports the calendars of all 250 countries to know one, which
takes 11 MB of memory. Prints the regions of a country (`null` for an unknown country), or the dates of the holidays.
"""

import json
import sys

import holidays


def regions(country: str) -> list[str] | None:
    """The names under which the library knows the regions of `country`, or `None` for an unknown country."""
    if country not in holidays.list_supported_countries():
        return None
    calendar = getattr(holidays, country)
    parent = calendar.parent_entity.subdivisions if calendar.parent_entity is not None else ()
    return sorted({*calendar.subdivisions, *calendar.subdivisions_aliases, *parent})


def days(country: str, region: str, years: list[str]) -> list[str]:
    """The holidays of the country, and of the region unless it is empty, as ISO dates."""
    calendar = holidays.country_holidays(country, subdiv=region or None, years=[int(year) for year in years])
    return sorted(day.isoformat() for day in calendar)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["regions", country]:
            sys.stdout.write(json.dumps(regions(country)))
        case ["days", country, region, *years]:
            sys.stdout.write(json.dumps(days(country, region, years)))
        case _:
            sys.exit(__doc__)
