"""Statecharts that are built once for each thread and reused, since building one takes longer than using it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from statemachine import StateChart
from statemachine.exceptions import TransitionNotAllowed

C = TypeVar("C", bound=StateChart[Any])


class ReusedChart(Generic[C]):
    """One chart per thread, made by `build` when it is first needed.

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
