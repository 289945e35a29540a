"""A whole case while its tickets are told elsewhere: what comes there, what does not, and that Slack never notices."""

import re
from typing import Any

import pytest
from pydantic import SecretStr

from bot.demo.scene import Scene
from bot.demo.stage import SandboxStage
from bot.sandbox.driver import Visitor
from bot.services.ticket_sync import SyncedTicket
from conversations.amazon_token import plays
from conversations.engine.texts import Language, Texts
from tests.bytes_written import TypedSecrets
from tests.mirror_places import SECRET, Mailbox, Receiver, mail_server, receiver
from tests.stories.conftest import Serve, _silent
from tests.stories.presses import begun

pytestmark = pytest.mark.story
Guides = dict[Language, Texts]


def places(mailbox: Mailbox, place: Receiver) -> dict[str, Any]:
    """The settings of both ticket senders."""
    return {
        "ticket_sync_smtp_host": "127.0.0.1", "ticket_sync_smtp_port": mailbox.port, "ticket_sync_smtp_tls": "none",
        "ticket_sync_smtp_from": "bot@example.com", "ticket_sync_smtp_to": ("desk@example.com",),
        "ticket_sync_webhook_url": place.url, "ticket_sync_webhook_secret": SecretStr(SECRET),
    }  # fmt: skip


def acts(ticket: dict[str, Any]) -> list[str]:
    """What it tells."""
    return [act["name"] for act in ticket["acts"]]


async def test_a_whole_case_is_told(serve: Serve, all_texts: Guides, erika: Visitor, anna: Visitor) -> None:
    """From the second failure to its end, by both ways; each body is as the schema says, each mail in one thread."""
    async with mail_server() as mailbox, receiver() as place, serve(**places(mailbox, place)) as line:
        await plays.second_failure(
            SandboxStage(Scene(erika, "Erika", _silent), Scene(anna, "Anna", _silent), all_texts["de"])
        )
        await line.bot.outbox_worker.drain()
    told = [SyncedTicket.model_validate(one) for one in place.tickets]
    assert [acts(one) for one in place.tickets] == [["file"], ["told"], ["claim"], ["resolve"], ["close"]]
    assert (told[0].priority, told[0].reason, told[-1].state) == ("P1", "second_failure", "closed")
    assert [line.value for part in told[0].dossier for line in part.lines if plays.NEW_ENOUGH in line.value]
    first, *others = mailbox.mails
    assert len(others) == len(told) - 1
    assert all(one["References"] == first["Message-ID"] for one in others)
    assert all(one["Subject"].startswith("Ticket 1001 · P1") for one in mailbox.mails)
    assert f"> {plays.ERROR}" in others[0].get_content()
    assert not re.search(r"<[@!#]|[{}]", mailbox.mails[0].get_content())


async def test_no_secret_goes_elsewhere(
    serve: Serve, erika: Visitor, anna: Visitor, typed_secrets: TypedSecrets
) -> None:
    """Whatever people type into what is told: the bytes that came hold none of it, however they are coded."""
    async with mail_server() as mailbox, receiver() as place, serve(**places(mailbox, place)) as line:
        await begun(erika)
        for secret in typed_secrets.one_of_each().values():
            await erika.press("form:help")
            await erika.fill_and_submit(sentence=f"Es geht nicht: {secret}")
            await line.bot.outbox_worker.drain()
        await anna.press("ticket:claim", channel="#support")
        await line.bot.outbox_worker.drain()
    assert [name for one in place.tickets for name in acts(one)] == ["file", *["call"] * 4, "claim"]
    assert typed_secrets.leaks([*mailbox.written(), *place.written()]) == []
    assert typed_secrets.found_in(f"as it was: {typed_secrets.typed[0]}")


async def test_slack_does_not_notice_mirrors_that_are_away(
    serve: Serve, all_texts: Guides, erika: Visitor, anna: Visitor
) -> None:
    """No mail server, a receiver that hangs: the case goes its way, and everything is told once they are back."""
    async with receiver() as place:
        async with mail_server() as mailbox:
            settings = places(mailbox, place)
        place.answers = ["hang"] * 100
        async with serve(**settings) as line:
            await plays.second_failure(
                SandboxStage(Scene(erika, "Erika", _silent), Scene(anna, "Anna", _silent), all_texts["de"])
            )
            figures = await line.bot.thread.run(line.bot.store.figures, line.bot.services.config.clock())
        assert figures.outbox["mail"].rows["pending"] > 0
        assert sum(figures.outbox["webhook"].rows.values()) == 5
        assert place.taken == []
        place.answers = []
        async with mail_server() as mailbox, serve(**places(mailbox, place)) as line:
            await line.bot.outbox_worker.drain()
        assert [name for one in place.tickets for name in acts(one)] == ["file", "told", "claim", "resolve", "close"]
        assert len(mailbox.raw) == 5
