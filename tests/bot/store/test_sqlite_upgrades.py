"""A SQLite file of an older program, and several programs at one file."""

import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Database

from bot.store.dialect import to_text
from bot.store.migrations import MIGRATIONS
from bot.store.protocol import Conflict
from bot.store.queries import QUERIES
from bot.store.sqlite import open_store
from bot.store.support_models import Invitation
from conversations.amazon_token.facts import Account, Facts, Fetch
from conversations.engine.walk_state import TrailEntry, WalkState
from tests.bot.store.sqlite_files import NOON, SPAWN, url, walk

if TYPE_CHECKING:
    import multiprocessing


def count_up(database_url: str, times: int) -> None:
    """Read, then write, again and again: what a deferred transaction cannot do beside others."""
    store = open_store(database_url)
    for _ in range(times):
        with store.transaction() as tx:
            found = tx.walk(1)
            assert found is not None
            tx.save_walk(replace(found, state=str(int(found.state) + 1)))
    store.close()


def test_processes_that_read_and_write_do_not_lose_anything(tmp_path: Path) -> None:
    """Three at once on one file: every change is kept and none finds the file locked."""
    store = open_store(url(tmp_path / "bot.db"))
    with store.transaction() as tx:
        tx.add_walk(walk())
    workers = [SPAWN.Process(target=count_up, args=(url(tmp_path / "bot.db"), 100)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with store.transaction() as tx:
        found = tx.walk(1)
    store.close()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert found is not None
    assert (found.state, found.version) == ("300", 301)


def open_at_once(database_url: str, gate: "multiprocessing.synchronize.Barrier") -> None:
    """Wait for the others, then make the same file."""
    gate.wait()
    open_store(database_url).close()


def test_programs_that_start_together_make_one_schema(tmp_path: Path) -> None:
    """The schema is made once, and the others wait for it."""
    gate = SPAWN.Barrier(4)
    workers = [SPAWN.Process(target=open_at_once, args=(url(tmp_path / "bot.db"), gate)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    store = open_store(url(tmp_path / "bot.db"))
    applied = [migration.name for migration in MIGRATIONS.applied(store.db)]
    store.close()
    assert applied == [
        "first_schema", "reminders", "forgetting", "support_desk", "pictures", "support_homes", "dead_rows",
        "ordering_key", "procedures", "ids_of_two_words", "tickets_by_card", "not_understood", "permalinks", "owners",
        "invitations", "templates", "merged_tickets", "ratings", "turns", "answer_form_urls", "outages",
        "refusals",
    ]  # fmt: skip
    assert sorted(os.listdir(tmp_path)) == ["bot.db", "bot.db.seal"]  # noqa: PTH208 - the names are the point


def test_rows_of_an_older_program_keep_their_order(tmp_path: Path) -> None:
    """The column `lane` of the outbox gets its new name in place: its rows, its index, and what both are for."""
    older = Database(tmp_path / "bot.db")
    MIGRATIONS.apply(older, stop_before="ordering_key")
    for key, lane in (("a", "T1:U1"), ("b", "T1:U1"), ("c", None)):
        older.table("outbox").insert(
            {
                "key": key, "team_id": "T1", "method": "post", "recipient": "U1", "content": "{}", "lane": lane,
                "state": "pending", "attempts": 0, "created_at": to_text(NOON), "due_at": to_text(NOON),
            }
        )  # fmt: skip
    older.close()
    store = open_store(url(tmp_path / "bot.db"))
    claimed = [store.claim(NOON, timedelta(seconds=9), frozenset()) for _ in range(3)]
    assert [(row.key, row.ordering_key) for row in claimed if row] == [("a", "T1:U1"), ("c", None)]
    indexes = {index.name: index.columns for index in store.db.table("outbox").indexes}
    plan = [step["detail"] for step in store.db.query(f"EXPLAIN QUERY PLAN {QUERIES['next_due']}")]
    store.close()
    assert indexes["outbox_waiting"] == ["ordering_key", "id"]
    assert any("USING INDEX outbox_waiting (ordering_key=? AND id<?)" in step for step in plan), plan


def test_what_an_older_program_knew_is_kept(tmp_path: Path) -> None:
    """Version 0.1 had one procedure, whose facts lay beside step and trail. A forgotten walk has no state."""
    older = Database(tmp_path / "bot.db")
    MIGRATIONS.apply(older, stop_before="procedures")
    at, trail = to_text(NOON), [{"step": "briefing", "account": 0}, {"step": "save", "account": 1}]
    facts = Facts(
        orders_arriving=False, version="4.9.24.4", accounts=[Account(name="A „ü“"), Account(name="B", saved_at=NOON)],
        access_off_at=NOON, fetches=[Fetch(at=NOON, worked=True)], error_texts=["a\nb"],
    )  # fmt: skip
    known = {"step": "token", "trail": trail, "repeats": {"token": 2}, "account_index": 1}
    for number, stored in enumerate((known | facts.model_dump(mode="json"), known | {"trail": [], "repeats": {}}, {})):
        older.table("walks").insert(
            {
                "team_id": "T1", "worker_id": f"U{number}", "for_name": "", "step": "token", "version": 1,
                "facts": json.dumps(stored), "guide_version": "g", "started_at": at, "updated_at": at,
            }
        )  # fmt: skip
    older.close()
    store = open_store(url(tmp_path / "bot.db"))
    with store.transaction() as tx:
        walks = [tx.walk(number) for number in (1, 2, 3)]
    store.close()
    full, empty, forgotten = [walk for walk in walks if walk is not None]
    assert {walk.procedure for walk in (full, empty, forgotten)} == {"amazon_token"}
    entries = [TrailEntry(step="before_start", item=0), TrailEntry(step="save_account", item=1)]
    assert WalkState[Facts].model_validate_json(full.state) == WalkState[Facts](
        step="new_token", trail=entries, repeats={"new_token": 2}, item=1, facts=facts
    )
    assert WalkState[Facts].model_validate_json(empty.state) == WalkState[Facts](
        step="new_token", item=1, facts=Facts()
    )
    assert forgotten.state == "{}"


def test_of_several_unanswered_invitations_the_newest_stays(tmp_path: Path) -> None:
    """An older program let several wait for one person. Nobody is reminded of those."""
    older = Database(tmp_path / "bot.db")
    MIGRATIONS.apply(older, stop_before="invitations")
    older.table("people").insert({"team_id": "T1", "user_id": "U1", "name": "A", "home_opened": 0, "support_home": 0})
    for merchant, answer in (("U1", None), ("U1", "declined"), ("U1", None), ("U2", None)):
        older.table("invitations").insert(
            {
                "team_id": "T1", "agent_id": "U9", "merchant_id": merchant, "procedure": "amazon_token",
                "message_key": "k", "invited_at": to_text(NOON), "answer": answer,
            }
        )  # fmt: skip
    older.close()
    store = open_store(url(tmp_path / "bot.db"))
    with store.transaction() as tx:
        answers = [(one.answer, one.sent, one.list_key) for n in (1, 2, 3, 4) if (one := tx.invitation(n)) is not None]
        assert answers == [("over", 1, ""), ("declined", 1, ""), (None, 1, ""), (None, 1, "")]
        assert tx.due_invitation(NOON + timedelta(days=999)) is None
        person = tx.person("T1", "U1")
        assert person is not None
        assert person.unasked
        with pytest.raises(Conflict):
            tx.add_invitation(
                Invitation(
                    team_id="T1", agent_id="U9", merchant_id="U1", procedure="amazon_token", message_key="l",
                    invited_at=NOON,
                )
            )  # fmt: skip
    store.close()
