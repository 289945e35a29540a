"""A backup that is made while people act, restored into a new folder and served: docs/operators.md, rehearsed."""

import asyncio
import os
import shutil
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from bot.sandbox.world import SandboxUser
from tests.bytes_written import TypedSecrets, files
from tests.faults.crowd import the_crowd
from tests.faults.patient_people import Merchant, Plan, dice
from tests.guides import GUIDES
from tests.stories.conftest import Serve
from tests.stories.presses import live_steps
from tests.waiting import until

pytestmark = pytest.mark.story
MERCHANTS = 3
PLAN = Plan(accounts=2, failures=2)


@pytest.fixture
def people() -> list[SandboxUser]:
    """Three merchants in two languages, and agents."""
    return the_crowd(MERCHANTS)


async def test_every_walk_goes_on_after_a_restore(
    sandbox: Sandbox, serve: Serve, database: Path, tmp_path: Path, typed_secrets: TypedSecrets
) -> None:
    """Three merchants walk while `amazon-token backup` copies the database; the first copy is restored elsewhere.

    There is no seal beside it and no log, only the key. Everybody is where they were then, is shown the step again,
    and comes to the end; what is past is answered as out of date; one ticket each.
    """
    calm = asyncio.Event()
    calm.set()
    backups = tmp_path / "backups"
    backups.mkdir()

    def merchant(number: int) -> Merchant:
        texts = {str(language): texts for language, texts in GUIDES.items()}
        return Merchant(sandbox, f"U0M{number}", texts, dice(number), calm, typed_secrets)

    numbers = range(1, MERCHANTS + 1)
    first = [merchant(number) for number in numbers]
    async with serve(pictures=False):
        walking = [asyncio.create_task(one.once(PLAN)) for one in first]
        await until(lambda: all(one.walked and one.walked[0].step not in _EARLY for one in first), "everybody to walk")
        for number in numbers:
            await _backup(sandbox, database, backups / f"{number}.db")
        await asyncio.gather(*walking)
    assert [(one.walked[0].step, one.walked[0].stuck) for one in first] == [("done", "")] * MERCHANTS
    restored = tmp_path / "restored" / "amazon-token.db"
    restored.parent.mkdir()
    shutil.copy2(backups / "1.db", restored)
    shutil.copy2(f"{database}.key", f"{restored}.key")
    then = _open_walks(restored)
    assert then, "the copy is of a moment at which somebody was on the way"
    assert stat.S_IMODE(restored.stat().st_mode) == 0o600
    async with serve(pictures=False, database_url=f"sqlite:///{restored}") as line:
        for user_id, step in then.items():
            async with Visitor(sandbox.url, user_id) as page:
                await page.command("/amazon-token")
                await page.press("door:go_on", message=await page.wait_for(lambda m: m["ephemeral"], fresh=True))
                await line.bot.outbox_worker.drain()
                assert [address.step for address in await live_steps(page)] == [step]
        second = {number: merchant(number) for number in numbers if f"U0M{number}" in then}
        await asyncio.gather(*(one.once(PLAN) for one in second.values()))
        await line.bot.outbox_worker.drain()
        assert not any(one.walked[0].stuck for one in second.values()), [one.walked[0].stuck for one in second.values()]
        counts = await line.bot.thread.run(line.bot.store.outbox_counts)
        assert (counts["dead"], counts["pending"]) == (0, 0)
    assert _open_walks(restored) == {}
    with closing(sqlite3.connect(restored)) as connection:
        ended = connection.execute("SELECT worker_id, count(*) FROM walks GROUP BY worker_id").fetchall()
        tickets = connection.execute("SELECT merchant_id, count(*) FROM tickets GROUP BY merchant_id").fetchall()
    assert ended == [(f"U0M{number}", 1) for number in numbers]
    assert sorted(tickets) == ended
    assert restored.with_name(f"{restored.name}.seal").exists()
    assert typed_secrets.leaks([*files(backups), *files(restored.parent)]) == []


_EARLY = frozenset({"before_start"})


def _open_walks(database: Path) -> dict[str, str]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        found = connection.execute("SELECT worker_id, step FROM walks WHERE ended_at IS NULL").fetchall()
    return dict(found)


async def _backup(sandbox: Sandbox, database: Path, copy: Path) -> None:
    """Run the command as an operator does, beside the bot that serves."""
    environment = {
        "PATH": os.environ["PATH"], "SLACK_BOT_TOKEN": sandbox.token, "SLACK_APP_TOKEN": sandbox.app_token,
        "SUPPORT_CHANNEL_ID": "C0SUPPORT", "DATABASE_URL": f"sqlite:///{database}",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }  # fmt: skip
    command = (sys.executable, "-m", "bot", "backup", str(copy))
    ran = await asyncio.create_subprocess_exec(
        *command, env=environment, cwd=copy.parent, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await ran.communicate()
    assert ran.returncode == 0, said.decode()
    assert b"The hash key is not in it" in said
