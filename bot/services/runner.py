"""Runs every use case as one unit of work, in a thread of the store's."""

import secrets
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

from bot.services import card_repair, dead_steps, notify
from bot.services.context import SYSTEM, Actor, AppConfig
from bot.services.unit_of_work import UnitOfWork
from bot.store.protocol import (
    CONFLICT_SECONDS,
    ConcurrentChange,
    Conflict,
    ConnectionLostError,
    CrashPoints,
    Store,
    no_crash,
)

T = TypeVar("T")
ATTEMPTS = 3
"""How often a unit of work runs at most when others have changed the same records meanwhile."""
LEAST_ATTEMPTS = 6
"""So often it runs at least when other processes are faster: one that was stopped, or starved, has lost the time."""


class UnknownPerson(Exception):  # noqa: N818 - it is an answer: Slack is to be asked first
    """Nothing is stored of somebody whom the use case is about."""


@dataclass(frozen=True)
class UseCase:
    """Who does what. A delivery seen before (`event_id`) does nothing. `UnknownPerson` when one of `met` is unknown."""

    actor: Actor
    case: Callable[[UnitOfWork], Any]
    event_id: str | None = None
    met: Collection[str] = ()


@dataclass(frozen=True)
class UseCaseResult:
    """A use case's result, `None` for a repeat; or the exception with which it was rolled back.

    `changed`: whether it wrote anything.
    """

    result: Any = None
    error: BaseException | None = None
    changed: bool = False


class Services:
    """The only way to the store for whatever changes something: press, form, message, timer, sweep, repair, start.

    A unit of work is one transaction. At its end what Slack refused is tried again (the person's step, the cards of the
    tickets), the messages of ticket senders are queued and the outbox rows written.
    It is repeated as a whole when somebody else changed the same records meanwhile, or when its connection was lost.
    `at` is called with before_commit and after_commit for each that has written something.
    """

    def __init__(self, config: AppConfig, store: Store, at: CrashPoints = no_crash) -> None:
        self.config = config
        self.store = store
        self._at = at

    def do(self, actor: Actor, case: Callable[[UnitOfWork], T], event_id: str | None = None) -> T | None:
        """Run `case` in the name of `actor`; its result. A delivery seen before (`event_id`) does nothing: `None`."""
        result: T | None = self._committed(UseCase(actor, case, event_id))
        return result

    def unit_of_work(self, case: Callable[..., T], *args: Any) -> T:
        """Call `case` with a unit of work in nobody's name and `args`: what the bot does by itself. What it returns."""
        result: T = self._committed(UseCase(SYSTEM, lambda unit: case(unit, *args)))
        return result

    def do_all(self, cases: Sequence[UseCase]) -> list[UseCaseResult]:
        """Run each of `cases`, whole or not at all, and commit once for all that waited together.

        One that fails changes nothing for the others. An error of the commit is raised; then none has happened.
        """
        with self.store.shared_commit() if len(cases) > 1 else nullcontext():
            done = [self._tried(case) for case in cases]
        for result in done:
            if result.changed:
                self._at("after_commit")
        return done

    def scrub(self) -> None:
        """Remove what was forgotten from the disk. Where a reader is in the way, the outbox does it later."""
        self.store.scrub(self.config.clock())

    def _tried(self, case: UseCase) -> UseCaseResult:
        try:
            return self._run(case)
        except Exception as error:  # noqa: BLE001 - it is raised where the use case is waited for
            return UseCaseResult(error=error)

    def _committed(self, case: UseCase) -> Any:
        done = self._run(case)
        if done.changed:
            self._at("after_commit")
        return done.result

    def _run(self, case: UseCase) -> UseCaseResult:
        give_up_at = time.monotonic() + CONFLICT_SECONDS
        for attempt in count(1):
            try:
                return self._once(case)
            except (ConcurrentChange, ConnectionLostError):
                if time.monotonic() > give_up_at and attempt >= LEAST_ATTEMPTS:
                    raise
                time.sleep(secrets.randbelow(20) / 1000)  # so that two do not meet again
            except Conflict:
                if attempt >= ATTEMPTS:
                    raise
        raise AssertionError

    def _once(self, case: UseCase) -> UseCaseResult:
        with self.store.transaction() as tx:
            if any(tx.person(case.actor.team_id, user_id) is None for user_id in case.met):
                raise UnknownPerson
            if case.event_id is not None and not tx.first_time(case.event_id, self.config.clock()):
                return UseCaseResult()
            if case.actor.user_id:
                tx.in_the_name_of(case.actor.team_id, case.actor.user_id)
            unit = UnitOfWork(self.config, tx, case.actor)
            result = unit.gated(case.case(unit))
            dead_steps.say_again(unit)
            card_repair.try_touched_again(unit)
            notify.notify(unit)
            unit.flush()
            if tx.changed:
                self._at("before_commit")
        return UseCaseResult(result, changed=tx.changed)
