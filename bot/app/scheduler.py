"""The bot's scheduled jobs. Each of the three runs until it is cancelled, and survives errors of the store.

While another program locks the database they wait, and go on afterwards.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta

import structlog

from bot.app.bootstrap import Bot, resettle
from bot.services import (
    card_repair,
    daily_digest,
    deliveries,
    departures,
    escalations,
    home_tab,
    invitations,
    merchant_messages,
    outages,
    privacy,
    putting_off,
    reminders,
    statistics,
    ticket_filing,
)
from bot.services.context import NewerVersion
from bot.services.unit_of_work import UnitOfWork
from bot.slack.users import MEMBERS_SECONDS, named_agents
from bot.store.protocol import StoreError

SEEN_FOR = timedelta(hours=26)
"""Slack delivers an event again for up to 24 hours."""
SWEEP_SECONDS = 3600.0
PURGE_EVERY = timedelta(days=1)
REMIND_SECONDS = 15.0
REFRESH_SECONDS = 1.0

DUE_JOBS = (
    reminders.remind_due, escalations.fire_due, daily_digest.post_due, statistics.post_due, card_repair.repair_one,
    card_repair.resume_due, card_repair.revive_orphans, outages.look_at_end,
)  # fmt: skip
"""Each does one thing that is due and returns whether there was one."""
FOLLOWING_JOBS = (
    ticket_filing.refresh_due, deliveries.look_for_card, deliveries.look_for_urgent, deliveries.look_for_answer,
    home_tab.publish_due, merchant_messages.pass_on_due,
    invitations.send_due, outages.tell_due, putting_off.come_back,
)  # fmt: skip
"""The same, for what is due within a second or two."""

log = structlog.get_logger()


async def sweep(bot: Bot, keep: timedelta) -> None:
    """Forget event IDs that Slack will not deliver again and, once a day, what ended longer than `keep` ago."""
    purge_at = bot.services.config.clock()
    while True:
        now = bot.services.config.clock()
        try:
            await bot.thread.in_background(bot.services.unit_of_work, privacy.forget_deliveries, SEEN_FOR)
            if now >= purge_at:
                purged = await bot.thread.in_background(bot.services.unit_of_work, privacy.purge, keep)
                await bot.thread.in_background(bot.services.scrub)
                purge_at = now + PURGE_EVERY
                bot.metrics.purged()
                log.info("purged", **asdict(purged))
        except StoreError as error:
            log.warning("sweep_failed", error=str(error))
        await asyncio.sleep(SWEEP_SECONDS)


async def remind(bot: Bot) -> None:
    """Run `DUE_JOBS`. After a downtime at most one thing is due for each walkthrough and each ticket."""
    while True:
        try:
            await do_what_is_due(bot)
        except StoreError as error:
            log.warning("reminders_failed", error=str(error))
        await asyncio.sleep(REMIND_SECONDS)


async def do_what_is_due(bot: Bot) -> None:
    """Run each of `DUE_JOBS` until nothing is due. Raises `StoreError`."""
    if bot.store.is_shared:  # else nobody has served meanwhile
        await resettle(bot.thread.in_background, bot.services)
    for job in DUE_JOBS:
        await _do_all(bot, job)


async def _do_all(bot: Bot, job: Callable[[UnitOfWork], bool]) -> None:
    """Run the job until nothing is due, or until that is about a step which only a newer version knows."""
    with _left_to_newer_version():
        while await bot.thread.in_background(bot.services.unit_of_work, job):
            bot.outbox_worker.wake()


@contextmanager
def _left_to_newer_version() -> Iterator[None]:
    """What a newer version has worked on, which serves beside this one, it does by itself too."""
    try:
        yield
    except NewerVersion as error:
        log.warning("left_to_newer_version", step=str(error))


async def _tell_agents(bot: Bot) -> None:
    """Write to the agents about urgent tickets that do not reach the support channel."""
    in_background, unit_of_work = bot.thread.in_background, bot.services.unit_of_work
    team_id = await in_background(unit_of_work, deliveries.team_to_tell)
    if team_id is not None:
        agents = await named_agents(bot.agents, bot.users, team_id) if await bot.agents.reachable() else None
        await in_background(unit_of_work, deliveries.tell_agents, team_id, agents)
        bot.outbox_worker.wake()


async def refresh(bot: Bot) -> None:
    """Run `FOLLOWING_JOBS`, and take tickets and Home tabs of agents from those who left the support channel."""
    check_members_at = time.monotonic()
    while True:
        try:
            if time.monotonic() >= check_members_at:
                check_members_at = time.monotonic() + MEMBERS_SECONDS
                members = await bot.agents.members()
                if members:  # else Slack has never answered, and nobody is known to have left
                    for case in (home_tab.withdraw_from_others, departures.release_from_others):
                        with _left_to_newer_version():
                            await bot.thread.in_background(bot.services.unit_of_work, case, members)
                    bot.outbox_worker.wake()
            for job in FOLLOWING_JOBS:
                await _do_all(bot, job)
            with _left_to_newer_version():
                await _tell_agents(bot)
        except StoreError as error:
            log.warning("following_failed", error=str(error))
        await asyncio.sleep(REFRESH_SECONDS)
