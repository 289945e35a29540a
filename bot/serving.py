"""Serves Slack over Socket Mode or HTTP until told to stop."""

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.async_base_handler import AsyncBaseSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import faults
from bot.courier.outcomes import BARRING, remedy
from bot.directory import MEMBERS_SECONDS
from bot.gate import BODY_LIMIT, Gate, Refused, is_certificate_check, well_shaped
from bot.metrics import CONTENT_TYPE
from bot.pictures.site import PATH
from bot.reception import StoreThread
from bot.settings import Settings
from bot.socket_client import FreshAddressClient
from bot.store.protocol import StoreError
from bot.store.sqlite import database_path, serving_lock
from bot.warming import warmed
from bot.wiring import Bot, assemble, slack_client

SHUTDOWN_SECONDS = 9.0
"""What is under way gets this long after a signal."""
ANSWER_SECONDS = 3.0
"""Of these, answers to Slack get so long: after three seconds it does not listen any more."""
RECONNECT_SECONDS = 5.0
PING_SECONDS = 10.0
"""How often the line is looked at, and how long until the next try to connect again."""
SEEN_FOR = timedelta(hours=26)
"""Slack delivers an event again for up to 24 hours."""
SWEEP_SECONDS = 3600.0
PURGE_EVERY = timedelta(days=1)
REMIND_SECONDS = 15.0
FOLLOW_SECONDS = 1.0

log = structlog.get_logger()


class RefusedBySlack(Exception):  # noqa: N818 - the message is for the operator
    """Slack does not accept the token. The message says what to do."""


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises `StoreError`, `GuideError` or `RefusedBySlack` when it cannot start."""
    with serving_lock(database_path(settings.database_url)):
        asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with connected(settings) as line:
        await line.until(stop)
        log.info("stopping")


async def _workspace(settings: Settings) -> str:
    """The workspace's name. When Slack cannot be reached the bot starts all the same and tries to connect later."""
    try:
        answer = await slack_client(settings, own_retries=False).auth_test()
    except SlackApiError as error:
        code = _code(error)
        if code in BARRING:
            message = f"Slack refuses SLACK_BOT_TOKEN ({code}). Take the token from the app's page “Install App”."
            raise RefusedBySlack(message) from error
        log.warning("slack_unreachable", error=code)
    except (SlackClientError, OSError, TimeoutError) as error:
        log.warning("slack_unreachable", error=type(error).__name__)
    else:
        return str(answer.get("team") or "")
    return ""


def _code(error: SlackApiError) -> str:
    """Slack's code. What stands between us and Slack answers in plain text; then it is the status."""
    told = getattr(error.response, "data", None)
    return str(told.get("error")) if isinstance(told, dict) else f"status {error.response.status_code}"


async def _run(settings: Settings, bot: Bot, stop: asyncio.Event) -> None:
    async with running(settings, bot) as line:
        await line.until(stop)
        log.info("stopping")


@contextlib.asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator["Line"]:
    """A bot that serves as long as the block lasts. The lock on its database is the caller's to hold."""
    thread = StoreThread()
    try:
        bot = await assemble(settings, thread, await _workspace(settings), faults.points(settings.slack_api_url))
        try:
            async with warmed(bot.album, bot.client, bot.desk.house), running(settings, bot) as line:
                yield line
        finally:
            await thread.run(bot.store.close)
    finally:
        thread.close()


@contextlib.asynccontextmanager
async def running(settings: Settings, bot: Bot) -> AsyncIterator["Line"]:
    """`bot` listens and works as long as the block lasts. What is under way at its end is finished, within limits."""
    courier_stop = asyncio.Event()
    work = {
        "courier": asyncio.create_task(bot.courier.run_forever(courier_stop)),
        "sweep": asyncio.create_task(_sweep(bot, timedelta(days=settings.retention_days))),
        "reminders": asyncio.create_task(_remind(bot)),
        "following": asyncio.create_task(_follow(bot)),
    }
    line = Line(bot, work)
    runner = web.AppRunner(_site(settings, line), access_log=None, shutdown_timeout=ANSWER_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        line.port = runner.addresses[0][1]
        if settings.slack_app_token is not None:
            line.socket = _Socket(bot, settings.slack_app_token.get_secret_value())
            line.connecting = asyncio.create_task(line.connect(settings.host))
        else:
            log.info("ready", mode="http", host=settings.host, port=line.port)
        yield line
    finally:
        started = time.monotonic()
        if line.socket is not None:
            await line.socket.finish(line.connecting)
        await runner.cleanup()
        courier_stop.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SHUTDOWN_SECONDS - (time.monotonic() - started)):
                await asyncio.wait({work["courier"]})
        for task in work.values():
            task.cancel()
        await asyncio.gather(*work.values(), return_exceptions=True)
        log.info("stopped", seconds=round(time.monotonic() - started, 2))


@dataclass
class Line:
    """A serving bot: the port it listens on, its connection in Socket Mode, and its work in the background."""

    bot: Bot
    work: dict[str, asyncio.Task[None]]
    port: int = 0
    socket: "_Socket | None" = None
    connecting: asyncio.Task[None] | None = None

    async def connect(self, host: str) -> None:
        """Return once connected in Socket Mode. Raises `RefusedBySlack`."""
        if self.socket is not None:
            await self.socket.connect()
            log.info("ready", mode="socket", host=host, port=self.port)

    async def until(self, stop: asyncio.Event) -> None:
        """Wait for `stop`. Raises `RefusedBySlack` when the connection is refused for good."""
        stopped = asyncio.create_task(stop.wait())
        try:
            if self.connecting is not None:
                await asyncio.wait({stopped, self.connecting}, return_when=asyncio.FIRST_COMPLETED)
                if self.connecting.done():
                    self.connecting.result()
            await stopped
        finally:
            stopped.cancel()

    async def troubles(self) -> list[str]:
        """Why people wait in vain just now: for the operator, and for whatever restarts the bot."""
        ended = [f"{name} has ended" for name, task in self.work.items() if task.done()]
        if self.socket is not None and not await self.socket.client.is_connected():
            ended.append("not connected to Slack")
        if refused := self.bot.courier.paused:
            ended.append(f"Slack refuses the app ({refused}), every message waits. {remedy(refused)}")
        return ended


