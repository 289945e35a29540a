"""`amazon-token prove`: it finds nothing where everything holds, and finds what is taken out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.store import postgres, postgres_owner, postgres_storm
from bot.store.postgres_connection import Connections
from bot.store.postgres_proof import PROOFS, broken_by
from tests.bot.store.several_stores import answer
from tests.postgres_server import PostgresServer, serving

SCHEMAS = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'amazon\\_token%'"


@pytest.mark.long
def test_everything_holds_on_a_server_that_keeps_what_it_confirms() -> None:
    """Each promise is printed, nothing fails, and nothing is left in the database."""
    with serving(fsync="on") as server:
        url = server.new_database()
        ran = CliRunner().invoke(app, ["prove", "--database", url, "--seconds", "2"])
        assert ran.exit_code == 0, ran.output
        lines = ran.stdout.splitlines()
        assert [line.split()[0] for line in lines] == ["ok"] * (len(PROOFS) + 1) + ["Several"]
        assert answer(url, SCHEMAS) == [(0,)]


@contextmanager
def without_isolation(connections: Connections, _isolation: str) -> Iterator[None]:
    with _TRANSACTION(connections, "READ COMMITTED"):
        yield


_TRANSACTION: Callable[..., Any] = Connections.transaction
TAKEN_OUT: dict[str, tuple[Any, str, Any]] = {
    "a row of a living process": (postgres_owner, "LOCK_CLASS", 7999),
    "rows of one ordering key": (postgres.PostgresTransaction, "_lock_ordering_key", lambda _self, _key: None),
    "of two that rely on one record": (postgres.PostgresTransaction, "claim_subjects", lambda _self: None),
    "what is repeated after a conflict": (Connections, "transaction", without_isolation),
    "a commit whose answer was lost": (Connections, "_has_committed", lambda _self, _name, _number: False),
}


@pytest.mark.parametrize("promise", TAKEN_OUT)
def test_what_is_taken_out_is_noticed(
    promise: str, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner's lock, the lock of ordering keys, the locks of what is relied on, isolation, the question after."""
    ((name, proof),) = ((name, proof) for name, proof in PROOFS.items() if name.startswith(promise))
    url = postgres_server.new_database()
    assert broken_by(proof, url) == ""
    monkeypatch.setattr(*TAKEN_OUT[promise])
    assert broken_by(proof, url), name


@pytest.mark.long
def test_messages_are_doubled_without_the_owners_lock(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where processes are stopped with a request on its way: others take it for lost, sooner or later."""
    monkeypatch.setattr(postgres_storm, "_STOPPED", 0.1)
    url = postgres_server.new_database()
    storm = partial(postgres_storm.storm, seconds=1)
    assert broken_by(storm, url) == ""
    monkeypatch.setattr(postgres_owner, "LOCK_CLASS", 7999)
    assert any("sent" in broken_by(storm, url) for _ in range(4))


def test_what_fails_is_said_and_the_status_is_not_zero(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests' own server does not write to the disk, for one."""
    monkeypatch.setattr("bot.store.postgres_proof.PROOFS", dict([next(iter(PROOFS.items()))]))
    url = postgres_server.new_database()
    ran = CliRunner().invoke(app, ["prove", "--database", url, "--seconds", "1"])
    assert ran.exit_code == 1
    assert ran.stdout.startswith("failed  the server keeps what it has confirmed")
    assert "fsync is off: after a crash of the machine something may be missing" in ran.stdout
    assert ran.stderr == "1 of these do not hold: do not run the bot over this server.\n"


def test_sqlite_needs_no_proof() -> None:
    """One process has the file."""
    ran = CliRunner().invoke(app, ["prove", "--database", "sqlite:///bot.db"])
    assert (ran.exit_code, "PostgreSQL only" in ran.stderr) == (2, True)
