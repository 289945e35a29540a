"""From one procedure to another and back: one walk ends and the next begins, with what both know."""

from dataclasses import replace

import pytest

from bot.services.context import AppConfig
from bot.services.runner import Services
from bot.store.sqlite import SqliteStore
from conversations.registry import PROCEDURES, Procedures
from tests.bot.services.visits import ERIKA, TEAM, Clock, Visit
from tests.guides import all_marked_texts
from tests.toys.procedures import COFFEE, TEA, WITH_TOYS


@pytest.fixture
def config(config: AppConfig) -> AppConfig:
    """The toys are there as well."""
    return replace(config, procedures=WITH_TOYS, all_texts=all_marked_texts(WITH_TOYS))


def test_the_first_walk_ends_as_transferred_and_the_second_begins(erika: Visit) -> None:
    """In one use case: no moment with two walks under way or with none; the new step is the one live message."""
    erika.begin(COFFEE)
    coffee = erika.record
    erika.press("drinks_tea")
    tea = erika.record
    ended = erika.do(lambda unit: unit.tx.walk(coffee.id))
    assert ended is not None
    assert (ended.step, ended.ended_at is not None, ended.live_key) == ("transferred", True, None)
    assert (tea.procedure, tea.step, tea.ended_at) == (TEA.id, "boil_water", None)
    assert (ended.transferred_to, tea.transferred_from) == (tea.id, ended.id)
    assert len(erika.do(lambda unit: unit.tx.open_walks(TEAM, ERIKA.user_id))) == 1
    assert "steps.boil_water.title" in erika.newest()
    assert "records.drinks_tea" in erika.newest("update")
    assert erika.do(lambda unit: unit.tx.reminder(ended.id)) is None


def test_back_again_the_person_is_not_asked_twice(erika: Visit) -> None:
    """The coffee machines that were named before are known again; the chain of walks is kept."""
    erika.begin(COFFEE)
    erika.act("drinks_coffee")
    erika.act("list_machines", names="Kitchen, Hall")
    erika.act("back")
    erika.act("back")
    assert erika.step == "which_drink"
    erika.press("drinks_tea")
    assert erika.state.facts.machines == 2
    erika.press("rather_coffee")
    assert (erika.record.procedure, erika.step) == (COFFEE.id, "which_drink")
    assert [machine.name for machine in erika.state.facts.machines] == ["Kitchen", "Hall"]
    chain = []
    walk_id: int | None = erika.walk_id
    while walk_id is not None:
        record = erika.do(lambda unit, wanted=walk_id: unit.tx.walk(wanted))
        chain.append(record.procedure)
        walk_id = record.transferred_from
    assert chain == [COFFEE.id, TEA.id, COFFEE.id]


def test_a_press_twice_hands_over_once(erika: Visit) -> None:
    """The second press finds the walk ended and says so; there is still one walk under way."""
    erika.begin(COFFEE)
    address = erika.address
    erika.press("drinks_tea", at=address)
    erika.press("drinks_tea", at=address)
    assert len(erika.do(lambda unit: unit.tx.open_walks(TEAM, ERIKA.user_id))) == 1


def test_a_ticket_of_the_first_walk_is_settled_with_the_second(erika: Visit) -> None:
    """Whatever it was about, the person has what they wanted."""
    erika.begin(COFFEE)
    erika.submit("help", sentence="")
    erika.press("drinks_tea")
    erika.press("advance")
    erika.press("advance")
    assert erika.step == "done"
    (ticket,) = erika.tickets()
    assert ticket.state == "closed"


def test_without_the_other_procedure_it_is_not_offered(config: AppConfig, store: SqliteStore) -> None:
    """An operator who leaves a procedure out gets no button into the void, and a forged press changes nothing."""
    procedures: Procedures = {**PROCEDURES, COFFEE.id: COFFEE}
    alone = replace(config, procedures=procedures, all_texts=all_marked_texts(procedures), clock=Clock())
    visitor = Visit(Services(alone, store), store, ERIKA).meet().begin(COFFEE)
    assert "drinks_tea" not in visitor.newest()
    visitor.press("drinks_tea")
    assert visitor.step == "which_drink"


def test_a_phone_walk_stays_a_phone_walk(erika: Visit) -> None:
    """The caller's name goes along."""
    from bot.services import walk_start  # noqa: PLC0415 - `begin` of `Visit` is for one's own walk

    erika.do(lambda unit: walk_start.begin(unit, COFFEE, for_name="Frau Muster"))
    erika.press("drinks_tea")
    assert erika.record.for_name == "Frau Muster"
