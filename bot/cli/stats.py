"""`amazon-token stats`: where people stop, how long steps take, how fetches ended. No figure is about one person."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.cli_support import explained, opened_store, procedure_named, read_settings, stop

if TYPE_CHECKING:
    from rich.table import Table as RichTable

    from bot.statistics.compute import Figures
    from bot.statistics.rows import Selection
    from bot.statistics.tables import StatisticsTable
    from conversations.engine.procedure import AnyProcedure
    from conversations.engine.texts import Language

_DAY = ["%Y-%m-%d"]


class OneLanguage(StrEnum):
    """A language to select."""

    de = "de"
    en = "en"


def add_to(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(stats)


def stats(
    since: Annotated[
        datetime | None,
        typer.Option("--from", formats=_DAY, metavar="DAY", help="Only what began on this day or later."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--to", formats=_DAY, metavar="DAY", help="Only what began on this day or earlier."),
    ] = None,
    language: Annotated[OneLanguage | None, typer.Option(help="Only walks and tickets in this language.")] = None,
    guide: Annotated[str | None, typer.Option(help="Only walks that last showed this version of the texts.")] = None,
    procedure: Annotated[
        str | None, typer.Option(help="The procedure, by its ID. Default: the first one.", metavar="ID")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(help="Write CSV: one file per table into a folder, or everything into one FILE.csv.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="Write the picture that the support channel gets as a PNG file, in --language.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Show figures from the history: results by week, steps, refused entries, fetches, tickets, support times.

    Days are those of TIME_ZONE. Support times cover all agents together and are shown only when there are enough
    agents. docs/data.md explains every figure.

    Example: amazon-token stats --from 2026-11-01 --csv figures
    """
    from bot.statistics import tables as writing  # noqa: PLC0415 - imported when a command runs, so that help is quick

    with explained():
        selection = _selection(since, until, language.value if language is not None else None, guide)
    figures = _figures(selection, procedure_named(procedure))
    if csv is not None:
        _write_csv(figures, csv)
    if picture is not None:
        _write_picture(figures, picture, language, since, until)
    if as_json:
        typer.echo(json.dumps(writing.as_json(figures), ensure_ascii=False, indent=2))
    elif csv is None and picture is None:
        _print(writing.tables(figures), figures.procedure.measures.counted)


def _selection(since: datetime | None, until: datetime | None, language: str | None, guide: str | None) -> "Selection":
    from bot.statistics.rows import Selection  # noqa: PLC0415 - the same

    if since is not None and until is not None and until < since:
        stop("--to is before --from.")
    return Selection(
        since=_begins(since) if since is not None else None,
        until=_begins(until + timedelta(days=1)) if until is not None else None,
        language=language,
        guide_version=guide,
    )


def _begins(day: datetime) -> datetime:
    return day.replace(tzinfo=_zone()).astimezone(UTC)


def _zone() -> ZoneInfo:
    return ZoneInfo(read_settings().time_zone)


def _figures(selection: "Selection", procedure: "AnyProcedure") -> "Figures":
    from bot.statistics.compute import compute  # noqa: PLC0415 - the same

    with opened_store() as store:
        settings = read_settings()
        history = store.history(replace(selection, procedure=procedure.id), settings.default_locale)
    now = datetime.now(UTC)
    return compute(history, procedure, now, _zone(), min_agents=settings.figures_min_agents)


def _write_csv(figures: "Figures", place: Path) -> None:
    from bot.statistics import tables as writing  # noqa: PLC0415 - the same

    try:
        if place.suffix.lower() == ".csv":
            place.write_text(writing.as_one_csv(figures), "utf-8", newline="")
            typer.echo(f"{place} has all figures", err=True)
            return
        place.mkdir(parents=True, exist_ok=True)
        for table in writing.tables(figures):
            (place / f"{table.name}.csv").write_text(writing.as_csv(table), "utf-8", newline="")
    except OSError as error:
        stop(f"{error.filename} cannot be written: {error.strerror}. Name another place.")
    typer.echo(f"{len(writing.tables(figures))} tables are in {place}", err=True)


