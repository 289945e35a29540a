"""`amazon-token prove`: the moments at which processes could disturb each other, brought about on a real server."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from threading import Barrier
from typing import Any

import psycopg

from bot.store.models import Row, TicketMessage, TicketRecord, WalkRecord
from bot.store.postgres import PostgresTransaction
from bot.store.postgres_connection import repeated
from bot.store.postgres_proving import LEASE, TEAM, NotProven, Process, Proving, at_once, expect, row_of, there
from bot.store.postgres_schema import new_schema
from bot.store.postgres_session import Session
from bot.store.postgres_storm import storm
from bot.store.protocol import ConcurrentChange, StatementError, StoreError, StoreLockedError

_MERCHANT = "U0PROOF"
_MANY = 15
_PATIENCE_SECONDS = 10.0
_FEW = 0.01
"""Of the steps of strangers, so many may meet a conflict."""
_BIRTH = datetime(2026, 1, 1, tzinfo=UTC)
_TICKET = TicketRecord(
    team_id=TEAM, merchant_id=_MERCHANT, procedure="", reason="help", language="en", card_key="card", opened_at=_BIRTH
)
_WALK = WalkRecord(
    team_id=TEAM, worker_id=_MERCHANT, procedure="", step="", state="{}", guide_version="", started_at=_BIRTH,
    updated_at=_BIRTH,
)  # fmt: skip
_WAITING = "SELECT 1 FROM pg_locks WHERE pid = :pid AND NOT granted"
_UNSAFE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(frozen=True)
class Proven:
    """What must hold, and what happened instead: nothing, when `error` is empty."""

    promise: str
    error: str
    seconds: float


def prove(address: str, seconds: float) -> Iterator[Proven]:
    """Try each promise; the last one takes `seconds`. `StoreError` when the server cannot be used at all.

    Bots that serve the same database are not disturbed.
    """
    last = f"three processes for {seconds:g} s, cut and stopped: nothing lost, doubled, out of order"
    proofs: dict[str, Callable[[Proving], None]] = {**PROOFS, last: partial(storm, seconds=seconds)}
    for promise, proof in proofs.items():
        started = time.monotonic()
        yield Proven(promise, broken_by(proof, address), time.monotonic() - started)


def broken_by(proof: Callable[[Proving], None], address: str) -> str:
    """What happened instead of what must hold, or nothing. It is tried in a schema of its own, which is dropped."""
    with new_schema(address) as url, ExitStack() as stack:
        try:
            proof(Proving(url, stack))
        except NotProven as error:
            return str(error)
        except (ConcurrentChange, StoreError, StatementError) as error:
            return f"{type(error).__name__}: {error}"
    return ""


def _is_durable(proving: Proving) -> None:
    store = proving.process()
    for name, unsafe in _UNSAFE.items():
        found = store.ask("SELECT current_setting(:name)", name=name)
        expect(found != unsafe, f"{name} is {unsafe}: after a crash of the machine something may be missing")


def _one_row_is_claimed_once(proving: Proving) -> None:
    stores = [proving.process(), proving.process()]
    stores[0].add(*(row_of(f"row{number}", "one") for number in range(_MANY)))
    together = Barrier(len(stores))

    def compete(store: Process) -> list[Row | None]:
        claimed = []
        for _ in range(_MANY):
            together.wait(_PATIENCE_SECONDS)
            claimed.append(row := store.take())
            together.wait(_PATIENCE_SECONDS)
            if row is not None:
                store.delivered(row, "D0", "1.0")
        return claimed

    for number, claimed in enumerate(zip(*at_once(*(partial(compete, store) for store in stores)), strict=True)):
        taken = [row for row in claimed if row is not None]
        expect(len(taken) == 1, f"{len(taken)} processes got row {number}")


def _many_rows_are_claimed_once(proving: Proving) -> None:
    stores = [proving.process() for _ in range(4)]
    stores[0].add(*(row_of(f"row{n}", f"key{n % 20}", n) for n in range(200)))
    taken: list[Row] = []

    def take(store: Process) -> None:
        while store.outbox_counts()["pending"]:
            while row := store.take():
                taken.append(row)
                store.delivered(row, "D0", "1.0")

    at_once(*(partial(take, store) for store in stores))
    numbers = [row.content["number"] for row in taken]
    expect(sorted(numbers) == list(range(200)), f"200 rows were claimed {len(numbers)} times")
    for key in range(20):
        own = [number for number in numbers if number % 20 == key]
        expect(own == sorted(own), f"the rows of one ordering key were claimed in the order {own}")


def _keys_are_ordered(proving: Proving) -> None:
    one, other = proving.process(), proving.process()
    waiting = other.connections.connect()
    with proving.thread() as started:
        with one.transaction() as early:
            early.enqueue(row_of("early", "key"))
            late = started.submit(lambda: _on_connection(other, waiting, row_of("late", "key")))
            give_up = time.monotonic() + 0.5
            while time.monotonic() < give_up and not late.done():
                if one.ask(_WAITING, pid=waiting.info.backend_pid) is not None:
                    break
            expect(not late.done(), "a later row was stored before the earlier one was committed")
        late.result()
    first = one.take()
    expect(first is not None and first.key == "early", "the later row is sent first")


def _on_connection(store: Process, connection: Session, row: Row) -> None:
    with store.connections.using(connection):
        repeated(lambda: store.add(row))


def _the_later_is_refused(proving: Proving) -> None:
    one, other = proving.process(), proving.process()
    with one.transaction() as tx:
        number = tx.add_ticket(_TICKET).number
        tx.add_walk(_WALK)

    def claim(tx: PostgresTransaction) -> None:
        ticket = there(tx.ticket(number), "a ticket that was stored is gone")
        tx.save_ticket(replace(ticket, state="claimed", claimed_by="U0AGENT"))

    def reply(tx: PostgresTransaction) -> None:
        tx.ticket(number)
        text = TicketMessage(number=number, side="merchant", author_id=_MERCHANT, at=_BIRTH, text="words")
        tx.add_ticket_message(text)

    for first, second in ((claim, claim), (claim, reply), (reply, claim)):
        try:
            with other.transaction() as late:
                late.ticket(number)
                with one.transaction() as early:
                    first(early)
                second(late)
        except ConcurrentChange:
            continue
        raise NotProven(f"{second.__name__} was stored although {first.__name__} had changed what it relies on")


def _nothing_is_lost_between_many(proving: Proving) -> None:
    stores = [proving.process() for _ in range(4)]
    with stores[0].transaction() as tx:
        number = tx.add_ticket(_TICKET).number

    def add(store: Process, word: str) -> None:
        with store.transaction() as tx:
            ticket = there(tx.ticket(number), "a ticket that was stored is gone")
            tx.save_ticket(replace(ticket, words=(*ticket.words, word)))

    def add_many(store: Process, name: str) -> None:
        for count in range(_MANY):
            repeated(partial(add, store, f"{name}{count}"))

    at_once(*(partial(add_many, store, f"{n}-") for n, store in enumerate(stores)))
    with stores[0].transaction() as tx:
        ticket = tx.ticket(number)
    words = () if ticket is None else ticket.words
    expect(
        len(words) == len(set(words)) == 4 * _MANY,
        f"of {4 * _MANY} words {len(set(words))} are stored, {len(words)} in all",
    )


def _strangers_do_not_wait(proving: Proving) -> None:
    conflicts: list[str] = []

    def steps(store: Process, user: str) -> None:
        with store.transaction() as tx:
            walk = tx.add_walk(replace(_WALK, worker_id=user))
        for count in range(20):
            try:
                with store.transaction() as tx:
                    tx.in_the_name_of(TEAM, user)
                    walk = tx.save_walk(walk)
                    tx.enqueue(row_of(f"{user}-{count}", user))
            except ConcurrentChange as error:
                conflicts.append(str(error))

    stores = [proving.process() for _ in range(12)]
    at_once(*(partial(steps, store, f"U{n}") for n, store in enumerate(stores)))
    expect(
        len(conflicts) <= 12 * 20 * _FEW,
        f"{len(conflicts)} of 240 steps have met a conflict, the first: {conflicts[:1]}",
    )


def _rows_have_owners(proving: Proving) -> None:
    one, other = proving.process(), proving.process()
    one.add(row_of("row", "key"))
    claimed = there(one.take(), "a row that is due was not claimed")
    expect(other.take(later=60 * LEASE) is None, "the row of a living process was taken when its lease was over")
    expect(other.recover() == 0, "a process that started put back the row of a living one")
    proving.cut(one)
    expect(other.take() is None, "the row of a dead process was taken before its lease was over")
    taken = other.take(later=60 * LEASE)
    expect(taken is not None, "the row of a dead process was not taken")
    one.delivered(claimed, "D0", "1.0")
    expect(other.state("row") == "running", "the word of a process that lost its row was believed")


def _lost_answers_are_asked_after(proving: Proving) -> None:
    for arrived in (True, False):
        store = proving.process()
        connection = store.connections.connect()
        setattr(connection, "execute", losing(connection, arrived=arrived))  # noqa: B010 - a method, for the type checker
        key = f"arrived {arrived}"
        with store.connections.using(connection):
            try:
                store.add(row_of(key, key))
            except StoreLockedError:
                expect(not arrived, "a commit that had arrived was taken for lost")
        expect(store.drop_unsent(key) == arrived, "what became of a commit was found out wrongly")


def losing(connection: Session, *, arrived: bool) -> Callable[..., Any]:
    """Execute as the connection does, but lose it at the commit: before, or after the server has the commit."""
    execute = connection.execute

    def executed(query: Any, *args: Any, **more: Any) -> Any:
        if query != b"COMMIT":
            return execute(query, *args, **more)
        if arrived:
            execute(query)
        connection.close()
        raise psycopg.OperationalError("the connection is lost")

    return executed


def _cuts_are_not_noticed(proving: Proving) -> None:
    store = proving.process()
    for number in range(5):
        store.add(row_of(f"row{number}", f"key{number}"))
        proving.cut(store)
        row = there(store.take(), "a row was not claimed over a new connection")
        expect(row.key == f"row{number}", "another row was claimed over a new connection")
        proving.cut(store)
        store.delivered(row, "D0", str(number))
        expect(store.state(row.key) == "delivered", "what was done over a new connection is not stored")


PROOFS: dict[str, Callable[[Proving], None]] = {
    "the server keeps what it has confirmed": _is_durable,
    "of two processes at one row one gets it": _one_row_is_claimed_once,
    "each of many rows is claimed once, and those of one key in order": _many_rows_are_claimed_once,
    "rows of one ordering key are numbered in the order of the commits": _keys_are_ordered,
    "of two that rely on one record the later is refused": _the_later_is_refused,
    "what is repeated after a conflict is stored once": _nothing_is_lost_between_many,
    "people who have nothing to do with each other do not wait": _strangers_do_not_wait,
    "a row of a living process is left to it, of a dead one taken": _rows_have_owners,
    "a commit whose answer was lost is asked after": _lost_answers_are_asked_after,
    "a cut connection is made again": _cuts_are_not_noticed,
}
"""What several processes rely on, in the order in which it is tried."""
