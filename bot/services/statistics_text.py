"""The figures in the words of a guide: what the picture shows, what stands beside it, and what is read aloud."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from bot.blocks.kit import escape
from bot.statistics.compute import Figures
from bot.statistics.rows import Spread
from conversations.amazon_token.interpret import TOKEN_EVENTS
from conversations.engine.texts import Guide
from conversations.ticket import summary_sections
from conversations.ticket.formatter import Pen
from conversations.ticket.statistics_schema import KINDS, STAGES, TOKEN_REASONS

TROUBLES, TOLD = 5, 3
"""Steps in the picture, and in the message."""
CATEGORIES = 4
ALT_LIMIT = 1000
"""Characters of a description that Slack keeps with a picture."""


def day(guide: Guide, one: date) -> str:
    """A day as the guide writes it."""
    return guide.say("figures.day", day=f"{one.day:02}", month=f"{one.month:02}", year=one.year)


def chart_of(guide: Guide, figures: Figures, *, first: str, last: str) -> dict[str, Any]:
    """All that the picture shows, words as well, ready for JSON."""
    ends = figures.outcomes
    left = ends.cancelled + ends.silent + ends.reverted
    counts = {"started": ends.started, "done": ends.done, "left": left, "under_way": ends.under_way}
    return {
        "title": guide.say("figures.title", first=first, last=last),
        "subtitle": guide.say("figures.subtitle", **counts),
        "funnel_title": guide.say("figures.funnel_title"),
        "funnel": list(_funnel(guide, figures)),
        "trouble_title": guide.say("figures.trouble_title"),
        "kinds": [guide.say(f"figures.kinds.{kind}") for kind in KINDS],
        "trouble": list(_troubles(guide, figures)),
    }


def _funnel(guide: Guide, figures: Figures) -> Iterator[dict[str, Any]]:
    reached = {step.step: step.walks for step in figures.steps} | {"done": figures.outcomes.done}
    for stage in STAGES:
        count = reached.get(stage, 0)
        share = count / max(figures.outcomes.started, 1)
        shown = guide.say("figures.share", count=count, percent=round(100 * share))
        yield {"label": guide.say(f"figures.stages.{stage}"), "share": round(share, 4), "shown": shown}


def _troubles(guide: Guide, figures: Figures) -> Iterator[dict[str, Any]]:
    """The worst steps, of these the longest bar first."""
    pen = Pen(guide)
    worst = sorted(figures.steps, key=lambda one: -one.stumbled)[:TROUBLES]
    rows = [(one.step, [one.left, one.support + one.words, one.where, one.back, one.refused]) for one in worst]
    for step, parts in sorted(rows, key=lambda row: -sum(row[1])):
        if any(parts):
            yield {"label": summary_sections.named_step(pen, step), "parts": parts}


def text_of(guide: Guide, figures: Figures, chart: dict[str, Any]) -> str:
    """The same figures in words, and what the picture has no room for, as mrkdwn."""
    lines = [f"*{escape(chart['title'])}*", escape(chart["subtitle"]), ""]
    lines += _listed(chart["funnel_title"], _funnel_lines(guide, chart))
    lines += _listed(chart["trouble_title"], _trouble_lines(guide, chart)[:TOLD])
    return "\n".join([*lines, *map(escape, _more(guide, figures))])


def _listed(title: str, lines: list[str]) -> list[str]:
    return [f"*{escape(title)}*", *(f"•  {escape(line)}" for line in lines), ""] if lines else []


def alt_of(guide: Guide, chart: dict[str, Any]) -> str:
    """What is read aloud instead of the picture."""
    funnel, troubles = "; ".join(_funnel_lines(guide, chart)), "; ".join(_trouble_lines(guide, chart))
    return guide.say("figures.alt", title=chart["title"], funnel=funnel, trouble=troubles)[:ALT_LIMIT]


def _funnel_lines(guide: Guide, chart: dict[str, Any]) -> list[str]:
    return [guide.say("figures.stage_line", label=bar["label"], shown=bar["shown"]) for bar in chart["funnel"]]


def _trouble_lines(guide: Guide, chart: dict[str, Any]) -> list[str]:
    lines = []
    for row in chart["trouble"]:
        parts = [
            guide.say("figures.part", kind=kind, count=count)
            for kind, count in zip(chart["kinds"], row["parts"], strict=True)
            if count
        ]
        lines.append(guide.say("figures.trouble_line", label=row["label"], parts=", ".join(parts)))
    return lines


def _more(guide: Guide, figures: Figures) -> Iterator[str]:
    first, second, _ = figures.fetches
    if first.worked + first.failed:
        yield guide.say(
            "figures.fetches",
            first_worked=first.worked, first_asked=first.worked + first.failed,
            second_worked=second.worked, second_asked=second.worked + second.failed,
        )  # fmt: skip
    yield from _tokens(guide, figures)
    if figures.tickets:
        ranked = list(figures.tickets_by["category"].items())[:CATEGORIES]
        named = [
            guide.say("figures.reason", reason=guide.say(f"categories.{name}.name"), count=count)
            for name, count in ranked
        ]
        yield guide.say("figures.tickets", count=figures.tickets, categories=", ".join(named))
    yield from _answered(guide, figures.desk.answered)


def _tokens(guide: Guide, figures: Figures) -> Iterator[str]:
    counts: dict[str, int] = {}
    for one in figures.refusals:
        if one.event in TOKEN_EVENTS and one.reason in TOKEN_REASONS:
            counts[one.reason] = counts.get(one.reason, 0) + one.times
    named = [
        guide.say("figures.reason", reason=guide.say(f"figures.reasons.{reason}"), count=count)
        for reason, count in sorted(counts.items(), key=lambda one: -one[1])
    ]
    if named:
        yield guide.say("figures.tokens", count=sum(counts.values()), reasons=", ".join(named))


def _answered(guide: Guide, told: Spread) -> Iterator[str]:
    if told.median is None or told.lower is None or told.upper is None:
        return
    pen = Pen(guide)
    times = {"median": told.median, "lower": told.lower, "upper": told.upper}
    yield guide.say("figures.answered", **{name: pen.duration(seconds) for name, seconds in times.items()})
