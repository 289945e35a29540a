"""`amazon-token guide`: which texts are long or hard, which steps lack a picture, and where people stumble."""

import csv as csv_files
import io
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.cli.cli_support import explained, opened_store, read_settings, stop
from bot.cli.stats import span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from bot.statistics.guide_usage import StepReport, TextReport

STEP_HEADS = (
    "step", "title", "trouble_per_100", "walks", "left", "asked_for_help", "asked_where", "back", "refused",
    "median_s", "picture", "words_de", "ease_de", "words_en", "ease_en",
)  # fmt: skip
TEXT_HEADS = ("key", "language", "words", "sentences", "longest_sentence", "ease", "remarks")
_WIDEST = 22
"""Characters of a title in the terminal."""
_SHORT = {
    "trouble_per_100": "trouble", "asked_for_help": "help", "asked_where": "where", "longest_sentence": "longest",
    "language": "in",
}  # fmt: skip
_TOLD = 15
"""Texts shown in the terminal unless all are asked for."""
ReportRow = tuple[str, ...]


def add_to(app: typer.Typer) -> None:
    """Make the command part of `app`."""
    app.command()(guide)


def guide(
    days: Annotated[int, typer.Option(min=1, max=3650, help="Look at walks that began in the last so many days.")] = 90,
    html: Annotated[Path | None, typer.Option(help="Write the report as a page into this file.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write steps.csv and texts.csv into this folder.")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Show every text, not only those worth a look.")] = False,
) -> None:
    """Report on the guides: where people stumble, and which texts are hard to read or lack a picture.

    Ease goes from 0 to 100 (Amstad's formula for German, Flesch's for English); "too short" texts have none.

    Example: amazon-token guide --html guide.html
    """
    steps, texts = _reports(days)
    try:
        if html is not None:
            html.write_text(_page(steps, texts, days), "utf-8")
            typer.echo(f"{html} is written", err=True)
        if csv is not None:
            csv.mkdir(parents=True, exist_ok=True)
            for name, heads, rows in (("steps", STEP_HEADS, steps), ("texts", TEXT_HEADS, texts)):
                (csv / f"{name}.csv").write_text(_csv(heads, rows), "utf-8", newline="")
            typer.echo(f"steps.csv and texts.csv are in {csv}", err=True)
    except OSError as error:
        stop(f"{error.filename} cannot be written: {error.strerror}. Name another place.")
    if html is None and csv is None:
        _print(steps, texts, everything=everything)


def _reports(days: int) -> tuple[list[ReportRow], list[ReportRow]]:
    from bot.app.bootstrap import load_texts  # noqa: PLC0415 - the same
    from bot.statistics import guide_usage  # noqa: PLC0415 - the same
    from bot.statistics.compute import compute  # noqa: PLC0415 - the same
    from bot.statistics.rows import Selection  # noqa: PLC0415 - the same
    from conversations.amazon_token.illustrations import ILLUSTRATIONS  # noqa: PLC0415 - the same
    from conversations.amazon_token.steps import ENDS, STEPS  # noqa: PLC0415 - the same

    with explained():
        settings = read_settings()
        all_texts: dict[str, Mapping[str, str]] = {
            language: one.texts for language, one in load_texts(settings.guide_dir).items()
        }
    now = datetime.now(UTC)
    with opened_store() as store:
        history = store.history(Selection(since=now - timedelta(days=days)), settings.default_locale)
    figures = compute(history, tuple(STEPS), now, ZoneInfo(settings.time_zone))
    pictures = {
        name: "yes" if ILLUSTRATIONS[name] is not None else "none" if step.place is not None else ""
        for name, step in STEPS.items()
    }
    steps = [name for name in STEPS if name not in ENDS]
    reports = guide_usage.step_reports(all_texts, steps, pictures, figures)
    own = settings.support_locale
    return [_step_row(one, own) for one in reports], [_text_row(one) for one in guide_usage.text_reports(all_texts)]


def _step_row(one: "StepReport", language: str) -> ReportRow:
    told = one.figures
    figures = (
        ("", "0", "", "", "", "", "", "")
        if told is None
        else (
            str(round(100 * one.stumbled)), str(told.walks), str(told.left), str(told.support + told.words),
            str(told.where), str(told.back), str(told.refused),
            "" if told.time.median is None else str(round(told.time.median)),
        )
    )  # fmt: skip
    lengths = (str(one.words["de"]), _number(one.ease["de"]), str(one.words["en"]), _number(one.ease["en"]))
    return (one.step, one.titles[language], *figures, one.picture, *lengths)


def _text_row(one: "TextReport") -> ReportRow:
    reading = one.reading
    counts = (str(reading.words), str(reading.sentences), str(reading.longest))
    return (one.key, one.language, *counts, _number(reading.ease), ", ".join(one.remarks))


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
    "Where people stumble": (
        "title", "trouble_per_100", "walks", "left", "asked_for_help", "asked_where", "back", "refused",
    ),
    "The same steps: how long, and how they read": (
        "title", "median", "picture", "words_de", "ease_de", "words_en", "ease_en",
    ),
}  # fmt: skip
"""Two tables, so that a terminal of 80 columns holds them."""
_READ_HEADS = (*STEP_HEADS[:_MEDIAN], "median", *STEP_HEADS[_MEDIAN + 1 :])


