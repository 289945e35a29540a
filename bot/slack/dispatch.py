"""Between Slack's payloads and the desk: who it is, the store's thread, and a word to the courier."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import structlog

from bot.services import people
from bot.services.context import Actor
from bot.services.runner import Services, UnknownPerson, UseCase, UseCaseResult
from bot.services.unit_of_work import Trace, UnitOfWork
from bot.slack.users import Agents, Users
from conversations.engine.texts import Texts

T = TypeVar("T")

log = structlog.get_logger()


@dataclass(frozen=True)
class IncomingRequest:
    """What has just come from Slack: of what kind, and by what it is known again when somebody sends it once more.

    An event has an ID of its own. Any other request over HTTP is known by its signature, in which time and body are:
    Slack never sends the same one twice. Over a socket nobody but Slack can say anything: `key` is `None` there.
    """

    kind: str = "unknown"
    key: str | None = None


incoming: ContextVar[IncomingRequest | None] = ContextVar("arrival", default=None)
"""Of the request that is being handled."""


_Queued = tuple[UseCase, asyncio.Future[Any]]
RequestObserver = Callable[[str, str, float], None]
"""Is told of each use case the kind of what came, how it ended, and after how many seconds."""


def unwatched(_kind: str, _outcome: str, _seconds: float) -> None:
    """Nobody counts."""


class StoreThread:
    """The one thread that owns the store's connection."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")

    async def run(self, function: Callable[..., T], *args: Any) -> T:
        """Call `function` in the store's thread and wait for what it gives."""
        return await self.submit(function, *args)

    def submit(self, function: Callable[..., T], *args: Any) -> asyncio.Future[T]:
        """The same without waiting: a future of what `function` gives."""
        return asyncio.get_running_loop().run_in_executor(self._pool, function, *args)

    def close(self) -> None:
        """Finish what is under way and end the thread."""
        self._pool.shutdown(wait=True)


class GroupCommit:
    """Use cases that come while the store's thread is at work on others share one durable commit."""

    TOGETHER = 50
    """At most; the courier, too, wants to come to its turn."""

    def __init__(self, services: Services, thread: StoreThread) -> None:
        self._services = services
        self._thread = thread
        self._waiting: list[_Queued] = []
        self._busy = False

    async def do(self, case: UseCase) -> Any:
        """Let `case` happen: what it gives, when it is committed. Raises what it raised, or `StoreError`."""
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((case, done))
        if not self._busy:
            self._next()
        return await done

    def _next(self) -> None:
        turn, self._waiting = self._waiting[: self.TOGETHER], self._waiting[self.TOGETHER :]
        self._busy = bool(turn)
        if turn:
            working = self._thread.submit(self._services.do_all, [case for case, _ in turn])
            working.add_done_callback(partial(self._committed, turn))

    def _committed(self, turn: list[_Queued], working: asyncio.Future[list[UseCaseResult]]) -> None:
        failed = working.exception()
        outcomes = [UseCaseResult(error=failed)] * len(turn) if failed is not None else working.result()
        for (_, done), outcome in zip(turn, outcomes, strict=True):
            if done.done():  # the caller was cancelled meanwhile
                continue
            if outcome.error is not None:
                done.set_exception(outcome.error)
            else:
                done.set_result(outcome.result)
        self._next()


class Dispatcher:
    """What listeners use. After each use case the courier is told to look."""

    def __init__(
        self,
        services: Services,
        thread: StoreThread,
        users: Users,
        agents: Agents,
        wake: Callable[[], None],
        watch: RequestObserver = unwatched,
    ) -> None:
        self._services = services
        self._thread = thread
        self._commits = GroupCommit(services, thread)
        self._wake = wake
        self._watch = watch
        self.users = users
        self.agents = agents

    async def do(
        self,
        person: tuple[str, str],
        case: Callable[[UnitOfWork], T],
        *,
        ask_agent: bool = False,
        mentioned: str | None = None,
    ) -> T | None:
        """Let `case` happen for `person` (team ID, user ID): committed when this returns, with a line in the log.

        What has arrived before does nothing and gives `None`; the mark is set in the same transaction.
        Who that is, who else is `mentioned`, and whether they are an agent is looked up side by side: Slack waits
        three seconds for all of it.
        """
        started = time.monotonic()
        team_id, user_id = person
        people = {user_id, mentioned or user_id}
        asking = self._is_agent(user_id, asked=ask_agent)
        met = self.users.met(team_id, people)
        is_agent = await asking if met else (await asyncio.gather(asking, self.users.meet_all(team_id, people)))[0]
        came = incoming.get() or IncomingRequest()

        def traced(unit: UnitOfWork) -> tuple[T, Trace | None]:
            return case(unit), unit.trace

        outcome = "failed"
        try:
            use_case = UseCase(Actor(team_id, user_id, is_agent), traced, came.key, met=people if met else ())
            try:
                done = await self._commits.do(use_case)
            except UnknownPerson:  # erased since, perhaps by the command beside us
                await self.users.meet_all(team_id, people)
                done = await self._commits.do(replace(use_case, met=()))
            result, trace = done or (None, None)
            outcome = "repeat" if done is None else "nothing_changed" if trace is None else "done"
        finally:
            self._watch(came.kind, outcome, time.monotonic() - started)
        self._wake()
        log.info(
            "handled", kind=came.kind, outcome=outcome, **(vars(trace) if trace is not None else {}),
            milliseconds=round((time.monotonic() - started) * 1000),
        )  # fmt: skip
        return result

    async def colleagues(self, team_id: str) -> frozenset[str]:
        """The IDs of the agents, each of whom we have tried to learn the name of."""
        members = await self.agents.members()
        await asyncio.gather(*(self.users.meet(team_id, one) for one in members))
        return members

    async def _is_agent(self, user_id: str, *, asked: bool) -> bool:
        return asked and await self.agents.has(user_id)

    async def forgotten(self, person: tuple[str, str]) -> None:
        """After somebody was erased: whoever comes back is met anew, and the freed bytes leave the disk."""
        self.users.forget(*person)
        await self._thread.run(self._services.scrub)

    @property
    def default_texts(self) -> Texts:
        """The guide for somebody we know nothing of."""
        config = self._services.config
        return config.all_texts[config.default_language]

    async def texts_for(self, person: tuple[str, str]) -> Texts:
        """The guide to speak to `person` in."""
        known = await self._thread.run(self._services.unit_of_work, people.person, *person)
        config = self._services.config
        return config.all_texts[config.language_of(known)]
