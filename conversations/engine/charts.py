"""The base of the procedures' statecharts, and charts that are built once for each thread and reused."""

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from inspect import signature
from typing import Any, ClassVar, Generic, TypeVar

from statemachine import State, StateChart
from statemachine.exceptions import TransitionNotAllowed
from statemachine.transition_list import TransitionList

from conversations.engine.settings import ProcedureSettings
from conversations.engine.walk_state import ProcedureFacts, WalkPosition, WalkState

BACK, CANCEL = "back", "cancel"
"""Events that every procedure has: to the step that the person came from, and to the end `cancelled`."""


class WalkChart(StateChart[WalkPosition]):
    """The statechart of a procedure: one state for each step.

    Flat, so that a walk is restored from one word (`WalkState.step`). Guards have no side effects. Each call names the
    walk, its facts and the settings it is about, and guards and actions get them as arguments, by name: `walk`,
    `facts`, `settings`, `handovers`, and while an event is taken `answer` and `now`. The chart keeps nothing of a walk
    between two calls. `Walk` is the only caller.

    python-statemachine finds actions by their names: `before_transition` and `after_transition` run with every event,
    `on_<event>` with that event, between leaving one step and entering the next.
    """

    atomic_configuration_update = True
    catch_errors_as_events = False
    allow_event_without_transition = False

    retracing: ClassVar[frozenset[str]] = frozenset({BACK})
    """The events that follow the trail backwards instead of adding to it."""

    def __init__(self) -> None:
        super().__init__(WalkPosition(first_step(type(self))), state_field="step")

    def offers(
        self, walk: WalkState[Any], settings: ProcedureSettings, handovers: Collection[str] = ()
    ) -> tuple[str, ...]:
        """The events that the step of `walk` accepts now. Raises `KeyError` when that step is not one of the chart.

        `handovers` are the events whose other procedure is there.
        """
        if self.states_map[walk.step].final:
            return ()
        self.model.state = walk
        events: list[Any] = self.enabled_events(walk=walk, facts=walk.facts, settings=settings, handovers=handovers)
        return tuple(dict.fromkeys(str(event.id) for event in events))

    def take(
        self,
        event: str,
        walk: WalkState[Any],
        settings: ProcedureSettings,
        handovers: Collection[str] = (),
        *,
        answer: Any,
        now: datetime,
    ) -> None:
        """Apply `event` to `walk`. Raises `TransitionNotAllowed`, and changes nothing, when its step refuses it."""
        self.model.state = walk
        self.send(event, walk=walk, facts=walk.facts, settings=settings, handovers=handovers, answer=answer, now=now)

    def follow(
        self, event: str, walk: WalkState[Any], settings: ProcedureSettings, handovers: Collection[str], now: datetime
    ) -> bool:
        """Do to `walk` what `take` does to it for an event without an answer, in a tenth of the time.

        Only where no guard decides where the event leads: else it changes nothing and returns `False`.
        """
        way = _unguarded_way(type(self), str(walk.step), event)
        if way is None:
            return False
        source, target = way
        known = {
            "source": source, "target": target, "event": event, "walk": walk, "facts": walk.facts, "settings": settings,
            "handovers": handovers, "answer": None, "now": now,
        }  # fmt: skip
        self.before_transition(source, target, event, walk)
        if (wanted := _wanted_by(type(self), f"on_{event}")) is not None:
            getattr(self, f"on_{event}")(**{name: known[name] for name in wanted})
        walk.step = target.id
        self.after_transition(source, target, walk)
        return True

    def goes_on(self, event: str, handovers: Collection[str]) -> bool:
        """The guard of every way to `transferred`: whether the procedure that goes on is there and switched on."""
        return event in handovers

    def before_transition(self, source: State, target: State, event: str, walk: WalkState[ProcedureFacts]) -> None:
        """Add the step that is left to the trail, or go one step back on it."""
        if event in self.retracing:
            walk.retrace()
        elif target is not source and not target.final:
            walk.leave(source.id)

    def after_transition(self, source: State, target: State, walk: WalkState[ProcedureFacts]) -> None:
        """Count how often a step was reached; drop the hashes at an end."""
        if target is not source:
            walk.repeats[target.id] = walk.repeats.get(target.id, 0) + 1
        if target.final:
            walk.facts.forget_secrets()


@cache
def _unguarded_way(chart: type[WalkChart], step: str, event: str) -> tuple[State, State] | None:
    """From where to where `event` leads at `step`; `None` where guards decide, or where it is not accepted at all."""
    source: State = next(state for state in chart.states if state.id == step)
    way: Any = next((way for way in source.transitions if way.match(event)), None)
    return None if way is None or way.target is None or any((*way.cond, *way.validators)) else (source, way.target)


@cache
def _wanted_by(chart: type[WalkChart], action: str) -> tuple[str, ...] | None:
    """The names of the arguments of an action; `None` when the chart does not have it."""
    method = getattr(chart, action, None)
    return tuple(signature(method).parameters)[1:] if method is not None else None


def first_step(chart: type[StateChart[Any]]) -> str:
    """The ID of the initial state."""
    initial: Any = chart.initial_state
    return str(initial.id)


def _came_from(state: State) -> Callable[[WalkState[ProcedureFacts]], bool]:
    """A guard for `ways_back`: holds when `state` was the last one left.

    The ID is read when the guard runs, since a state has none before the class is complete.
    """

    def came_from(walk: WalkState[ProcedureFacts]) -> bool:
        return bool(walk.came_from == state.id)

    return came_from


def ways_back(*states: State) -> TransitionList:
    """The event `back`: for each way forward between two different steps, the guarded way back.

    To be called in the body of a chart after all its other events.
    """
    ways = TransitionList()
    seen: set[tuple[int, int]] = set()
    forward = [(s, t.target) for s in states for t in s.transitions]
    for source, target in forward:
        if target is None or target is source or target.final or (id(source), id(target)) in seen:
            continue
        seen.add((id(source), id(target)))
        ways = ways | target.to(source, cond=_came_from(source))
    return ways


def staying(state: State, cond: str | None = None) -> TransitionList:
    """An event that leaves the walk at `state`, where the guard `cond` holds."""
    return state.to.itself(internal=True, cond=cond)  # type: ignore[no-untyped-call, no-any-return]


C = TypeVar("C", bound=StateChart[Any])


class ReusedChart(Generic[C]):
    """One chart per thread, made by `build` when it is first needed: building one takes longer than using it.

    A chart that has entered a final state still offers events and refuses them, and one that raised in the middle of a
    step may hold half of it: neither is used again. Refusing an event (`TransitionNotAllowed`) is no such failure.
    """

    def __init__(self, build: Callable[[], C]) -> None:
        self._build = build
        self._local = threading.local()

    @contextmanager
    def borrow(self) -> Iterator[C]:
        """The chart for the block. A call inside the block gets another one."""
        chart: C = getattr(self._local, "chart", None) or self._build()
        self._local.chart = None
        try:
            yield chart
        except TransitionNotAllowed:
            self._local.chart = chart
            raise
        if not chart.is_terminated:
            self._local.chart = chart
