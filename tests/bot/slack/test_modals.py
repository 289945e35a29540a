"""Modals in the real app: opened by a trigger, or updated by ID and hash after a press in a modal."""

import json
from typing import Any

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


async def refused_claim(harness: Harness, **more: Any) -> None:
    """Anna has ticket 1001, and Ben presses "Claim" as well."""
    await harness.press("ticket:claim", "1001", "U0ANNA")
    await harness.press("ticket:claim", "1001", "U0BEN", **more)
    await lazy_listeners()


async def test_a_press_that_is_refused_is_answered_in_a_modal(ticket_harness: Harness) -> None:
    """An answer below the card is out of sight: it would be at the end of the channel."""
    await refused_claim(ticket_harness)
    (opened,) = ticket_harness.slack.called("views.open")
    assert "answers.ticket_already_claimed" in str(opened["view"])
    assert "already_claimed" not in str(await ticket_harness.rows("respond"))
    assert ticket_harness.slack.responses == []


@pytest.mark.parametrize("fault", ["expired_trigger_id", "slow"])
async def test_a_refusal_without_a_modal_is_below_the_card(
    ticket_harness: Harness, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The press came too late for a modal, or Slack does not answer."""
    monkeypatch.setattr("bot.slack.routes.OPEN_SECONDS", 0.2)
    ticket_harness.slack.faults["views.open"] = fault
    await refused_claim(ticket_harness)
    (told,) = ticket_harness.slack.responses
    assert (told["response_type"], told["replace_original"]) == ("ephemeral", False)
    assert "answers.ticket_already_claimed" in told["text"]
    assert "answers.ticket_already_claimed" in str(told["blocks"])


async def test_a_refusal_on_the_home_tab_has_nowhere_else_to_go(ticket_harness: Harness) -> None:
    """There is no message below which it could be."""
    ticket_harness.slack.faults["views.open"] = "expired_trigger_id"
    await refused_claim(ticket_harness, view={**VIEW, "type": "home"}, response_url=None)
    assert ticket_harness.slack.responses == []


@pytest.mark.parametrize(
    ("act", "opened"),
    [
        ("answer", "ticket:answer"),
        ("postpone", "ticket:postpone"),
        ("step", "answers.offer_nowhere"),
        ("claim", "ticket:history"),
    ],
)
async def test_a_refusal_offers_to_take_the_ticket_and_goes_on(ticket_harness: Harness, act: str, opened: str) -> None:
    """In the same modal: the form that was refused or, since claiming is all that was wanted, the timeline."""
    await ticket_harness.press("ticket:claim", "1001", "U0ANNA")
    await ticket_harness.press(f"ticket:{act}", "1001", "U0BEN")
    await lazy_listeners()
    (refusal,) = ticket_harness.slack.called("views.open")
    assert f'"{act}:1001"' in as_text(refusal["view"])
    await ticket_harness.press("talk:take_over", f"{act}:1001", "U0BEN", view=VIEW)
    await lazy_listeners()
    (shown,) = ticket_harness.slack.called("views.update")
    assert opened in as_text(shown["view"])
    (ticket,) = await ticket_harness.do(lambda unit: unit.tx.tickets())
    assert ticket.claimed_by == "U0BEN"


async def test_giving_back_what_is_not_theirs_offers_nothing(ticket_harness: Harness) -> None:
    """Nobody takes a ticket in order to give it back."""
    await ticket_harness.press("ticket:claim", "1001", "U0ANNA")
    await ticket_harness.press("ticket:release", "1001", "U0BEN")
    await lazy_listeners()
    (refusal,) = ticket_harness.slack.called("views.open")
    assert "answers.ticket_not_owner" in as_text(refusal["view"])
    assert "talk:take_over" not in as_text(refusal["view"])


def as_text(view: Any) -> str:
    return view if isinstance(view, str) else json.dumps(view, ensure_ascii=False)