def _read(steps: list[ReportRow]) -> list[ReportRow]:
    """The same for people: a duration in its largest sensible unit."""
    told = [span(float(row[_MEDIAN])) if row[_MEDIAN] else "" for row in steps]
    return [(*row[:_MEDIAN], median, *row[_MEDIAN + 1 :]) for row, median in zip(steps, told, strict=True)]


def _worth(texts: list[ReportRow]) -> list[ReportRow]:
    return [row for row in texts if row[-1]]


def _print(steps: list[ReportRow], texts: list[ReportRow], *, everything: bool) -> None:
    from rich.console import Console  # noqa: PLC0415 - the same

    console = Console()
    # The names of the steps are for files; people read the titles.
    rows = _read(steps)
    for title, names in _VIEWS.items():
        places = [_READ_HEADS.index(name) for name in names]
        _table(console, title, names, [tuple(row[place] for place in places) for row in rows])
    worth = _worth(texts)
    shown = texts if everything else worth[:_TOLD]
    # The number of sentences follows from the rest; a terminal of 80 columns has no room for it.
    heads, rows = ([(*row[:3], *row[4:]) for row in told] for told in ([TEXT_HEADS], shown))
    _table(console, "Texts" if everything else "Texts worth a look", heads[0], rows)
    console.print(f"{len(worth)} of {len(texts)} texts are hard or have a long sentence; {len(shown)} are shown.")


def _table(console: "Console", title: str, heads: ReportRow, rows: list[ReportRow]) -> None:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - the same
    from rich.table import Table  # noqa: PLC0415 - the same
    from rich.text import Text  # noqa: PLC0415 - the same

    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for number, head in enumerate(heads):
        texts = number == 0 or head in {"remarks", "language", "picture"}
        # A key that is cut off could not be looked up; a title is known by its beginning.
        first: Any = {"max_width": _WIDEST} if head == "title" else {}
        name = _SHORT.get(head, head.replace("_", " "))
        table.add_column(name, justify="left" if texts else "right", no_wrap=number == 0, **first)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


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


def _page(steps: list[ReportRow], texts: list[ReportRow], days: int) -> str:
    """One page without anything from outside."""
    worth = _worth(texts)
    lead = (
        f"Walks that began in the last {days} days; {len(worth)} of {len(texts)} texts are worth a look. Ease goes "
        "from 0 (hard) to 100 (easy). Trouble: for each 100 walks at a step, how often somebody left (counts twice), "
        "asked, went back or had an entry refused."
    )
    parts = [
        f"<h1>Guides</h1><p>{lead}</p>",
        "<h2>Where people stumble</h2>", _html_table("Steps", _READ_HEADS, _read(steps)),
        "<h2>Texts worth a look</h2>", _html_table("Texts worth a look", TEXT_HEADS, worth),
        "<h2>All other texts</h2>", _html_table("All other texts", TEXT_HEADS, [row for row in texts if not row[-1]]),
    ]  # fmt: skip
    head = f"<title>Guides</title><style>{_STYLE}</style>"
    metas = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    body = "\n".join(parts)
    return f'<!doctype html>\n<html lang="en">{metas}{head}\n<body>\n{body}\n</body></html>\n'


def _html_table(label: str, heads: ReportRow, rows: list[ReportRow]) -> str:
    top = "".join(f'<th scope="col">{escape(head.replace("_", " "))}</th>' for head in heads)
    body = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    table = f"<table><thead><tr>{top}</tr></thead><tbody>\n{body}\n</tbody></table>"
    return f'<div role="region" tabindex="0" aria-label="{escape(label)}">{table}</div>'
