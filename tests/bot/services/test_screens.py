"""Several steps on one screen: one press, one version, and nothing done that nobody saw."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.blocks.actions import ONE_BY_ONE, TOGETHER, Address, parse_address
from bot.services import grouping, ticket_card, walkthrough
from bot.services.context import Actor, AppConfig
from bot.services.runner import Services
from bot.statistics.compute import compute
from bot.statistics.rows import Selection
from bot.store.sqlite import SqliteStore
from conversations.engine.procedure import AnyProcedure, Screen
from tests.bot.services.visits import ERIKA, PLACE, Clock, Visit
from tests.guides import all_marked_texts
from tests.toys.procedures import COFFEE, WITH_TOYS

if TYPE_CHECKING:
    from conversations.registry import Procedures


@pytest.fixture
def config(config: AppConfig) -> AppConfig:
    """The toys are there as well."""
    return replace(config, procedures=WITH_TOYS, all_texts=all_marked_texts(WITH_TOYS))


def buttons(visitor: Visit) -> dict[str, Address]:
    """The buttons of the live message by their action IDs, and the address in each."""
    newest = visitor.rows("post")[-1]["content"]
    elements = [element for block in newest["blocks"] if block["type"] == "actions" for element in block["elements"]]
    found = {element["action_id"]: parse_address(element["value"]) for element in elements}
    return {action_id: address for action_id, address in found.items() if address is not None}


def descaling(visitor: Visit, *machines: str) -> Visit:
    """A visitor at the screen with two steps, for these machines."""
    visitor.begin(COFFEE)
    visitor.act("drinks_coffee")
    visitor.act("list_machines", names=", ".join(machines or ("Kitchen",)))
    visitor.act("no_filter")
    visitor.act("advance")
    assert visitor.step == "fill_tank"
    return visitor


def press(visitor: Visit, action_id: str) -> None:
    """Press the button of the live message as it was shown."""
    visitor.press(action_id.split(":")[1], at=buttons(visitor)[action_id])


def history(visitor: Visit) -> list[tuple[str, str, str, int, bool]]:
    walk_id = visitor.walk_id
    events = visitor.do(lambda unit: unit.tx.events(walk_id))
    return [(e.name, e.step, e.next_step, e.version, bool(e.detail.get("inferred"))) for e in events]


def test_one_message_shows_both_acts_and_its_button_belongs_to_the_last(erika: Visit) -> None:
    """Title of the screen, both instructions, one button that finishes; the picture is the hardest act's."""
    newest = descaling(erika).newest()
    for key in ("screens.descale_machine.title", "steps.fill_tank.text", "steps.rinse_tank.text"):
        assert f"de:{key} " in newest
    assert "steps.fill_tank.buttons.advance" not in newest
    assert '"coffee_machine.tank"' in newest
    done = buttons(erika)["walk:advance"]
    assert (done.step, done.at, done.acts) == ("fill_tank", "rinse_tank", 1)


def test_one_press_goes_through_both_in_one_version(erika: Visit) -> None:
    """Each act has its line in the history; the first is inferred and has no duration."""
    before = descaling(erika).record.version
    press(erika, "walk:advance")
    assert erika.step == "machine_ready"
    assert erika.record.version == before + 1
    assert history(erika)[-2:] == [
        ("advance", "fill_tank", "rinse_tank", before, True),
        ("advance", "rinse_tank", "machine_ready", before, False),
    ]
    assert "steps.fill_tank.record" in erika.newest("update")
    assert "steps.rinse_tank.record" in erika.newest("update")


def test_a_press_twice_does_it_once(erika: Visit) -> None:
    """The second press of the same button is a repeat."""
    address = buttons(descaling(erika))["walk:advance"]
    erika.press("advance", at=address)
    rows, version = len(erika.rows()), erika.record.version
    erika.press("advance", at=address)
    assert (len(erika.rows()), erika.record.version) == (rows, version)


def test_a_branch_inside_the_screen_leaves_the_other_act_out(erika: Visit) -> None:
    """A small tank need not be rinsed: only one act is shown, and its button belongs to it."""
    newest = descaling(erika, "Mini").newest()
    assert "steps.rinse_tank.text" not in newest
    assert buttons(erika)["walk:advance"].acts == 0
    press(erika, "walk:advance")
    assert erika.step == "machine_ready"


