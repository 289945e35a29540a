"""Ticket senders and Slack share the outbox and do not disturb each other."""

import asyncio
import time

from aiohttp import web

from tests.bot.outbox.conftest import OutboxHarness, make_row
from tests.bot.ticket_sync.conftest import TICKET, mail, row, webhook
from tests.mirror_places import Mailbox, Receiver
from tests.waiting import LIMIT, until

CONTENT = webhook(Receiver()).render(TICKET)


async def test_senders_get_each_ticket_in_order(outbox: OutboxHarness, mailbox: Mailbox, receiver: Receiver) -> None:
    """Each change of a ticket, one after the other, by mail and by webhook."""
    words = mail(1).render(TICKET)
    await outbox.put(*(row(f"m{n}", words) for n in range(3)), *(row(f"w{n}", CONTENT, "webhook") for n in range(3)))
    await outbox.worker(ticket_senders=(mail(mailbox.port), webhook(receiver))).drain()
    assert [sent_mail["Message-ID"] for sent_mail in mailbox.mails] == [f"<m{n}@example.com>" for n in range(3)]
    assert receiver.keys == ["w0", "w1", "w2"]
    assert await outbox.state("w2") == "delivered"


async def test_a_receiver_that_hangs_delays_no_other(
    outbox: OutboxHarness, mailbox: Mailbox, receiver: Receiver
) -> None:
    """Forty tickets wait for a receiver that never answers; Slack and mail go out at once."""
    receiver.answers = ["hang"] * 80
    hanging = (row(f"w{n}", CONTENT, "webhook", ticket=n) for n in range(40))
    others = (make_row(f"s{n}", to=f"C{n}") for n in range(10))
    await outbox.put(*hanging, *others, row("m", mail(1).render(TICKET)))
    outbox_worker = outbox.worker(ticket_senders=(mail(mailbox.port), webhook(receiver)), send_limit=2 * LIMIT)
    task = asyncio.create_task(outbox_worker.run_forever(asyncio.Event()))
    await outbox.until_delivered(*(f"s{n}" for n in range(10)), "m")
    assert "delivered" not in {await outbox.state(f"w{n}") for n in range(40)}
    assert "running" in {await outbox.state(f"w{n}") for n in range(40)}
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_receiver_that_is_down_is_tried_many_times(outbox: OutboxHarness, receiver: Receiver) -> None:
    """More often than Slack, in order, and with the same key."""
    receiver.answers = [503] * 12
    await outbox.put(row("a", CONTENT, "webhook"), row("b", CONTENT, "webhook"))
    outbox_worker = outbox.worker(ticket_senders=(webhook(receiver),), backoff=0.001)
    outbox_worker._backoff_seconds = lambda _attempts: 0.01  # type: ignore[method-assign]
    await outbox_worker.drain()
    assert receiver.keys == ["a", "b"]
    assert [headers["X-Amazon-Token-Attempt"] for headers, _ in receiver.taken] == ["13", "1"]


async def test_what_a_receiver_refuses_is_a_dead_letter(outbox: OutboxHarness, receiver: Receiver) -> None:
    """The operator sees it and can retry it; the rows behind it are sent."""
    receiver.answers = [422]
    await outbox.put(row("a", CONTENT, "webhook"), row("b", CONTENT, "webhook"), make_row("s", to="C1"))
    await outbox.worker(ticket_senders=(webhook(receiver),)).drain()
    assert await outbox.error() == "HTTP 422"
    assert receiver.keys == ["b"]
    assert outbox.slack.texts("C1") == ["text of s"]


async def test_retry_after_is_respected(outbox: OutboxHarness, receiver: Receiver) -> None:
    """Only the ticket concerned waits."""
    receiver.answers = [web.Response(status=429, headers={"Retry-After": "1"})]
    await outbox.put(row("a", CONTENT, "webhook"), row("b", CONTENT, "webhook", ticket=1002))
    started = time.monotonic()
    await outbox.worker(ticket_senders=(webhook(receiver),)).drain()
    assert receiver.keys == ["b", "a"]
    assert time.monotonic() - started >= 1


async def test_a_sender_that_was_switched_off(outbox: OutboxHarness) -> None:
    """Its rows become dead letters with an error that says why."""
    await outbox.put(row("a", CONTENT, "webhook"))
    await outbox.worker().drain()
    assert await outbox.error() == "no such mirror"


async def test_an_emptied_row_is_not_sent(outbox: OutboxHarness, receiver: Receiver) -> None:
    """The person was erased while the row waited."""
    await outbox.put(row("a", {}, "webhook"))
    await outbox.worker(ticket_senders=(webhook(receiver),)).drain()
    assert (receiver.keys, await outbox.state("a")) == ([], "delivered")


async def test_tickets_are_sent_while_slack_does_not_know_the_app(outbox: OutboxHarness, receiver: Receiver) -> None:
    """Rows for Slack wait; those of a ticket sender are sent, retried and kept in order."""
    outbox.slack.always = {"chat.postMessage": "token_revoked", "auth.test": "token_revoked"}
    await outbox.put(make_row("s", to="C1"))
    outbox_worker = outbox.worker(ticket_senders=(webhook(receiver),), backoff=0.5)
    stop = asyncio.Event()
    task = asyncio.create_task(outbox_worker.run_forever(stop))
    await until(lambda: outbox_worker.paused, "the outbox to pause")
    receiver.answers = [503]
    await outbox.put(row("a", CONTENT, "webhook"), row("b", CONTENT, "webhook"))
    outbox_worker.wake()
    await outbox.until_delivered("a", "b")
    assert (outbox_worker.paused, receiver.keys, await outbox.state("s")) == ("token_revoked", ["a", "b"], "pending")
    outbox.slack.always = {}
    await outbox.until_delivered("s")
    stop.set()
    await task
