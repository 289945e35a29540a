"""Which store a database URL means."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from bot.store import sqlite
from bot.store.protocol import Store, StoreError

if TYPE_CHECKING:
    from types import ModuleType

    from bot.store.postgres_move import Moved
    from bot.store.postgres_proof import Proven

_POSTGRES = "postgresql:"


def open_database(address: str, threads: int = 1) -> Store:
    """Open the store at `sqlite:///…` or `postgresql://…` and bring its schema up to date. `StoreError`.

    `threads`: how many will use it at the same time, where there may be several.
    """
    if address.startswith(_POSTGRES):
        store: Store = _postgres("postgres").open_store(address, threads)
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


@contextmanager
def empty_database(address: str | None, path: Path) -> Iterator[str]:
    """The URL of an empty database: the file at `path`, or a schema of its own in PostgreSQL, dropped at the end."""
    if address is None:
        yield f"sqlite:///{path}"
        return
    with _postgres("postgres_schema").new_schema(address) as url:
        yield url


def move(source: str, target: str) -> "Moved":
    """Copy everything from `sqlite:///…` into the empty database `postgresql://…`. `StoreError`: nothing was moved."""
    if not target.startswith(_POSTGRES):
        raise StoreError("The target must be a PostgreSQL database: postgresql://user@host/database.")
    moved: Moved = _postgres("postgres_move").move(source, target)
    return moved


def prove(address: str, seconds: float) -> "Iterator[Proven]":
    """Try on a PostgreSQL server what several processes rely on, the last of it for so many seconds. `StoreError`."""
    if not address.startswith(_POSTGRES):
        raise StoreError("There is something to prove on PostgreSQL only: --database postgresql://user@host/database.")
    yield from _postgres("postgres_proof").prove(address, seconds)


def _postgres(module: str) -> "ModuleType":
    """A module that needs psycopg, which is installed only where it is used."""
    try:
        return import_module(f"bot.store.{module}")
    except ImportError as error:
        raise StoreError(
            "For PostgreSQL install the program with it: pip install 'amazon-token-bot[postgres]'."
        ) from error
