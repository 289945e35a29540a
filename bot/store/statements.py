"""Runs the statements of `queries.sql` with named values, whichever database engine executes them."""

from abc import ABC, abstractmethod
from typing import Any


class Statements(ABC):
    """What the parts of a store have in common; an engine provides `_rows` and `_change`.

    `StoreError` when the database cannot go on, `StatementError` when it refuses the statement.
    """

    @abstractmethod
    def _rows(self, query: str, /, **values: Any) -> list[dict[str, Any]]:
        """What the statement returns."""

    @abstractmethod
    def _change(self, query: str, /, **values: Any) -> int:
        """How many rows the statement changed."""

    def _lock_ordering_key(self, key: str) -> None:  # noqa: B027 - most engines need none
        """Let nobody else add rows of this ordering key until the commit. One writer at a time needs no lock."""

    def _row(self, query: str, /, **values: Any) -> dict[str, Any] | None:
        """The first row, or `None`."""
        return next(iter(self._rows(query, **values)), None)

    def _value(self, query: str, /, **values: Any) -> Any:
        """The first column of the first row, or `None`."""
        row = self._row(query, **values)
        return None if row is None else next(iter(row.values()))

    def _change_one(self, query: str, /, **values: Any) -> None:
        """Change the one row that is there for sure; `LookupError` when it is not."""
        if self._change(query, **values) != 1:
            raise LookupError(f"{query}: there is no such row")
