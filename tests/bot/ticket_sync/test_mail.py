"""Tickets sent by e-mail through a real mail server."""

import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.slack_api.errors import Delivered, Fail, Retry
from tests.bot.ticket_sync.conftest import TICKET, mail, row
from tests.mirror_places import PASSWORD, USER, Mailbox, mail_server, only_bot

CONTENT = mail(1).render(TICKET)


async def test_a_person_can_act_from_the_mail(mailbox: Mailbox) -> None:
    """Number and priority in the subject, the whole ticket as text, and a Reply-To."""
    outcome = await mail(mailbox.port, reply_to="desk@example.com").send(row("5eed.mail", CONTENT))
    (got,) = mailbox.mails
    assert isinstance(outcome, Delivered)
    assert got["Subject"] == "Ticket 1001 · P1 · Unbekannt"
    assert (got["From"], got["To"]) == ("bot@example.com", "a@example.com, b@example.com")
    assert got["Reply-To"] == "desk@example.com"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got.get_content_type() == "text/plain"
    text = got.get_content().replace("\r\n", "\n")
    assert text.startswith("Neu.\n> Nichts geht\n> mehr.\n\nOffen\n\nWER UND WO\nHändler: Erika Größe\n")
    assert text.endswith("-- \nIn Slack.\n")


async def test_mails_of_a_ticket_form_a_thread(mailbox: Mailbox) -> None:
    """Later mails refer to the first one; a repeat has the same Message-ID."""
    for key in ("5eed.mail", "6eed", "6eed"):
        await mail(mailbox.port).send(row(key, CONTENT))
    first, second, repeat = mailbox.mails
    assert first["Message-ID"] == "<5eed.mail@example.com>"
    assert first["References"] is None
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert second["Message-ID"] == repeat["Message-ID"] == "<6eed@example.com>"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("451 try later", Retry("SMTP 451")), ("421 closing", Retry("SMTP 421")), ("554 no such thing", Fail("SMTP 554"))],
)
async def test_the_answer_decides_what_becomes_of_the_row(mailbox: Mailbox, answer: str, outcome: Retry | Fail) -> None:
    """4xx is retried, 5xx is not. The server's text, which may quote the mail, is not kept."""
    mailbox.answers = [answer]
    assert await mail(mailbox.port).send(row("a", CONTENT)) == outcome
    assert mailbox.raw == []


@pytest.mark.parametrize(
    ("refused", "outcome"),
    [
        ({"a@example.com": "550 unknown"}, Delivered()),
        ({"a@example.com": "550 unknown", "b@example.com": "551 moved"}, Fail("SMTP 550")),
        ({"a@example.com": "550 unknown", "b@example.com": "450 busy"}, Retry("SMTP 450")),
    ],
)
async def test_refused_addresses(mailbox: Mailbox, refused: dict[str, str], outcome: object) -> None:
    """One accepted address is success. With none it is retried unless all are refused for good."""
    mailbox.refused = refused
    assert await mail(mailbox.port).send(row("a", CONTENT)) == outcome
    assert len(mailbox.raw) == (2 - len(refused))


async def test_a_server_that_is_down_is_tried_again() -> None:
    """A refused connection is retried."""
    async with mail_server() as stopped:
        port = stopped.port
    assert isinstance(await mail(port).send(row("a", CONTENT)), Retry)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server certificate that this process trusts."""
    key, certificate_file = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(  # noqa: S603 - a fixed command
        ["openssl", "req",  # noqa: S607 - wherever it is
          "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate_file),
         "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate_file, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate_file))
    return context


def logged_in(port: int, **changes: Any) -> Any:
    return mail(port, **{"tls": "starttls", "user": USER, "password": SecretStr(PASSWORD), **changes})


async def test_starttls_and_a_login(certificate: ssl.SSLContext) -> None:
    """The connection is encrypted before the login."""
    async with mail_server(
        tls_context=certificate, require_starttls=True, authenticator=only_bot, auth_required=True
    ) as mailbox:
        assert isinstance(await logged_in(mailbox.port).send(row("a", CONTENT)), Delivered)
        assert "takes the login" in await logged_in(mailbox.port).probe()
        wrong = logged_in(mailbox.port, password=SecretStr("wrong"))
        assert await wrong.send(row("b", CONTENT)) == Retry("SMTP 535 at login")
        with pytest.raises(OSError, match="SMTPAuthenticationError"):
            await wrong.probe()
    assert len(mailbox.raw) == 1


async def test_nothing_is_sent_unencrypted(mailbox: Mailbox) -> None:
    """With `tls="starttls"` a server that does not offer it gets no mail."""
    outcome = await logged_in(mailbox.port).send(row("a", CONTENT))
    assert isinstance(outcome, Retry)
    assert mailbox.raw == []


async def test_untrusted_certificates_are_refused(certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server in between gets neither password nor mail."""
    monkeypatch.delenv("SSL_CERT_FILE")
    async with mail_server(tls_context=certificate, require_starttls=True) as mailbox:
        with pytest.raises(ssl.SSLCertVerificationError):  # the worker tries again, as after any network error
            await mail(mailbox.port, tls="starttls").send(row("a", CONTENT))
    assert mailbox.raw == []
