"""`amazon-token guide`: where people get stuck, what they ask in vain, and which texts are hard to read."""

import csv as csv_files
import io
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.cli.cli_support import explained, opened_store, procedure_named, read_settings, stop
from bot.cli.stats import span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from bot.statistics.guide_usage import StepReport, TextReport
    from conversations.engine.procedure import AnyProcedure

STEP_HEADS = (
    "step", "title", "trouble_per_100", "walks", "left", "asked_for_help", "asked_where", "back", "refused",
    "median_s", "picture", "words_de", "ease_de", "words_en", "ease_en",
)  # fmt: skip
TEXT_HEADS = ("key", "language", "words", "sentences", "longest_sentence", "ease", "remarks")
MISSING_HEADS = ("step", "language", "times", "words", "nearest")
_WIDEST = 22
"""How many characters of a title fit in the terminal."""
_SHORT = {
    "trouble_per_100": "trouble", "asked_for_help": "help", "asked_where": "where", "longest_sentence": "longest",
    "language": "in",
}  # fmt: skip
_SHOWN = 15
"""How many texts the terminal shows without `--all`."""
ReportRow = tuple[str, ...]


def add_to(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(guide)


def guide(
    days: Annotated[
        int, typer.Option(min=1, max=3650, help="Count walks that began in the last DAYS days.", metavar="DAYS")
    ] = 90,
    html: Annotated[Path | None, typer.Option(help="Write the report as an HTML page to this file.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write steps.csv, texts.csv and missing.csv to this folder.")] = None,
    procedure: Annotated[
        str | None, typer.Option(help="The procedure, by its ID. Default: the first one.", metavar="ID")
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Show every text, not only those worth a look.")] = False,
    unsure: Annotated[
        bool, typer.Option("--unsure", help="Show only the texts that are concluded, not documented, and why.")
    ] = False,
) -> None:
    """Show what to improve first: steps where people get stuck, questions to write, texts that are hard to read.

    Reading ease goes from 0 (hard) to 100 (easy), by Amstad's formula for German and Flesch's for English. Texts that
    are too short have none. Questions to write are messages of the last 30 days that were not understood, with the
    question that came close; secrets are removed, and nobody is named.

    Example: amazon-token guide --html guide.html
    """
    if unsure:
        _print_unsure(procedure_named(procedure) if procedure is not None else None)
        return
    steps, texts, missing = _reports(days, procedure_named(procedure))
    try:
        if html is not None:
            html.write_text(_page(steps, texts, missing, days), "utf-8")
            typer.echo(f"{html} is written", err=True)
        if csv is not None:
            csv.mkdir(parents=True, exist_ok=True)
            tables = (("steps", STEP_HEADS, steps), ("texts", TEXT_HEADS, texts), ("missing", MISSING_HEADS, missing))
            for name, heads, rows in tables:
                (csv / f"{name}.csv").write_text(_csv(heads, rows), "utf-8", newline="")
            typer.echo(f"steps.csv, texts.csv and missing.csv are in {csv}", err=True)
    except OSError as error:
        stop(f"{error.filename} cannot be written: {error.strerror}. Name another place.")
    if html is None and csv is None:
        _print(steps, texts, missing, everything=everything)


def _reports(days: int, procedure: "AnyProcedure") -> tuple[list[ReportRow], list[ReportRow], list[ReportRow]]:
    from bot.statistics import guide_usage  # noqa: PLC0415 - the same
    from bot.statistics.compute import compute  # noqa: PLC0415 - the same
    from bot.statistics.rows import Selection  # noqa: PLC0415 - the same
    from conversations.all_texts import load_texts  # noqa: PLC0415 - the same

    with explained():
        settings = read_settings()
        loaded = load_texts(settings.guide_dir)
    all_texts: dict[str, Mapping[str, str]] = {language: loaded.of(language, procedure.id).texts for language in loaded}
    now = datetime.now(UTC)
    with opened_store() as store:
        selection = Selection(since=now - timedelta(days=days), procedure=procedure.id)
        history = store.history(selection, settings.default_locale)
    figures = compute(history, procedure, now, ZoneInfo(settings.time_zone))
    pictures = {
        name: "yes" if procedure.pictures.by_step.get(name) is not None else "none" if step.place is not None else ""
        for name, step in procedure.steps.items()
    }
    steps = [name for name in procedure.steps if name not in procedure.ends]
    reports = guide_usage.step_reports(all_texts, steps, pictures, figures)
    own = settings.support_locale
    step_rows = [_step_row(report, own) for report in reports]
    text_rows = [_text_row(report) for report in guide_usage.text_reports(all_texts)]
    missing = guide_usage.missing_questions(history.not_understood)
    return step_rows, text_rows, [(one.step, one.language, str(one.times), one.words, one.nearest) for one in missing]


def _step_row(report: "StepReport", language: str) -> ReportRow:
    figures = report.figures
    counts = (
        ("", "0", "", "", "", "", "", "")
        if figures is None
        else (
            str(round(100 * report.stumbled)), str(figures.walks), str(figures.left),
            str(figures.support + figures.words), str(figures.where), str(figures.back), str(figures.refused),
            "" if figures.time.median is None else str(round(figures.time.median)),
        )
    )  # fmt: skip
    lengths = (
        str(report.words["de"]), _number(report.ease["de"]), str(report.words["en"]), _number(report.ease["en"]),
    )  # fmt: skip
    return (report.step, report.titles[language], *counts, report.picture, *lengths)


def _text_row(report: "TextReport") -> ReportRow:
    reading = report.reading
    counts = (str(reading.words), str(reading.sentences), str(reading.longest))
    return (report.key, report.language, *counts, _number(reading.ease), ", ".join(report.remarks))


def _number(ease: float | None) -> str:
    return "" if ease is None else str(round(ease))


def _csv(heads: ReportRow, rows: list[ReportRow]) -> str:
    out = io.StringIO()
    writer = csv_files.writer(out)
    writer.writerow(heads)
    writer.writerows(rows)
    return out.getvalue()


_MEDIAN = STEP_HEADS.index("median_s")
_VIEWS: dict[str, ReportRow] = {
    "Where people get stuck": (
        "title", "trouble_per_100", "walks", "left", "asked_for_help", "asked_where", "back", "refused",
    ),
    "The same steps: how long, and how they read": (
        "title", "median", "picture", "words_de", "ease_de", "words_en", "ease_en",
    ),
}  # fmt: skip
"""Two tables, so that 80 characters are enough."""
_READ_HEADS = (*STEP_HEADS[:_MEDIAN], "median", *STEP_HEADS[_MEDIAN + 1 :])


def _read(steps: list[ReportRow]) -> list[ReportRow]:
    """The same rows with durations that people can read."""
    medians = [span(float(row[_MEDIAN])) if row[_MEDIAN] else "" for row in steps]
    return [(*row[:_MEDIAN], median, *row[_MEDIAN + 1 :]) for row, median in zip(steps, medians, strict=True)]


_MISSING = "Not understood: write these next"


def _worth_a_look(texts: list[ReportRow]) -> list[ReportRow]:
    return [row for row in texts if row[-1]]


def _print(steps: list[ReportRow], texts: list[ReportRow], missing: list[ReportRow], *, everything: bool) -> None:
    from rich.console import Console  # noqa: PLC0415 - the same

    console = Console()
    # Step names are for files; people read the titles.
    rows = _read(steps)
    for title, names in _VIEWS.items():
        places = [_READ_HEADS.index(name) for name in names]
        _table(console, title, names, [tuple(row[place] for place in places) for row in rows])
    if missing:
        listed = missing if everything else missing[:_SHOWN]
        _table(console, _MISSING, MISSING_HEADS, listed)
        console.print(f"{len(missing)} phrases were not understood; {len(listed)} are shown.")
    worth = _worth_a_look(texts)
    shown = texts if everything else worth[:_SHOWN]
    # 80 characters have no room for the number of sentences.
    heads, rows = ([(*row[:3], *row[4:]) for row in table] for table in ([TEXT_HEADS], shown))
    _table(console, "Texts" if everything else "Texts worth a look", heads[0], rows)
    console.print(
        f"{len(worth)} of {len(texts)} texts are hard to read or have a long sentence; {len(shown)} are shown."
    )


def _table(console: "Console", title: str, heads: ReportRow, rows: list[ReportRow]) -> None:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - the same
    from rich.table import Table  # noqa: PLC0415 - the same
    from rich.text import Text  # noqa: PLC0415 - the same

    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for number, head in enumerate(heads):
        texts = number == 0 or head in {"remarks", "language", "picture", "nearest"}
        # A truncated key could not be looked up; a title can be recognized by its beginning.
        first: Any = {"max_width": _WIDEST} if head == "title" else {}
        name = _SHORT.get(head, head.replace("_", " "))
        table.add_column(name, justify="left" if texts else "right", no_wrap=number == 0, **first)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def _print_unsure(procedure: "AnyProcedure | None") -> None:
    """Every text that is marked, of all procedures unless one is named; a text that the operator replaced is not."""
    from conversations.all_texts import load_texts  # noqa: PLC0415 - see the module's docstring
    from conversations.registry import PROCEDURES  # noqa: PLC0415 - the same

    with explained():
        loaded = load_texts(read_settings().guide_dir)
    shown = [procedure.id] if procedure is not None else list(PROCEDURES)
    blocks = [
        f"{name}/texts.{language}.yaml: {key}\n  Why: {why}\n  Says: {' '.join(texts.texts[key].split())}"
        for name in shown
        for language, texts in ((language, loaded.of(language, name)) for language in loaded)
        for key, why in texts.unsure.items()
    ]
    typer.echo("\n\n".join(blocks) or "No text is marked as unsure.")
    if blocks:
        typer.echo(f"\n{len(blocks)} texts. To replace one, write it into the same file below GUIDE_DIR.", err=True)


_STYLE = """
:root { color-scheme: light dark; font: 16px/1.4 system-ui, sans-serif; }
body { max-width: 100rem; margin: 2rem auto; padding: 0 1rem; }
div { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
th { position: sticky; top: 0; background: Canvas; vertical-align: bottom; }
th, td { text-align: right; } th:first-child, td:first-child, th:nth-child(2), td:nth-child(2) { text-align: left; }
td:last-child, th:last-child { text-align: left; }
"""


def _page(steps: list[ReportRow], texts: list[ReportRow], missing: list[ReportRow], days: int) -> str:
    """The report as one HTML page that loads nothing else."""
    worth = _worth_a_look(texts)
    lead = (
        f"Walks that began in the last {days} days; {len(worth)} of {len(texts)} texts are worth a look. Reading ease "
        "goes from 0 (hard) to 100 (easy). Trouble: per 100 walks at a step, how often somebody left (counts twice), "
        "asked for help, went back or had an entry refused."
    )
    parts = [
        f"<h1>Texts and steps</h1><p>{lead}</p>",
        "<h2>Where people get stuck</h2>", _html_table("Steps", _READ_HEADS, _read(steps)),
        f"<h2>{_MISSING}</h2>", _html_table(_MISSING, MISSING_HEADS, missing),
        "<h2>Texts worth a look</h2>", _html_table("Texts worth a look", TEXT_HEADS, worth),
        "<h2>All other texts</h2>", _html_table("All other texts", TEXT_HEADS, [row for row in texts if not row[-1]]),
    ]  # fmt: skip
    head = f"<title>Texts and steps</title><style>{_STYLE}</style>"
    metas = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    body = "\n".join(parts)
    return f'<!doctype html>\n<html lang="en">{metas}{head}\n<body>\n{body}\n</body></html>\n'


def _html_table(label: str, heads: ReportRow, rows: list[ReportRow]) -> str:
    top = "".join(f'<th scope="col">{escape(head.replace("_", " "))}</th>' for head in heads)
    body = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    table = f"<table><thead><tr>{top}</tr></thead><tbody>\n{body}\n</tbody></table>"
    return f'<div role="region" tabindex="0" aria-label="{escape(label)}">{table}</div>'
