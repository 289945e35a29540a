"""The pace of messages: of one process, and of several at one database together."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.outbox.rate_limit import OwnPace, Pace, RateLimit, SharedPace
from bot.outbox.worker import OutboxWorker
from bot.sandbox.server import Sandbox
from bot.store.models import Row
from bot.store.postgres import PostgresStore, open_store
from bot.store.postgres_connection import as_psycopg
from tests.faults.bot_to_kill import BotToKill, free_port
from tests.waiting import until

MakeRow = Callable[..., Row]
SLOW = RateLimit(burst=3, per_second=0.001)
MANIFEST = Path(__file__).parents[3] / "manifest.yml"
CHANNEL, PERSON = "C0SUPPORT", "U0ERIKA"


@asynccontextmanager
async def process(url: str) -> AsyncIterator[tuple[PostgresStore, Callable[..., Any]]]:
    """The store of a process, and how it is called."""
    executor = ThreadPoolExecutor(max_workers=1)
    store = executor.submit(open_store, url).result()

    async def run(function: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(executor, function, *args)

    try:
        yield store, run
    finally:
        await run(store.close)
        executor.shutdown()


@pytest.fixture(params=["own", "shared"])
async def paces(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Pace, Pace]]:
    """Two that must agree: the same one twice, or those of two processes at one database."""
    if request.param == "own":
        own = OwnPace(SLOW)
        yield own, own
        return
    url = request.getfixturevalue("postgres_url")
    async with process(url) as (store, run), process(url) as (other_store, other_run):
        yield SharedPace(SLOW, store, run), SharedPace(SLOW, other_store, other_run)


async def test_a_burst_and_then_one_after_the_other(paces: tuple[Pace, Pace]) -> None:
    """What either sends counts for both; the other names are free."""
    one, other = paces
    for pace in (one, other):
        await pace.take("T1:C1")
        assert not await one.held()
    await one.take("T1:C1")
    for pace in paces:
        (seconds,) = (await pace.held()).values()
        assert 900 < seconds <= 1000
    await other.take("T1:C1")
    (seconds,) = (await one.held()).values()
    assert 1900 < seconds <= 2000


async def test_when_slack_asks_to_wait_everybody_does(paces: tuple[Pace, Pace]) -> None:
    """The longest of what it has said counts; afterwards the name is free as before."""
    one, other = paces
    await one.hold("T1 update", 60)
    await other.hold("T1 update", 5)
    (seconds,) = (await other.held()).values()
    assert 50 < seconds <= 60
    await other.hold("T1 publish", 0.05)

    async def free() -> bool:
        return len(await one.held()) == 1

    await until(free, "the shorter one to be over")


async def test_of_many_at_once_each_is_counted(postgres_url: str) -> None:
    """Two processes take turns of one name at the same moment: none is lost."""
    async with process(postgres_url) as (store, run), process(postgres_url) as (other_store, other_run):
        paces = [SharedPace(SLOW, store, run), SharedPace(SLOW, other_store, other_run)]
        await asyncio.gather(*(paces[number % 2].take("T1:C1") for number in range(20)))
        (seconds,) = (await paces[0].held()).values()
        assert 17_900 < seconds <= 18_000


async def test_nobody_is_named(postgres_url: str) -> None:
    """An ordering key may be a person's: what is stored of it tells nothing without the key of all processes."""
    async with process(postgres_url) as (store, run), process(postgres_url) as (other_store, other_run):
        await SharedPace(SLOW, store, run).hold("T1:U1", 60)
        ((name, _),) = (await run(store.held, 0)).items()
        assert re.fullmatch("[0-9a-f]{64}", name)
        other_store.pace_salt = "another key"
        await SharedPace(SLOW, other_store, other_run).hold("T1:U1", 60)
        assert len(await run(store.held, 0)) == 2


async def test_what_is_over_is_forgotten(postgres_url: str) -> None:
    """It is there for as long as it counts."""
    async with process(postgres_url) as (store, run):
        await SharedPace(RateLimit(burst=1, per_second=1000), store, run).take("T1:U1")
        await SharedPace(SLOW, store, run).hold("T1 update", 60)
        assert not await run(store.scrub, datetime.now(UTC)), "one is left"
        assert await run(store._rows, "turns_left")
        await run(store._connections.execute, as_psycopg("UPDATE turns SET held_until = 1"), {})
        assert await run(store.scrub, datetime.now(UTC))


def enqueue(store: PostgresStore, *rows: Row) -> None:
    """Put rows into the outbox, in one transaction."""
    with store.transaction() as tx:
        for row in rows:
            tx.enqueue(row)


def is_in(state: str, store: PostgresStore, key: str) -> bool:
    """Whether the row is in this state."""
    return store.state(key) == state


