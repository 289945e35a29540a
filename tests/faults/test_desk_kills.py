"""The whole story of the desk, killed at each of its acts: nothing is lost, nothing doubled, the same at the end."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.faults.desk_kills import DeskStory

EVERYWHERE = bool(os.environ.get("KILL_EVERYWHERE"))
POINTS = ("before_commit", "after_commit", "before_send", "after_send", "before_record", "after_record")
ORDERS = [f"{point}:1" for point in POINTS]
SLICE = [pytest.param(ORDERS, id="another point at each act")]
MATRIX = [pytest.param([order], id=order) for order in (*ORDERS, *(f"{point}:2" for point in POINTS[2:]))]


@pytest.mark.story
@pytest.mark.long
@pytest.mark.parametrize("orders", MATRIX if EVERYWHERE else SLICE)
async def test_the_desk_survives_a_kill_at_each_act(tmp_path: Path, orders: list[str]) -> None:
    """With `KILL_EVERYWHERE=1` every act is killed at every point."""
    (tmp_path / "calm").mkdir()
    (tmp_path / "killed").mkdir()
    calm, killed = DeskStory(tmp_path / "calm"), DeskStory(tmp_path / "killed")
    wanted, found = await asyncio.gather(calm.play(), killed.play(orders))
    assert [state for _, state, *_ in wanted["tickets"]] == ["closed", "closed"]
    assert wanted["incidents"] == []
    assert not any("drei" in str(wanted[one]) or "three" in str(wanted[one]) for one in ("U0ERIKA", "U0OLIVER"))
    assert len(killed.struck) == len({name for name, _ in killed.struck}) == 13
    for what, is_there in wanted.items():
        assert found[what] == is_there, f"{what}, killed at {killed.struck}"
