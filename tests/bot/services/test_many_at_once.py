"""Many people at once over PostgreSQL: whether they are in each other's way."""

import itertools
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from bot.services import people, ticket_filing, timeline, walk_start, walkthrough
from bot.services.context import Actor, AppConfig
from bot.services.runner import Services, UseCase, UseCaseResult
from bot.store.models import Person
from bot.store.postgres import PostgresStore, open_store
from bot.store.protocol import ConcurrentChange
from tests.test_random_walker import TOKEN_WAY

TEAM = "T1"


@pytest.fixture
def processes(postgres_url: str) -> Iterator[list[PostgresStore]]:
    """The stores of two processes, which may be as slow as the machine."""
    stores = [open_store(f"{postgres_url}?options=-cidle_in_transaction_session_timeout%3D60s") for _ in range(2)]
    yield stores
    for store in stores:
        store.close()


class Counting(Services):
    """Counts how often a use case began, and how often another one was faster."""

    def __init__(self, config: AppConfig, store: PostgresStore) -> None:
        super().__init__(config, store)
        self.begun, self.repeated = itertools.count(), itertools.count()

    def _once(self, case: UseCase) -> UseCaseResult:
        next(self.begun)
        try:
            return super()._once(case)
        except ConcurrentChange:
            next(self.repeated)
            raise


def walk(services: Services, user_id: str, acts: int) -> None:
    """Meet the bot and walk."""
    services.unit_of_work(people.meet, Person(team_id=TEAM, user_id=user_id, name=user_id, locale="de-DE"))
    who = Actor(TEAM, user_id)
    services.do(who, walk_start.begin)

    def act(unit: Any) -> None:
        record = unit.tx.open_walks(TEAM, user_id)[0]
        event, _, raw = TOKEN_WAY.next(unit.open(record))
        walkthrough.act(unit, record, event, raw)

    for _ in range(acts):
        services.do(who, act)


def test_independent_walks_are_not_in_each_others_way(config: AppConfig, processes: list[PostgresStore]) -> None:
    """Twelve walks at once in two processes: less than one act in a hundred is done again, and none fails."""
    services = [Counting(config, store) for store in processes]
    failed: list[BaseException] = []

    def run(number: int) -> None:
        try:
            walk(services[number % 2], f"U{number}", 12)
        except BaseException as error:  # noqa: BLE001 - it is told
            failed.append(error)

    threads = [threading.Thread(target=partial(run, number)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    begun = sum(next(one.begun) for one in services)
    assert begun >= 12 * 14
    assert sum(next(one.repeated) for one in services) < begun / 100


def test_of_many_presses_of_one_button_one_counts(config: AppConfig, processes: list[PostgresStore]) -> None:
    """Whichever process they come to, the walk is one step further, and one step is posted."""
    services = [Services(replace(config), store) for store in processes]
    walk(services[0], "U1", 0)
    who = Actor(TEAM, "U1")
    before = services[0].do(who, lambda unit: unit.tx.open_walks(TEAM, "U1")[0])
    assert before is not None
    address = walkthrough.Address(before.id, before.version, before.step, str(before.live_key))
    place = walkthrough.PressOrigin("D0U1", "1700000000.000100", "http://127.0.0.1:9/respond")
    press = partial(walkthrough.press, address=address, event="orders_stopped", choice=None, place=place)
    threads = [threading.Thread(target=services[number % 2].do, args=(who, press)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = services[1].do(who, lambda unit: unit.tx.open_walks(TEAM, "U1")[0])
    assert after is not None
    assert after.version == before.version + 1
    posts = processes[0]._connections.connect()
    with posts:
        assert len(posts.execute("SELECT 1 FROM outbox WHERE method = 'post' AND state = 'pending'").fetchall()) == 1


def test_two_agents_merge_two_tickets_at_once(config: AppConfig, processes: list[PostgresStore]) -> None:
    """Each in the other direction, in a process of its own: one merging holds, and no word of either is lost."""
    first, second = (Services(config, store) for store in processes)
    agents = [Actor(TEAM, f"U0AGENT{number}", is_agent=True) for number in range(2)]

    def file(unit: Any, words: str, walk_id: int | None) -> int:
        number: int = ticket_filing.file(unit, unit.tx.walk(walk_id) if walk_id else None, None, "help", words).number
        return number

    for turn in range(5):
        who = Actor(TEAM, f"U{turn}")
        first.unit_of_work(people.meet, Person(team_id=TEAM, user_id=who.user_id, name="-", locale="de-DE"))
        one = first.do(who, partial(file, words="one", walk_id=None))
        walk_id = first.do(who, walk_start.begin).id  # type: ignore[union-attr]
        other = first.do(who, partial(file, words="other", walk_id=walk_id))
        gate = threading.Barrier(2)

        def merge(services: Services, agent: Actor, pair: tuple[Any, Any], gate: threading.Barrier = gate) -> None:
            gate.wait()
            services.do(agent, lambda unit: timeline.merge_pressed(unit, pair, None))

        ways = ((first, agents[0], (one, other)), (second, agents[1], (other, one)))
        threads = [threading.Thread(target=merge, args=way) for way in ways]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        tickets = first.do(who, lambda unit: unit.tx.tickets(team_id=TEAM, merchant_id=unit.user.user_id)) or []
        (kept,) = [ticket for ticket in tickets if ticket.state != "closed"]
        (closed,) = [ticket for ticket in tickets if ticket.state == "closed"]
        assert closed.merged_into == kept.number
        assert (set(kept.words), kept.walk_id) == ({"one", "other"}, walk_id)
