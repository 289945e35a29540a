"""Verifies requests over HTTP: only what Slack has signed within the last five minutes is parsed."""

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

BODY_LIMIT = 1024 * 1024
"""Bytes. Slack's largest payload, a view with its state, is smaller than a quarter of this."""

_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)
_CERTIFICATE_CHECK = re.compile(rb"(?:^|&)ssl_check=1(?:&|$)")
_SLACK_HEADERS = frozenset({"content-type", "x-slack-request-timestamp", "x-slack-signature", "x-slack-retry-num",
                            "x-slack-retry-reason"})  # fmt: skip
_PARSER_ERRORS = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What Bolt's parser raises for signed requests that are not Slack's: no JSON, too deep, parts of another type."""


def is_certificate_check(body: bytes) -> bool:
    """Whether Slack only checks the certificate of a command's URL. Such a request is answered without a signature."""
    return _CERTIFICATE_CHECK.search(body) is not None


class RequestRefused(Exception):  # noqa: N818 - it is an answer to the sender
    """The request is not passed to Bolt; `status` is 401 without Slack's signature, 400 when it cannot be read."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(status)


class RequestVerifier:
    """Accepts requests that were signed with `signing_secret`."""

    def __init__(self, signing_secret: str) -> None:
        self._verifier = SignatureVerifier(signing_secret)

    @staticmethod
    def check_headers(headers: Mapping[str, str]) -> None:
        """Raise `RequestRefused` for a request whose body need not be read: Slack compresses nothing."""
        if any(name.lower() == "content-encoding" for name in headers):
            raise RequestRefused(400)

    def verify(self, body: bytes, headers: Mapping[str, str]) -> AsyncBoltRequest:
        """The request for Bolt, without headers that Slack does not send. Raises `RequestRefused`."""
        slack_headers = {name.lower(): value for name, value in headers.items() if name.lower() in _SLACK_HEADERS}
        try:
            text = body.decode()
        except UnicodeDecodeError as error:
            raise RequestRefused(400) from error
        timestamp = slack_headers.get("x-slack-request-timestamp", "")
        signature = slack_headers.get("x-slack-signature", "")
        well_formed = _TIMESTAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature)
        # Nothing is parsed before the signature is verified.
        if not well_formed or not self._verifier.is_valid(text, timestamp, signature):
            raise RequestRefused(401)
        try:
            request = AsyncBoltRequest(body=text, headers={**slack_headers})
        except _PARSER_ERRORS as error:
            raise RequestRefused(400) from error
        if not well_shaped(request.body):
            raise RequestRefused(400)
        return request


def well_shaped(body: Any) -> bool:
    """Whether the parts that Bolt reads without checking have the types of Slack's. Missing parts do no harm."""
    if not isinstance(body, Mapping):
        return False
    texts = all(isinstance(body.get(name, ""), str) for name in ("type", "command", "text", "response_url"))
    parts = all(isinstance(body.get(name) or {}, Mapping) for name in ("event", "view", "container", "message"))
    owners = all(isinstance(body.get(name) or {}, Mapping | str) for name in ("team", "user", "channel", "enterprise"))
    lists = all(_is_list_of_mappings(body.get(name)) for name in ("actions", "authorizations", "response_urls"))
    event = body.get("event") or {}
    event_type = not isinstance(event, Mapping) or isinstance(event.get("type", ""), str)
    with_ids = [body, *(body.get(name) for name in ("user", "team", "channel", "enterprise", "event", "view"))]
    return texts and parts and owners and lists and event_type and all(map(_ids_are_texts, with_ids)) and _named(body)


def _ids_are_texts(part: Any) -> bool:
    return not isinstance(part, Mapping) or all(
        value is None or isinstance(value, str)
        for name, value in part.items()
        if name == "id" or str(name).endswith("_id")
    )


def _named(body: Mapping[str, Any]) -> bool:
    """Whether there is the name by which Bolt finds the listener: a press's action IDs, a form's callback, an event."""
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


def _is_list_of_mappings(part: Any) -> bool:
    return part is None or (isinstance(part, list) and all(isinstance(item, Mapping) for item in part))
