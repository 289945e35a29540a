"""What the tests of SQLite files write into them."""

import multiprocessing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.store.models import Destination, Row, WalkRecord

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


SPAWN = multiprocessing.get_context("spawn")


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def walk() -> WalkRecord:
    return WalkRecord(
        team_id="T1", worker_id="U1", procedure="amazon_token", step="a", state="0", guide_version="g", started_at=NOON,
        updated_at=NOON,
    )  # fmt: skip


def row(**changes: object) -> Row:
    words = {"text": "the very secret words"}
    first = Row(
        key="a", destination=Destination("T1", "U1"), method="post", content=words, created_at=NOON, due_at=NOON
    )
    return replace(first, **changes)  # type: ignore[arg-type]
