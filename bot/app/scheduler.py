"""What a serving bot does by itself: forget, remind, let cards and Home tabs follow. Each survives a failing store."""

import asyncio
import time
from dataclasses import asdict
from datetime import timedelta

import structlog

from bot.app.bootstrap import Bot
from bot.services import card_repair, daily_digest, escalations, home_tab, reminders, statistics, ticket_filing
from bot.slack.users import MEMBERS_SECONDS
from bot.store.protocol import StoreError

SEEN_FOR = timedelta(hours=26)
"""Slack delivers an event again for up to 24 hours."""
SWEEP_SECONDS = 3600.0
PURGE_EVERY = timedelta(days=1)
REMIND_SECONDS = 15.0
FOLLOW_SECONDS = 1.0

DUE = (
    reminders.remind_due, escalations.fire_due, daily_digest.post_due, statistics.post_due, card_repair.repair_one
)  # fmt: skip
"""What the bot does by itself when it is due: each returns whether there was something to do."""

log = structlog.get_logger()


async def sweep(bot: Bot, keep: timedelta) -> None:
    """Forget deliveries that Slack will not repeat any more and, once a day, whatever ended longer than `keep` ago."""
    purge_at = bot.services.config.clock()
    while True:
        now = bot.services.config.clock()
        try:
            await bot.thread.run(bot.store.forget_seen, now - SEEN_FOR)
            if now >= purge_at:
                purged = await bot.thread.run(bot.store.purge, now, keep)
                purge_at = now + PURGE_EVERY
                bot.metrics.purged()
                log.info("purged", **asdict(purged))
        except StoreError as error:
            log.warning("sweep_failed", error=str(error))
        await asyncio.sleep(SWEEP_SECONDS)


async def remind(bot: Bot) -> None:
    """Look for what is due by itself; after a downtime each walk and each ticket has one thing at most."""
    while True:
        try:
            for case in DUE:
                while await bot.thread.run(bot.services.unit_of_work, case):
                    bot.outbox_worker.wake()
        except StoreError as error:
            log.warning("reminders_failed", error=str(error))
        await asyncio.sleep(REMIND_SECONDS)


async def follow(bot: Bot) -> None:
    """Let cards and agents' Home tabs follow; the latter only of those who are still in the support channel."""
    look_at = time.monotonic()
    while True:
        try:
            if time.monotonic() >= look_at:
                look_at = time.monotonic() + MEMBERS_SECONDS
                members = await bot.agents.members()
                if members:  # else Slack has never answered, and nobody is known to have left
                    await bot.thread.run(bot.services.unit_of_work, home_tab.withdraw_from_others, members)
            for case in (ticket_filing.refresh_due, home_tab.publish_due):
                while await bot.thread.run(bot.services.unit_of_work, case):
                    bot.outbox_worker.wake()
        except StoreError as error:
            log.warning("following_failed", error=str(error))
        await asyncio.sleep(FOLLOW_SECONDS)
