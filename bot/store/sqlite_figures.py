"""The figures of `/metrics` in SQLite."""

from collections import defaultdict
from datetime import datetime

from bot.store.records import RECEIVERS, Figures, Receiver, Waiting, receiver
from bot.store.sql_figures import FIGURES
from bot.store.sqlite_outbox import SqliteOutbox
from bot.store.times import maybe_moment, to_text


class SqliteFigures(SqliteOutbox):
    """The part of `bot.store.protocol.Store` about figures."""

    def figures(self, now: datetime) -> Figures:
        """How much there is of everything, in one read."""
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        rows: dict[Receiver, dict[str, int]] = {name: {} for name in RECEIVERS}
        since: dict[str, list[datetime]] = defaultdict(list)
        for what, name, state, count, oldest in self._execute(FIGURES, (to_text(now),)).fetchall():
            who = receiver(name) if what == "outbox" else None
            if who is not None:
                rows[who][state] = rows[who].get(state, 0) + count
            else:
                counts[what][name] = count
            if (moment := maybe_moment(oldest)) is not None:
                since[who or what].append(moment)
        return Figures(
            outbox={name: Waiting(rows=rows[name], oldest_seconds=_age(since[name], now)) for name in RECEIVERS},
            walks=counts["walks"],
            tickets=counts["tickets"],
            due=counts["due"],
            uploads=counts["uploads"],
            unclaimed_seconds=_age(since["tickets"], now),
        )


def _age(moments: list[datetime], now: datetime) -> float:
    return max(0.0, (now - min(moments)).total_seconds()) if moments else 0.0
