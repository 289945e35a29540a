"""Killed at the worst moments, nothing is lost, doubled or out of order."""

import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.store.models import Row

SCRIPT = Path(__file__).with_name("worker_to_kill.py")


@pytest.mark.parametrize("point", ["before_send", "after_send", "before_record", "after_record"])
async def test_a_kill_costs_nothing(post: Any, row: Callable[..., Row], tmp_path: Path, point: str) -> None:
    """The process dies at its second message; the next one finishes, each message once and in order."""
    keys = [f"k{number}" for number in range(4)]
    await post.put(*(row(key, to="C1") for key in keys))
    told = (f"sqlite:///{tmp_path}/bot.db", post.slack.url, point, "2")
    killed = await asyncio.create_subprocess_exec(sys.executable, str(SCRIPT), *told)
    assert await killed.wait() == -signal.SIGKILL
    await post.run(post.store.recover)
    await post.outbox_worker().drain()
    assert post.slack.texts("C1") == [f"text of {key}" for key in keys]
