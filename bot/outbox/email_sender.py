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
_QUIT_SECONDS = 1.0
_PERMANENT_CODES = range(500, 600)


@dataclass(frozen=True, kw_only=True)
class EmailSender:
    """A `TicketSender` that mails `to` from `sender`. With `tls` the server's certificate is always checked."""

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
        """Subject and plain text, and the thread that keeps the mails of one ticket together."""
        return {"subject": " ".join(ticket.title.split()), "text": plain(ticket), "thread": ticket.thread}

    async def send(self, row: Row) -> SendResult:
        """Hand one mail to the server. A repeat has the same Message-ID."""
        import aiosmtplib  # noqa: PLC0415 - a bot that sends no mail does not load it

        try:
            async with self._connected() as server:
                await server.send_message(self.message(row))
        except aiosmtplib.SMTPAuthenticationError as error:
            return Retry(f"SMTP {error.code} at login")  # the operator can correct the login
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _result_of(*(recipient.code for recipient in error.recipients))
        except aiosmtplib.SMTPResponseException as error:
            return _result_of(error.code)
        except aiosmtplib.SMTPException as error:
            return Retry(type(error).__name__, unsure=True)
        return Delivered()

    def message(self, row: Row) -> EmailMessage:
        """The mail of a row. Mail programs group the mails that refer to the same thread."""
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
        """Connect, encrypt and log in, for `check`. Raises `OSError`."""
        import aiosmtplib  # noqa: PLC0415 - the same

        try:
            async with self._connected():
                return f"{self.host}:{self.port} takes the login" if self.user else f"{self.host}:{self.port} answers"
        except aiosmtplib.SMTPException as error:
            raise OSError(type(error).__name__) from error

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
            # The server has accepted the mail, so an error of QUIT does not matter.
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await server.quit(timeout=_QUIT_SECONDS)
        finally:
            server.close()


def _result_of(*codes: int) -> Retry | Fail:
    """What the server's refusals mean: of several codes the mildest, which is the lowest, counts."""
    code = min(codes)
    return Fail(f"SMTP {code}") if code in _PERMANENT_CODES else Retry(f"SMTP {code}")
