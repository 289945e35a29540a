"""The figures in Slack: on an agent's request, and of the week before in the support channel. Nobody is in them."""

import secrets
from datetime import UTC, date, datetime, time, timedelta

from bot.blocks import entry_messages
from bot.blocks.kit import Content, say
from bot.services import statistics_text as wording
from bot.services.context import House
from bot.services.unit_of_work import Unit
from bot.statistics.compute import Figures, compute
from bot.statistics.rows import Selection
from bot.store.protocol import Transaction
from conversations.amazon_token.steps import STEPS
from conversations.engine.texts import Guide

CHORE = "weekly_figures"
DAYS, MOST_DAYS = 28, 366
_DIGITS = 3
_CHANNEL = frozenset({"channel", "kanal"})


def asked(unit: Unit, rest: str) -> Content:
    """`stats`, `stats 90`, `stats channel`: the figures of the last days, today included."""
    words = rest.casefold().split()
    days = [word for word in words if word not in _CHANNEL]
    count = (
        int(days[0]) if len(days) == 1 and days[0].isascii() and days[0].isdecimal() and len(days[0]) <= _DIGITS else 0
    )
    if days and not 1 <= count <= MOST_DAYS:
        return entry_messages.told(unit.guide, "figures.unknown", command=unit.house.command)
    last = unit.house.waiting.patience.worktime.local_day(unit.now)
    first = last - timedelta(days=(count or DAYS) - 1)
    in_channel = len(words) > len(days)
    to = unit.house.support_channel if in_channel else unit.caller.user_id
    tell(unit, to, unit.support_guide if in_channel else unit.guide, first, last)
    return entry_messages.told(unit.guide, "figures.coming_channel" if in_channel else "figures.coming")


def next_monday(house: House, now: datetime) -> datetime:
    """The first working morning (UTC) of the first week that has one after `now`."""
    worktime, at = house.waiting.patience.worktime, house.waiting.digest_time
    today = worktime.local_day(now)
    monday = today - timedelta(days=today.weekday())
    while True:
        morning = worktime.at(monday if worktime.works_on(monday) else worktime.next_day(monday), at)
        if morning > now:
            return morning
        monday += timedelta(weeks=1)


def is_due(house: House, tx: Transaction, now: datetime) -> bool:
    """Whether the week's figures are to be told now; then the next ones are planned.

    After a downtime they come once, in working time: those of the week before, and none of the weeks before that.
    """
    planned = tx.chore(CHORE)
    if planned is not None and (planned > now or not house.waiting.patience.worktime.is_open(now)):
        return False
    tx.save_chore(CHORE, next_monday(house, now))
    return planned is not None and house.weekly_figures


def weekly(unit: Unit) -> None:
    """The week before, from Monday to Sunday, in the support channel; nothing of a week in which nothing began."""
    first = _monday(unit.house.waiting.patience.worktime.local_day(unit.now)) - timedelta(weeks=1)
    tell(unit, unit.house.support_channel, unit.support_guide, first, first + timedelta(days=6), empty=False)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def tell(unit: Unit, to: str, guide: Guide, first: date, last: date, *, empty: bool = True) -> None:
    """Let the figures of these days, both included, stand in `to`: the words at once, the picture drawn when sent."""
    figures = _compute(unit, first, last)
    days = {"first": wording.day(guide, first), "last": wording.day(guide, last)}
    if not figures.outcomes.started and not figures.tickets:
        if empty:
            unit.post(to, entry_messages.told(guide, "figures.nothing", **days))
        return
    filename = f"amazon-token-{first:%Y-%m-%d}-{secrets.token_hex(4)}.png"
    chart = wording.chart_of(guide, figures, **days)
    comment = f"{wording.text_of(guide, figures, chart)}\n{say(guide, 'figures.file', file=filename)}"
    alt = wording.alt_of(guide, chart)
    unit.draw(to, chart, filename=filename, title=chart["title"], comment=comment, alt=alt)


def _compute(unit: Unit, first: date, last: date) -> Figures:
    zone = unit.house.waiting.patience.worktime.zone
    begins, ends = (
        datetime.combine(day, time(), tzinfo=zone).astimezone(UTC) for day in (first, last + timedelta(days=1))
    )
    selection = Selection(since=begins, until=ends, team_id=unit.caller.team_id)
    history = unit.tx.history(selection, unit.house.default_language)
    return compute(history, tuple(STEPS), unit.now, zone, min_agents=unit.house.min_agents)
