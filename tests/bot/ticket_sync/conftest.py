"""A ticket, ticket senders, and receivers on this machine."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from bot.outbox.email_sender import EmailSender
from bot.outbox.webhook_sender import WebhookSender
from bot.services.ticket_sync import SyncedChange, SyncedLine, SyncedSection, SyncedTicket
from tests.bot.outbox.conftest import make_row, outbox, slack
from tests.mirror_places import SECRET, Mailbox, Receiver, mail_server
from tests.mirror_places import receiver as running_receiver

__all__ = ["outbox", "slack"]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TICKET = SyncedTicket(
    version=1, number=1001, thread="5eed", at=NOON,
    acts=(SyncedChange(name="file", by="Erika", sentence="Neu.", words="Nichts geht\nmehr."),),
    title="Ticket 1001 · P1 · Unbekannt", status="Offen", state="open", priority="P1", category="unknown",
    reason="help", language="de", merchant="Erika Größe", owner=None, opened_at=NOON, resolved_at=None, closed_at=None,
    dossier=(SyncedSection(title="Wer und wo", lines=(SyncedLine(label="Händler", value="Erika Größe"),)),),
    how_to_answer="In Slack.",
)  # fmt: skip


def mail(port: int, **changes: Any) -> EmailSender:
    usual: dict[str, Any] = {
        "host": "127.0.0.1", "port": port, "tls": "none", "user": None, "password": None, "sender": "bot@example.com",
        "to": ("a@example.com", "b@example.com"), "reply_to": None, "seconds": 2.0,
    }  # fmt: skip
    return EmailSender(**usual | changes)


def webhook(receiver: Receiver, **changes: Any) -> WebhookSender:
    usual: dict[str, Any] = {"url": receiver.url, "secret": SecretStr(SECRET), "seconds": 2.0}
    return WebhookSender(**usual | changes)


def row(key: str, content: dict[str, Any], to: str = "mail", ticket: int = 1001, **changes: Any) -> Any:
    return make_row(key, method="mirror", to=to, ordering_key=f"mirror:{to}:{ticket}", content=content, **changes)


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    """A mail server without a login."""
    async with mail_server() as started:
        yield started


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver of webhooks."""
    async with running_receiver() as started:
        yield started
