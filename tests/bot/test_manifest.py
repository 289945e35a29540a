import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))

# The bot scopes that Slack's documentation names for each method; none where every token will do.
SCOPES = {
    "apps_connections_open": set(),  # an app-level token with connections:write
    "auth_test": set(),
    "chat_delete": {"chat:write"},
    "chat_getPermalink": set(),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "files_completeUploadExternal": {"files:write"},
    "files_delete": {"files:write"},
    "files_info": {"files:read"},
    "files_getUploadURLExternal": {"files:write"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
}
EVENTS = {
    "app_home_opened": set(),
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.im": {"im:history"},
    "user_change": {"users:read"},
}
METHOD = re.compile(r"\b(?:apps|auth|chat|conversations|files|reactions|team|users|views)_[a-z]+[A-Za-z_]*(?=\()")


def _code() -> str:
    """What the bot itself runs; the sandbox is the other side."""
    files = [one for one in (ROOT / "bot").rglob("*.py") if "sandbox" not in one.parts]
    return "\n".join(one.read_text("utf-8") for one in files)


def _methods() -> set[str]:
    called = set(METHOD.findall("\n".join(re.findall(r"\.[a-z]+_[A-Za-z_]+\(", _code()))))
    # A method may also be named to a generic call: api_call("chat.postMessage").
    named = set(re.findall(r'"((?:chat|conversations|users|views|auth)\.[A-Za-z.]+)"', _code()))
    return called | {name.replace(".", "_") for name in named}


def test_the_scopes_are_exactly_those_used() -> None:
    """Every Web API method the code calls, and every event, has its scopes, and no scope is asked for without need."""
    methods = _methods()
    assert methods <= set(SCOPES), "name the scopes of the new method in this test"
    needed = {"commands"}.union(*(SCOPES[one] for one in methods), *EVENTS.values())
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed


def test_the_events_are_those_the_code_listens_to() -> None:
    """Each subscribed event has a listener, and each listener a subscription."""
    assert set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == set(EVENTS)
    heard = set(re.findall(r'\.event\(\s*"(\w+)"', _code()))
    assert heard == {one.partition(".")[0] for one in EVENTS}


def test_the_command_is_the_one_the_code_answers() -> None:
    """One slash command, whose mentions arrive with the person's ID, within Slack's lengths."""
    (command,) = MANIFEST["features"]["slash_commands"]
    assert re.search(rf'COMMAND = "{command["command"]}"', _code())
    assert command["should_escape"] is True
    assert len(command["command"]) <= 32
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000
    assert "url" not in command


def test_it_installs_as_it_is_in_socket_mode() -> None:
    """Socket Mode with interactivity, a Home tab, and a messages tab in which people can type."""
    settings = MANIFEST["settings"]
    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"] == {"is_enabled": True}
    assert "request_url" not in settings["event_subscriptions"]
    assert settings["org_deploy_enabled"] is False
    assert settings["token_rotation_enabled"] is False
    assert MANIFEST["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_names_and_descriptions_fit() -> None:
    """Slack's limits: name 35, description 140, bot name 80, colour six hexadecimal digits."""
    shown = MANIFEST["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert re.fullmatch(r"#[0-9a-f]{6}", shown["background_color"])
    assert len(MANIFEST["features"]["bot_user"]["display_name"]) <= 80