def test_a_branch_that_changed_since_stops_the_press(erika: Visit) -> None:
    """What was shown as the second act is not reached any more: the walk stops where the first act led."""
    descaling(erika)
    address = buttons(erika)["walk:advance"]
    _edit_facts(erika, lambda facts: facts["machines"][0].update(name="Mini"))
    erika.press("advance", at=address)
    assert erika.step == "machine_ready"
    assert [event[:3] for event in history(erika)[-1:]] == [("advance", "fill_tank", "machine_ready")]


def test_a_step_that_nobody_saw_is_not_done(erika: Visit) -> None:
    """The button says how many acts were shown; a button for more than there are goes as far as they go."""
    descaling(erika)
    shown = buttons(erika)["walk:advance"]
    erika.press("advance", at=replace(shown, at="fill_tank", acts=0))
    assert erika.step == "rinse_tank", "a button that belongs to the first act does the first act only"


def test_after_the_first_act_alone_it_is_ticked_and_the_second_stays(erika: Visit) -> None:
    """The walk is at the first unfinished act of its screen."""
    descaling(erika)
    erika.act("advance")
    newest = erika.newest()
    assert "✓ «de:steps.fill_tank.title" in newest
    assert "steps.fill_tank.text" not in newest
    assert "steps.rinse_tank.text" in newest


def test_another_button_does_what_comes_before_it(erika: Visit) -> None:
    """„I leave it“ belongs to the second act, so the first is done with it."""
    descaling(erika)
    address = buttons(erika)["walk:cancel"]
    assert (address.at, address.acts) == ("rinse_tank", 1)
    press(erika, "walk:cancel")
    assert [event[:3] for event in history(erika)[-2:]] == [
        ("advance", "fill_tank", "rinse_tank"),
        ("cancel", "rinse_tank", "cancelled"),
    ]


def test_back_goes_to_the_first_visited_step_of_the_screen(erika: Visit) -> None:
    """From behind the screen and from its second act: both are open again."""
    descaling(erika, "Kitchen", "Hall")
    press(erika, "walk:advance")
    press(erika, "walk:back")
    assert erika.step == "fill_tank"
    assert [event[0::4] for event in history(erika)[-2:]] == [("back", False), ("back", True)]
    erika.act("advance")
    press(erika, "walk:back")
    assert erika.step == "fill_tank"


def test_a_typed_word_finishes_the_screen(erika: Visit) -> None:
    """„weiter“ is the button that finishes it."""
    descaling(erika)
    erika.type("next")
    assert erika.step == "machine_ready"


def test_where_do_i_find_this_is_about_both(erika: Visit) -> None:
    """The longer explanations of all open acts, one after the other."""
    address = buttons(descaling(erika))["step:where"]
    erika.do(lambda unit: walkthrough.toggle(unit, address, PLACE, expanded=True))
    newest = erika.newest("update")
    assert "steps.fill_tank.where" in newest
    assert "steps.rinse_tank.where" in newest


def regroup(visitor: Visit, action_id: str) -> None:
    """Press „Einzeln zeigen“ or „Zusammen zeigen“."""
    address = buttons(visitor)[action_id]
    visitor.do(lambda unit: grouping.group(unit, address, PLACE, one_by_one=action_id == ONE_BY_ONE))


def test_one_by_one_each_step_has_its_message_until_they_are_wanted_together_again(erika: Visit) -> None:
    """„Einzeln zeigen“ shows the step alone, and so does „Zurück“; nothing is done by it. A press twice is one."""
    descaling(erika)
    address = buttons(erika)[ONE_BY_ONE]
    for _ in range(2):
        erika.do(lambda unit: grouping.group(unit, address, PLACE, one_by_one=True))
    newest = erika.newest()
    assert "answers.stale" not in str(erika.rows())
    assert "steps.fill_tank.title" in newest
    assert "steps.fill_tank.text" in newest
    assert "steps.rinse_tank.text" not in newest
    assert "screens.descale_machine.title" not in newest + str(erika.command("status"))
    press(erika, "walk:advance")
    assert erika.step == "rinse_tank"
    assert "steps.rinse_tank.title" in erika.newest()
    press(erika, "walk:advance")
    press(erika, "walk:back")
    assert erika.step == "rinse_tank"
    regroup(erika, TOGETHER)
    assert "screens.descale_machine.title" in erika.newest()
    assert "✓ «de:steps.fill_tank.title" in erika.newest()
    press(erika, "walk:back")
    assert erika.step == "fill_tank"


