"""An outage over PostgreSQL: one process announces it, and it counts in the others at once."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from bot.blocks.actions import OutageDraft
from bot.services import outage_forms, outages, people
from bot.services.context import SYSTEM, Actor, AppConfig
from bot.services.runner import Services
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Person
from bot.store.postgres import open_store
from bot.store.protocol import ConcurrentChange
from bot.store.support_models import Outage
from tests.bot.services.visits import ANNA, BEN, TEAM, URL, Clock, Visit
from tests.waiting import LIMIT

HELD = {
    "before_start": "orders_stopped", "account_mask": "advance", "select_account": "advance", "key_set": "advance",
    "seller_central": "advance", "ready_to_disable": "ready_to_go",
}  # fmt: skip
"""The press that leads on."""
GOES_ON = "new_developer"
DRAFT = OutageDraft(0, "Amazon ist gestoert", "Amazon is down", ())
TOLD = "SELECT recipient FROM outbox WHERE method = 'post' AND position(%s in content) > 0"


class Processes:
    """Two at one database; each person can act in each."""

    def __init__(self, url: str, config: AppConfig) -> None:
        self.url = url
        self.stores = [open_store(url) for _ in range(2)]
        self.services = [Services(config, store) for store in self.stores]

    def someone(self, who: Actor) -> list[Visit]:
        person = Person(team_id=TEAM, user_id=who.user_id, name=who.user_id, locale="de-DE")
        self.services[0].unit_of_work(people.meet, person)
        no_rows: Any = None
        return [Visit(services, no_rows, who) for services in self.services]

    def at_once(self, case: Callable[[Services], object]) -> None:
        together = threading.Barrier(len(self.services), timeout=LIMIT)

        def begun(services: Services) -> None:
            together.wait()
            case(services)

        with ThreadPoolExecutor(len(self.services)) as pool:
            for done in [pool.submit(begun, services) for services in self.services]:
                done.result()

    def tell(self) -> None:
        """Both tell whom they find, until nobody is left."""
        self.at_once(lambda services: [None for _ in range(50) if services.unit_of_work(outages.tell_due)])

    def told(self, words: str) -> Counter[str]:
        """How many messages with these words each person has got."""
        with psycopg.connect(self.url) as connection:
            return Counter(user_id for (user_id,) in connection.execute(TOLD.encode(), [words]).fetchall())

    @contextmanager
    def unit(self, process: int, who: Actor = SYSTEM) -> Iterator[UnitOfWork]:
        """A unit of work that is committed at the end of the block."""
        with self.stores[process].transaction() as tx:
            unit = UnitOfWork(self.services[process].config, tx, who)
            yield unit
            unit.flush()


@pytest.fixture
def processes(postgres_url: str, config: AppConfig) -> Iterator[Processes]:
    made = Processes(postgres_url, replace(config, clock=Clock()))
    yield made
    for store in made.stores:
        store.close()


def live(visit: Visit) -> Outage:
    found = visit.do(lambda unit: unit.tx.live_outage(TEAM))
    assert found is not None
    return found


def test_an_outage_holds_everybody_whichever_process_answers(processes: Processes) -> None:
    """Before row 9 no press leads on, in either; after it each does. Each person is told once, and once that it ends.

    Two agents announce it at the same moment, each in another process: there is one outage.
    """
    merchants = {step: processes.someone(Actor(TEAM, f"U{step}")) for step in (*HELD, GOES_ON)}
    for number, (step, theirs) in enumerate(merchants.items()):
        theirs[number % 2].go_to(step)
    anna, ben = processes.someone(ANNA), processes.someone(BEN)
    agents = dict(zip(map(id, processes.services), (anna[0], ben[1]), strict=True))
    processes.at_once(lambda services: agents[id(services)].do(lambda unit: outage_forms.confirmed(unit, DRAFT)))
    processes.tell()
    assert processes.told("notes.outage_held") == Counter(f"U{step}" for step in HELD)
    assert processes.told("notes.outage_orders_down") == Counter([f"U{GOES_ON}"])
    for step, event in HELD.items():
        for visit in merchants[step]:
            before = visit.record.live_key
            visit.press(event)
            assert visit.step == step
            assert visit.record.live_key != before, "the press is answered"
    assert processes.told("notes.outage_held") == Counter(f"U{step}" for step in HELD), (
        "instead of what was not sent yet"
    )
    merchants[GOES_ON][1].press("advance")
    assert merchants[GOES_ON][0].step != GOES_ON
    outage = live(ben[0])
    ben[1].do(lambda unit: outages.over(unit, outage.id, URL))
    processes.tell()
    assert processes.told("notes.outage_over") == Counter(f"U{step}" for step in merchants)
    for number, (step, event) in enumerate(HELD.items()):
        merchants[step][number % 2].press(event)
        assert merchants[step][0].step != step


def test_a_text_that_changes_while_somebody_is_told_reaches_them(processes: Processes) -> None:
    """The other process reads the text of before at this moment: it is told anew, or the new one at once."""
    processes.someone(Actor(TEAM, "U1"))[0].go_to("account_mask")
    anna = processes.someone(ANNA)[0]
    anna.do(lambda unit: outage_forms.confirmed(unit, DRAFT))
    outage = live(anna)
    with processes.unit(0, anna.who) as changing:
        outages.change(changing, outage, "Es dauert noch", "It takes longer", ())
        with suppress(ConcurrentChange), processes.unit(1) as telling:
            assert outages.tell_due(telling)
    processes.tell()
    assert processes.told("Es dauert noch") == Counter(["U1"])


def test_a_ticket_that_is_linked_while_the_outage_ends_is_not_answered(processes: Processes) -> None:
    """Nobody reads of an outage that is over."""
    merchant, anna = processes.someone(Actor(TEAM, "U1"))[0], processes.someone(ANNA)[0]
    anna.do(lambda unit: outage_forms.confirmed(unit, DRAFT))
    merchant.command("support")
    outage = live(anna)
    with processes.unit(0, anna.who) as ending:
        outages.over(ending, outage.id, None)
        with suppress(ConcurrentChange), processes.unit(1, anna.who) as linking:
            outages.change(linking, outage, outage.text_de, outage.text_en, [1001])
    processes.tell()
    assert processes.told(outage.text_de)["U1"] == 0
