"""Modals over the real app: opened by a trigger, redrawn by ID and hash, and nothing where no modal was pressed."""

import pytest
from structlog.testing import capture_logs

from tests.bot.slack.conftest import Door, door
from tests.bot.slack.test_bolt_app import lazy

__all__ = ["door"]

VIEW = {"id": "V1", "hash": "1.abc", "type": "modal"}


@pytest.fixture
async def desk_door(door: Door) -> Door:
    """Erika's walk has a ticket, 1001."""
    await door.command("")
    await door.command("support")
    return door


async def test_the_timeline_opens_and_turns_its_page_where_it_stands(desk_door: Door) -> None:
    """The page that was pressed on is replaced, and only if no newer one stands there: its hash says which it was."""
    await desk_door.press("ticket:history", "t1001:0", "U0ANNA")
    await desk_door.press("history:turn:again", "t1001:0", "U0ANNA", view=VIEW)
    await lazy()
    assert len(desk_door.slack.called("views.open")) == 1
    turned = desk_door.slack.called("views.update")
    assert [(one["view_id"], one["hash"]) for one in turned] == [("V1", "1.abc")]


async def test_a_page_that_cannot_be_turned_is_logged(desk_door: Door) -> None:
    """A newer page stands there already: one line in the log names the modal."""
    desk_door.slack.trouble["views.update"] = "hash_conflict"
    with capture_logs() as logs:
        await desk_door.press("history:turn:again", "t1001:0", "U0ANNA", view=VIEW)
        await lazy()
    assert [(line["event"], line.get("form")) for line in logs] == [
        ("handled", None), ("form_not_opened", "ticket:history"),
    ]  # fmt: skip


async def test_a_timeline_opened_from_the_home_tab_is_a_modal_of_its_own(desk_door: Door) -> None:
    """A Home tab is a view as well, but none that a modal could take the place of."""
    await desk_door.press("ticket:history", "t1001:0", "U0ANNA", view={**VIEW, "type": "home"})
    await lazy()
    assert len(desk_door.slack.called("views.open")) == 1
    assert desk_door.slack.called("views.update") == []


@pytest.mark.parametrize("callback", ["ticket:hand", "ticket:sort", "ticket:step", "ticket:answer", "talk:correct"])
async def test_a_modal_with_metadata_that_is_not_ours_does_nothing(desk_door: Door, callback: str) -> None:
    """Acknowledged, and nobody is told anything."""
    before = await desk_door.rows()
    assert (await desk_door.submit(callback, "none of ours", {}, "U0ANNA")).status == 200
    assert await desk_door.rows() == before
