"""Measures what code costs itself, whatever else runs on the machine and whether coverage is measured."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

_MEASURES_PROGRAMS = "COVERAGE_PROCESS_CONFIG"
"""Where it is set, coverage follows a Python program (`patch = ["subprocess"]`)."""


@contextmanager
def untraced() -> Iterator[Callable[[], float]]:
    """Suspends this thread's tracer, which makes Python several times slower.

    Yields a function that returns the milliseconds of processor time this thread has used since then.
    """
    tracer = sys.gettrace()
    sys.settrace(None)
    began = time.thread_time()
    try:
        yield lambda: 1000 * (time.thread_time() - began)
    finally:
        sys.settrace(tracer)


@contextmanager
def unmeasured() -> Iterator[None]:
    """The same for threads and programs that begin in the block too."""
    tracer = threading.gettrace()
    threading.settrace(None)  # type: ignore[arg-type]  # its own documentation says so
    try:
        with untraced(), pytest.MonkeyPatch.context() as patch:
            patch.delenv(_MEASURES_PROGRAMS, raising=False)
            yield
    finally:
        threading.settrace(tracer)  # type: ignore[arg-type]
