"""Scheduled jobs over PostgreSQL: what falls due in two processes at the same moment is done once."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import psycopg
import pytest

from bot.app.scheduler import DUE_JOBS
from bot.services import people, ticket_actions, ticket_filing, walk_start
from bot.services.context import Actor, AppConfig, SupportConfig
from bot.services.runner import Services
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Person
from bot.store.postgres import open_store
from tests.postgres_server import PostgresServer
from tests.waiting import LIMIT

TEAM, CHANNEL = "T1", "C0SUPPORT"
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DAYS, LOOKS_APART = timedelta(days=9), timedelta(hours=12)
MERCHANTS = [f"U{number}" for number in range(6)]
SAID = r"SELECT method, recipient, regexp_replace(content::json ->> 'text', '-\w+\.png', '') FROM outbox"
WALKS = "SELECT name, walk_id FROM events"
TICKETS = "SELECT name, number FROM ticket_events"
JOBS = "SELECT name, due_at FROM chores"


class Standing:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now


def _ask_support(unit: UnitOfWork) -> None:
    ticket_filing.request_support(unit, unit.tx.open_walks(TEAM, unit.user.user_id)[0], "bitte")


class NineDays:
    """Of six merchants: all wait at a step, three for support too, and one ticket is resolved."""

    def __init__(self, url: str, config: AppConfig, processes: int, stack: ExitStack) -> None:
        self.url, self.clock = url, Standing()
        config = replace(config, clock=self.clock, support=SupportConfig(escalation=("U0CHEF",)))
        self.stores = [open_store(url) for _ in range(processes)]
        for store in self.stores:
            stack.callback(store.close)
        self.processes = [Services(config, store) for store in self.stores]
        self.pool = stack.enter_context(ThreadPoolExecutor(processes))

    def begin(self) -> None:
        services = self.processes[0]
        for user_id in [*MERCHANTS, "U0ANNA"]:
            services.unit_of_work(people.meet, Person(team_id=TEAM, user_id=user_id, name=user_id, locale="de-DE"))
        for user_id in MERCHANTS:
            services.do(Actor(TEAM, user_id), walk_start.begin)
        for user_id in MERCHANTS[:4]:
            services.do(Actor(TEAM, user_id), _ask_support)
        anna = Actor(TEAM, "U0ANNA", is_agent=True)
        for act in (ticket_actions.claim, ticket_actions.resolve):
            services.do(anna, partial(act, number=1001, response_url="http://127.0.0.1:9/respond"))

    def pass_by(self) -> None:
        """Each time all processes begin each of their jobs at the same moment."""
        together = threading.Barrier(len(self.processes), timeout=LIMIT)

        def work(services: Services) -> None:
            for job in DUE_JOBS:
                together.wait()
                while services.unit_of_work(job):
                    pass

        while self.clock.now < MONDAY + DAYS:
            self.clock.now += LOOKS_APART
            for done in [self.pool.submit(work, services) for services in self.processes]:
                done.result()

    def ask(self, sql: str) -> Counter[tuple[object, ...]]:
        with psycopg.connect(self.url) as connection:
            return Counter(connection.execute(sql.encode()).fetchall())


@pytest.fixture
def days(
    postgres_server: PostgresServer, migrated_database: str, config: AppConfig
) -> Iterator[Callable[[int], NineDays]]:
    """They pass over a database of their own, with so many processes."""
    with ExitStack() as stack:

        def passed(processes: int) -> NineDays:
            made = NineDays(postgres_server.new_database(migrated_database), config, processes, stack)
            made.begin()
            made.pass_by()
            return made

        yield passed


def test_what_is_due_in_two_processes_is_done_once(days: Callable[[int], NineDays]) -> None:
    """Reminders, deadlines, the morning's list, figures and closing: two processes do what one would have done."""
    one, two = days(1), days(2)
    said = " ".join(f"{method} {text}" for method, _, text in one.ask(SAID))
    for what in (
        "notes.reminder ",
        "waiting.answer_limit ",
        "digest.title ",
        "upload *«de:figures.title ",
        "waiting.close ",
    ):
        assert what in said
    for question in (SAID, WALKS, TICKETS, JOBS):
        assert two.ask(question) == one.ask(question)
