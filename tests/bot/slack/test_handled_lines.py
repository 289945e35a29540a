"""The log tells of each use case in one line, and never what somebody wrote."""

from typing import Any

from structlog.testing import capture_logs

from tests.bot.slack.conftest import Door

KNOWN = {"event", "log_level", "kind", "outcome", "conversation", "act", "step", "next_step", "milliseconds"}


def handled(logs: list[Any]) -> list[Any]:
    return [line for line in logs if line["event"] == "handled"]


async def test_one_line_with_conversation_step_outcome_and_duration(door: Door) -> None:
    """A command, a press and a form: what it did to which walk, and how long it took."""
    with capture_logs() as logs:
        await door.command("")
        await door.press("walk:orders_stopped", await door.address())
        values = {"version": {"value": {"value": "4.9.24.4"}}}
        await door.submit("form:version", await door.address(), values)
    lines = handled(logs)
    assert [line["kind"] for line in lines] == ["command", "block_actions", "view_submission"]
    assert {line["outcome"] for line in lines} == {"done"}
    assert [(line["act"], line["next_step"]) for line in lines[1:]] == [
        ("orders_stopped", "connect_version"), ("enter_version", "account_mask"),
    ]  # fmt: skip
    assert {line["conversation"] for line in lines} == {1}
    assert all(0 <= line["milliseconds"] < 60_000 for line in lines)
    assert lines[1]["step"] == "briefing"


async def test_a_line_names_no_word_of_a_person(door: Door) -> None:
    """Whatever is typed, the line has its few fields and no other, and none of them holds the words."""
    with capture_logs() as logs:
        await door.command("phone Marta Geheim")
        await door.command("")
        await door.typed("Marta Geheim braucht Hilfe", "Ev1")
        await door.submit("form:help", await door.address(), {"sentence": {"value": {"value": "Marta Geheim"}}})
    assert len(handled(logs)) == 4
    assert all(set(line) <= KNOWN for line in handled(logs))
    assert "Geheim" not in repr(logs)


async def test_repeats_and_what_changed_nothing_are_told_apart(door: Door) -> None:
    """The second delivery of an event is a repeat; a status changes nothing."""
    with capture_logs() as logs:
        await door.typed("start", "Ev1")
        await door.typed("start", "Ev1")
        await door.command("status")
    assert [line["outcome"] for line in handled(logs)] == ["done", "repeat", "nothing_changed"]


async def test_an_unknown_kind_is_not_repeated(door: Door) -> None:
    """The type in a payload may be anything; the log knows its own words only."""
    with capture_logs() as logs:
        await door.event({"type": "Marta Geheim", "user": "U0ERIKA"}, "Ev1")
        await door.press("walk:orders_stopped", "-", type="block_actions")
    assert "Geheim" not in repr(logs)
