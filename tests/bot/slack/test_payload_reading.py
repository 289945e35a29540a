"""Reading payloads: missing parts and parts of the wrong type read as absent, without an exception."""

from typing import Any

import pytest

from bot.services.walkthrough import PressOrigin
from bot.slack import payload

JUNK: list[Any] = [None, 0, "", "text", [], [1], {}, {"a": []}]


@pytest.mark.parametrize(
    ("body", "who"),
    [
        ({"team_id": "T1", "user_id": "U1"}, ("T1", "U1")),
        ({"team": {"id": "T1"}, "user": {"id": "U1"}}, ("T1", "U1")),
        ({"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T2"}}, ("T2", "U1")),
        ({"team_id": "T1", "event": {"user": "U1"}}, ("T1", "U1")),
        ({"event": {"user": "U1", "team": "T3"}}, ("T3", "U1")),
    ],
)
def test_who_acts(body: dict[str, Any], who: tuple[str, str]) -> None:
    """In a command, an interaction and an event; for people of another workspace it is theirs."""
    assert payload.person(body) == who


@pytest.mark.parametrize("junk", JUNK)
def test_nobody_acts_in_junk(junk: Any) -> None:
    """Without a team and a user there is nobody to act for."""
    for body in ({"user": junk, "team": junk, "event": junk, "team_id": junk}, {"team_id": "T1", "user_id": junk or 1}):
        if body.get("user_id") == "text":
            continue
        with pytest.raises(payload.Unreadable):
            payload.person(body)


@pytest.mark.parametrize("junk", JUNK)
def test_junk_has_no_action_no_origin_and_no_fields(junk: Any) -> None:
    """Every reader accepts every type."""
    body = {"actions": junk, "container": junk, "channel": junk, "message": junk, "response_url": None}
    assert payload.action(body) == ("", None)
    assert payload.action({"actions": [junk]}) == ("", None)
    assert payload.press_origin(body) == PressOrigin()
    for view in (junk, {"state": junk}, {"state": {"values": junk}}, {"state": {"values": {"b": junk}}}):
        assert set(payload.fields({"view": view}).values()) <= {""}
    assert payload.event_id({"event_id": junk}) in {None, "text"}
    assert payload.changed_person({"user": junk}) is None


def test_fields_are_what_was_typed_or_chosen() -> None:
    """By block ID; options without a value are left out, an empty field is an empty text."""
    options = [{"value": "a"}, {"value": 1}, {}, 7, {"value": "b"}]
    values = {
        "names": {"value": {"type": "plain_text_input", "value": "x"}},
        "empty": {"value": {"type": "plain_text_input", "value": None}},
        "markets": {"value": {"type": "checkboxes", "selected_options": options}},
    }
    read = payload.fields({"view": {"state": {"values": values}}})
    assert read == {"names": "x", "empty": "", "markets": ["a", "b"]}


def test_the_origin_of_a_press() -> None:
    """From the container, else from channel and message."""
    assert payload.press_origin(
        {"container": {"channel_id": "D1", "message_ts": "1.1"}, "response_url": "u"}
    ) == PressOrigin("D1", "1.1", "u")
    assert payload.press_origin({"channel": {"id": "D2"}, "message": {"ts": "2.2"}}) == PressOrigin("D2", "2.2", None)
    assert payload.changed_person({"user": {"id": "U1", "team_id": "T1"}}) == ("T1", "U1")
