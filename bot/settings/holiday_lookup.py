"""Public holidays for another process: `python -m bot.settings.holiday_lookup regions DE`, or `… days DE BY 2026 2027`.

The library `holidays` imports the calendars of all 250 countries for any one of them: 11 MB that a bot would keep.
Prints JSON: the regions of a country (`null` for one it does not know), or the dates of the holidays of the years.
"""

import json
import sys

import holidays


def regions(country: str) -> list[str] | None:
    """By which names the library knows the regions of `country`; `None` for a country it does not know."""
    if country not in holidays.list_supported_countries():
        return None
    known = getattr(holidays, country)
    parent = known.parent_entity.subdivisions if known.parent_entity is not None else ()
    return sorted({*known.subdivisions, *known.subdivisions_aliases, *parent})


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
