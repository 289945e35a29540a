"""Records as the tests of the stores keep them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.store.models import TicketRecord, WalkRecord

NOON = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)


def walk(**changes: Any) -> WalkRecord:
    first = WalkRecord(
        team_id="T1", worker_id="U1", procedure="amazon_token", step="before_start", state="{}", guide_version="g1",
        started_at=NOON, updated_at=NOON,
    )  # fmt: skip
    return replace(first, **changes)


def ticket(**changes: Any) -> TicketRecord:
    first = TicketRecord(
        team_id="T1", merchant_id="U1", procedure="amazon_token", reason="help", language="de", card_key="card",
        opened_at=NOON,
    )  # fmt: skip
    return replace(first, **changes)
