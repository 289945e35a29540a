"""The figures of `/metrics` in SQLite."""

from collections import defaultdict
from datetime import datetime

from bot.store.models import SLACK, OutboxBacklog, StoreCounts
from bot.store.sql_figures import FIGURES
from bot.store.sqlite_outbox import SqliteOutbox
from bot.store.times import maybe_moment, to_text


class SqliteFigures(SqliteOutbox):
    """The part of `bot.store.protocol.Store` about figures."""

    def figures(self, now: datetime) -> StoreCounts:
        """How much there is of everything, in one read."""
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        rows: dict[str, dict[str, int]] = {SLACK: {}}
        since: dict[str, list[datetime]] = defaultdict(list)
        for what, name, state, count, oldest in self._execute(FIGURES, (to_text(now),)).fetchall():
            if what == "outbox":
                rows.setdefault(name, {})[state] = count
            else:
                counts[what][name] = count
            if (moment := maybe_moment(oldest)) is not None:
                since[f"outbox of {name}" if what == "outbox" else what].append(moment)
        return StoreCounts(
            outbox={
                name: OutboxBacklog(rows=found, oldest_seconds=_age(since[f"outbox of {name}"], now))
                for name, found in rows.items()
            },
            walks=counts["walks"],
            tickets=counts["tickets"],
            due=counts["due"],
            uploads=counts["uploads"],
            unclaimed_seconds=_age(since["tickets"], now),
        )


def _age(moments: list[datetime], now: datetime) -> float:
    return max(0.0, (now - min(moments)).total_seconds()) if moments else 0.0
