"""Sends tickets by e-mail, over SMTP."""

import contextlib
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from typing import TYPE_CHECKING, Any, Literal

from pydantic import SecretStr

from bot.services.ticket_sync import SyncedTicket, plain
from bot.slack_api.errors import Delivered, Fail, Retry, SendResult
from bot.store.models import Row

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import aiosmtplib

Tls = Literal["starttls", "tls", "none"]
_FAREWELL_SECONDS = 1.0
_FOR_GOOD = range(500, 600)


@dataclass(frozen=True, kw_only=True)
class EmailSender:
    """To `to` from `sender`. `tls` is how the line is encrypted; the server's certificate is always checked."""

    host: str
    port: int
    tls: Tls
    user: str | None
    password: SecretStr | None
    sender: str
    to: tuple[str, ...]
    reply_to: str | None
    seconds: float
    name: str = "mail"

    def render(self, ticket: SyncedTicket) -> dict[str, Any]:
        """Subject and plain text, and by what mails of one ticket are kept together."""
        return {"subject": " ".join(ticket.title.split()), "text": plain(ticket), "thread": ticket.thread}

    async def send(self, row: Row) -> SendResult:
        """Hand one mail over. A repeat has the same Message-ID."""
        import aiosmtplib  # noqa: PLC0415 - a bot without this mirror does not load it

        try:
            async with self._connected() as server:
                await server.send_message(self.message(row))
        except aiosmtplib.SMTPAuthenticationError as refused:
            return Retry(f"SMTP {refused.code} at login")  # the operator can mend that
        except aiosmtplib.SMTPRecipientsRefused as refused:
            return _judged(*(one.code for one in refused.recipients))
        except aiosmtplib.SMTPResponseException as refused:
            return _judged(refused.code)
        except aiosmtplib.SMTPException as trouble:
            return Retry(type(trouble).__name__, unsure=True)
        return Delivered()

    def message(self, row: Row) -> EmailMessage:
        """The mail of a row. Mail programs put what names the same thread together."""
        mail = EmailMessage(policy=WIRE)
        domain = Address(addr_spec=self.sender).domain
        thread = f"<{row.content['thread']}.{self.name}@{domain}>"
        mail["From"], mail["To"], mail["Subject"] = self.sender, ", ".join(self.to), row.content["subject"]
        if self.reply_to is not None:
            mail["Reply-To"] = self.reply_to
        mail["Date"], mail["Message-ID"] = row.created_at, f"<{row.key}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        if mail["Message-ID"] != thread:
            mail["In-Reply-To"] = mail["References"] = thread
        mail.set_content(row.content["text"], cte="quoted-printable")
        return mail

    async def probe(self) -> str:
        """Connect, encrypt, log in."""
        import aiosmtplib  # noqa: PLC0415 - the same

        try:
            async with self._connected():
                return f"{self.host}:{self.port} takes the login" if self.user else f"{self.host}:{self.port} answers"
        except aiosmtplib.SMTPException as trouble:
            raise OSError(type(trouble).__name__) from trouble

    @contextlib.asynccontextmanager
    async def _connected(self) -> "AsyncIterator[aiosmtplib.SMTP]":
        import aiosmtplib  # noqa: PLC0415 - the same

        password = self.password.get_secret_value() if self.password is not None else None
        server = aiosmtplib.SMTP(
            hostname=self.host, port=self.port, username=self.user, password=password, timeout=self.seconds,
            use_tls=self.tls == "tls", start_tls=self.tls == "starttls",
        )  # fmt: skip
        try:
            await server.connect()
            yield server
            # Whatever becomes of the farewell: what was handed over is handed over.
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await server.quit(timeout=_FAREWELL_SECONDS)
        finally:
            server.close()


def _judged(*codes: int) -> Retry | Fail:
    """Of several answers the mildest counts."""
    code = min(codes)
    return Fail(f"SMTP {code}") if code in _FOR_GOOD else Retry(f"SMTP {code}")
