"""The figures in words: the chart's labels, the text beside it, and its alternative text."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from bot.blocks.kit import escape
from bot.statistics.compute import Figures, Results, Week
from conversations.engine.formatter import Formatter
from conversations.engine.texts import Texts
from conversations.ticket.progress import named_step
from conversations.ticket.support_text_schema import FACES, KINDS

TROUBLES, TOLD = 5, 3
"""Steps in the picture, and in the message."""
CATEGORIES = 4
ALT_LIMIT = 1000
"""Characters of a description that Slack keeps with a picture."""


def day(texts: Texts, date_shown: date) -> str:
    """A day as the language writes it."""
    return texts.say("figures.day", day=f"{date_shown.day:02}", month=f"{date_shown.month:02}", year=date_shown.year)


def chart_of(texts: Texts, figures: Figures, *, first: str, last: str) -> dict[str, Any]:
    """All that the picture shows, words as well, ready for JSON."""
    ends = figures.outcomes
    left = ends.started - figures.done - ends.under_way
    counts = {"started": ends.started, "done": figures.done, "left": left, "under_way": ends.under_way}
    return {
        "title": texts.say("figures.title", first=first, last=last),
        "subtitle": texts.say("figures.subtitle", **counts),
        "results_title": texts.say("figures.results_title"),
        "results": list(_results(texts, figures.results)),
        "funnel_title": texts.say("figures.funnel_title"),
        "funnel": list(_funnel(texts, figures)),
        "trouble_title": texts.say("figures.trouble_title"),
        "kinds": [texts.say(f"figures.kinds.{kind}") for kind in KINDS],
        "trouble": list(_troubles(texts, figures)),
    }


def _results(texts: Texts, results: Results) -> Iterator[dict[str, str]]:
    """What it came to: a label and what is shown beside it. A median of few cases is left out."""

    def line(name: str, shown: str) -> dict[str, str]:
        return {"label": texts.say(f"figures.results.{name}"), "shown": shown}

    share = round(100 * results.alone / results.started) if results.started else 0
    yield line("alone", texts.say("figures.share", count=results.alone, percent=share))
    formatter = Formatter(texts)
    for name, median in (("to_orders", results.time_to_orders.median), ("first_answer", results.first_answer.median)):
        if median is not None:
            yield line(name, formatter.duration(median))
    if results.asked:
        share = round(100 * results.rejected / results.asked)
        yield line("rejected", texts.say("figures.share", count=results.rejected, percent=share))
    shares = [(face, results.share_of(face)) for face in FACES]
    said = [
        texts.say("figures.face", face=texts.say(f"figures.faces.{face}"), percent=percent)
        for face, percent in shares
        if percent is not None
    ]
    if said:
        yield line("faces", " · ".join(said))


def week_lines(texts: Texts, weeks: Sequence[Week]) -> list[str]:
    """A line of results for each week, the newest first."""
    return [
        texts.say(
            "figures.week",
            day=day(texts, week.monday),
            results=" · ".join(texts.say("figures.stage_line", **line) for line in _results(texts, week.results)),
        )
        for week in reversed(weeks)
    ]


def _funnel(texts: Texts, figures: Figures) -> Iterator[dict[str, Any]]:
    reached = {step.step: step.walks for step in figures.steps} | dict(figures.outcomes.ended)
    screens = figures.procedure.screen_of
    for stage in figures.procedure.measures.funnel:
        count = reached.get(screens[stage], 0)
        share = count / max(figures.outcomes.started, 1)
        shown = texts.say("figures.share", count=count, percent=round(100 * share))
        yield {"label": texts.say(f"figures.stages.{stage}"), "share": round(share, 4), "shown": shown}


def _troubles(texts: Texts, figures: Figures) -> Iterator[dict[str, Any]]:
    """The worst steps, of these the longest bar first."""
    formatter = Formatter(texts)
    worst = sorted(figures.steps, key=lambda step_figures: -step_figures.stumbled)[:TROUBLES]
    rows = [
        (
            step_figures.step,
            [
                step_figures.left,
                step_figures.support + step_figures.words,
                step_figures.where,
                step_figures.back,
                step_figures.refused,
            ],
        )
        for step_figures in worst
    ]
    for step, parts in sorted(rows, key=lambda row: -sum(row[1])):
        if any(parts):
            yield {"label": named_step(formatter, figures.procedure, step), "parts": parts}


def text_of(texts: Texts, figures: Figures, chart: dict[str, Any], weeks: Sequence[Week] = ()) -> str:
    """The same figures in words, results first, those of `weeks` too; and what the picture has no room for; mrkdwn."""
    lines = [f"*{escape(chart['title'])}*", escape(chart["subtitle"]), ""]
    lines += _listed(chart["results_title"], _result_lines(texts, chart))
    lines += _listed(texts.say("figures.weeks_title"), week_lines(texts, weeks))
    lines += _listed(chart["funnel_title"], _funnel_lines(texts, chart))
    lines += _listed(chart["trouble_title"], _trouble_lines(texts, chart)[:TOLD])
    return "\n".join([*lines, *map(escape, _more(texts, figures))])


def _listed(title: str, lines: list[str]) -> list[str]:
    return [f"*{escape(title)}*", *(f"•  {escape(line)}" for line in lines), ""] if lines else []


def alt_of(texts: Texts, chart: dict[str, Any]) -> str:
    """What is read aloud instead of the picture."""
    results = "; ".join(_result_lines(texts, chart))
    funnel, troubles = "; ".join(_funnel_lines(texts, chart)), "; ".join(_trouble_lines(texts, chart))
    return texts.say("figures.alt", title=chart["title"], results=results, funnel=funnel, trouble=troubles)[:ALT_LIMIT]


def _result_lines(texts: Texts, chart: dict[str, Any]) -> list[str]:
    return [texts.say("figures.stage_line", **line) for line in chart["results"]]


def _funnel_lines(texts: Texts, chart: dict[str, Any]) -> list[str]:
    return [texts.say("figures.stage_line", label=bar["label"], shown=bar["shown"]) for bar in chart["funnel"]]


def _trouble_lines(texts: Texts, chart: dict[str, Any]) -> list[str]:
    lines = []
    for row in chart["trouble"]:
        parts = [
            texts.say("figures.part", kind=kind, count=count)
            for kind, count in zip(chart["kinds"], row["parts"], strict=True)
            if count
        ]
        lines.append(texts.say("figures.trouble_line", label=row["label"], parts=", ".join(parts)))
    return lines


def _more(texts: Texts, figures: Figures) -> Iterator[str]:
    first, second = (*figures.attempts[:2], None, None)[:2]
    if first is not None and second is not None and first.worked + first.failed:
        yield texts.say(
            "figures.fetches",
            first_worked=first.worked, first_asked=first.worked + first.failed,
            second_worked=second.worked, second_asked=second.worked + second.failed,
        )  # fmt: skip
    yield from _tokens(texts, figures)
    if figures.tickets:
        ranked = list(figures.tickets_by["category"].items())[:CATEGORIES]
        named = [
            texts.say("figures.reason", reason=texts.say(f"categories.{name}.name"), count=count)
            for name, count in ranked
        ]
        yield texts.say("figures.tickets", count=figures.tickets, categories=", ".join(named))


def _tokens(texts: Texts, figures: Figures) -> Iterator[str]:
    counts: dict[str, int] = {}
    secret_events, reasons = figures.procedure.secret_events, figures.procedure.measures.secret_reasons
    for refusal in figures.refusals:
        if refusal.event in secret_events and refusal.reason in reasons:
            counts[refusal.reason] = counts.get(refusal.reason, 0) + refusal.times
    lines = [
        texts.say("figures.reason", reason=texts.say(f"figures.reasons.{reason}"), count=count)
        for reason, count in sorted(counts.items(), key=lambda counted: -counted[1])
    ]
    if lines:
        yield texts.say("figures.tokens", count=sum(counts.values()), reasons=", ".join(lines))
