"""The gate for HTTP: only what Slack has signed within the last five minutes is read at all."""

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

BODY_LIMIT = 1024 * 1024
"""Bytes. Slack's largest payload, a view with its state, stays under a quarter of it."""

_STAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)
_CERTIFICATE_CHECK = re.compile(rb"(?:^|&)ssl_check=1(?:&|$)")
_HEARD = frozenset({"content-type", "x-slack-request-timestamp", "x-slack-signature", "x-slack-retry-num",
                    "x-slack-retry-reason"})  # fmt: skip
_MISSHAPEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What Bolt's parser makes of signed requests that are none of Slack's: no JSON, too deep, parts of another type."""


def is_certificate_check(body: bytes) -> bool:
    """Whether Slack only looks at the certificate of a command's address. Such requests need not be signed.

    They are answered without a look at anything else in them.
    """
    return _CERTIFICATE_CHECK.search(body) is not None


class RequestRefused(Exception):  # noqa: N818 - it is an answer to whoever knocks
    """The request is not let in; `status` is 401 without Slack's signature, 400 when it cannot be read."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(status)


class RequestVerifier:
    """Lets requests in that `signing_secret` has signed."""

    def __init__(self, signing_secret: str) -> None:
        self._verifier = SignatureVerifier(signing_secret)

    @staticmethod
    def look(headers: Mapping[str, str]) -> None:
        """Raise `Refused` for a request whose body is not even worth reading: Slack compresses nothing."""
        if any(name.lower() == "content-encoding" for name in headers):
            raise RequestRefused(400)

    def admit(self, body: bytes, headers: Mapping[str, str]) -> AsyncBoltRequest:
        """The request as Bolt reads it, without headers that are no business of Slack's. Raises `Refused`."""
        heard = {name.lower(): value for name, value in headers.items() if name.lower() in _HEARD}
        try:
            text = body.decode()
        except UnicodeDecodeError as error:
            raise RequestRefused(400) from error
        stamp, signature = heard.get("x-slack-request-timestamp", ""), heard.get("x-slack-signature", "")
        well_formed = _STAMP.fullmatch(stamp) and _SIGNATURE.fullmatch(signature)
        # Before anything is parsed: whoever has no signature reaches no parser.
        if not well_formed or not self._verifier.is_valid(text, stamp, signature):
            raise RequestRefused(401)
        try:
            request = AsyncBoltRequest(body=text, headers={**heard})
        except _MISSHAPEN as error:
            raise RequestRefused(400) from error
        if not well_shaped(request.body):
            raise RequestRefused(400)
        return request


def well_shaped(body: Any) -> bool:
    """Whether the parts that Bolt looks into without asking are what Slack's are. What is missing does no harm."""
    if not isinstance(body, Mapping):
        return False
    texts = all(isinstance(body.get(name, ""), str) for name in ("type", "command", "text", "response_url"))
    parts = all(isinstance(body.get(name) or {}, Mapping) for name in ("event", "view", "container", "message"))
    owners = all(isinstance(body.get(name) or {}, Mapping | str) for name in ("team", "user", "channel", "enterprise"))
    lists = all(_of_mappings(body[name]) for name in ("actions", "authorizations", "response_urls") if name in body)
    event = body.get("event") or {}
    inner = not isinstance(event, Mapping) or isinstance(event.get("type", ""), str)
    holders = [body, *(body.get(name) for name in ("user", "team", "channel", "enterprise", "event", "view"))]
    return texts and parts and owners and lists and inner and all(map(_ids, holders)) and _named(body)


def _ids(part: Any) -> bool:
    """Whether everything in `part` that is called an ID is a text."""
    return not isinstance(part, Mapping) or all(
        one is None or isinstance(one, str) for name, one in part.items() if name == "id" or str(name).endswith("_id")
    )


def _named(body: Mapping[str, Any]) -> bool:
    """Whether a press names its actions, a form its callback, an event what happened: by these listeners are found."""
    match body.get("type"):
        case "block_actions":
            actions = body.get("actions") or ()
            return bool(actions) and all(isinstance(action.get("action_id"), str) for action in actions)
        case "view_submission" | "view_closed":
            view = body.get("view") or {}
            return all(isinstance(view.get(name), str) for name in ("type", "callback_id"))
        case "event_callback":
            return bool(body.get("event"))
        case _:
            return True


def _of_mappings(part: Any) -> bool:
    return part is None or (isinstance(part, list) and all(isinstance(one, Mapping) for one in part))
