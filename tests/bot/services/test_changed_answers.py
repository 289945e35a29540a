"""A late answer that differs from the accepted one is told, not swallowed."""

import pytest

from bot.blocks.actions import Address
from bot.services import step_forms, walk_start, walkthrough
from bot.services.context import Actor
from bot.services.runner import Services
from bot.services.unit_of_work import UnitOfWork

WHO = Actor("T1", "U1")


def address(unit: UnitOfWork) -> Address:
    record = unit.tx.open_walks("T1", "U1")[0]
    assert record.live_key is not None
    return Address(record.id, record.version, record.step, record.live_key)


@pytest.mark.parametrize(("version", "told"), [("4.9.24.4", False), ("4.9.25.1", True)])
def test_a_form_that_comes_too_late_with_another_value_says_so(services: Services, version: str, *, told: bool) -> None:
    """The same version once more is a double click and closes; another version was not taken, and the form says so."""
    services.do(WHO, walk_start.begin)
    services.do(
        WHO, lambda unit: walkthrough.press(unit, address(unit), "orders_stopped", None, walkthrough.PressOrigin())
    )

    def twice(unit: UnitOfWork) -> object:
        where = address(unit)
        assert step_forms.submit(unit, where, "connect_version", {"version": "4.9.24.4"}) is None
        return step_forms.submit(unit, where, "connect_version", {"version": version})

    answer = services.do(WHO, twice)
    assert (answer is not None) is told


@pytest.mark.parametrize(("second", "answers"), [("europe", 0), ("far_east", 1)])
def test_another_choice_of_a_used_message_is_too_late(services: Services, second: str, answers: int) -> None:
    """Two different regions pressed in one message: the first counts, the second is told so."""
    services.do(WHO, walk_start.begin)

    def case(unit: UnitOfWork) -> None:
        for event, raw in (
            ("orders_stopped", {}), ("enter_version", {"version": "4.9.24.4"}), ("advance", {}), ("sees_key_set", {}),
        ):  # fmt: skip
            walkthrough.act(unit, unit.tx.open_walks("T1", "U1")[0], event, raw)
        where, place = address(unit), walkthrough.PressOrigin(response_url="http://127.0.0.1:9/r")
        walkthrough.press(unit, where, "choose_region", "europe", place)
        walkthrough.press(unit, where, "choose_region", second, place)

    services.do(WHO, case)
    assert len(list(services.store.db.query("SELECT 1 FROM outbox WHERE method = 'respond'"))) == answers
