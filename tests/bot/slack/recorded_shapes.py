"""Events and interactions with every field that Slack's own SDK samples and documentation show, with made-up data.

Sources of the shapes: https://docs.slack.dev/reference/events/message/, https://docs.slack.dev/enterprise/, the
interaction payloads there, and the samples in the tests of slackapi/bolt-python and slackapi/java-slack-sdk. No file of
theirs is copied.
"""

import itertools
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
ERIKA, BOT, APP, CHANNEL = "U0ERIKA", "U0BOT", "A0EXAMPLE1", "D0EXAMPLE1"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Place:
    """Where the app is installed. `owner` is whose data it is; `home` is the workspace that the person belongs to."""

    owner: str
    home: str
    enterprise: str | None
    org_wide: bool = False

    def envelope(self, event: Json) -> Json:
        """An event as it is delivered."""
        number = next(_numbers)
        return {
            "token": "made-up",
            "team_id": self.home if self.org_wide else "T1",
            "enterprise_id": self.enterprise,
            "context_team_id": "T1",
            "context_enterprise_id": self.enterprise,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{number}",
            "event_time": 1_772_000_000 + number,
            "authorizations": [
                {
                    "enterprise_id": self.enterprise,
                    "team_id": None if self.org_wide else "T1",
                    "user_id": BOT,
                    "is_bot": True,
                    "is_enterprise_install": self.org_wide,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": "4-eyJldCI6Im1lc3NhZ2UifQ",
        }

    def typed(self, text: str, **more: Any) -> Json:
        """The event of a message that a person has typed."""
        ts = f"17720000{next(_numbers):02}.000100"
        return {
            "client_msg_id": "3f1d6c52-0000-4000-8000-000000000001",
            "type": "message",
            "text": text,
            "user": ERIKA,
            "ts": ts,
            "blocks": [rich_text(text)],
            "team": self.home,
            "user_team": self.home,
            "source_team": self.home,
            "user_profile": {
                "avatar_hash": "0", "display_name": "Erika", "first_name": "Erika", "name": "erika",
                "real_name": "Erika Beispiel", "team": self.home, "is_restricted": False, "is_ultra_restricted": False,
            },
            "channel": CHANNEL,
            "event_ts": ts,
            "channel_type": "im",
            **more,
        }  # fmt: skip

    def _interaction(self, kind: str) -> Json:
        team = {"id": "T1", "domain": "example"}
        if self.enterprise is not None:
            team |= {"enterprise_id": self.enterprise, "enterprise_name": "Example"}
        return {
            "type": kind,
            "user": {"id": ERIKA, "username": "erika", "name": "erika", "team_id": self.home},
            "api_app_id": APP,
            "token": "made-up",
            "trigger_id": f"{next(_numbers)}.2.0123456789abcdef",
            "team": None if self.org_wide else team,
            "enterprise": {"id": self.enterprise, "name": "Example"} if self.enterprise is not None else None,
            "is_enterprise_install": self.org_wide,
        }

    def pressed(self, action_id: str, value: str, response_url: str) -> Json:
        """A press of a button in a message."""
        button = {"type": "plain_text", "text": "Weiter", "emoji": True}
        element = {"type": "button", "action_id": action_id, "block_id": "bar", "text": button, "value": value}
        message = {
            "bot_id": "B0EXAMPLE1", "type": "message", "text": "Schritt", "user": BOT, "ts": "1772000000.000100",
            "app_id": APP, "team": "T1", "blocks": [{"type": "actions", "block_id": "bar", "elements": [element]}],
            "metadata": {"event_type": "amazon_token_row", "event_payload": {"key": "0" * 32}},
        }  # fmt: skip
        return self._interaction("block_actions") | {
            "container": {
                "type": "message", "message_ts": message["ts"], "channel_id": CHANNEL, "is_ephemeral": False,
            },
            "channel": {"id": CHANNEL, "name": "directmessage"},
            "message": message,
            "state": {"values": {}},
            "response_url": response_url,
            "actions": [element | {"action_ts": "1772000001.000100"}],
        }  # fmt: skip

    def submitted(self, callback_id: str, metadata: str, **values: str) -> Json:
        """A form with one text field for each value."""
        view = {
            "id": "V0EXAMPLE1", "team_id": self.home, "type": "modal", "blocks": [], "private_metadata": metadata,
            "callback_id": callback_id, "hash": "1772000000.abcdef12", "clear_on_close": False,
            "notify_on_close": False, "close": None, "submit": None, "previous_view_id": None,
            "root_view_id": "V0EXAMPLE1", "app_id": APP, "external_id": "",
            "app_installed_team_id": self.owner, "bot_id": "B0EXAMPLE1",
            "title": {"type": "plain_text", "text": "Formular", "emoji": True},
            "state": {
                "values": {
                    name: {"value": {"type": "plain_text_input", "value": value}} for name, value in values.items()
                }
            },
        }  # fmt: skip
        return self._interaction("view_submission") | {"view": view, "response_urls": []}

    def command(self, text: str, response_url: str) -> dict[str, str]:
        """The fields of a slash command."""
        inside = {"enterprise_id": self.enterprise, "enterprise_name": "Example"} if self.enterprise else {}
        return {
            "token": "made-up", "team_id": self.home if self.org_wide else "T1", "team_domain": "example", **inside,
            "channel_id": CHANNEL, "channel_name": "directmessage", "user_id": ERIKA, "user_name": "erika",
            "command": "/amazon-token", "text": text, "api_app_id": APP, "response_url": response_url,
            "is_enterprise_install": "true" if self.org_wide else "false", "trigger_id": f"{next(_numbers)}.2.0123",
        }  # fmt: skip


PLACES = {
    "workspace": Place("T1", "T1", None),
    "grid": Place("T1", "T9HOME", "E0EXAMPLE1"),
    "organization": Place("E0EXAMPLE1", "T9HOME", "E0EXAMPLE1", org_wide=True),
}


def rich_text(text: str) -> Json:
    """The block into which Slack turns what is typed."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "block_id": "aB3c", "elements": [section]}


def picture() -> Json:
    """A file that was shared."""
    return {
        "id": "F0EXAMPLE1", "created": 1_772_000_000, "timestamp": 1_772_000_000, "name": "image.png", "title": "image",
        "mimetype": "image/png", "filetype": "png", "pretty_type": "PNG", "user": ERIKA, "editable": False,
        "size": 12_345, "mode": "hosted", "is_external": False, "external_type": "", "is_public": False,
        "public_url_shared": False, "display_as_bot": False, "username": "", "file_access": "visible",
        "url_private": "https://files.slack.com/files-pri/T1-F0EXAMPLE1/image.png",
        "url_private_download": "https://files.slack.com/files-pri/T1-F0EXAMPLE1/download/image.png",
        "permalink": "https://example.slack.com/files/U0ERIKA/F0EXAMPLE1/image.png", "original_w": 800,
        "original_h": 600,
        "has_rich_preview": False,
    }  # fmt: skip


def snippet(text: str) -> Json:
    """A text that was pasted as a file."""
    return picture() | {
        "name": "Ohne_Titel.txt", "title": "Ohne Titel", "mimetype": "text/plain", "filetype": "text",
        "pretty_type": "Plain Text", "editable": True, "mode": "snippet", "preview": text, "size": len(text),
        "preview_highlight": f"<div>{text}</div>", "lines": 1, "lines_more": 0, "preview_is_truncated": False,
    }  # fmt: skip


def forwarded(text: str) -> Json:
    """A message of somebody else, shared."""
    return {
        "ts": "1771990000.000100", "channel_id": "C0EXAMPLE1", "channel_team": "T1", "author_id": "U0OTHER",
        "author_link": "https://example.slack.com/team/U0OTHER", "author_name": "Otto", "author_subname": "Otto",
        "author_icon": "https://example.com/48.png", "from_url": "https://example.slack.com/archives/C0EXAMPLE1/p1",
        "is_msg_unfurl": True, "is_share": True, "id": 1, "fallback": f"[March 2nd] Otto: {text}", "text": text,
        "message_blocks": [{"team": "T1", "channel": "C0EXAMPLE1", "message": {"blocks": [rich_text(text)]}}],
        "original_url": "https://example.slack.com/archives/C0EXAMPLE1/p1", "mrkdwn_in": ["text"],
        "footer": "Posted in #general",
    }  # fmt: skip


def unfurled() -> Json:
    """What Slack adds to a message with a link."""
    return {
        "from_url": "https://example.com/", "service_name": "Example", "id": 1, "title": "start", "text": "start",
        "title_link": "https://example.com/", "original_url": "https://example.com/", "fallback": "Example: start",
    }  # fmt: skip


def changed(place: Place, before: Json, **now: Any) -> Json:
    """The event that a message is another one now."""
    event_ts = f"17720000{next(_numbers):02}.000200"
    kept = {name: value for name, value in before.items() if name not in {"channel", "channel_type", "event_ts"}}
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": {**kept, "source_team": place.home, "user_team": place.home, **now},
        "previous_message": kept,
        "channel": CHANNEL,
        "hidden": True,
        "ts": event_ts,
        "event_ts": event_ts,
        "channel_type": "im",
    }
