"""Assembles the bot: the one place that chooses concrete implementations."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial
from importlib.metadata import version
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.app.key_file import hash_key
from bot.app.metrics import Metrics
from bot.images.cache import ImageCache
from bot.images.drawings import Drawings, drawer
from bot.images.hosting import ImageHosting, PublicUrls, SlackFiles
from bot.images.http import ImageServer
from bot.images.render_process import Renderer
from bot.outbox.email_sender import EmailSender
from bot.outbox.rate_limit import RateLimit
from bot.outbox.sender import TicketSender
from bot.outbox.webhook_sender import WebhookSender
from bot.outbox.worker import OutboxWorker
from bot.services import card_repair, dead_steps, reminders
from bot.services.context import AppConfig, NewerVersion, SupportConfig
from bot.services.reminder_policy import ReminderPolicy
from bot.services.runner import Services
from bot.settings.core import Settings
from bot.settings.types import moment
from bot.slack.bolt_app import build
from bot.slack.dispatch import Dispatcher
from bot.slack.store_thread import BUSY_SECONDS, StoreThread
from bot.slack.users import Agents, Users
from bot.store.choice import open_database
from bot.store.protocol import CrashPoints, Run, Store, no_crash
from conversations.all_texts import AllTexts, load_texts
from conversations.engine.reminders import ReminderWaits
from conversations.registry import PROCEDURES, Procedures
from conversations.secrets.redact import fingerprint

IMAGE_WAIT_SECONDS = 5.0
"""For how long a step that is sent gets its image, the first time that image is shown in a workspace."""
COMMAND = "/amazon-token"

log = structlog.get_logger()


@dataclass(frozen=True)
class Bot:
    """The parts of a running bot."""

    app: AsyncApp
    client: AsyncWebClient
    outbox_worker: OutboxWorker
    store: Store
    thread: StoreThread
    services: Services
    users: Users
    agents: Agents
    image_cache: ImageCache | None
    image_server: ImageServer | None
    metrics: Metrics
    renderer: Renderer


def slack_client(settings: Settings, *, own_retries: bool) -> AsyncWebClient:
    """A client for the bot token. The outbox worker's must not retry by itself: it would post twice."""
    return AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=max(1, round(settings.send_limit_seconds)),
        retry_handlers=None if own_retries else [],
    )


def reminder_policy(settings: Settings) -> ReminderPolicy:
    """When merchants are reminded, from the settings."""
    return ReminderPolicy(
        waits=ReminderWaits(
            urgent=timedelta(minutes=settings.remind_paused_minutes),
            still_urgent=timedelta(hours=settings.remind_paused_again_hours),
            idle=timedelta(hours=settings.remind_waiting_hours),
        ),
        day_begins=time(settings.remind_from_hour),
        day_ends=time(settings.remind_until_hour),
    )


def support_config(settings: Settings) -> SupportConfig:
    """The service levels, whom to escalate to and when the digest is posted, from the settings."""
    return SupportConfig(
        sla=settings.sla(settings.answer_minutes),
        escalation=settings.escalation_user_ids,
        digest_time=moment(settings.digest_time),
    )


def app_config(
    settings: Settings, all_texts: AllTexts, workspace: str, procedures: Procedures = PROCEDURES
) -> AppConfig:
    """The configuration of the use cases, from the settings."""
    return AppConfig(
        all_texts=all_texts,
        procedures=procedures,
        settings={name: settings.of(procedure) for name, procedure in procedures.items()},
        hash_key=hash_key(settings),
        command=COMMAND,
        support_channel=settings.support_channel_id,
        support_language=settings.support_locale,
        default_language=settings.default_locale,
        retention_days=settings.retention_days,
        workspace=workspace,
        bot_version=version("amazon-token-bot"),
        reminders=reminder_policy(settings),
        support=support_config(settings),
        weekly_figures=settings.weekly_figures,
        keep_not_understood=settings.keep_not_understood,
        min_agents=settings.figures_min_agents,
        ticket_senders=ticket_senders(settings),
    )


