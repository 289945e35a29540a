"""A new version of the program whose procedure has other steps, on the database of the one before."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from tests.faults.conftest import Finish, Serve
from tests.faults.patient_people import addresses
from tests.faults.test_ghost_step import at

pytestmark = pytest.mark.story
Json = dict[str, Any]


def rename(database: Path, **names: str) -> None:
    """Leave Erika's walk as a version would have that called these steps otherwise."""
    conn = sqlite3.connect(database)
    for new, old in names.items():
        for walk_id, step, text in conn.execute(
            "SELECT id, step, state FROM walks WHERE worker_id = 'U0ERIKA'"
        ).fetchall():
            state = json.loads(text)
            state["step"] = old if state["step"] == new else state["step"]
            state["trail"] = [mark | {"step": old} if mark["step"] == new else mark for mark in state["trail"]]
            values = (old if step == new else step, json.dumps(state), walk_id)
            conn.execute("UPDATE walks SET step = ?, state = ? WHERE id = ?", values)
    conn.commit()
    conn.close()


@pytest.mark.parametrize(
    ("gone", "goes_on_at"),
    [
        ({"account_mask": "old_mask"}, "connect_version"),
        ({"account_mask": "old_mask", "connect_version": "old_version"}, "before_start"),
        ({"account_mask": "old_mask", "connect_version": "old_version", "before_start": "hello"}, "before_start"),
    ],
    ids=["one step back", "two steps back", "from the beginning"],
)
async def test_a_walk_at_a_step_that_is_gone_goes_on_at_the_last_one_there_is(
    sandbox: Sandbox, serve: Serve, finish: Finish, database: Path, logged: list[Any], gone: Json, goes_on_at: str
) -> None:
    """The merchant is told, sees one live step, loses no answer, and the old button changes nothing."""
    async with Visitor(sandbox.url, "U0ERIKA") as erika, Visitor(sandbox.url, "U0OLIVER") as oliver:
        async with serve() as bot:
            await oliver.command("/amazon-token")
            await erika.command("/amazon-token")
            await erika.press("walk:orders_stopped", message=await at(erika, "before_start"))
            await at(erika, "connect_version")
            await erika.say("4.9.24.5")
            old = await at(erika, "account_mask")
            await finish(bot)
        rename(database, **gone)
        async with serve() as bot:
            live = await at(erika, goes_on_at)
            assert "Der Ablauf wurde überarbeitet" in live["text"] + json.dumps(live["blocks"], ensure_ascii=False)
            await erika.press("walk:sees_key_set", message=old)
            assert await erika.ephemeral_text()
            await erika.press(
                "walk:orders_stopped" if goes_on_at == "before_start" else "form:connect_version", message=live
            )
            result = await finish(bot)
            assert [a.step for m in await oliver.messages() for a in addresses(m["blocks"])][:1] == ["before_start"]
    assert result.faults["walks without exactly one live step"] == []
    assert result.faults["doubled messages"] == []
    assert [line["walks"] for line in logged if line["event"] == "walks_resettled"] == [1]
    assert not [line for line in logged if line["event"] == "incident"]
