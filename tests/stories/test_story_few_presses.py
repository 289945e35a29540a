"""How many clicks, submissions and messages a renewal takes."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.app.server import RunningBot
from bot.demo.scene import Scene
from conversations.amazon_token.plays import NEW_ENOUGH, made_up_token

pytestmark = [pytest.mark.story, pytest.mark.long]
ALL = ("DE", "UK", "FR", "IT", "ES", "NL", "SE", "PL", "BE", "IE")
SURE = ("before_start", "ready_to_disable", "disable_access", "licence_terms", "new_credentials", "check_seller_id")
"""What has a press of its own whatever is shown together: it switches something, is shown once, or is a trap."""


class Counting(Scene):
    """A merchant who counts what they do: a click or a submission is one, and so is a message."""

    count = 0

    async def press(self, action_id: str) -> Any:
        self.count += 1
        return await super().press(action_id)

    async def fill(self, action_id: str, **values: Any) -> Any:
        # The button that opens a modal, and its own; what is in the message has one.
        self.count += 1 if action_id == "form:connect_version" else 2
        return await super().fill(action_id, **values)

    async def say(self, text: str, shown: str | None = None) -> Any:
        self.count += 1
        return await super().say(text, shown)


async def renewal(me: Counting, names: Sequence[str]) -> None:
    """As it usually goes: the token is checked, the first fetch fails, the second works."""
    await me.start()
    await me.press("walk:orders_stopped")
    await me.fill("form:connect_version", version=NEW_ENOUGH)
    await me.press("walk:sees_key_set")
    await me.say(", ".join(names))
    for _ in ("account_and_key_set", "backup_token", "way_to_apps"):
        await me.press("walk:advance")
    await me.press("walk:ready_to_go")
    for _ in ("disable_access", "developer_form", "licence_terms", "new_credentials"):
        await me.press("walk:advance")
    await me.press("walk:same_seller_id")
    await me.fill("form:new_token", token=made_up_token())
    for _ in names[1:]:
        await me.press("walk:turn_to_next")
        await me.press("walk:confirm_account")
    await me.press("walk:all_saved")
    await me.press("walk:fetch_failed")
    await me.press("walk:fetch_worked")


@pytest.mark.parametrize(("accounts", "most"), [(1, 18), (3, 25), (10, 48)])
async def test_a_renewal_takes_few_presses(
    line: RunningBot, database: Path, cast: Any, accounts: int, most: int
) -> None:
    """One account at most 18, three 25, ten 48; and no trap is saved on."""
    me = Counting(await cast("U0ERIKA"), "Erika", lambda _text: None)
    await renewal(me, ALL[:accounts])
    await line.bot.outbox_worker.drain()
    assert me.count <= most
    with closing(sqlite3.connect(database)) as connection:
        ended = connection.execute("SELECT step FROM walks").fetchall()
        events = connection.execute("SELECT step, detail FROM events").fetchall()
    assert ended == [("done",)]
    assert set(SURE) <= {step for step, detail in events if "inferred" not in json.loads(detail)}
