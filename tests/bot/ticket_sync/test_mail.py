"""Tickets by e-mail, handed to a real mail server."""

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
    """Subject with number and priority, readable text with the whole ticket, where an answer goes."""
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


async def test_mails_of_a_ticket_keep_together(mailbox: Mailbox) -> None:
    """The first one's ID is named by all that follow; a repeat has the ID that it had."""
    for key in ("5eed.mail", "6eed", "6eed"):
        await mail(mailbox.port).send(row(key, CONTENT))
    first, second, repeat = mailbox.mails
    assert first["Message-ID"] == "<5eed.mail@example.com>"
    assert first["References"] is None
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert second["Message-ID"] == repeat["Message-ID"] == "<6eed@example.com>"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("451 try later", Retry("SMTP 451")),
        ("421 closing", Retry("SMTP 421")),
        ("554 no such thing", Fail("SMTP 554")),
    ],
)
async def test_what_the_server_answers(mailbox: Mailbox, answer: str, outcome: Retry | Fail) -> None:
    """4xx passes by, 5xx does not; the server's own words, which may quote the mail, are not kept."""
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
async def test_addresses_that_are_refused(mailbox: Mailbox, refused: dict[str, str], outcome: object) -> None:
    """Whoever can get it gets it; where nobody can, it is tried again while one of them may later."""
    mailbox.refused = refused
    assert await mail(mailbox.port).send(row("a", CONTENT)) == outcome
    assert len(mailbox.raw) == (2 - len(refused))


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    """It comes back some day."""
    async with mail_server() as gone:
        port = gone.port
    assert isinstance(await mail(port).send(row("a", CONTENT)), Retry)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server shows that this process trusts."""
    key, made = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(  # noqa: S603 - only what stands here is run
        ["openssl", "req",  # noqa: S607 - wherever it is
          "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(made),
         "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(made, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    return context


def logged_in(port: int, **changes: Any) -> Any:
    return mail(port, **{"tls": "starttls", "user": USER, "password": SecretStr(PASSWORD), **changes})


async def test_starttls_and_a_login(certificate: ssl.SSLContext) -> None:
    """The usual way in: encrypted first, then the name and the password."""
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


async def test_nothing_is_said_over_an_open_line(mailbox: Mailbox) -> None:
    """A server without starttls gets no mail where starttls is asked for."""
    outcome = await logged_in(mailbox.port).send(row("a", CONTENT))
    assert isinstance(outcome, Retry)
    assert mailbox.raw == []


async def test_a_strangers_certificate_is_refused(certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is in between gets neither the password nor the mail."""
    monkeypatch.delenv("SSL_CERT_FILE")
    async with mail_server(tls_context=certificate, require_starttls=True) as mailbox:
        with pytest.raises(ssl.SSLCertVerificationError):  # the courier tries again, as after any trouble of the line
            await mail(mailbox.port, tls="starttls").send(row("a", CONTENT))
    assert mailbox.raw == []
