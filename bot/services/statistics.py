"""The figures in Slack: on an agent's request, and of the week before in the support channel. Nobody is in them."""

import secrets
from datetime import UTC, date, datetime, time, timedelta

from bot.blocks import entry_messages
from bot.blocks.kit import Content, say
from bot.services import statistics_text as wording
from bot.services.context import AppConfig
from bot.services.unit_of_work import UnitOfWork
from bot.statistics.compute import Figures, compute
from bot.statistics.rows import Selection
from bot.store.models import Destination
from bot.store.protocol import Transaction
from conversations.engine.procedure import AnyProcedure
from conversations.engine.texts import Language

JOB = "weekly_figures"
DAYS, MOST_DAYS = 28, 366
WEEKS = 4
"""So many of the last weeks are shown one by one."""
_DIGITS = 3
_CHANNEL = frozenset({"channel", "kanal"})


def requested(unit: UnitOfWork, rest: str) -> Content:
    """`stats`, `stats 90`, `stats channel`: the figures of the last days, today included."""
    words = rest.casefold().split()
    days = [word for word in words if word not in _CHANNEL]
    count = (
        int(days[0]) if len(days) == 1 and days[0].isascii() and days[0].isdecimal() and len(days[0]) <= _DIGITS else 0
    )
    if days and not 1 <= count <= MOST_DAYS:
        return entry_messages.paragraph(unit.texts, "figures.unknown", command=unit.config.command)
    last = unit.config.support.sla.business_hours.local_day(unit.now)
    first = last - timedelta(days=(count or DAYS) - 1)
    in_channel = len(words) > len(days)
    to = unit.support_channel if in_channel else unit.direct_message
    post_figures(unit, to, unit.config.support_language if in_channel else unit.user.language, first, last)
    return entry_messages.paragraph(unit.texts, "figures.coming_channel" if in_channel else "figures.coming")


def next_monday(config: AppConfig, now: datetime) -> datetime:
    """The first working morning (UTC) of the first week that has one after `now`."""
    business_hours, at = config.support.sla.business_hours, config.support.digest_time
    today = business_hours.local_day(now)
    monday = today - timedelta(days=today.weekday())
    while True:
        morning = business_hours.at(monday if business_hours.works_on(monday) else business_hours.next_day(monday), at)
        if morning > now:
            return morning
        monday += timedelta(weeks=1)


def is_due(config: AppConfig, tx: Transaction, now: datetime) -> bool:
    """Whether last week's figures are due; then the next ones are planned.

    After a downtime they come once, in working time: those of the week before, and none of the weeks before that.
    """
    planned = tx.job_due_at(JOB)
    if planned is not None and (planned > now or not config.support.sla.business_hours.is_open(now)):
        return False
    tx.schedule_job(JOB, next_monday(config, now))
    return planned is not None and config.weekly_figures


def post_due(unit: UnitOfWork) -> bool:
    """Post last week's figures in each workspace if they are due; whether they were."""
    if not is_due(unit.config, unit.tx, unit.now):
        return False
    for team_id in unit.tx.teams():
        weekly(unit.acting_for(team_id, ""))
    return True


def weekly(unit: UnitOfWork) -> None:
    """The week before, from Monday to Sunday, in the support channel; nothing of a week in which nothing began."""
    first = _monday(unit.config.support.sla.business_hours.local_day(unit.now)) - timedelta(weeks=1)
    post_figures(
        unit, unit.support_channel, unit.config.support_language, first, first + timedelta(days=6), empty=False
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def post_figures(
    unit: UnitOfWork, to: Destination, language: Language, first: date, last: date, *, empty: bool = True
) -> None:
    """Post the figures of these days, both included, for each procedure that has some.

    Each is a text, and a chart that is drawn when it is sent. Beside a single week come the three before it.
    """
    common = unit.config.all_texts[language]
    days = {"first": wording.day(common, first), "last": wording.day(common, last)}
    posted = False
    for procedure in unit.config.procedures.values():
        figures = _compute(unit, procedure, first, last)
        if not figures.outcomes.started and not figures.tickets:
            continue
        posted = True
        texts = unit.config.all_texts.of(language, procedure.id)
        filename = f"{procedure.id.replace('_', '-')}-{first:%Y-%m-%d}-{secrets.token_hex(4)}.png"
        chart = wording.chart_of(texts, figures, **days)
        weeks = figures.weeks
        if last - first < timedelta(weeks=1):
            weeks = _compute(unit, procedure, _monday(first) - timedelta(weeks=WEEKS - 1), last).weeks
        text = wording.text_of(texts, figures, chart, weeks[-WEEKS:] if len(weeks) > 1 else ())
        comment = f"{text}\n{say(texts, 'figures.file', file=filename)}"
        alt = wording.alt_of(texts, chart)
        unit.draw(to, chart, filename=filename, title=chart["title"], comment=comment, alt=alt)
    if not posted and empty:
        unit.post(to, entry_messages.paragraph(common, "figures.nothing", **days))


def _compute(unit: UnitOfWork, procedure: AnyProcedure, first: date, last: date) -> Figures:
    zone = unit.config.support.sla.business_hours.zone
    begins, ends = (
        datetime.combine(day, time(), tzinfo=zone).astimezone(UTC) for day in (first, last + timedelta(days=1))
    )
    selection = Selection(since=begins, until=ends, team_id=unit.user.team_id, procedure=procedure.id)
    history = unit.tx.history(selection, unit.config.default_language)
    return compute(history, procedure, unit.now, zone, min_agents=unit.config.min_agents)