class Processes:
    """Workers of several processes over one database, before one Slack."""

    def __init__(self, sandbox: Sandbox, url: str) -> None:
        self._sandbox = sandbox
        self._url = url

    @asynccontextmanager
    async def serving(self, limit: RateLimit) -> AsyncIterator[Callable[..., Any]]:
        """A worker that runs until the block ends; what puts rows into the outbox."""
        client = AsyncWebClient(self._sandbox.token, base_url=self._sandbox.api_url, retry_handlers=[])
        async with process(self._url) as (store, run):
            worker = OutboxWorker(store, run, client, clock=lambda: datetime.now(UTC), rate_limit=limit, poll=0.1)
            stop = asyncio.Event()
            task = asyncio.create_task(worker.run_forever(stop))

            async def put(*rows: Row) -> None:
                await run(enqueue, store, *rows)
                worker.wake()

            try:
                yield put
            finally:
                stop.set()
                await task

    def outcomes(self, method: str) -> Mapping[float, str]:
        """What became of the calls of a method, by their time."""
        return {call.at: call.outcome for call in self._sandbox.calls if call.method == method}


@pytest.fixture
async def processes(postgres_url: str) -> AsyncIterator[Processes]:
    """Before a Slack that counts as Slack does."""
    async with Sandbox(MANIFEST, processing=0.0) as sandbox:
        yield Processes(sandbox, postgres_url)


async def test_two_processes_together_keep_slacks_pace(processes: Processes, row: MakeRow) -> None:
    """The second goes on where the first has stopped: each by itself would begin with a burst, and Slack refuse it."""
    limit = RateLimit(burst=5, per_second=2)
    rows = [row(f"k{number}", to=CHANNEL) for number in range(9)]

    async def sent(count: int) -> None:
        await until(lambda: len(processes.outcomes("chat.postMessage")) == count, f"{count} messages")

    async with processes.serving(limit) as put:
        await put(*rows[:5])
        await sent(5)
    async with processes.serving(limit) as put:
        await put(*rows[5:])
        await sent(9)
    outcomes = processes.outcomes("chat.postMessage")
    assert set(outcomes.values()) == {"ok"}
    assert max(outcomes) - min(outcomes) > 1.5


async def test_a_refusal_of_one_process_holds_the_other(postgres_url: str, row: MakeRow, tmp_path: Path) -> None:
    """Two real ones: no process sends changes until the time is over; messages go on."""
    settings = {"DATABASE_URL": postgres_url, "HASH_KEY": secrets.token_hex(32), "PICTURES": "false"}
    async with (
        Sandbox(MANIFEST, delivery="http", processing=0.0) as sandbox,
        BotToKill(sandbox, tmp_path, free_port(), settings) as refused,
        BotToKill(sandbox, tmp_path / "other", free_port(), settings) as other,
        process(postgres_url) as (store, run),
    ):
        (tmp_path / "other").mkdir()
        processes = Processes(sandbox, postgres_url)
        for one in (refused, other):
            await one.start()
        for one in (refused, other):
            await one.connected()

        async def put(*rows: Row) -> None:
            await run(enqueue, store, *rows)

        await put(row("a", to=CHANNEL), row("b", to=PERSON))
        for key in ("a", "b"):
            await until(lambda key=key: run(is_in, "delivered", store, key), "both messages")
        with other.stopped():
            sandbox.misbehave("chat.update", "rate_limited", retry_after=3, times=1)
            await put(row("ua", to=CHANNEL, method="update", target="a"))
            await until(lambda: processes.outcomes("chat.update"), "the refusal")
            await until(lambda: run(is_in, "pending", store, "ua"), "the change to be put off")
        with refused.stopped():
            # It may have been stopped just after it had looked who has to wait; with the next row it looks again.
            await put(replace(row("c", to=PERSON), ordering_key="c"))
            await until(lambda: len(processes.outcomes("chat.postMessage")) == 3, "the message")
            await put(row("ub", to=PERSON, method="update", target="b"))
            await until(lambda: len(processes.outcomes("chat.update")) == 3, "both changes")
    (at, outcome), *changed = processes.outcomes("chat.update").items()
    assert outcome == "rate_limited"
    assert [outcome for _, outcome in changed] == ["ok", "ok"]
    assert min(at for at, _ in changed) >= at + 3
    assert max(processes.outcomes("chat.postMessage")) < min(at for at, _ in changed)


async def test_a_change_over_its_own_address_is_not_held(outbox: Any, row: MakeRow) -> None:
    """It does not count as a call of the method. A change without such an address waits."""
    outbox.slack.next["chat.update"] = ["ratelimited"]
    pace = OwnPace(RateLimit(50, 50))
    worker = outbox.worker()
    worker._pace = pace
    await pace.hold("T1 update", 60)
    url = str(outbox.slack.server.make_url("/response/x"))
    await outbox.put(row("a", to="C1"), row("b", to="C2"))
    await outbox.put(row("ua", to="C1", method="update", target="a", response_url=url))
    await outbox.put(row("ub", to="C2", method="update", target="b"))
    stop = asyncio.Event()
    task = asyncio.create_task(worker.run_forever(stop))
    await outbox.until_delivered("a", "b", "ua")
    assert await outbox.state("ub") == "pending"
    stop.set()
    await task
    assert "chat.update" not in outbox.slack.methods()
