"""Mirrors and Slack share the outbox and do not get into each other's way."""

import asyncio
import time

from aiohttp import web

from tests.bot.outbox.conftest import Post, make_row
from tests.bot.ticket_sync.conftest import TICKET, mail, row, webhook
from tests.mirror_places import Mailbox, Receiver
from tests.waiting import LIMIT, until

CONTENT = webhook(Receiver()).render(TICKET)


async def test_both_mirrors_are_told_in_order(post: Post, mailbox: Mailbox, place: Receiver) -> None:
    """Each change of a ticket, one after the other, by every way."""
    words = mail(1).render(TICKET)
    await post.put(*(row(f"m{n}", words) for n in range(3)), *(row(f"w{n}", CONTENT, "webhook") for n in range(3)))
    await post.outbox_worker(ticket_senders=(mail(mailbox.port), webhook(place))).drain()
    assert [one["Message-ID"] for one in mailbox.mails] == [f"<m{n}@example.com>" for n in range(3)]
    assert place.keys == ["w0", "w1", "w2"]
    assert await post.state("w2") == "delivered"


async def test_a_mirror_that_hangs_holds_up_nobody(post: Post, mailbox: Mailbox, place: Receiver) -> None:
    """Forty tickets wait for a receiver that never answers: Slack and the mail go out at once."""
    place.answers = ["hang"] * 80
    hanging = (row(f"w{n}", CONTENT, "webhook", ticket=n) for n in range(40))
    others = (make_row(f"s{n}", to=f"C{n}") for n in range(10))
    await post.put(*hanging, *others, row("m", mail(1).render(TICKET)))
    outbox_worker = post.outbox_worker(ticket_senders=(mail(mailbox.port), webhook(place)), send_limit=2 * LIMIT)
    going = asyncio.create_task(outbox_worker.run_forever(asyncio.Event()))
    await post.until_delivered(*(f"s{n}" for n in range(10)), "m")
    assert "delivered" not in {await post.state(f"w{n}") for n in range(40)}
    assert "running" in {await post.state(f"w{n}") for n in range(40)}
    going.cancel()
    await asyncio.gather(going, return_exceptions=True)


async def test_a_mirror_that_is_away_is_patiently_tried_again(post: Post, place: Receiver) -> None:
    """More often than Slack would be, in order, and with the same key."""
    place.answers = [503] * 12
    await post.put(row("a", CONTENT, "webhook"), row("b", CONTENT, "webhook"))
    outbox_worker = post.outbox_worker(ticket_senders=(webhook(place),), backoff=0.001)
    outbox_worker._backoff_seconds = lambda _attempts: 0.01  # type: ignore[method-assign]
    await outbox_worker.drain()
    assert place.keys == ["a", "b"]
    assert [headers["X-Amazon-Token-Attempt"] for headers, _ in place.taken] == ["13", "1"]


async def test_what_a_mirror_never_takes_is_a_dead_letter(post: Post, place: Receiver) -> None:
    """The operator sees it and can try again; what comes after it goes out."""
    place.answers = [422]
    await post.put(row("a", CONTENT, "webhook"), row("b", CONTENT, "webhook"), make_row("s", to="C1"))
    await post.outbox_worker(ticket_senders=(webhook(place),)).drain()
    assert await post.error() == "HTTP 422"
    assert place.keys == ["b"]
    assert post.slack.texts("C1") == ["text of s"]


async def test_retry_after_is_heeded(post: Post, place: Receiver) -> None:
    """The receiver says when, and only its ticket waits."""
    place.answers = [web.Response(status=429, headers={"Retry-After": "1"})]
    await post.put(row("a", CONTENT, "webhook"), row("b", CONTENT, "webhook", ticket=1002))
    began = time.monotonic()
    await post.outbox_worker(ticket_senders=(webhook(place),)).drain()
    assert place.keys == ["b", "a"]
    assert time.monotonic() - began >= 1


async def test_a_mirror_that_was_switched_off(post: Post) -> None:
    """Its rows are dead letters, which say what to do."""
    await post.put(row("a", CONTENT, "webhook"))
    await post.outbox_worker().drain()
    assert await post.error() == "no such mirror"


async def test_what_was_emptied_is_sent_to_nobody(post: Post, place: Receiver) -> None:
    """The person was erased while the row was under way."""
    await post.put(row("a", {}, "webhook"))
    await post.outbox_worker(ticket_senders=(webhook(place),)).drain()
    assert (place.keys, await post.state("a")) == ([], "delivered")


async def test_mirrors_go_on_while_slack_does_not_know_the_app(post: Post, place: Receiver) -> None:
    """What is for Slack waits whole; a ticket is told elsewhere all the same, tried again there, and in order."""
    post.slack.always = {"chat.postMessage": "token_revoked", "auth.test": "token_revoked"}
    await post.put(make_row("s", to="C1"))
    outbox_worker = post.outbox_worker(ticket_senders=(webhook(place),), backoff=0.5)
    stop = asyncio.Event()
    going = asyncio.create_task(outbox_worker.run_forever(stop))
    await until(lambda: outbox_worker.paused, "the outbox to pause")
    place.answers = [503]
    await post.put(row("a", CONTENT, "webhook"), row("b", CONTENT, "webhook"))
    outbox_worker.wake()
    await post.until_delivered("a", "b")
    assert (outbox_worker.paused, place.keys, await post.state("s")) == ("token_revoked", ["a", "b"], "pending")
    post.slack.always = {}
    await post.until_delivered("s")
    stop.set()
    await going
