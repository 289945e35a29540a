"""What Slack refuses for what it contains is said all the same: shorter, with the rest in its thread."""

from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.blocks.fit import PIECE
from bot.store.models import Row

MakeRow = Callable[..., Row]
BUTTONS = {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Next"}}]}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


@pytest.mark.parametrize("code", ["msg_too_long", "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"])
async def test_a_step_keeps_its_buttons_and_the_rest_follows(outbox: Any, row: MakeRow, code: str) -> None:
    """Every word arrives, in order, and what can be pressed stays with the first of it."""
    words = [f"word{number}" for number in range(1000)]
    quoted = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
        {"type": "text", "text": "quoted "}, {"type": "link", "url": "https://x", "text": "text"}]}]}  # fmt: skip
    blocks = [section(" ".join(words)), quoted, BUTTONS, {"type": "context", "elements": [{"text": "small print"}]}]
    outbox.slack.next["chat.postMessage"] = [code]
    await outbox.put(row("a", content={"text": "summary", "blocks": blocks}), row("b"))
    with capture_logs() as logged:
        await outbox.worker().drain()
    first, *others = outbox.slack.messages["D1"]
    rest = [message for message in others if message.get("thread_ts") == first["ts"]]
    assert [block["type"] for block in first["blocks"]] == ["section", "actions"]
    assert first["blocks"][1] == BUTTONS
    shown = first["blocks"][0]["text"]["text"]
    assert len(shown) <= PIECE
    assert shown == first["text"]
    said = " ".join([shown.removesuffix("…"), *(message["text"] for message in rest)])
    assert said.split() == [*words, "quoted", "text", "small", "print"]
    assert [message["text"] for message in others if message not in rest] == ["text of b"]
    assert await outbox.run(outbox.store.dead) == []
    (told,) = [line for line in logged if line["event"] == "message_shortened"]
    assert (told["error"], told["log_level"]) == (code, "warning")
    assert "word1" not in str(logged)


async def test_buttons_that_are_refused_are_left_out(outbox: Any, row: MakeRow) -> None:
    """The words come first: a message without its buttons is better than none."""
    outbox.slack.next["chat.postMessage"] = ["invalid_blocks"] * 2
    await outbox.put(row("a", content={"text": "summary", "blocks": [section("words"), BUTTONS]}))
    await outbox.worker().drain()
    (message,) = outbox.slack.messages["D1"]
    assert (message["text"], "blocks" in message) == ("words", False)


async def test_what_is_refused_in_every_form_is_dead(outbox: Any, row: MakeRow) -> None:
    """The row keeps its words and Slack's reason, and the row behind it is sent."""
    outbox.slack.next["chat.postMessage"] = ["invalid_blocks"] * 3
    await outbox.put(row("a", content={"text": "summary", "blocks": [section("words"), BUTTONS]}), row("b"))
    await outbox.worker().drain()
    assert await outbox.error() == "invalid_blocks"
    assert outbox.slack.texts("D1") == ["text of b"]


async def test_a_message_that_is_edited_is_shortened_too(outbox: Any, row: MakeRow) -> None:
    """A card that has grown too long stays one that can be read and pressed."""
    await outbox.put(row("card", to="C1"))
    await outbox.worker().drain()
    outbox.slack.next["chat.update"] = ["msg_too_long"]
    grown = {"text": "summary", "blocks": [section("x" * 2400 + "the rest"), BUTTONS]}
    await outbox.put(row("u", to="C1", method="update", target="card", content=grown))
    await outbox.worker().drain()
    card, reply = outbox.slack.messages["C1"]
    assert card["text"] == "x" * 2400 + "…"
    assert card["blocks"][-1] == BUTTONS
    assert (reply["text"], reply["thread_ts"]) == ("the rest", card["ts"])


@pytest.mark.parametrize("again", ["retried", "said again"])
async def test_what_was_refused_in_every_form_is_sent_in_its_plain_form(outbox: Any, row: MakeRow, again: str) -> None:
    """A second attempt differs from the first: a few words with bare buttons, and the rest in small parts."""
    pressed = {"type": "button", "action_id": "a", "value": "v", "text": {"type": "plain_text", "text": "Next"}}
    buttons = {"type": "actions", "elements": [{**pressed, "style": "primary"}]}
    words = " ".join(f"word{number}" for number in range(400))
    content = {"text": "summary", "blocks": [section(words), buttons]}
    if again == "retried":
        outbox.slack.next["chat.postMessage"] = ["invalid_blocks"] * 3
        await outbox.put(row("a", content=content))
        await outbox.worker().drain()
        assert await outbox.error() == "invalid_blocks"
        assert await outbox.run(outbox.store.send_again, "a", row("a").due_at)
    else:
        await outbox.put(row("a", content={**content, "plain": True}))
    await outbox.worker().drain()
    first, *rest = outbox.slack.messages["D1"]
    assert first["blocks"] == [section(first["text"]), {"type": "actions", "elements": [pressed]}]
    assert len(first["text"]) <= 301
    said = " ".join([first["text"].removesuffix("…"), *(message["text"] for message in rest)])
    assert said == words
    assert {message["thread_ts"] for message in rest} == {first["ts"]}
    assert max(len(message["text"]) for message in rest) <= 1000
