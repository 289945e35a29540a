"""Who is who: names and locales from Slack, and who the support agents are."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Collection, Coroutine
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.services import people
from bot.services.runner import Services
from bot.store.models import Person

RunInStore = Callable[..., Coroutine[Any, Any, Any]]
UserKey = tuple[str, str]
"""Team ID and user ID."""
LOOK_UP_SECONDS = 1.5
"""A command has three seconds; a look-up that takes longer is not waited for."""
REFRESH_SECONDS = 0.7
"""Between two looks that nobody waits for; Slack takes about 100 a minute (users.info: Tier 4)."""
MEMBERS_SECONDS = 300.0
"""How long the list of agents holds when no event says otherwise."""

log = structlog.get_logger()


class Users:
    """Looks people up once a process and again when Slack announces a change."""

    def __init__(self, client: AsyncWebClient, services: Services, run: RunInStore) -> None:
        self._client = client
        self._services = services
        self._run = run
        self._met: set[UserKey] = set()
        self._bots: set[UserKey] = set()
        self._changed: set[UserKey] = set()
        self._stale: deque[UserKey] = deque()
        self._refreshing: asyncio.Task[None] | None = None

    def met(self, team_id: str, users: Collection[str]) -> bool:
        """Whether each of them was met before, in this process."""
        return all((team_id, user_id) in self._met for user_id in users)

    async def meet_all(self, team_id: str, users: Collection[str]) -> None:
        """Learn name and locale of whoever of them is unknown, side by side.

        Nobody waits for a look at those who are known from an earlier process: it comes later, one after the other,
        so that a start with many people asks Slack no more often than Slack allows.
        """
        new = [user_id for user_id in users if (team_id, user_id) not in self._met | self._bots]
        known = await self._run(self._services.unit_of_work, people.known, team_id, new) if new else frozenset()
        for user_id in new:
            if user_id in known and (team_id, user_id) not in self._changed:
                self._refresh_later((team_id, user_id))
        await asyncio.gather(*(self.meet(team_id, user_id) for user_id in users))

    async def meet(self, team_id: str, user_id: str) -> None:
        """Learn name and locale of somebody not met yet. Without an answer from Slack what we knew stays in force."""
        who = (team_id, user_id)
        if who in self._bots:
            return
        if (
            who in self._met
            and await self._run(self._services.unit_of_work, people.person, team_id, user_id) is not None
        ):
            return  # erased meanwhile, also by the command beside us, would be nobody
        await self._look_up(who)

    async def person(self, team_id: str, user_id: str) -> Person | None:
        """What is known of somebody after a look-up."""
        await self.meet(team_id, user_id)
        known: Person | None = await self._run(self._services.unit_of_work, people.person, team_id, user_id)
        return known

    def forget(self, team_id: str, user_id: str) -> None:
        """Slack says that this person has changed: look again next time."""
        who = (team_id, user_id)
        if who in self._met | self._bots:
            self._changed.add(who)
        self._met.discard(who)
        self._bots.discard(who)

    async def refreshed(self) -> None:
        """Wait until everybody known from an earlier process was looked at again."""
        if self._refreshing is not None:
            await self._refreshing

    async def close(self) -> None:
        """Give up the looks that nobody waits for."""
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.gather(self._refreshing, return_exceptions=True)

    def _refresh_later(self, who: UserKey) -> None:
        self._met.add(who)
        self._stale.append(who)
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(self._refresh())

    async def _refresh(self) -> None:
        while self._stale:
            await asyncio.sleep(REFRESH_SECONDS)
            await self._look_up(self._stale.popleft())

    async def _look_up(self, who: UserKey) -> None:
        team_id, user_id = who
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                answer = await self._client.users_info(user=user_id, include_locale=True)
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            log.warning("person_unknown", user=user_id, error=type(error).__name__)
            return
        self._changed.discard(who)
        user: dict[str, Any] = answer["user"]
        if user.get("is_bot"):  # nobody to hand a ticket to
            self._bots.add(who)
            return
        profile: dict[str, Any] = user.get("profile") or {}
        name = profile.get("real_name") or user.get("real_name") or user.get("name") or ""
        locale, zone = user.get("locale"), user.get("tz")
        person = Person(team_id=team_id, user_id=user_id, name=str(name), locale=locale, zone=zone)
        await self._run(self._services.unit_of_work, people.meet, person)
        self._met.add(who)


class Agents:
    """The members of the support channel."""

    def __init__(self, client: AsyncWebClient, channel: str) -> None:
        self._client = client
        self._channel = channel
        self._members: frozenset[str] = frozenset()
        self._until = 0.0
        self._lock = asyncio.Lock()
        self._looks = 0

    async def has(self, user_id: str) -> bool:
        """Whether this person is an agent. When Slack does not answer, the last list stays in force."""
        return user_id in await self.members()

    async def members(self) -> frozenset[str]:
        """The IDs of all members, bots among them."""
        if time.monotonic() >= self._until:
            looks = self._looks
            async with self._lock:
                # Whoever has waited for somebody else's look makes do with what came of it, also with nothing.
                if looks == self._looks:
                    await self._look()
                    self._looks += 1
        return self._members

    def forget(self) -> None:
        """Somebody joined or left: look again next time."""
        self._until = 0.0

    async def _look(self) -> None:
        members: set[str] = set()
        cursor = ""
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                while True:
                    page = await self._client.conversations_members(
                        channel=self._channel, cursor=cursor or None, limit=200
                    )
                    members.update(page["members"])
                    cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
                    if not cursor:
                        break
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            log.warning("agents_unknown", channel=self._channel, error=type(error).__name__)
            return
        self._members = frozenset(members)
        self._until = time.monotonic() + MEMBERS_SECONDS