class _Socket(AsyncBaseSocketModeHandler):
    """The connection of Socket Mode. Knows what is under way, so that it can be finished before the line is cut."""

    def __init__(self, bot: Bot, app_token: str) -> None:
        self._bolt = bot.app
        self.app_token = app_token
        self.client = FreshAddressClient(app_token, bot.client, PING_SECONDS)
        self.client.socket_mode_request_listeners.append(self.handle)
        self._under_way: set[asyncio.Task[Any]] = set()

    async def handle(self, client: Any, req: Any) -> None:
        """Answer one request. What is misshapen is none of Slack's and stays unanswered."""
        if not well_shaped(req.payload):
            log.warning("refused", mode="socket")
            return
        task = asyncio.current_task()
        if task is not None:
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        began = time.time()
        await send_async_response(client, req, await run_async_bolt_app(self._bolt, req), began)

    async def connect(self) -> None:
        """Return once connected. Raises `RefusedBySlack`; any other trouble is waited out."""
        while True:
            try:
                opened = await self.client.web_client.apps_connections_open(app_token=self.app_token)
                self.client.wss_uri = str(opened["url"])
                break
            except SlackApiError as error:
                code = _code(error)
                if code in BARRING:
                    raise RefusedBySlack(
                        f"Slack refuses SLACK_APP_TOKEN ({code}). Take one with the scope connections:write from the "
                        "app's page “Basic Information”, or leave it empty and use HTTP."
                    ) from error
                log.warning("slack_unreachable", error=code)
            except (SlackClientError, OSError, TimeoutError) as error:
                log.warning("slack_unreachable", error=type(error).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)
        await self.connect_async()  # type: ignore[no-untyped-call]

    async def finish(self, connecting: asyncio.Task[None] | None) -> None:
        """Take nothing new, let what is under way be answered, and hang up."""
        self.client.socket_mode_request_listeners.clear()
        if connecting is not None:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=ANSWER_SECONDS)
        await self.close_async()  # type: ignore[no-untyped-call]


async def _sweep(bot: Bot, keep: timedelta) -> None:
    """Forget deliveries that Slack will not repeat any more and, once a day, whatever ended longer than `keep` ago."""
    purge_at = bot.desk.house.clock()
    while True:
        now = bot.desk.house.clock()
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


async def _remind(bot: Bot) -> None:
    """Look for what is due by itself; after a downtime each walk and each ticket has one thing at most."""
    while True:
        try:
            for case in (bot.desk.remind, bot.desk.wait, bot.desk.digest, bot.desk.weekly, bot.desk.mend):
                while await bot.thread.run(case):
                    bot.courier.wake()
        except StoreError as error:
            log.warning("reminders_failed", error=str(error))
        await asyncio.sleep(REMIND_SECONDS)


async def _follow(bot: Bot) -> None:
    """Let cards and agents' Home tabs follow; the latter only of those who are still in the support channel."""
    look_at = time.monotonic()
    while True:
        try:
            if time.monotonic() >= look_at:
                look_at = time.monotonic() + MEMBERS_SECONDS
                members = await bot.agents.members()
                if members:  # else Slack has never answered, and nobody is known to have left
                    await bot.thread.run(bot.desk.keep_agents, members)
            while await bot.thread.run(bot.desk.catch_up):
                bot.courier.wake()
        except StoreError as error:
            log.warning("following_failed", error=str(error))
        await asyncio.sleep(FOLLOW_SECONDS)


def _site(settings: Settings, line: Line) -> web.Application:
    site = web.Application(client_max_size=BODY_LIMIT)

    async def healthz(_request: web.Request) -> web.Response:
        troubles = await line.troubles()
        state: dict[str, Any] = {"status": "failing" if troubles else "ok"}
        if troubles:
            return web.json_response({**state, "reasons": troubles}, status=503)
        try:
            counts = await line.bot.thread.run(line.bot.store.outbox_counts)
        except StoreError as error:
            return web.json_response({"status": "failing", "reasons": [str(error)]}, status=503)
        return web.json_response({**state, "outbox": counts})

    async def metrics(_request: web.Request) -> web.Response:
        bot = line.bot
        try:
            figures = await bot.thread.run(bot.store.figures, bot.desk.house.clock())
        except StoreError as error:
            return web.Response(text=str(error), status=503)
        page = bot.metrics.page(figures, healthy=not await line.troubles())
        return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE})

    site.router.add_get("/healthz", healthz)
    site.router.add_get("/metrics", metrics)
    if line.bot.picture_site is not None:
        site.router.add_get(PATH, line.bot.picture_site.answer)
    if settings.slack_app_token is None and settings.slack_signing_secret is not None:
        gate = Gate(settings.slack_signing_secret.get_secret_value())
        site.router.add_post("/slack/events", partial(_knock, line.bot, gate))
    return site


async def _knock(bot: Bot, gate: Gate, request: web.Request) -> web.Response:
    try:
        gate.look(request.headers)
        body = await request.read()
        if is_certificate_check(body):
            return web.Response()
        admitted = gate.admit(body, request.headers)
    except Refused as refused:
        log.warning("refused", status=refused.status)
        return web.Response(status=refused.status)
    return await to_aiohttp_response(await bot.app.async_dispatch(admitted))
