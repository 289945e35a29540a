"""A database of the version before procedures: every walk in it goes on, also by the buttons of its old messages.

It does so over SQLite, and over PostgreSQL after `amazon-token move`.

`before_procedures.sql` was written by that version: one person at each step, one of them with a ticket, and an
invitation that is not answered. Its messages call steps, events and forms by the names of that time.
"""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.blocks.actions import Address
from bot.services import invitations
from bot.services.context import Actor, AppConfig
from bot.services.runner import Services
from bot.store import postgres, sqlite
from bot.store.choice import move
from bot.store.protocol import Store
from bot.store.sqlite import SqliteStore
from conversations.amazon_token.procedure import PROCEDURE
from tests.bot.services.visits import TEAM, Clock, Visit
from tests.postgres_server import PostgresServer

if TYPE_CHECKING:
    from conversations.engine.walkthrough import AnyWalk

DUMP = (Path(__file__).parent / "before_procedures.sql").read_text("utf-8")
SINCE_THEN = set(PROCEDURE.steps) - {"transferred", "further_account", "differing_seller_id", "adopt_seller_id"}
"""The steps that there were: nobody was handed over then, a further account had no list, a differing ID no question."""
_FORMER_FORMS = {new: old for old, new in PROCEDURE.old_ids.items() if new in PROCEDURE.forms}
_FORMER = {new: old for old, new in PROCEDURE.old_ids.items() if new != "connect_version"}


def former(name: str) -> str:
    """What that version called a step or an event. The step `connect_version` was called so then; the form was not."""
    return _FORMER.get(name, name)


def former_form(name: str) -> str:
    """What that version called a form."""
    return _FORMER_FORMS.get(name, name)


def rows(path: Path) -> list[dict[str, Any]]:
    """The walks as that version stored them."""
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    found = [dict(row) for row in connection.execute("SELECT * FROM walks ORDER BY id")]
    connection.close()
    return found


@pytest.fixture(scope="module")
def old_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database as that version left it."""
    path = tmp_path_factory.mktemp("old") / "old.db"
    connection = sqlite3.connect(path)
    connection.executescript(DUMP)
    connection.close()
    return path


@pytest.fixture(scope="module")
def moved_database(old_database: Path, postgres_server: PostgresServer) -> str:
    """The name of a PostgreSQL database to which it was moved."""
    path = old_database.with_name("to_move.db")
    path.write_bytes(old_database.read_bytes())
    target = postgres_server.new_database()
    move(f"sqlite:///{path}", target)
    return target.rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, old_database: Path, tmp_path: Path) -> Any:
    """A copy of it, opened by this version."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        path.write_bytes(old_database.read_bytes())
        opened: Store = sqlite.open_store(f"sqlite:///{path}")
    else:
        server = request.getfixturevalue("postgres_server")
        opened = postgres.open_store(server.new_database(request.getfixturevalue("moved_database")))
    yield opened
    opened.close()


@pytest.fixture
def person(config: AppConfig, store: Any) -> Callable[[str], Visit]:
    """Whoever works a walk."""
    clock = Clock()
    clock.now = clock.now.replace(year=2027)
    services = Services(replace(config, clock=clock), store)
    return lambda user_id: Visit(services, store, Actor(TEAM, user_id))


def test_what_is_known_is_carried_over(old_database: Path, store: Store) -> None:
    """Step, trail, repeats and position belong to the engine now; everything else is nested, unchanged."""
    for before in rows(old_database):
        was = json.loads(before["facts"])
        with store.transaction() as tx:
            record = tx.walk(before["id"])
        assert record is not None
        state = PROCEDURE.load(record.state)
        assert (record.procedure, record.version, record.live_key) == (
            PROCEDURE.id,
            before["version"],
            before["live_key"],
        )
        assert (former(record.step), former(str(state.step))) == (before["step"], was.pop("step"))
        assert [(former(e.step), e.item) for e in state.trail] == [(e["step"], e["account"]) for e in was.pop("trail")]
        assert {former(step): count for step, count in state.repeats.items()} == was.pop("repeats")
        assert state.item == was.pop("account_index")
        for account in was["accounts"]:
            account["confirmed_together"] = False
        assert json.loads(state.facts.model_dump_json()) == {**was, "accounts_brought": False, "single_item": False}


def test_there_is_a_walk_at_every_step(old_database: Path) -> None:
    """Nothing is left out of what the other tests try."""
    assert {PROCEDURE.current_id(row["step"]) for row in rows(old_database)} == SINCE_THEN


@pytest.mark.parametrize("number", range(1, len(SINCE_THEN) + 1))
def test_every_walk_goes_on_by_its_old_buttons(person: Callable[[str], Visit], number: int) -> None:
    """Each button of the old message works: a press moves the walk, a form opens or comes into it, back goes back."""
    visitor = person(f"U0AT{number - 1:02}")
    record = visitor.record
    walk: AnyWalk = visitor.do(lambda unit: unit.open(record))
    if walk.over:
        assert walk.offers() == []
        return
    address = Address(record.id, record.version, former(record.step), str(record.live_key))
    for offer in walk.offers():
        if offer.form is not None:
            view = visitor.form(former_form(offer.form), at=address)
            # A form that is in the message now had a button that opened it: the message gets its field.
            assert (view is None) is walk.form(offer.form).in_message, offer.form
    if walk.can("back"):
        trail = len(visitor.state.trail)
        visitor.press("back", at=address)
        assert len(visitor.state.trail) < trail, "to the first visited step of the screen"
        return
    offer = walk.offers()[0]
    visitor.press(former(offer.event), at=address, choice=offer.choices[0] if offer.choices else None)
    assert visitor.step != record.step


def test_an_old_answer_is_recognized_as_a_repeat(person: Callable[[str], Visit]) -> None:
    """A form of the old message that is submitted twice does it once."""
    visitor = person("U0AT02")
    record = visitor.record
    address = Address(record.id, record.version, former(record.step), str(record.live_key))
    for _ in range(2):
        assert visitor.submit(former_form("connect_version"), at=address, version="4.9.24.4") is None
    assert visitor.record.version == record.version + 1


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_history_tickets_and_invitations_are_carried_over(store: SqliteStore, person: Callable[[str], Visit]) -> None:
    """Their procedure is the one that there was; the history calls steps and events by their present names."""
    names = {row["name"] for row in store.db.query("SELECT DISTINCT name FROM events")}
    steps = {row["step"] for row in store.db.query("SELECT step FROM events UNION SELECT next_step FROM events")}
    assert not (names | steps) & PROCEDURE.old_ids.keys()
    (refused,) = [
        json.loads(row["detail"]) for row in store.db.query("SELECT detail FROM events WHERE name = 'refused'")
    ]
    assert refused["event"] in PROCEDURE.events
    offers = store.db.query("SELECT detail FROM ticket_events WHERE name = 'offer'")
    assert [json.loads(row["detail"])["step"] for row in offers] == ["save_account"]
    for table in ("tickets", "invitations"):
        assert {row["procedure"] for row in store.db.query(f"SELECT procedure FROM {table}")} == {PROCEDURE.id}  # noqa: S608
    invited = person("U0AT00X")
    invited.do(lambda unit: invitations.answered(unit, 1, None, accepted=True))
    assert invited.record.procedure == PROCEDURE.id
