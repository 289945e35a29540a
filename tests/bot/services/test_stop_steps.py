"""Where the walk stops, calling a person is what is recommended."""

import json
from typing import Any

import pytest

from tests.bot.services.visits import Visit


@pytest.mark.parametrize("step", ["still_receiving", "newer_mask"])
def test_a_person_is_the_primary_button_where_the_walk_stops(erika: Visit, step: str) -> None:
    """It is the first one, and there once; to go on all the same, or to end, is no recommendation."""
    erika.go_to(step)
    (row,) = erika.store.db.query("SELECT content FROM outbox WHERE key = ?", [str(erika.record.live_key)])
    rows: list[dict[str, Any]] = [b for b in json.loads(row["content"])["blocks"] if b["type"] == "actions"]
    buttons = [element for block in rows for element in block["elements"]]
    assert buttons[0]["action_id"] == "form:help"
    assert [b["action_id"] for b in buttons if b.get("style") == "primary"] == ["form:help"]
    assert [b["action_id"] for b in buttons].count("form:help") == 1
