"""Which store a database URL means."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.store import sqlite
from bot.store.protocol import Store, StoreError

if TYPE_CHECKING:
    from types import ModuleType

_POSTGRES = "postgresql:"


def open_database(address: str, threads: int = 1) -> Store:
    """Open the store at `sqlite:///…` or `postgresql://…` and bring its schema up to date. `StoreError`.

    `threads`: how many will use it at the same time, where there may be several.
    """
    if address.startswith(_POSTGRES):
        store: Store = _postgres().open_store(address, threads)
        return store
    return sqlite.open_store(address)


@contextmanager
def right_to_serve(address: str) -> Iterator[None]:
    """Hold the right to serve the database. `StoreError` when another process has it; PostgreSQL serves many."""
    if address.startswith(_POSTGRES):
        yield
        return
    with sqlite.serving_lock(sqlite.database_path(address)):
        yield


def _postgres() -> "ModuleType":
    try:
        from bot.store import postgres  # noqa: PLC0415 - psycopg is installed only where it is used
    except ImportError as error:
        raise StoreError(
            "For PostgreSQL install the program with it: pip install 'amazon-token-bot[postgres]'."
        ) from error
    return postgres
