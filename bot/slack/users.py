"""Looks up people's names and languages, and who the support agents are, in Slack."""

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
from bot.store.protocol import StoreLockedError

RunInStore = Callable[..., Coroutine[Any, Any, Any]]
UserKey = tuple[str, str]
"""Team ID and user ID."""
LOOK_UP_SECONDS = 1.5
"""A command has three seconds; a lookup that takes longer is not waited for."""
REFRESH_SECONDS = 0.7
"""Between two lookups in the background; Slack takes about 100 a minute (users.info: Tier 4)."""
MEMBERS_SECONDS = 300.0
"""How long the list of agents is used when no event says that it has changed."""

log = structlog.get_logger()


class Users:
    """People whose names and languages are known: looked up once per process, and again when Slack announces a change.

    The store keeps what Slack says. Somebody it knows from an earlier process counts as met at once and is looked up
    again in the background, one person after the other: Slack limits how many lookups a start may make.
    """

    def __init__(self, client: AsyncWebClient, services: Services, run: RunInStore) -> None:
        self._client = client
        self._services = services
        self._run = run
        self._met: set[UserKey] = set()
        self._bots: set[UserKey] = set()
        self._changed: set[UserKey] = set()
        self._stale: deque[UserKey] = deque()
        self._refreshing: asyncio.Task[None] | None = None

    def met(self, team_id: str, user_ids: Collection[str]) -> bool:
        """Whether all of them were met in this process, so that no lookup is needed."""
        return all((team_id, user_id) in self._met for user_id in user_ids)

    async def meet_all(self, team_id: str, user_ids: Collection[str]) -> None:
        """Look up those who were not met yet, all at the same time."""
        new = [user_id for user_id in user_ids if (team_id, user_id) not in self._met | self._bots]
        stored = await self._run(self._services.unit_of_work, people.known, team_id, new) if new else frozenset()
        for user_id in new:
            if user_id in stored and (team_id, user_id) not in self._changed:
                self._refresh_later((team_id, user_id))
        await asyncio.gather(*(self.meet(team_id, user_id) for user_id in user_ids))

    async def meet(self, team_id: str, user_id: str) -> None:
        """Look somebody up unless they were met. When Slack does not answer, what the store has is used."""
        key = (team_id, user_id)
        if key in self._bots:
            return
        # Somebody who was met may be erased since, perhaps by a command of the operator's.
        if key in self._met and await self._stored(key) is not None:
            return
        await self._look_up(key)

    async def person(self, team_id: str, user_id: str) -> Person | None:
        """What is known of somebody after a lookup."""
        await self.meet(team_id, user_id)
        return await self._stored((team_id, user_id))

    def forget(self, team_id: str, user_id: str) -> None:
        """Look somebody up again next time: Slack says that they have changed, or they were erased."""
        key = (team_id, user_id)
        if key in self._met | self._bots:
            self._changed.add(key)
        self._met.discard(key)
        self._bots.discard(key)

    async def refreshed(self) -> None:
        """Wait for the lookups in the background."""
        if self._refreshing is not None:
            await self._refreshing

    async def close(self) -> None:
        """Cancel the lookups in the background."""
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.gather(self._refreshing, return_exceptions=True)

    def _refresh_later(self, key: UserKey) -> None:
        self._met.add(key)
        self._stale.append(key)
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(self._refresh())

    async def _refresh(self) -> None:
        while self._stale:
            await asyncio.sleep(REFRESH_SECONDS)
            key = self._stale.popleft()
            try:
                await self._look_up(key)
            except StoreLockedError:  # the request that asked first gave up long ago; nobody waits for this
                self._stale.append(key)

    async def _stored(self, key: UserKey) -> Person | None:
        person: Person | None = await self._run(self._services.unit_of_work, people.person, *key)
        return person

    async def _look_up(self, key: UserKey) -> None:
        team_id, user_id = key
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                answer = await self._client.users_info(user=user_id, include_locale=True)
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            log.warning("person_unknown", user=user_id, error=type(error).__name__)
            return
        self._changed.discard(key)
        user: dict[str, Any] = answer["user"]
        if user.get("is_bot"):  # no ticket can be handed to a bot
            self._bots.add(key)
            return
        profile: dict[str, Any] = user.get("profile") or {}
        name = profile.get("real_name") or user.get("real_name") or user.get("name") or ""
        locale, zone = user.get("locale"), user.get("tz")
        person = Person(team_id=team_id, user_id=user_id, name=str(name), locale=locale, zone=zone)
        await self._run(self._services.unit_of_work, people.meet, person)
        self._met.add(key)


async def named_agents(agents: "Agents", users: Users, team_id: str) -> frozenset[str]:
    """The IDs of the agents, after a lookup of those whose names are not known."""
    members = await agents.members()
    await asyncio.gather(*(users.meet(team_id, user_id) for user_id in members))
    return members


class Agents:
    """The members of the support channel."""

    def __init__(self, client: AsyncWebClient, channel: str) -> None:
        self._client = client
        self._channel = channel
        self._members: frozenset[str] = frozenset()
        self._valid_until = 0.0
        self._lock = asyncio.Lock()
        self._lookups = 0

    async def has(self, user_id: str) -> bool:
        """Whether this person is an agent."""
        return user_id in await self.members()

    async def members(self) -> frozenset[str]:
        """The IDs of all members, bots among them. When Slack does not answer, the last list is used."""
        if time.monotonic() >= self._valid_until:
            lookups = self._lookups
            async with self._lock:
                # Those who waited for another caller's lookup use its result, even if it failed.
                if lookups == self._lookups:
                    await self._look_up()
                    self._lookups += 1
        return self._members

    async def reachable(self) -> bool:
        """Whether Slack accepts anything from the app at present."""
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                await self._client.auth_test()
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            log.warning("slack_unreachable", error=type(error).__name__)
            return False
        return True

    def forget(self) -> None:
        """Somebody has joined or left: look the members up again next time."""
        self._valid_until = 0.0

    async def _look_up(self) -> None:
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
        self._valid_until = time.monotonic() + MEMBERS_SECONDS
