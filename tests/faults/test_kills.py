"""A bounded slice of `make torture`: the bot dies at every named point while people walk."""

from pathlib import Path

import pytest

from tests.faults.torture import KINDS, Torture


@pytest.mark.story
@pytest.mark.long
async def test_nothing_is_lost_doubled_or_stuck_whenever_the_bot_dies(tmp_path: Path) -> None:
    """Killed once at every point, and then at random: every count that must be zero is zero."""
    torture = Torture(tmp_path, kills=len(KINDS) + 1, merchants=3, seed=20)
    result = await torture.run()
    assert result.clean, f"{torture.table()}\n{result.table()}"
    assert torture.done.total() == len(KINDS) + 1
    assert result.figures["walks"] >= 4
    assert result.figures["procedures walked through"] == 2
    assert result.figures["accepted, not recorded"] >= 1
    carried = [line for line in torture.bot.lines() if line.get("event") == "outbox_row"]
    assert any(line["outcome"] == "sent" for line in carried), "what was carried is in the log"
    assert all(isinstance(line["row"], int) for line in carried), "the operator can tell which row a line is about"
    assert result.figures["walks on the phone"] >= 1
    assert result.figures["invitations accepted"] >= 1
    assert set(torture.done) == set(KINDS), "no point was waited for in vain"
    assert result.figures["answers of agents"] >= 1, "people talk meanwhile"
    assert torture.made_due, "time has passed for somebody"


@pytest.mark.story
@pytest.mark.long
async def test_nothing_is_lost_where_slack_delivers_over_http(tmp_path: Path) -> None:
    """The same with signed requests that Slack repeats until they are acknowledged."""
    torture = Torture(tmp_path, kills=4, merchants=1, seed=8, delivery="http")
    result = await torture.run()
    assert result.clean, f"{torture.table()}\n{result.table()}"
    assert torture.done.total() == 4
    assert result.figures["walks"] >= 2
