"""Slack on its bad days: a walk goes on all the same, each message comes once, and the operator is told what to do."""

import asyncio
import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.driver import ActFailed, Visitor
from bot.sandbox.misbehaviour import FaultKind
from bot.sandbox.server import Sandbox
from bot.services import card_repair
from bot.store.dialect import to_text
from bot.store.outbox_protocol import NEVER_ARRIVED
from tests.faults.conftest import Finish, Serve
from tests.faults.passing_time import let_time_pass
from tests.faults.patient_people import Plan, addresses
from tests.waiting import until

pytestmark = pytest.mark.story
Json = dict[str, Any]
HOUR = 3600
QUARTER = 900


async def at_step(visitor: Visitor, step: str, channel: str = "dm") -> Json:
    """The message that is at this step, waiting for it."""
    return await visitor.wait_for(lambda m: any(a.step == step for a in addresses(m["blocks"])), channel)


def waiting(database: Path) -> list[datetime]:
    """When the messages that Slack wants later are due."""
    query = "SELECT due_at FROM outbox WHERE state = 'pending' AND error IS NOT NULL"
    with contextlib.closing(sqlite3.connect(database)) as conn:
        return [datetime.fromisoformat(due_at) for (due_at,) in conn.execute(query).fetchall()]


def make_due(database: Path) -> None:
    """What waits is due."""
    with contextlib.closing(sqlite3.connect(database)) as conn:
        conn.execute("UPDATE outbox SET due_at = ? WHERE state = 'pending'", (to_text(datetime.now(UTC)),))
        conn.commit()


async def begun(visitor: Visitor) -> Json:
    """A walk at its first step."""
    await visitor.command("/amazon-token")
    return await at_step(visitor, "before_start")


async def test_retry_after_holds_one_channel_only(
    sandbox: Sandbox, serve: Serve, finish: Finish, database: Path
) -> None:
    """Erika's channel waits as long as Slack says, a quarter of an hour at most; Oliver's goes on meanwhile."""
    async with serve() as bot, Visitor(sandbox.url, "U0ERIKA") as erika, Visitor(sandbox.url, "U0OLIVER") as oliver:
        await begun(erika)
        await begun(oliver)
        sandbox.misbehave("chat.postMessage", "rate_limited", retry_after=HOUR)
        await erika.press("walk:orders_stopped")
        await until(lambda: waiting(database), "Slack to limit Erika's channel")
        (due_at,) = waiting(database)
        (limited,) = [call.at for call in sandbox.calls if call.outcome == "rate_limited"]
        assert due_at >= datetime.fromtimestamp(limited + QUARTER, UTC)
        assert due_at < datetime.fromtimestamp(limited + HOUR, UTC)
        await oliver.press("walk:orders_stopped")
        await at_step(oliver, "connect_version")
        assert waiting(database) == [due_at]
        steps = {a.step for m in await erika.messages() for a in addresses(m["blocks"])}
        assert "connect_version" not in steps, "hers is not there yet"
        make_due(database)
        bot.outbox_worker.wake()
        await at_step(erika, "connect_version")
        result = await finish(bot)
    assert not result.faults["doubled messages"]
    assert not result.faults["out of order"]


@pytest.mark.parametrize(
    ("code", "todo"),
    [
        ("channel_not_found", "SUPPORT_CHANNEL_ID"),
        ("not_in_channel", "/invite"),
        ("is_archived", "unarchive"),
        ("restricted_action", "posting permissions"),
    ],
)
async def test_a_closed_channel_is_waited_for_and_says_what_to_do(
    sandbox: Sandbox, serve: Serve, logged: list[Any], code: str, todo: str
) -> None:
    """The log names the remedy at each attempt, the merchant's walk goes on, and the ticket comes by itself."""
    async with serve() as bot, Visitor(sandbox.url, "U0ERIKA") as erika, Visitor(sandbox.url, "U0ANNA") as anna:
        await begun(erika)
        await bot.outbox_worker.drain()
        bot.outbox_worker._backoff = 0.0
        sandbox.misbehave("chat.postMessage", "error", code=code, times=9, channel="C0SUPPORT")
        await erika.command("/amazon-token support")
        await anna.wait_for("1001", "#support")
        await bot.outbox_worker.drain()
        await at_step(erika, "before_start")
        told = [line for line in logged if line["event"] == "outbox_row" and line.get("error") == code]
        assert len(told) >= 8, "more often than a row was once tried"
        assert all(todo in line["todo"] for line in told)
        assert await bot.thread.run(bot.store.dead) == []


@pytest.mark.parametrize(("code", "todo"), [("missing_scope", "manifest")])
async def test_what_slack_refuses_for_good_is_parked_and_says_what_to_do(
    sandbox: Sandbox, serve: Serve, logged: list[Any], code: str, todo: str
) -> None:
    """The ticket is a dead row with its words, the log line names the remedy, and the operator can send it again."""
    async with serve() as bot, Visitor(sandbox.url, "U0ERIKA") as erika, Visitor(sandbox.url, "U0ANNA") as anna:
        await begun(erika)
        await bot.outbox_worker.drain()
        sandbox.misbehave("chat.postMessage", "error", code=code)
        await erika.command("/amazon-token support")
        await bot.outbox_worker.drain()
        await at_step(erika, "before_start")
        told = [line for line in logged if line["event"] == "outbox_row_dead"]
        assert [line["error"] for line in told] == [code, NEVER_ARRIVED], "the card, and what is known below it"
        assert told[0]["log_level"] == "error"
        assert todo in told[0]["todo"]
        row = next(row for row in await bot.thread.run(bot.store.dead) if row.thread is None)
        assert row.error == code
        assert "1001" in row.content["text"]
        assert await bot.thread.run(bot.store.send_again, row.key, bot.services.config.clock())
        bot.outbox_worker.wake()
        await anna.wait_for("1001", "#support")
        await bot.outbox_worker.drain()
        assert await bot.thread.run(bot.services.unit_of_work, card_repair.revive_orphans)
        assert await bot.thread.run(bot.store.dead) == []


