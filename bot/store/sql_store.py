"""What is asked of a store apart from its transactions: figures, and the pictures that workspaces have."""

import json
from collections import defaultdict
from datetime import datetime
from typing import Any

from bot.store.counts import OutboxBacklog, StoreCounts
from bot.store.dialect import loaded
from bot.store.models import SLACK, ImageRecord
from bot.store.sql_outbox import SqlOutbox


class SqlStore(SqlOutbox):
    """The parts of `bot.store.protocol.Store` that need no transaction of the caller."""

    def figures(self, now: datetime) -> StoreCounts:
        undelivered = self.undelivered_tickets()
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        walks: dict[tuple[str, str], int] = {}
        backlog: dict[str, dict[str, int]] = {SLACK: {}}
        oldest: dict[str, list[datetime]] = defaultdict(list)
        for row in map(loaded, self._rows("figures", now=now)):
            kind, name = row["kind"], row["name"]
            if kind == "outbox":
                backlog.setdefault(name, {})[row["state"]] = row["count"]
            elif kind == "walks":
                walks[name, row["state"]] = row["count"]
            else:
                counts[kind][name] = row["count"]
            if row["oldest_at"] is not None:
                oldest[f"outbox of {name}" if kind == "outbox" else kind].append(row["oldest_at"])
        return StoreCounts(
            outbox={
                name: OutboxBacklog(rows=rows, oldest_seconds=_age(oldest[f"outbox of {name}"], now))
                for name, rows in backlog.items()
            },
            walks=walks,
            tickets=counts["tickets"],
            due=counts["due"],
            uploads=counts["uploads"],
            not_understood=counts["not_understood"],
            paused=tuple(self.paused()),
            unclaimed_seconds=_age(oldest["tickets"], now),
            undelivered_tickets=undelivered.count,
            undelivered_seconds=_age([undelivered.since] if undelivered.since is not None else [], now),
        )

    def picture(self, team_id: str, name: str, language: str, digest: str) -> ImageRecord | None:
        return _picture(self._row("picture", team_id=team_id, name=name, language=language, digest=digest))

    def served_picture(self, name: str, language: str, digest: str) -> ImageRecord | None:
        return _picture(self._row("served_picture", name=name, language=language, digest=digest))

    def save_picture(self, picture: ImageRecord) -> None:
        self._whole(self._picture_saved, picture)

    def _picture_saved(self, picture: ImageRecord) -> None:
        record = vars(picture) | {"filled": json.dumps(picture.values, separators=(",", ":"))}
        if picture.file_id is not None:
            self._change("forget_earlier_pictures", **record)
        self._change("save_picture", **record)

    def forget_picture(self, picture: ImageRecord) -> None:
        self._change("forget_picture", **vars(picture))


def _picture(found: dict[str, Any] | None) -> ImageRecord | None:
    if found is None:
        return None
    values = tuple((name, value) for name, value in json.loads(found.pop("filled")))
    return ImageRecord(values=values, **loaded(found))


def _age(moments: list[datetime], now: datetime) -> float:
    return max(0.0, (now - min(moments)).total_seconds()) if moments else 0.0
