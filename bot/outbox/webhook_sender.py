"""Sends tickets to the operator's own receiver, as signed JSON over HTTP."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot.outbox.sender import LONGEST_RETRY_AFTER
from bot.services.ticket_sync import SyncedTicket
from bot.slack_api.errors import Delivered, Fail, Retry, SendResult, retry_after
from bot.store.models import Row

TIMESTAMP, SIGNATURE, KEY = "X-Amazon-Token-Timestamp", "X-Amazon-Token-Signature", "Idempotency-Key"
ATTEMPT = "X-Amazon-Token-Attempt"
_SUCCESS = range(200, 300)
_RETRIED = frozenset({401, 403, 404, 408, 425, 429})
"""Errors that the operator can correct at the receiver or that pass by themselves; so does every 5xx."""
_SERVER_ERRORS = range(500, 600)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """„v1=“ and the HMAC-SHA256 over "v1:", the timestamp, ":" and the body, in hexadecimal."""
    digest = hmac.new(secret.encode(), b"v1:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return f"v1={digest}"


@dataclass(frozen=True, kw_only=True)
class WebhookSender:
    """A `TicketSender` that POSTs to `url`. An answer of 2xx means that the receiver has the ticket."""

    url: str
    secret: SecretStr
    seconds: float
    name: str = "webhook"

    def render(self, ticket: SyncedTicket) -> dict[str, Any]:
        """The ticket as docs/ticket.schema.json describes it."""
        return ticket.model_dump(mode="json")

    async def send(self, row: Row) -> SendResult:
        """Send one row. A repeat has the same key and body, and a new timestamp and signature."""
        body = json.dumps(row.content, ensure_ascii=False, separators=(",", ":")).encode()
        async with (
            self._session() as session,
            session.post(self.url, data=body, headers=self._headers(row, body), allow_redirects=False) as answer,
        ):
            status, after = answer.status, retry_after(answer.headers)
        if status in _SUCCESS:
            return Delivered()
        if status in _RETRIED or status in _SERVER_ERRORS:
            wait = None if after is None else min(after, LONGEST_RETRY_AFTER)
            return Retry(f"HTTP {status}", after=wait, unsure=status in _SERVER_ERRORS)
        return Fail(f"HTTP {status}")

    async def probe(self) -> str:
        """Send a HEAD request, for `check`. Any answer will do; raises what a request raises."""
        async with self._session() as session, session.head(self.url, allow_redirects=False) as answer:
            return f"it answers ({answer.status} to HEAD)"

    def _headers(self, row: Row, body: bytes) -> dict[str, str]:
        timestamp = str(int(time.time()))
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "amazon-token-bot",
            KEY: row.key,
            ATTEMPT: str(row.attempts),
            TIMESTAMP: timestamp,
            SIGNATURE: signature(self.secret.get_secret_value(), timestamp, body),
        }

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self.seconds))
