"""What the app's manifest allows: scopes, commands, events, Home tab and messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from bot.sandbox.world import Json

EVENT_SCOPES: dict[str, str | None] = {
    "message.im": "im:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "app_home_opened": None,
    "app_uninstalled": None,
    "tokens_revoked": None,
    "user_change": "users:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
}
"""The scope without which Slack does not send an event of this name."""

DEFAULT: Json = {
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {
                "command": "/amazon-token",
                "description": "Renew the Amazon authorization",
                "usage_hint": "[status | back | restart | cancel | language | support | help]",
                "should_escape": True,
            }
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "commands",
                "chat:write",
                "im:history",
                "im:read",
                "im:write",
                "users:read",
                "team:read",
                "channels:history",
                "channels:read",
                "groups:history",
                "groups:read",
                "files:read",
                "files:write",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {"bot_events": list(EVENT_SCOPES)},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}
"""The manifest unless another one is given: it allows everything that this sandbox can do."""


@dataclass(frozen=True, kw_only=True)
class SlashCommand:
    """A slash command as the manifest declares it."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The parts of a manifest that decide what Slack allows."""

    scopes: frozenset[str]
    commands: dict[str, SlashCommand] = field(default_factory=dict)
    events: frozenset[str] = frozenset()
    interactive: bool = False
    home: bool = False
    can_write_to_it: bool = False

    def hears(self, event_name: str) -> bool:
        """Whether Slack sends events of this name: subscribed, and with the scope for it."""
        needed = EVENT_SCOPES.get(event_name)
        return event_name in self.events and (needed is None or needed in self.scopes)


def read_manifest(source: str | Path | Json | None) -> Manifest:
    """The manifest of a YAML or JSON file or of a mapping; `None` means `DEFAULT`.

    Raises `ValueError` when the file holds no mapping.
    """
    raw: Json = DEFAULT if source is None else source if isinstance(source, dict) else _load(Path(source))
    features, settings = raw.get("features", {}), raw.get("settings", {})
    home = features.get("app_home", {})
    return Manifest(
        scopes=frozenset(raw.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
        commands={c["command"]: _command(c) for c in features.get("slash_commands", [])},
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        interactive=bool(settings.get("interactivity", {}).get("is_enabled", False)),
        home=bool(home.get("home_tab_enabled", False)),
        can_write_to_it=bool(home.get("messages_tab_enabled", False))
        and not home.get("messages_tab_read_only_enabled", False),
    )


def _command(raw: Json) -> SlashCommand:
    return SlashCommand(
        command=raw["command"],
        description=raw.get("description", ""),
        usage_hint=raw.get("usage_hint", ""),
        should_escape=bool(raw.get("should_escape", False)),
    )


def _load(path: Path) -> Json:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict):
        raise ValueError(  # noqa: TRY004 - the file is wrong, not the call
            f"{path} is not an app manifest: a mapping is expected at its top"
        )
    return raw
