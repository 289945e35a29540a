"""Each use case has one log line, which never contains what somebody wrote."""

from typing import Any

from structlog.testing import capture_logs

from tests.bot.slack.conftest import Harness

KNOWN = {"event", "log_level", "kind", "outcome", "conversation", "act", "step", "next_step", "milliseconds"}


def handled(logs: list[Any]) -> list[Any]:
    return [line for line in logs if line["event"] == "handled"]


async def test_one_line_with_conversation_step_outcome_and_duration(harness: Harness) -> None:
    """For a command, a press and a form: the change of the walkthrough, and how long it took."""
    with capture_logs() as logs:
        await harness.command("")
        await harness.press("walk:orders_stopped", await harness.address())
        values = {"version": {"value": {"value": "4.9.24.4"}}}
        await harness.submit("form:connect_version", await harness.address(), values)
    lines = handled(logs)
    assert [line["kind"] for line in lines] == ["command", "block_actions", "view_submission"]
    assert {line["outcome"] for line in lines} == {"done"}
    assert [(line["act"], line["next_step"]) for line in lines[1:]] == [
        ("orders_stopped", "connect_version"), ("enter_version", "account_mask"),
    ]  # fmt: skip
    assert {line["conversation"] for line in lines} == {1}
    assert all(0 <= line["milliseconds"] < 60_000 for line in lines)
    assert lines[1]["step"] == "before_start"


async def test_a_line_contains_no_text_of_a_person(harness: Harness) -> None:
    """Whatever is typed, the line has the same few fields, and none of them has the text."""
    with capture_logs() as logs:
        await harness.command("phone Marta Geheim")
        await harness.command("")
        await harness.typed("Marta Geheim braucht Hilfe", "Ev1")
        await harness.submit("form:help", await harness.address(), {"sentence": {"value": {"value": "Marta Geheim"}}})
    assert len(handled(logs)) == 4
    assert all(set(line) <= KNOWN for line in handled(logs))
    assert "Geheim" not in repr(logs)


async def test_repeats_and_use_cases_without_change_are_distinguished(harness: Harness) -> None:
    """The second delivery of an event is a repeat; the command `status` changes nothing."""
    with capture_logs() as logs:
        await harness.typed("start", "Ev1")
        await harness.typed("start", "Ev1")
        await harness.command("status")
    assert [line["outcome"] for line in handled(logs)] == ["done", "repeat", "nothing_changed"]


async def test_an_unknown_kind_is_not_logged(harness: Harness) -> None:
    """The type in a payload may be any text; only known ones are logged."""
    with capture_logs() as logs:
        await harness.event({"type": "Marta Geheim", "user": "U0ERIKA"}, "Ev1")
        await harness.press("walk:orders_stopped", "-", type="block_actions")
    assert "Geheim" not in repr(logs)
