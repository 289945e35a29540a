"""Modals in the real app: opened by a trigger, or updated by ID and hash after a press in a modal."""

import pytest
from structlog.testing import capture_logs

from tests.bot.slack.conftest import Harness, harness
from tests.bot.slack.test_bolt_app import lazy_listeners

__all__ = ["harness"]

VIEW = {"id": "V1", "hash": "1.abc", "type": "modal"}


@pytest.fixture
async def ticket_harness(harness: Harness) -> Harness:
    """Erika's walkthrough has a ticket, 1001."""
    await harness.command("")
    await harness.command("support")
    return harness


async def test_the_timeline_turns_its_pages_in_the_same_modal(ticket_harness: Harness) -> None:
    """The modal is updated with its hash, so that a newer page is not replaced."""
    await ticket_harness.press("ticket:history", "t1001:0", "U0ANNA")
    await ticket_harness.press("history:turn:again", "t1001:0", "U0ANNA", view=VIEW)
    await lazy_listeners()
    assert len(ticket_harness.slack.called("views.open")) == 1
    turned = ticket_harness.slack.called("views.update")
    assert [(call["view_id"], call["hash"]) for call in turned] == [("V1", "1.abc")]


async def test_a_page_that_cannot_be_turned_is_logged(ticket_harness: Harness) -> None:
    """A newer page is there already: one log line with the modal's callback ID."""
    ticket_harness.slack.faults["views.update"] = "hash_conflict"
    with capture_logs() as logs:
        await ticket_harness.press("history:turn:again", "t1001:0", "U0ANNA", view=VIEW)
        await lazy_listeners()
    assert [(line["event"], line.get("form")) for line in logs] == [
        ("handled", None), ("form_not_opened", "ticket:history"),
    ]  # fmt: skip


async def test_a_timeline_opened_from_the_home_tab_is_a_new_modal(ticket_harness: Harness) -> None:
    """A Home tab is a view too, but a modal cannot replace it."""
    await ticket_harness.press("ticket:history", "t1001:0", "U0ANNA", view={**VIEW, "type": "home"})
    await lazy_listeners()
    assert len(ticket_harness.slack.called("views.open")) == 1
    assert ticket_harness.slack.called("views.update") == []


@pytest.mark.parametrize("callback", ["ticket:hand", "ticket:sort", "ticket:step", "ticket:answer", "talk:correct"])
async def test_a_modal_with_unknown_metadata_does_nothing(ticket_harness: Harness, callback: str) -> None:
    """It is acknowledged, and nothing is put into the outbox."""
    before = await ticket_harness.rows()
    assert (await ticket_harness.submit(callback, "none of ours", {}, "U0ANNA")).status == 200
    assert await ticket_harness.rows() == before