def test_one_by_one_can_be_typed(erika: Visit) -> None:
    """As the button: also in the other direction; where it changes nothing it says so."""
    descaling(erika)
    erika.type("one_by_one")
    assert "steps.rinse_tank.text" not in erika.newest()
    erika.type("one_by_one")
    assert "notes.not_possible_here" in erika.newest()
    erika.type("together")
    assert "steps.rinse_tank.text" in erika.newest()
    erika.type("together")
    assert "notes.not_possible_here" in erika.newest()


def test_one_by_one_is_remembered_for_the_next_walk(erika: Visit) -> None:
    """Also in another procedure, and until it is changed."""
    regroup(descaling(erika), ONE_BY_ONE)
    erika.act("cancel")
    descaling(erika)
    assert "steps.rinse_tank.text" not in erika.newest()
    regroup(erika, TOGETHER)
    erika.act("cancel")
    descaling(erika)
    assert "steps.rinse_tank.text" in erika.newest()


def test_a_step_that_is_always_alone_has_no_such_button(erika: Visit) -> None:
    """Nor has one whose screen ends with it."""
    descaling(erika, "Mini")
    assert ONE_BY_ONE not in buttons(erika)
    press(erika, "walk:advance")
    assert not {ONE_BY_ONE, TOGETHER} & buttons(erika).keys()


def test_status_home_and_card_name_the_screen(erika: Visit) -> None:
    """People read the title that they see above the acts."""
    descaling(erika)
    assert "screens.descale_machine.title" in str(erika.command("status"))
    erika.submit("help", sentence="")
    card = erika.newest(to="C0SUPPORT")
    assert "screens.descale_machine.title" in card
    assert "3–4" in card


def test_figures_count_the_screen_and_only_observed_times(erika: Visit, store: SqliteStore) -> None:
    """Nobody knows how long the inner act took, so the time is that of the screen."""
    press(descaling(erika), "walk:advance")
    walk_id = erika.walk_id
    record, events = erika.record, erika.do(lambda unit: unit.tx.events(walk_id))
    times = ticket_card.step_times(events, record, COFFEE.screen_of, record.updated_at)
    assert [time.step for time in times][-2:] == ["descale_machine", "machine_ready"]
    rows = store.history(Selection(procedure=COFFEE.id), "de")
    figures = compute(rows, COFFEE, record.updated_at + timedelta(days=1), Clock().now.tzinfo)  # type: ignore[arg-type]
    steps = {figure.step: figure for figure in figures.steps}
    assert "fill_tank" not in steps
    assert "rinse_tank" not in steps
    assert (steps["descale_machine"].walks, steps["descale_machine"].visits) == (1, 1)


def test_a_changed_grouping_never_skips_an_act(
    erika: Visit, config: AppConfig, store: SqliteStore, visit: Callable[[Actor], Visit]
) -> None:
    """A message from before the steps were grouped has a button for its own act; after it the other one is shown."""
    alone: AnyProcedure = replace(COFFEE, screens={})
    ungrouped: Procedures = {**WITH_TOYS, COFFEE.id: alone}
    texts = all_marked_texts(ungrouped)
    before = Visit(Services(replace(config, procedures=ungrouped, all_texts=texts, clock=Clock()), store), store, ERIKA)
    descaling(before.meet())
    address = buttons(before)["walk:advance"]
    assert address.acts == 0
    erika.press("advance", at=address)
    assert erika.step == "rinse_tank"
    assert "steps.rinse_tank.text" in erika.newest()
    assert visit(ERIKA).step == "rinse_tank"


def test_a_larger_screen_is_not_finished_by_an_older_button(
    erika: Visit, config: AppConfig, store: SqliteStore
) -> None:
    """The button of the smaller screen ends where that ended; what is new stays to be done."""
    address = buttons(descaling(erika))["walk:advance"]
    larger = replace(
        COFFEE, screens={"descale_machine": Screen(("switch_off", "fill_tank", "rinse_tank"), "fill_tank")}
    )
    procedures: Procedures = {**WITH_TOYS, COFFEE.id: larger}
    texts = all_marked_texts(procedures)
    later = Visit(Services(replace(config, procedures=procedures, all_texts=texts, clock=Clock()), store), store, ERIKA)
    later.press("advance", at=address)
    assert later.step == "machine_ready"


def _edit_facts(visitor: Visit, change: Callable[[dict[str, Any]], None]) -> None:
    """Change what is stored of the walk, without a new version."""
    import json  # noqa: PLC0415 - only here

    state = json.loads(visitor.record.state)
    change(state["facts"])
    visitor.store.db.execute("UPDATE walks SET state = ? WHERE id = ?", (json.dumps(state), visitor.walk_id))
