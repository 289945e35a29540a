"""How the courier reaches the store."""

from collections.abc import Awaitable, Callable
from typing import Any

Run = Callable[..., Awaitable[Any]]
"""Runs a call of the store, with its arguments, on the store's own thread."""
