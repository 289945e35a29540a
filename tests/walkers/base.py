"""What a random walker sees and can do; its rules are in `machine.py`."""

import itertools
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, TypeVar

from hypothesis.stateful import RuleBasedStateMachine

from bot.blocks.actions import Address, parse_address
from bot.services import people, step_forms, walkthrough
from bot.services.context import Actor, AppConfig
from bot.services.runner import Services
from bot.services.unit_of_work import UnitOfWork
from bot.services.walkthrough import PressOrigin
from bot.store.models import Person, TicketRecord, WalkRecord
from bot.store.sqlite import SqliteStore, open_store
from conversations.engine import screens
from conversations.engine.answers import Raw
from conversations.engine.walkthrough import AnyWalk
from conversations.registry import PROCEDURES
from tests.bytes_written import files
from tests.walkers.ways import TYPED_SECRETS, Way, texts_of

T = TypeVar("T")

MERCHANT, STRANGER, AGENT = Actor("T1", "U1MERCHANT"), Actor("T1", "U2STRANGER"), Actor("T1", "U3AGENT", is_agent=True)
SUPPORT = "C1SUPPORT"
LEASE = timedelta(seconds=30)


class Button(NamedTuple):
    """A button that somebody has, or once had, before their eyes."""

    action_id: str
    address: Address


def buttons_of(content: dict[str, Any]) -> list[Button]:
    elements = [e for block in content.get("blocks", []) if block["type"] == "actions" for e in block["elements"]]
    return [
        Button(element["action_id"], address)
        for element in elements
        if (address := parse_address(element.get("value"))) is not None
    ]


