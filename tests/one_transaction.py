"""A verb of a transaction, used by itself in a test."""

from collections.abc import Callable
from typing import Any

from bot.store.sqlite import SqliteStore


class OneTransaction:
    """Each call of a verb is a transaction of its own: `OneTransaction(store).purge(now, keep)`."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            with self._store.transaction() as tx:
                return getattr(tx, verb)(*args)

        return call