async def assemble(
    settings: Settings,
    thread: StoreThread,
    workspace: str,
    at: CrashPoints = no_crash,
    procedures: Procedures = PROCEDURES,
    clock: Callable[[], datetime] | None = None,
) -> Bot:
    """Assemble the bot, ready to serve. `at` is called at each crash point; `clock` replaces the real one.

    Raises `TextsError` or `StoreError`.
    """
    all_texts = load_texts(settings.guide_dir, procedures)
    for file in all_texts.flat_files:
        log.warning("guide_layout_old", file=file.name, renamed=dict(file.renamed))
    store = await thread.run(open_database, settings.database_address, settings.store_threads)
    await thread.run(store.recover)
    client = slack_client(settings, own_retries=True)
    config = app_config(settings, all_texts, workspace, procedures)
    services = Services(replace(config, clock=clock) if clock is not None else config, store, at)
    store.pace_salt = fingerprint(config.hash_key, "turns")
    await resettle(thread.run, services)
    steps = 0
    with suppress(NewerVersion):  # which says its steps again itself
        while some := await thread.run(services.unit_of_work, dead_steps.say_some_again):
            steps += some
    if steps:
        log.warning("steps_said_again", steps=steps)
    with suppress(NewerVersion):
        await thread.run(services.unit_of_work, card_repair.try_all_again)
    await thread.run(store.renew_seal)
    await thread.run(store.wait_for_locks, BUSY_SECONDS)
    thread.look = store.try_lock
    renderer = Renderer()
    drawings = Drawings(drawer(all_texts, procedures), renderer.png, services.config.hash_key)
    image_cache = (
        _image_cache(settings, store, thread, drawings, services.config.clock, at) if settings.pictures else None
    )
    metrics = Metrics(procedures)
    outbox_worker = OutboxWorker(
        store,
        outbox_run(store, thread),
        slack_client(settings, own_retries=False),
        clock=services.config.clock,
        rate_limit=RateLimit(burst=5, per_second=settings.messages_per_second),
        send_limit=settings.send_limit_seconds,
        longest_wait=settings.retry_after_minutes * 60.0,
        at=at,
        image_cache=image_cache,
        render=renderer.png,
        observer=metrics.row_attempted,
        ticket_senders=ticket_senders(settings),
        recovered=partial(services.unit_of_work, card_repair.try_all_again),
    )
    users = Users(client, services, thread.run)
    agents = Agents(client, settings.support_channel_id)
    dispatcher = Dispatcher(services, thread, users, agents, outbox_worker.wake, metrics.handled)
    secret = settings.slack_signing_secret
    app = build(client, secret.get_secret_value() if secret is not None else None, dispatcher, COMMAND)
    image_server = ImageServer(store, thread.at_once, drawings) if settings.public_url is not None else None
    return Bot(
        app, client, outbox_worker, store, thread, services, users, agents, image_cache, image_server, metrics, renderer
    )


async def resettle(run: Run, services: Services) -> None:
    """Move walks back whose step is gone, unless another version serves beside this one, which may be the one with it.

    `run` runs a call on the store's thread.
    """
    if await run(services.store.others_differ, services.config.known_steps):
        return
    if walks := await run(services.unit_of_work, reminders.resettle_all):
        log.warning("walks_resettled", walks=walks)


def outbox_run(store: Store, thread: StoreThread) -> Run:
    """How the outbox worker calls the store: what was sent is recorded however long another program holds the file."""

    async def run(function: Callable[..., Any], *args: Any) -> Any:
        if function != store.claim:
            return await thread.in_background(function, *args)

        async def claim() -> Any:
            await asyncio.sleep(0)  # after a lock what waits to be recorded goes first
            return await thread.submit(function, *args)

        # A claim is not made later than asked for: the row is its worker's from the time in `args`.
        return await thread.patiently(claim)

    return run


def _image_cache(
    settings: Settings,
    store: Store,
    thread: StoreThread,
    drawings: Drawings,
    clock: Callable[[], datetime],
    at: CrashPoints,
) -> ImageCache:
    hosting: ImageHosting
    if settings.public_url is not None:
        hosting = PublicUrls(store, thread.in_background, drawings, settings.public_url, clock=clock)
    else:
        client = slack_client(settings, own_retries=False)
        hosting = SlackFiles(store, thread.in_background, drawings, client, clock=clock, at=at)
    return ImageCache(hosting, patience=min(IMAGE_WAIT_SECONDS, settings.send_limit_seconds / 2))


def ticket_senders(settings: Settings) -> tuple[TicketSender, ...]:
    """The ticket senders that the settings switch on."""
    senders: list[TicketSender] = []
    if settings.ticket_sync_smtp_host is not None and settings.ticket_sync_smtp_from is not None:
        senders.append(
            EmailSender(
                host=settings.ticket_sync_smtp_host, port=settings.ticket_sync_smtp_port,
                tls=settings.ticket_sync_smtp_tls, user=settings.ticket_sync_smtp_user,
                password=settings.ticket_sync_smtp_password, sender=settings.ticket_sync_smtp_from,
                to=settings.ticket_sync_smtp_to, reply_to=settings.ticket_sync_smtp_reply_to,
                seconds=settings.send_limit_seconds,
            )
        )  # fmt: skip
    if settings.ticket_sync_webhook_url is not None and settings.ticket_sync_webhook_secret is not None:
        senders.append(
            WebhookSender(
                url=settings.ticket_sync_webhook_url, secret=settings.ticket_sync_webhook_secret,
                seconds=settings.send_limit_seconds,
            )
        )  # fmt: skip
    return tuple(senders)
