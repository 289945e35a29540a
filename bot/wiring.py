"""The one place that picks concrete parts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from importlib.metadata import version
from pathlib import Path

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import build
from bot.courier import Courier, Pace
from bot.courier.album import Album
from bot.courier.giving import Addresses, Files
from bot.desk.desk import Desk
from bot.desk.house import House, Waiting
from bot.desk.reminding import Rhythm
from bot.directory import Agents, Directory
from bot.faults import Points, nowhere
from bot.key_file import hash_key
from bot.metrics import Metrics
from bot.mirrors.configured import mirrors
from bot.pictures.apart import Renderer
from bot.pictures.drawings import Drawings
from bot.pictures.site import PictureSite
from bot.pictures.steps import drawer
from bot.reception import Reception, StoreThread
from bot.settings import Settings
from bot.store.protocol import Store
from bot.store.sqlite import open_store
from bot.waiting_shapes import moment
from conversations.catalogue import CATALOGUE
from conversations.guide import LANGUAGES, Guide, Language, load

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