async def test_where_history_is_unreadable(sandbox: Sandbox, serve: Serve, logged: list[Any]) -> None:
    """A step in the direct message is rather sent twice than not at all; a ticket is parked for the operator."""
    async with serve() as bot, Visitor(sandbox.url, "U0ERIKA") as erika:
        let_time_pass(bot, sandbox)
        await begun(erika)
        await bot.outbox_worker.drain()
        sandbox.misbehave("conversations.history", "error", code="missing_scope", times=5)
        sandbox.misbehave("chat.postMessage", "error_503", times=2)
        await erika.command("/amazon-token support")
        await bot.outbox_worker.drain()
        await at_step(erika, "before_start")
        row = next(row for row in await bot.thread.run(bot.store.dead) if row.thread is None)
        assert row.destination.to == "C0SUPPORT"
        assert (row.error or "").startswith("parked: ")
        told = [line for line in logged if line["event"] == "outbox_row_dead"]
        assert "may be there already" in told[0]["todo"]
        steps = [a for m in await erika.messages() for a in addresses(m["blocks"])]
        assert len({a.key for a in steps}) == 1


@pytest.mark.parametrize("kind", ["double", "disorder"])
async def test_typed_values_come_twice_or_out_of_order(
    sandbox: Sandbox, serve: Serve, somebody: Any, finish: Finish, kind: FaultKind
) -> None:
    """Typed values and presses are taken once, and no step is passed by a repeat."""
    async with serve() as bot:
        sandbox.misbehave("delivery", kind, times=100 if kind == "double" else 6)
        walked = await somebody("U0ERIKA").once(Plan(accounts=2, failures=2, types=True))
        result = await finish(bot, walked)
    assert walked.step == "done"
    assert result.clean, result.table()
    assert result.figures["tickets"] == 1


async def test_two_presses_at_once_make_one_step(sandbox: Sandbox, serve: Serve, finish: Finish) -> None:
    """Whichever comes first counts; there is one live step."""
    async with serve() as bot, Visitor(sandbox.url, "U0ERIKA") as erika, Visitor(sandbox.url, "U0ERIKA") as again:
        message = await begun(erika)
        presses = [
            erika.press("walk:orders_stopped", message=message),
            again.press("walk:orders_arriving", message=message),
            erika.press("walk:orders_stopped", message=message),
        ]
        await asyncio.gather(*presses)
        result = await finish(bot)
        steps = [a.step for m in await erika.messages() for a in addresses(m["blocks"])]
    assert len(set(steps)) == 1
    assert steps[0] in {"connect_version", "still_receiving"}
    assert not result.faults["walks without exactly one live step"]


async def test_two_agents_claim_at_once(sandbox: Sandbox, serve: Serve, finish: Finish) -> None:
    """One has it, the merchant hears one name, the other is told who was first."""
    async with serve() as bot, Visitor(sandbox.url, "U0ERIKA") as erika, Visitor(sandbox.url, "U0ANNA") as anna:
        await erika.command("/amazon-token support")
        card = await anna.wait_for("1001", "#support")
        async with Visitor(sandbox.url, "U0BEN") as ben:
            both = [p.press("ticket:claim", message=card, channel="#support") for p in (anna, ben)]
            await asyncio.gather(*both)

            async def told() -> int:
                return len([p for p in (anna, ben) if (await p.state())["modals"]])

            async def one_is_told() -> bool:
                return await told() == 1

            await until(one_is_told, "one of the two to be told")
            await finish(bot)
            heard = [
                m["text"] for m in await erika.messages() if "Anna Support" in m["text"] or "Ben Support" in m["text"]
            ]
            assert len(heard) == 1
            assert await told() == 1


async def test_old_buttons_after_a_restart_change_nothing(sandbox: Sandbox, serve: Serve, finish: Finish) -> None:
    """A press on a message of before is answered, and the live step stays the only one."""
    async with Visitor(sandbox.url, "U0ERIKA") as erika:
        async with serve() as bot:
            old = await begun(erika)
            await erika.press("walk:orders_stopped")
            await at_step(erika, "connect_version")
            await finish(bot)
        with pytest.raises(ActFailed, match="not_connected"):
            await erika.press("walk:orders_arriving", message=old)
        async with serve() as bot:
            await erika.press("walk:orders_arriving", message=old)
            assert await erika.ephemeral_text()
            await erika.press("walk:orders_stopped", message=old)
            result = await finish(bot)
            steps = [a.step for m in await erika.messages() for a in addresses(m["blocks"])]
    assert set(steps) == {"connect_version"}
    assert not result.faults["walks without exactly one live step"]
