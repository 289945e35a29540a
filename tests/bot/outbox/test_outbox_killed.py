"""A kill loses, doubles and reorders nothing."""

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
async def test_a_kill_loses_nothing(outbox: Any, row: Callable[..., Row], tmp_path: Path, point: str) -> None:
    """The process dies at its second message; the next process delivers each message once and in order."""
    keys = [f"k{number}" for number in range(4)]
    await outbox.put(*(row(key, to="C1") for key in keys))
    arguments = (f"sqlite:///{tmp_path}/bot.db", outbox.slack.url, point, "2")
    killed = await asyncio.create_subprocess_exec(sys.executable, str(SCRIPT), *arguments)
    assert await killed.wait() == -signal.SIGKILL
    await outbox.run(outbox.store.recover)
    await outbox.worker().drain()
    assert outbox.slack.texts("C1") == [f"text of {key}" for key in keys]
