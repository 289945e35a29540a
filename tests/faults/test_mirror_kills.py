"""Mirrors under kills: at least once on the wire, once for whoever looks at the key."""

import os
from pathlib import Path

import pytest

from tests.faults.mirror_kills import KINDS, run

KILLS = int(os.environ.get("MIRROR_KILLS", "8"))


@pytest.mark.story
@pytest.mark.long
@pytest.mark.timeout(600 + 15 * KILLS)
async def test_each_change_is_told_once_to_whoever_looks_at_the_key(tmp_path: Path) -> None:
    """Killed before and after sending and recording: nothing lost, changed or out of order, repeats known by their key.

    Each kill between a sending and its record makes a repeat, and four at most: so many rows are under way.
    """
    count = await run(tmp_path, KILLS, seed=6)
    print(f"\n{count.kills.total()} kills {dict(count.kills)}: {count.changes} changes, {count.repeats} raw repeats")  # noqa: T201 - asked for with -s
    assert count.wrong == []
    assert count.changes == 2 * 3 * (6 + 2 * max(2, KILLS // 3)), "two mirrors, three tickets"
    assert count.arrived == count.changes + count.repeats
    assert count.kills.total() >= min(KILLS, len(KINDS))
    assert count.kills["after_send"] + count.kills["before_record"] <= count.repeats <= 4 * count.kills.total()
