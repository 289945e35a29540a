"""The one place that picks concrete parts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from importlib.metadata import version
from pathlib import Path

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.app.key_file import hash_key
from bot.app.metrics import Metrics
from bot.images.cache import Album
from bot.images.drawings import Drawings, drawer
from bot.images.hosting import Addresses, Files
from bot.images.http import PictureSite
from bot.images.render_process import Renderer
from bot.outbox.email_sender import Mail
from bot.outbox.rate_limit import Pace
from bot.outbox.sender import Mirror
from bot.outbox.webhook_sender import Webhook
from bot.outbox.worker import Courier
from bot.services.context import House, Waiting
from bot.services.entry_points import Desk
from bot.services.reminder_policy import Rhythm
from bot.settings.core import Settings
from bot.settings.types import moment
from bot.slack.bolt_app import build
from bot.slack.dispatch import Reception, StoreThread
from bot.slack.users import Agents, Directory
from bot.store.protocol import Points, Store, nowhere
from bot.store.sqlite import open_store
from conversations.engine.texts import LANGUAGES, Guide, Language, load
from conversations.text_schema import CATALOGUE

PATIENCE_SECONDS = 2.0
"""How long a step may wait for its picture, the first time it is shown in a workspace."""
COMMAND = "/amazon-token"

log = structlog.get_logger()


@dataclass(frozen=True)
class Bot:
    """The parts of a running bot."""

    app: AsyncApp
    client: AsyncWebClient
    courier: Courier
    store: Store
    thread: StoreThread
    desk: Desk
    directory: Directory
    agents: Agents
    album: Album | None
    picture_site: PictureSite | None
    metrics: Metrics
    renderer: Renderer


def load_guides(folder: Path | None) -> dict[Language, Guide]:
    """Both guides. Raises `GuideError`."""
    return {language: load(language, CATALOGUE, folder) for language in LANGUAGES}


def slack_client(settings: Settings, *, own_retries: bool) -> AsyncWebClient:
    """A client for the bot token. The courier's must not retry by itself: it would post twice."""
    return AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=max(1, round(settings.send_limit_seconds)),
        retry_handlers=None if own_retries else [],
    )


def rhythm(settings: Settings) -> Rhythm:
    """When merchants are reminded, from the settings."""
    return Rhythm(
        orders_paused=timedelta(minutes=settings.remind_paused_minutes),
        orders_still_paused=timedelta(hours=settings.remind_paused_again_hours),
        elsewhere=timedelta(hours=settings.remind_waiting_hours),
        day_begins=time(settings.remind_from_hour),
        day_ends=time(settings.remind_until_hour),
    )


def waiting(settings: Settings) -> Waiting:
    """How long everybody may take, from the settings."""
    return Waiting(
        patience=settings.patience(settings.answer_minutes),
        escalation=settings.escalation_user_ids,
        digest_time=moment(settings.digest_time),
    )


def house(settings: Settings, guides: dict[Language, Guide], workspace: str) -> House:
    """What the use cases need, from the settings."""
    return House(
        guides=guides,
        policy=settings.policy(),
        hash_key=hash_key(settings),
        command=COMMAND,
        support_channel=settings.support_channel_id,
        support_language=settings.support_locale,
        default_language=settings.default_locale,
        retention_days=settings.retention_days,
        workspace=workspace,
        bot_version=version("amazon-token-bot"),
        rhythm=rhythm(settings),
        waiting=waiting(settings),
        weekly_figures=settings.weekly_figures,
        min_agents=settings.figures_min_agents,
        mirrors=mirrors(settings),
    )


async def assemble(settings: Settings, thread: StoreThread, workspace: str, at: Points = nowhere) -> Bot:
    """Every part, ready to serve. `at` is told each fault point passed. Raises `GuideError` or `StoreError`."""
    guides = load_guides(settings.guide_dir)
    store = await thread.run(open_store, settings.database_url)
    await thread.run(store.recover)
    client = slack_client(settings, own_retries=True)
    desk = Desk(house(settings, guides, workspace), store, at)
    if resettled := await thread.run(desk.resettle):
        log.warning("walks_resettled", walks=resettled)
    renderer = Renderer()
    drawings = Drawings(drawer(guides), renderer.png, desk.house.hash_key)
    album = _album(settings, store, thread, drawings, desk.house.clock, at) if settings.pictures else None
    metrics = Metrics()
    courier = Courier(
        store,
        thread.run,
        slack_client(settings, own_retries=False),
        clock=desk.house.clock,
        pace=Pace(burst=5, per_second=settings.messages_per_second),
        send_limit=settings.send_limit_seconds,
        at=at,
        album=album,
        render=renderer.png,
        watch=metrics.carried,
        mirrors=mirrors(settings),
    )
    directory = Directory(client, desk, thread.run)
    agents = Agents(client, settings.support_channel_id)
    reception = Reception(desk, thread, directory, agents, courier.wake, metrics.handled)
    secret = settings.slack_signing_secret
    app = build(client, secret.get_secret_value() if secret is not None else None, reception, COMMAND)
    site = PictureSite(store, thread.run, drawings) if settings.public_url is not None else None
    return Bot(app, client, courier, store, thread, desk, directory, agents, album, site, metrics, renderer)


def _album(
    settings: Settings, store: Store, thread: StoreThread, drawings: Drawings, clock: Callable[[], datetime], at: Points
) -> Album:
    patience = min(PATIENCE_SECONDS, settings.send_limit_seconds / 4)
    if settings.public_url is not None:
        return Album(Addresses(store, thread.run, drawings, settings.public_url, clock=clock), patience=patience)
    client = slack_client(settings, own_retries=False)
    return Album(Files(store, thread.run, drawings, client, clock=clock, at=at), patience=patience)


def mirrors(settings: Settings) -> tuple[Mirror, ...]:
    """Those that are switched on."""
    found: list[Mirror] = []
    if settings.mirror_smtp_host is not None and settings.mirror_smtp_from is not None:
        found.append(
            Mail(
                host=settings.mirror_smtp_host, port=settings.mirror_smtp_port, tls=settings.mirror_smtp_tls,
                user=settings.mirror_smtp_user, password=settings.mirror_smtp_password,
                sender=settings.mirror_smtp_from, to=settings.mirror_smtp_to, reply_to=settings.mirror_smtp_reply_to,
                seconds=settings.send_limit_seconds,
            )
        )  # fmt: skip
    if settings.mirror_webhook_url is not None and settings.mirror_webhook_secret is not None:
        found.append(
            Webhook(
                url=settings.mirror_webhook_url, secret=settings.mirror_webhook_secret,
                seconds=settings.send_limit_seconds,
            )
        )  # fmt: skip
    return tuple(found)
