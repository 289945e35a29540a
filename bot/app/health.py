"""The health pages: `/healthz` for people and monitors, `/livez` and `/readyz` for what starts and stops the bot."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.app.bootstrap import Bot
from bot.app.last_known import LastKnown
from bot.outbox.outcomes import is_channel
from bot.slack_api.errors import remedy
from bot.store.models import SLACK
from bot.store.protocol import Store, StoreError

FindProblems = Callable[[], Awaitable[list[str]]]
"""Returns why the bot does not work at present, one sentence each; empty when it does."""


class HealthPages:
    """Each answers 200, or 503 with `reasons`."""

    def __init__(self, bot: Bot, find_problems: FindProblems) -> None:
        self._find_problems = find_problems
        self._unsent = LastKnown(lambda _now: bot.thread.at_once(_unsent, bot.store), bot.services.config.clock)

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the pages to the server."""
        router.add_get("/healthz", self.healthz)
        router.add_get("/livez", self.livez)
        router.add_get("/readyz", self.readyz)

    async def healthz(self, _request: web.Request) -> web.Response:
        """Whether everything works, and how much has not arrived."""
        problems, state = await self._find_problems(), dict[str, Any]()
        try:
            if known := await self._unsent.get():
                state = {**known[0], "as_of": known[1].isoformat(timespec="seconds")}
        except StoreError as error:
            problems.append(str(error))
        return _status(problems, **state)

    @staticmethod
    async def livez(_request: web.Request) -> web.Response:
        """Whether the process answers at all: a restart helps when it does not."""
        return _status([])

    async def readyz(self, _request: web.Request) -> web.Response:
        """Whether requests can be handled. Before the database is migrated nobody listens on the port."""
        problems = await self._find_problems()
        try:
            if self._unsent.look() is None and not problems:
                problems.append("The database has not been read yet.")
        except StoreError as error:
            problems.append(str(error))
        return _status(problems)


def _status(problems: list[str], **state: Any) -> web.Response:
    if problems:
        return web.json_response({"status": "failing", "reasons": problems, **state}, status=503)
    return web.json_response({"status": "ok", **state})


def _unsent(store: Store) -> dict[str, Any]:
    """How much has not arrived, and what waits for somebody to open it again. Of people only the number is told."""
    paused, undelivered = store.paused(), store.undelivered_tickets()
    named = [one for one in paused if one.receiver != SLACK or is_channel(one.to)]
    return {
        "outbox": store.unsent_counts(),
        "undelivered_tickets": undelivered.count,
        "undelivered_since": undelivered.since.isoformat(timespec="seconds") if undelivered.since is not None else None,
        "paused": [
            {
                "destination": one.to, "error": one.error, "todo": remedy(one.error),
                "since": one.since.isoformat(timespec="seconds"),
            }
            for one in named
        ],
        "paused_people": len({one.to for one in paused} - {one.to for one in named}),
    }  # fmt: skip
