"""Runs use cases for the listeners: looks people up, commits in the store's thread, and wakes the outbox worker."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import structlog

from bot.services.changes import Trace
from bot.services.context import Actor
from bot.services.runner import Services, UnknownPerson, UseCase, UseCaseResult
from bot.services.unit_of_work import UnitOfWork
from bot.slack.store_thread import StoreThread
from bot.slack.users import Agents, Users, named_agents
from bot.store.protocol import StoreLockedError
from conversations.engine.texts import Texts

Result = TypeVar("Result")

log = structlog.get_logger()


@dataclass(frozen=True)
class IncomingRequest:
    """A request from Slack: its kind for log and metrics, and the key by which a repeat of it is recognized.

    The key of an event is its ID. That of any other request over HTTP is made of its signature, which covers time and
    body: Slack never sends the same one twice. Over a socket only Slack can send, and `key` is `None`.
    """

    kind: str = "unknown"
    key: str | None = None


incoming: ContextVar[IncomingRequest | None] = ContextVar("incoming", default=None)
"""The request that is being handled."""


_QueuedCase = tuple[UseCase, asyncio.Future[Any]]
RequestObserver = Callable[[str, str, float], None]
"""Called after each use case with the request's kind, how the case ended, and the seconds it took."""


def no_observer(_kind: str, _outcome: str, _seconds: float) -> None:
    """Do nothing."""


class GroupCommit:
    """Use cases that arrive while the store's thread is busy with others share one durable commit.

    Where several threads use the store, each use case has its own, and as many run at once.
    """

    MOST_IN_A_BATCH = 50
    """So that the outbox worker gets its turn at the store."""

    def __init__(self, services: Services, thread: StoreThread) -> None:
        self._services = services
        self._thread = thread
        self._waiting: list[_QueuedCase] = []
        self._batches = 0
        self._most = self.MOST_IN_A_BATCH if thread.threads == 1 else 1

    async def do(self, case: UseCase) -> Any:
        """The result of `case`, once it is committed. Raises what `case` raised, or `StoreError`.

        While another program locks the database each waits on its own: nobody longer because of the others.
        """
        return await self._thread.patiently(partial(self._in_a_batch, case))

    async def _in_a_batch(self, case: UseCase) -> Any:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((case, future))
        if self._batches < self._thread.threads:
            self._start_batch()
        return await future

    def _start_batch(self) -> None:
        # What nobody waits for any more is not begun: no answer would say so. Events are delivered again.
        self._waiting = [(case, future) for case, future in self._waiting if not future.done()]
        batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        if batch:
            self._batches += 1
            commit = self._thread.submit(self._do_all, [case for case, _ in batch])
            commit.add_done_callback(partial(self._committed, batch))

    def _do_all(self, cases: Sequence[UseCase]) -> list[UseCaseResult]:
        done = self._services.do_all(cases)
        if len(done) == 1 and isinstance(done[0].error, StoreLockedError):
            raise done[0].error  # the thread is to know of the lock; several have one transaction, which raises it
        return done

    def _committed(self, batch: list[_QueuedCase], commit: asyncio.Future[list[UseCaseResult]]) -> None:
        self._batches -= 1
        error = commit.exception()
        results = [UseCaseResult(error=error)] * len(batch) if error is not None else commit.result()
        for (_, future), result in zip(batch, results, strict=True):
            if future.done():  # the caller was cancelled meanwhile
                continue
            if result.error is not None:
                future.set_exception(result.error)
            else:
                future.set_result(result.result)
        self._start_batch()


class Dispatcher:
    """Runs the use cases of the listeners. After each one it calls `wake`, so that the outbox worker looks for rows."""

    def __init__(
        self,
        services: Services,
        thread: StoreThread,
        users: Users,
        agents: Agents,
        wake: Callable[[], None],
        observer: RequestObserver = no_observer,
    ) -> None:
        self._services = services
        self._thread = thread
        self._commits = GroupCommit(services, thread)
        self._wake = wake
        self._observer = observer
        self.users = users
        self.agents = agents

    async def do(
        self,
        person: tuple[str, str],
        case: Callable[[UnitOfWork], Result],
        *,
        ask_agent: bool = False,
        mentioned: Sequence[str] = (),
    ) -> Result | None:
        """Run `case` for `person` (team ID, user ID). What it returns, once it is committed; `None` for a repeat.

        The person, those `mentioned` and, with `ask_agent`, whether the person is an agent are looked up first, all
        at the same time: Slack waits three seconds for everything.
        """
        started = time.monotonic()
        team_id, user_id = person
        user_ids = {user_id, *mentioned}
        agent_lookup = self._is_agent(user_id, ask=ask_agent)
        if met := self.users.met(team_id, user_ids):
            is_agent = await agent_lookup
        else:
            is_agent, _ = await asyncio.gather(agent_lookup, self.users.meet_all(team_id, user_ids))
        request = incoming.get() or IncomingRequest()

        def with_trace(unit: UnitOfWork) -> tuple[Result, Trace | None]:
            return case(unit), unit.trace

        outcome = "failed"
        try:
            actor = Actor(team_id, user_id, is_agent)
            use_case = UseCase(actor, with_trace, request.key, met=user_ids if met else ())
            try:
                done = await self._commits.do(use_case)
            except UnknownPerson:  # erased since, perhaps by a command of the operator's
                await self.users.meet_all(team_id, user_ids)
                done = await self._commits.do(replace(use_case, met=()))
            result, trace = done or (None, None)
            outcome = "repeat" if done is None else "nothing_changed" if trace is None else "done"
        except StoreLockedError:
            outcome = "locked"
            raise
        finally:
            self._observer(request.kind, outcome, time.monotonic() - started)
        self._wake()
        log.info(
            "handled", kind=request.kind, outcome=outcome, **(vars(trace) if trace is not None else {}),
            milliseconds=round((time.monotonic() - started) * 1000),
        )  # fmt: skip
        return result

    async def by_itself(self, case: Callable[..., Any], *args: Any) -> None:
        """Run `case` with a unit of work in nobody's name and `args`. Nobody is looked up for it."""
        await self._thread.in_background(self._services.unit_of_work, case, *args)
        self._wake()

    async def _is_agent(self, user_id: str, *, ask: bool) -> bool:
        return ask and await self.agents.has(user_id)

    async def named_agents(self, team_id: str) -> frozenset[str]:
        """The IDs of the agents, after a lookup of those whose names are not known."""
        return await named_agents(self.agents, self.users, team_id)

    async def person_erased(self, person: tuple[str, str]) -> None:
        """Called after `person` was erased: scrub the disk, and look them up anew should they come back."""
        self.users.forget(*person)
        try:
            await self._thread.run(self._services.scrub)
        except StoreLockedError as error:  # they are erased; the outbox scrubs after it has sent the edits
            log.warning("scrub_put_off", error=str(error))

    @property
    def default_texts(self) -> Texts:
        """The texts for somebody of whom nothing is known."""
        config = self._services.config
        return config.all_texts[config.default_language]

    async def texts_for(self, person: tuple[str, str]) -> Texts:
        """The texts in the language of `person`, also while another program locks the database."""
        record = await self._thread.at_once(self._services.store.person, *person)
        config = self._services.config
        return config.all_texts[config.language_of(record)]
