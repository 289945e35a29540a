"""Reading payloads: missing parts and parts of the wrong type read as absent, without an exception."""

from typing import Any

import pytest

from bot.services.walkthrough import PressOrigin
from bot.slack import payload

JUNK: list[Any] = [None, 0, "", "text", [], [1], {}, {"a": []}]


_GRID = {"user": {"id": "U1", "team_id": "T9"}, "enterprise": {"id": "E1"}, "is_enterprise_install": False}
_ORG = {**_GRID, "team": None, "is_enterprise_install": True}
_AUTHORIZED = {"enterprise_id": "E1", "team_id": "T1", "user_id": "U0BOT", "is_enterprise_install": False}
_EVENT = {"team_id": "T8", "event": {"user": "U1", "team": "T9", "user_team": "T9"}}


@pytest.mark.parametrize(
    ("body", "who"),
    [
        ({"team_id": "T1", "user_id": "U1"}, ("T1", "U1")),
        ({"team": {"id": "T1"}, "user": {"id": "U1"}}, ("T1", "U1")),
        ({"team_id": "T1", "event": {"user": "U1"}}, ("T1", "U1")),
        # In an Enterprise Grid the person's own workspace is another one, and says nothing.
        ({**_GRID, "team": {"id": "T1"}}, ("T1", "U1")),
        ({**_GRID, "team": {"id": "T8"}, "view": {"app_installed_team_id": "T1", "team_id": "T9"}}, ("T1", "U1")),
        ({**_EVENT, "authorizations": [_AUTHORIZED]}, ("T1", "U1")),
        # The whole organization has installed the app: it is the organization, whichever workspaces are named.
        (_ORG, ("E1", "U1")),
        ({**_ORG, "view": {"app_installed_team_id": "E1", "team_id": "T9"}}, ("E1", "U1")),
        ({**_ORG, "team": {"id": "T7"}}, ("E1", "U1")),
        ({"team_id": "T7", "user_id": "U1", "enterprise_id": "E1", "is_enterprise_install": "true"}, ("E1", "U1")),
        ({"team_id": "T7", "user_id": "U1", "enterprise_id": "E1", "is_enterprise_install": "false"}, ("T7", "U1")),
        ({**_EVENT, "authorizations": [{**_AUTHORIZED, "is_enterprise_install": True}]}, ("E1", "U1")),
    ],
)
def test_who_acts(body: dict[str, Any], who: tuple[str, str]) -> None:
    """In a command, an interaction and an event: the installation's workspace or organization, and the person."""
    assert payload.person(body) == who


def test_the_workspace_of_a_changed_person_and_of_an_edit_is_the_installation_s() -> None:
    """Both events carry the person's own workspace as well, which in an Enterprise Grid is another one."""
    envelope = {"team_id": "T8", "authorizations": [_AUTHORIZED]}
    changed = {**envelope, "event": {"type": "user_change", "user": {"id": "U1", "team_id": "T9"}}}
    assert payload.changed_person(changed) == ("T1", "U1")
    message = {"user": "U1", "team": "T9", "text": "new", "ts": "1.1"}
    edited = payload.edited_message({**envelope, "event": {"channel": "D1", "message": message}})
    assert edited is not None
    assert edited[0] == ("T1", "U1")


def test_without_its_workspace_there_is_no_person() -> None:
    """A person's own workspace is no substitute: nobody acts."""
    for body in ({"user": {"id": "U1", "team_id": "T9"}}, {"event": {"user": "U1", "team": "T9"}}):
        with pytest.raises(payload.Unreadable):
            payload.person(body)


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
    assert payload.changed_person({"team_id": "T1", "event": {"user": junk}}) is None


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
