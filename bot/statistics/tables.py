"""The statistics as plain tables, for the terminal, CSV and JSON. Durations are in whole seconds."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.statistics.compute import Figures, Outcomes
from bot.statistics.rows import Spread
from conversations.ticket.support_text_schema import FACES

Cell = str | int | float | None


@dataclass(frozen=True)
class StatisticsTable:
    """A table. `name` is also used as a file name; `title` says what it shows."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


_TIMES = ("cases", "lower_quartile_s", "median_s", "upper_quartile_s")
_COUNTS = (
    "walks", "visits", "left", "cancelled", "restarted", "silent", "support", "words", "where", "back",
)  # fmt: skip
_MORE_COUNTS = ("refused", "reminded")


def tables(figures: Figures) -> list[StatisticsTable]:
    """All tables, in the order in which they are shown."""
    return list(_tables(figures))


def _tables(figures: Figures) -> Iterator[StatisticsTable]:
    yield _results(figures)
    said = figures.results.faces
    faces = tuple((face, said[face], figures.results.share_of(face)) for face in FACES)
    yield StatisticsTable("ratings", "How it was, asked at the end", ("face", "walks", "percent"), faces)
    yield StatisticsTable("sentences", "What was written about it", ("face", "sentence"), tuple(figures.sentences))
    overview = {
        **dict(figures.outcomes.items()),
        "of_them_restarted": figures.restarted,
        "on_the_phone": figures.on_the_phone,
    }
    yield _pairs("overview", "Walks", overview | {"tickets": figures.tickets})
    yield _steps(figures)
    rows = [(r.step, r.event, r.field, r.reason, r.times, r.walks) for r in figures.refusals]
    yield StatisticsTable(
        "refusals", "What was refused, and why", ("step", "event", "field", "reason", "times", "walks"), tuple(rows)
    )
    if figures.attempts:
        tried = tuple((attempts.which, attempts.worked, attempts.failed) for attempts in figures.attempts)
        yield StatisticsTable("fetches", "What attempts gave", ("fetch", "worked", "failed"), tried)
    missed = tuple((step, language, times) for (step, language), times in figures.not_understood.items())
    yield StatisticsTable("not_understood", "Messages that were not understood", ("step", "language", "times"), missed)
    counted = [(field, value, count) for field, counts in figures.tickets_by.items() for value, count in counts.items()]
    yield StatisticsTable("tickets", "Tickets", ("by", "value", "tickets"), tuple(counted))
    spans = {
        "walk_done": figures.results.time_to_orders,
        "ticket_taken": figures.support.taken,
        "ticket_answered": figures.support.answered,
        "ticket_solved": figures.support.solved,
    }
    timed: tuple[tuple[Cell, ...], ...] = tuple((name, *_times(spread)) for name, spread in spans.items())
    yield StatisticsTable("times", "Times from the beginning, support as a whole", ("until", *_TIMES), timed)
    weekly: tuple[tuple[Cell, ...], ...] = tuple(
        (week.monday.isoformat(), *_cells(week.outcomes), week.tickets) for week in figures.weeks
    )
    yield StatisticsTable(
        "weeks", "Weeks, by their Monday", ("week", *dict(figures.outcomes.items()), "tickets"), weekly
    )
    outcomes = tuple(dict(figures.outcomes.items()))
    yield _groups("languages", "Languages", "language", outcomes, figures.languages)
    yield _groups("guides", "Versions of the guides", "guide", outcomes, figures.by_guide_version)


def _results(figures: Figures) -> StatisticsTable:
    """What it came to, in all and by week; `alone` of the walks with orders needed no person."""
    rows: list[tuple[Cell, ...]] = []
    weeks = [(week.monday.isoformat(), week.results) for week in figures.weeks]
    for name, results in [("all", figures.results), *weeks]:
        alone = round(100 * results.alone / results.started) if results.started else None
        medians = (results.time_to_orders.median, results.first_answer.median)
        times = (None if median is None else round(median) for median in medians)
        counts = (results.started, results.orders, results.alone, alone)
        rows.append((name, *counts, *times, results.asked, results.rejected))
    columns = ("week", "started", "orders", "alone", "alone_percent", "median_to_orders_s", "median_first_answer_s")
    return StatisticsTable("results", "Results, by the week of the start", (*columns, "asked", "rejected"), tuple(rows))


def _steps(figures: Figures) -> StatisticsTable:
    started = max(figures.outcomes.started, 1)
    rows: list[tuple[Cell, ...]] = []
    for step in figures.steps:
        counts = (getattr(step, name) for name in _COUNTS)
        more = (getattr(step, name) for name in _MORE_COUNTS)
        reached = round(100 * step.walks / started, 1)
        rows.append((step.step, reached, *counts, *step.counted.values(), *more, *_times(step.time)))
    columns = ("step", "reached_percent", *_COUNTS, *figures.procedure.measures.counted, *_MORE_COUNTS, *_TIMES)
    return StatisticsTable("steps", "Steps", columns, tuple(rows))


def _pairs(name: str, title: str, values: Mapping[str, int]) -> StatisticsTable:
    return StatisticsTable(name, title, ("figure", "value"), tuple(values.items()))


def _groups(
    name: str, title: str, column: str, outcomes: tuple[str, ...], groups: Mapping[str, Outcomes]
) -> StatisticsTable:
    rows: tuple[tuple[Cell, ...], ...] = tuple((key, *_cells(group)) for key, group in groups.items())
    return StatisticsTable(name, title, (column, *outcomes), rows)


def _cells(outcomes: Outcomes) -> tuple[int, ...]:
    return tuple(count for _, count in outcomes.items())


def _times(spread: Spread) -> tuple[Cell, ...]:
    quartiles = [None if value is None else round(value) for value in (spread.lower, spread.median, spread.upper)]
    return (spread.cases, *quartiles)


def as_json(figures: Figures) -> dict[str, Any]:
    """Each table as a list of objects under its name, and under "at" when the figures were computed."""
    document: dict[str, Any] = {"at": figures.now.isoformat(timespec="seconds")}
    for table in tables(figures):
        document[table.name] = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return document


def as_csv(table: StatisticsTable) -> str:
    """One table as CSV (RFC 4180) with a header line; a missing value is empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows(table.rows)
    return out.getvalue()


def as_one_csv(figures: Figures) -> str:
    """All tables as one CSV with the columns table, row, column and value."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("table", "row", "column", "value"))
    for table in tables(figures):
        for number, row in enumerate(table.rows, 1):
            writer.writerows((table.name, number, *pair) for pair in zip(table.columns, row, strict=True))
    return out.getvalue()
