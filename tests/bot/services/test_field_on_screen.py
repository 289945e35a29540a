"""A field in the message of several steps: what is typed there does the acts before it too."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from statemachine import State

from bot.blocks.actions import parse_address
from bot.services.context import AppConfig
from conversations.engine.answers import Checked, Interpretation, Raw, Reader, Refusal, text_of
from conversations.engine.charts import WalkChart, ways_back
from conversations.engine.procedure import AnyProcedure, Field, Form, Offer, Screen, Step
from tests.bot.services.visits import PLACE, Visit
from tests.guides import all_marked_texts
from tests.toys.tea_kettle.procedure import PROCEDURE as TEA

if TYPE_CHECKING:
    from conversations.registry import Procedures

FIELD = "field:how_many:cups"


class CupsChart(WalkChart):
    """Water for so many cups."""

    find_cups = State(initial=True)
    count_cups = State()
    boil_water = State()
    done = State(final=True)
    cancelled = State(final=True)

    advance = find_cups.to(count_cups) | boil_water.to(done)
    cups_counted = count_cups.to(boil_water)
    back = ways_back(find_cups, count_cups, boil_water)
    cancel = cancelled.from_(find_cups, count_cups, boil_water)


def _cups(raw: Raw, _facts: Any, _reader: Reader) -> Interpretation:
    number = text_of(raw, "cups")
    return Checked(number) if number.isdigit() else (Refusal("cups", "no_number"),)


CUPS: AnyProcedure = replace(
    TEA,
    id="cups",
    chart=CupsChart,
    steps={
        "find_cups": Step(number=1, offers=(Offer("advance"),)),
        "count_cups": Step(number=2, offers=(Offer("cups_counted", form="how_many"),)),
        "boil_water": Step(number=3, offers=(Offer("advance"),)),
        "done": TEA.steps["done"],
        "cancelled": TEA.steps["cancelled"],
    },
    screens={"cups": Screen(("find_cups", "count_cups"), pictured="find_cups")},
    forms={"how_many": Form(fields=(Field(name="cups"),), typed="cups", in_message=True)},
    readers={"cups_counted": _cups},
    texts=replace(TEA.texts, records={"cups_counted": ""}, reasons={"no_number": ""}),
)


@pytest.fixture
def config(config: AppConfig) -> AppConfig:
    """There is another procedure, which has a field on a screen of two steps."""
    procedures: Procedures = {**config.procedures, CUPS.id: CUPS}
    return replace(config, procedures=procedures, all_texts=all_marked_texts(procedures))


def test_a_field_belongs_to_its_step_on_the_screen(erika: Visit) -> None:
    """The screen shows both acts and the field; a wrong value does neither, a good one does both, in one version."""
    erika.begin(CUPS)
    (block,) = [one for one in erika.rows("post")[-1]["content"]["blocks"] if one["type"] == "input"]
    where = parse_address(block["block_id"])
    assert where is not None
    assert (where.step, where.at, where.acts) == ("find_cups", "count_cups", 1)
    before = erika.record
    erika.form("how_many", at=where, place=replace(PLACE, typed={FIELD: "some"}))
    assert "reasons.no_number" in erika.newest("update")
    assert erika.record == before
    erika.form("how_many", at=where, place=replace(PLACE, typed={FIELD: "3"}))
    assert (erika.step, erika.record.version) == ("boil_water", before.version + 1)
    assert erika.events()[-2:] == ["advance", "cups_counted"]
