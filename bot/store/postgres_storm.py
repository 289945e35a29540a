"""Three processes that write and send for a while, and are stopped and cut off meanwhile: a small `make torture`."""

import random
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event, Lock
from typing import TypeVar

from bot.store.models import Row, TicketRecord
from bot.store.postgres_connection import repeated
from bot.store.postgres_proving import LEASE, TEAM, Process, Proving, at_once, expect, row_of, there
from bot.store.protocol import StoreLockedError

_PROCESSES, _KEYS, _FIRST = 3, 12, 1001
_STOPPED, _DIES = 0.01, 0.02
"""How likely a sender is stopped for longer than its lease with a request on its way, or dies before it sends."""
_PATIENCE_SECONDS = 20.0
"""How long a cut connection is tried again, and how long everything that is left at the end may take."""

T = TypeVar("T")


def storm(proving: Proving, seconds: float) -> None:
    """`NotProven` when a message was lost, sent twice or sent before an earlier one."""
    stores = [proving.process() for _ in range(_PROCESSES)]
    with stores[0].transaction() as tx:
        for key in range(_KEYS):
            tx.add_ticket(_ticket(key))
    run = _Storm(proving, stores, time.monotonic() + seconds)
    at_once(
        *(partial(run.write, store) for store in stores), *(partial(run.send, store) for store in stores), run.disturb
    )
    with stores[0].transaction() as tx:
        tickets = tx.tickets(limit=_KEYS)
    for ticket in tickets:
        arrived = run.arrived[ticket.number]
        written = list(range(1, len(ticket.words) + 1))
        expect(not set(written) - set(arrived), f"of {len(written)} messages {len(set(arrived))} were sent")
        expect(len(arrived) == len(set(arrived)), f"{len(arrived) - len(set(arrived))} messages were sent twice")
        expect(arrived == written, "messages were sent out of order")
    expect(sum(map(len, run.arrived.values())) > _KEYS, "hardly anything was written: the server is too slow")


def _ticket(key: int) -> TicketRecord:
    now = datetime.now(UTC)
    return TicketRecord(
        team_id=TEAM, merchant_id=f"U{key}", procedure="", reason="help", language="en", card_key=str(key),
        opened_at=now,
    )  # fmt: skip


@dataclass
class _Storm:
    proving: Proving
    stores: list[Process]
    until: float
    arrived: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """What Slack would have got, by ticket."""
    over: Event = field(default_factory=Event)
    whole: dict[int, Lock] = field(init=False)
    """Held while a process must not be cut off, by process: no machine is dead and sends."""

    def __post_init__(self) -> None:
        self.whole = {id(store): Lock() for store in self.stores}

    def write(self, store: Process) -> None:
        """Add messages. Each is numbered by its ticket, as a walk counts its steps."""
        while time.monotonic() < self.until:
            if self.proving.unsent() > _KEYS:
                time.sleep(0.02)
                continue
            _insisting(partial(_write, store, _FIRST + random.randrange(_KEYS)))  # noqa: S311 - no secret

    def send(self, store: Process) -> None:
        """Send what is due as the outbox worker does, until everybody is done."""
        while not self.over.is_set():
            with self.whole[id(store)]:
                row = _insisting(store.take)
                fate = random.random()  # noqa: S311 - no secret
                if row is not None and fate >= _DIES:
                    self._deliver(row, 2 * LEASE if fate < _DIES + _STOPPED else timedelta())
            if row is None:
                time.sleep(0.01)
            elif fate < _DIES:
                self.proving.cut(store)
            else:
                _insisting(partial(store.delivered, row, "D0", "1.0"))

    def _deliver(self, row: Row, on_its_way: timedelta) -> None:
        # What was tried before may have arrived: it is looked for.
        arrived = self.arrived[int(str(row.ordering_key))]
        if row.attempts == 1 or row.content["number"] not in arrived:
            time.sleep(on_its_way.total_seconds())
            arrived.append(row.content["number"])

    def disturb(self) -> None:
        """Cut one process off again and again, then wait until everything is sent."""
        while time.monotonic() < self.until:
            time.sleep(0.3)
            store = random.choice(self.stores)  # noqa: S311 - no secret
            if self.whole[id(store)].acquire(timeout=0.1):
                self.proving.cut(store)
                self.whole[id(store)].release()
        try:
            while self.proving.unsent():
                expect(time.monotonic() < self.until + _PATIENCE_SECONDS, f"{self.proving.unsent()} messages are stuck")
                time.sleep(0.05)
        finally:
            self.over.set()


def _write(store: Process, number: int) -> None:
    with store.transaction() as tx:
        ticket = there(tx.ticket(number), "a ticket that was stored is gone")
        tx.save_ticket(replace(ticket, words=(*ticket.words, "")))
        count = len(ticket.words) + 1
        tx.enqueue(row_of(f"{number}-{count}", str(number), count))


def _insisting(act: Callable[[], T]) -> T:
    """The result of `act`, tried again when others were faster or its connection was cut: nothing has changed then."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return repeated(act)
        except StoreLockedError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.02)
