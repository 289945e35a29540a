"""The figures as plain tables: for the terminal, for CSV files and for JSON. Durations are in whole seconds."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.statistics.compute import Figures, Outcomes
from bot.statistics.rows import Spread

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """A name (fit for a file), what it shows, its columns and its rows."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


_TIMES = ("cases", "lower_quartile_s", "median_s", "upper_quartile_s")
_COUNTS = (
    "walks", "visits", "left", "cancelled", "restarted", "silent", "support", "words", "where", "back", "revert",
    "refused", "reminded",
)  # fmt: skip
_OUTCOMES = ("started", "done", "cancelled", "reverted", "silent", "under_way")


def tables(figures: Figures) -> list[Table]:
    """All of them, in the order they are read."""
    return list(_tables(figures))


def _tables(figures: Figures) -> Iterator[Table]:
    overview = {
        **asdict(figures.outcomes),
        "of_them_restarted": figures.restarted,
        "on_the_phone": figures.on_the_phone,
    }
    yield _pairs("overview", "Walks", overview | {"tickets": figures.tickets})
    yield _steps(figures)
    rows = [(one.step, one.event, one.field, one.reason, one.times, one.walks) for one in figures.refusals]
    yield Table(
        "refusals", "What was refused, and why", ("step", "event", "field", "reason", "times", "walks"), tuple(rows)
    )
    fetched = tuple((one.which, one.worked, one.failed) for one in figures.fetches)
    yield Table("fetches", "What fetching the orders gave", ("fetch", "worked", "failed"), fetched)
    kinds = [(kind, name, count) for kind, found in figures.tickets_by.items() for name, count in found.items()]
    yield Table("tickets", "Tickets", ("by", "value", "tickets"), tuple(kinds))
    spans = {
        "walk_done": figures.whole,
        "ticket_taken": figures.services.taken,
        "ticket_answered": figures.services.answered,
    }
    spans["ticket_solved"] = figures.services.solved
    timed: tuple[tuple[Cell, ...], ...] = tuple((name, *_times(one)) for name, one in spans.items())
    yield Table("times", "Times from the beginning, the desk as a whole", ("until", *_TIMES), timed)
    weekly: tuple[tuple[Cell, ...], ...] = tuple(
        (one.monday.isoformat(), *_cells(one.outcomes), one.tickets) for one in figures.weeks
    )
    yield Table("weeks", "Weeks, by their Monday", ("week", *_OUTCOMES, "tickets"), weekly)
    yield _groups("languages", "Languages", "language", figures.languages)
    yield _groups("guides", "Versions of the guides", "guide", figures.by_guide_version)


def _steps(figures: Figures) -> Table:
    started = max(figures.outcomes.started, 1)
    rows = tuple(
        (one.step, round(100 * one.walks / started, 1), *(getattr(one, name) for name in _COUNTS), *_times(one.time))
        for one in figures.steps
    )
    return Table("steps", "Steps", ("step", "reached_percent", *_COUNTS, *_TIMES), rows)


def _pairs(name: str, title: str, values: Mapping[str, int]) -> Table:
    return Table(name, title, ("figure", "value"), tuple(values.items()))


def _groups(name: str, title: str, column: str, groups: Mapping[str, Outcomes]) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple((key, *_cells(one)) for key, one in groups.items())
    return Table(name, title, (column, *_OUTCOMES), rows)


def _cells(outcomes: Outcomes) -> tuple[int, ...]:
    return tuple(getattr(outcomes, name) for name in _OUTCOMES)


def _times(one: Spread) -> tuple[Cell, ...]:
    quarters = [None if value is None else round(value) for value in (one.lower, one.median, one.upper)]
    return (one.cases, *quarters)


def as_json(figures: Figures) -> dict[str, Any]:
    """Each table as a list of objects under its name, and when the figures were taken."""
    told: dict[str, Any] = {"at": figures.now.isoformat(timespec="seconds")}
    for table in tables(figures):
        told[table.name] = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return told


def as_csv(table: Table) -> str:
    """One table with a head line, as RFC 4180 has it; a missing value is empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows(table.rows)
    return out.getvalue()


def as_one_csv(figures: Figures) -> str:
    """All tables in one: table, row, column, value."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("table", "row", "column", "value"))
    for table in tables(figures):
        for number, row in enumerate(table.rows, 1):
            writer.writerows((table.name, number, *pair) for pair in zip(table.columns, row, strict=True))
    return out.getvalue()
