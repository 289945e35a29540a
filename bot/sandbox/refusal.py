"""The error of a call that Slack refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.world import Json


class SlackRefusal(Exception):  # noqa: N818 - it is Slack's answer, not a failure of the sandbox
    """Raised for a call that Slack would refuse. `error` is Slack's code, `messages` say what is wrong."""

    def __init__(self, error: str, *messages: str, **more: object) -> None:
        super().__init__(error)
        self.error = error
        self.messages = list(messages)
        self.more = more

    def as_slack(self) -> Json:
        """The body of the answer."""
        body: Json = {"ok": False, "error": self.error, **self.more}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
        return body