def _write_picture(
    figures: "Figures", place: Path, language: OneLanguage | None, since: datetime | None, until: datetime | None
) -> None:
    from bot.images.render import png  # noqa: PLC0415 - the same
    from bot.services import statistics_text  # noqa: PLC0415 - the same
    from bot.statistics.chart_svg import svg  # noqa: PLC0415 - the same
    from conversations.all_texts import load_texts  # noqa: PLC0415 - the same

    settings = read_settings()
    shown_in: Language = settings.support_locale if language is None else "de" if language is OneLanguage.de else "en"
    texts = load_texts(settings.guide_dir).of(shown_in, figures.procedure.id)
    today = figures.now.astimezone(_zone()).date()
    first = since.date() if since is not None else figures.weeks[0].monday if figures.weeks else today
    last = until.date() if until is not None else today
    days = {"first": statistics_text.day(texts, first), "last": statistics_text.day(texts, last)}
    try:
        place.write_bytes(png(svg(statistics_text.chart_of(texts, figures, **days))))
    except OSError as error:
        stop(f"{error.filename} cannot be written: {error.strerror}. Name another place.")
    typer.echo(f"{place} shows the figures", err=True)


def _print(tables: "list[StatisticsTable]", counted: tuple[str, ...]) -> None:
    from rich.console import Console  # noqa: PLC0415 - the same

    console = Console()
    for table in tables:
        for title, columns in _views(counted).get(table.name, ((table.title, table.columns),)):
            if table.rows:
                console.print(_rich(table, title, columns))
            else:
                console.print(f"{title}: nothing yet.")
            console.print()


_TableView = tuple[str, tuple[str, ...]]


def _views(counted: tuple[str, ...]) -> dict[str, tuple[_TableView, ...]]:
    """The columns shown in the terminal, so that 80 characters are enough; files have all columns."""
    far = ("step", "reached_percent", "walks", "left", "lower_quartile_s", "median_s", "upper_quartile_s")
    trouble = ("step", "support", "words", "where", "back", *counted, "refused")
    return {
        "steps": (("Steps: how far, how long", far), ("Steps: walks in which …", trouble)),
        "refusals": (("What was refused, and why", ("step", "field", "reason", "times", "walks")),),
    }


_HEADS = {
    "reached_percent": "reached %", "median_s": "median", "lower_quartile_s": "¼ below", "upper_quartile_s": "¼ above",
    "alone": "no person", "alone_percent": "%", "median_to_orders_s": "to orders",
    "median_first_answer_s": "first answer", "support": "called support", "words": "typed help", "where": "asked where",
}  # fmt: skip


def _rich(table: "StatisticsTable", title: str, columns: tuple[str, ...]) -> "RichTable":
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - the same
    from rich.table import Table as RichTable  # noqa: PLC0415 - the same

    shown = [table.columns.index(name) for name in columns]
    rich = RichTable(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for number in shown:
        words = all(isinstance(row[number], str | None) for row in table.rows)
        name = table.columns[number]
        rich.add_column(_HEADS.get(name, name.replace("_", " ")), justify="left" if words else "right", no_wrap=words)
    for row in table.rows:
        rich.add_row(*(_cell(table.columns[number], row[number]) for number in shown))
    return rich


def _cell(column: str, value: object) -> str:
    if value is None:
        return "too few" if column.startswith("median_") else ""
    if column.endswith("_s") and isinstance(value, int | float):
        return span(value)
    return str(value)


def span(seconds: float) -> str:
    """A duration in its largest sensible unit: "45 s", "12 min", "3.5 h", "2.1 d"."""
    for size, unit in ((86400, "d"), (3600, "h")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds / 60:.0f} min" if seconds >= 100 else f"{seconds:.0f} s"  # noqa: PLR2004 - easier to read so