class WalkerBase(RuleBasedStateMachine):
    """A merchant's screen, the desk behind it, and what can be looked at and done there."""

    ways: ClassVar[tuple[Way, ...]]
    known_ways: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="random-walker-"))
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        keys = itertools.count(1)
        self.way_through = {way.procedure.id: way for way in self.ways}
        procedures = {**{name: way.procedure for name, way in self.way_through.items()}, **PROCEDURES}
        self.config = AppConfig(
            all_texts=texts_of(tuple(procedures), procedures), procedures=procedures,
            settings={name: way.settings for name, way in self.way_through.items()}, hash_key=b"k" * 32,
            support_channel=SUPPORT, bot_version="0", clock=lambda: self.now, new_key=lambda: f"{next(keys):032x}",
        )  # fmt: skip
        self.store = self._open()
        self.services = Services(self.config, self.store)
        self.screen: dict[tuple[str, str], dict[str, Any]] = {}
        self.once_seen: list[Button] = []
        self.last: Button | None = None
        self.looked_at = 0
        self.said: list[str] = []
        self.reopened: WalkRecord | None = None
        self.support_called = 0
        self.services.unit_of_work(
            people.meet, Person(team_id="T1", user_id=AGENT.user_id, name="Anna", locale="en-US")
        )

    def _open(self) -> SqliteStore:
        store = open_store(f"sqlite:///{self.folder}/bot.db")
        store.db.conn.execute("PRAGMA synchronous = OFF")
        return store

    def teardown(self) -> None:
        leaks = TYPED_SECRETS.leaks(files(self.folder))
        self.store.close()
        leaks += TYPED_SECRETS.leaks(files(self.folder))
        shutil.rmtree(self.folder)
        assert leaks == []

    # What is there

    def do(self, case: Callable[[UnitOfWork], T], who: Actor = MERCHANT) -> T | None:
        self.now += timedelta(seconds=20)
        return self.services.do(who, case)

    def walks(self) -> list[WalkRecord]:
        with self.store.transaction() as tx:
            last = tx.last_walk(MERCHANT.team_id, MERCHANT.user_id)
            return [walk for number in range(1, (last.id if last else 0) + 1) if (walk := tx.walk(number))]

    def under_way(self) -> WalkRecord | None:
        with self.store.transaction() as tx:
            walks = tx.open_walks(MERCHANT.team_id, MERCHANT.user_id)
        assert len(walks) <= 1
        return walks[0] if walks else None

    @property
    def way(self) -> Way:
        """That of the walk under way, else the first."""
        record = self.under_way()
        return self.ways[0] if record is None else self.way_through[record.procedure]

    def tickets(self) -> list[TicketRecord]:
        with self.store.transaction() as tx:
            return tx.tickets()

    def rows(self, where: str) -> Iterator[dict[str, Any]]:
        return self.store.db.query(f"SELECT * FROM outbox WHERE {where} ORDER BY id")  # noqa: S608 - our own words

    # The courier and the screen

    def _show(
        self, screen: dict[tuple[str, str], dict[str, Any]], method: str, to: str, key: str, content: Any
    ) -> None:
        if method == "post" or (method == "update" and (to, key) in screen):
            screen[(to, key)] = content

    def deliver(self, *, forget: bool = False) -> bool:
        """Send one row; with `forget` the courier is killed before it can note that."""
        row = self.store.claim(self.now, LEASE, frozenset())
        if row is None:
            return False
        key = row.target if row.method == "update" and row.target else row.key
        already = row.method == "post" and (row.destination.to, key) in self.screen
        if not already:
            self._show(self.screen, row.method, row.destination.to, key, row.content)
            if row.method != "respond":
                self.once_seen += [
                    button for button in buttons_of(row.content) if row.destination.to == MERCHANT.user_id
                ]
        if not forget:
            self.store.delivered(row, f"D{row.destination.to}", key)
        return True

    def deliver_all(self) -> None:
        self.now += LEASE + timedelta(seconds=1)
        while self.deliver():
            pass

    def in_the_end(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The screen once everything undelivered is shown, in order."""
        screen = dict(self.screen)
        for row in self.rows("state IN ('pending', 'running')"):
            key = row["target"] if row["method"] == "update" else row["key"]
            if not (row["method"] == "post" and (row["recipient"], key) in screen):
                self._show(screen, row["method"], row["recipient"], key, json.loads(row["content"]))
        return screen

    def live(self) -> list[Button]:
        """The buttons of the live step, delivered if it was not yet."""
        record = self.under_way()
        if record is None or record.live_key is None:
            return []
        if (MERCHANT.user_id, record.live_key) not in self.screen:
            self.deliver_all()
        return buttons_of(self.screen[(MERCHANT.user_id, record.live_key)])

    # What people do

    def press(self, button: Button, raw: Raw | None = None, who: Actor = MERCHANT) -> None:
        kind, _, rest = button.action_id.partition(":")
        place = PressOrigin("D" + MERCHANT.user_id, button.address.key, "https://hooks.invalid/1")
        address = button.address
        if kind == "walk":
            event, _, choice = rest.partition(":")
            self.do(partial(walkthrough.press, address=address, event=event, choice=choice or None, place=place), who)
        elif kind == "step":
            self.do(partial(walkthrough.toggle, address=address, place=place, expanded=rest == "where"), who)
        else:
            answers = raw if raw is not None else next(iter(self.way.good.get(rest, ())), {})
            fields = {f"field:{rest}:{name}": str(value) for name, value in answers.items()}
            place = replace(place, typed=fields)
            view = self.do(partial(step_forms.form, address=address, name=rest, place=place), who)
            if view is not None:
                assert view["private_metadata"] == str(address)
                self.do(partial(step_forms.submit, address=address, name=rest, raw=answers), who)
        self.last = button if who == MERCHANT else self.last

    def go_straight_on(self, acts: int, until: str = "") -> None:
        for _ in range(acts):
            record = self.under_way()
            if record is None or record.step == until:
                return
            buttons = self.live()
            event, form, raw = self.way.next(screens.shown(self.opened(record)).last)
            wanted = f"form:{form}" if form is not None else f"walk:{event}"
            wanted += f":{raw['choice']}" if "choice" in raw else ""
            self.press(next(button for button in buttons if button.action_id == wanted), raw)

    def opened(self, record: WalkRecord) -> AnyWalk:
        walk = self.services.do(MERCHANT, lambda unit: unit.open(record))
        assert walk is not None
        return walk

    def changes_no_walk(self, act: Callable[[], object]) -> int:
        """How many rows `act` left, which must change no walk and nothing in the merchant's messages."""
        walks, tickets, screen = self.walks(), self.tickets(), self.in_the_end()
        (before,) = self.store.db.execute("SELECT count(*) FROM outbox").fetchone()
        act()
        assert (self.walks(), self.tickets(), self.in_the_end()) == (walks, tickets, screen)
        (after,) = self.store.db.execute("SELECT count(*) FROM outbox").fetchone()
        return int(after) - int(before)
