"""How the courier reaches the store."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.store.records import Row

Watch = Callable[[Row, str, float, datetime], None]
"""Is told of each attempt: the row, "delivered", "again" or "dead", how many seconds it took, and when it is."""


def unwatched(_row: Row, _outcome: str, _seconds: float, _now: datetime) -> None:
    """Nobody counts."""


Run = Callable[..., Awaitable[Any]]
"""Runs a call of the store, with its arguments, on the store's own thread."""
