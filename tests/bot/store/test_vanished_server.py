"""A PostgreSQL server that vanishes: it does not answer any more, and no connection is closed."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from typing import Any

import pytest

from bot.store import postgres_session
from bot.store.postgres import PostgresStore, open_store
from bot.store.postgres_connection import Connections, as_psycopg
from bot.store.postgres_session import network_limits
from bot.store.protocol import StoreError, StoreLockedError
from tests.bot.store.several_stores import ERIKA, ROW
from tests.silent_line import SilentLine, line_to

SLOWLY = as_psycopg("SELECT 1 AS found FROM pg_sleep(0.6)")


@pytest.fixture
def line(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[SilentLine, PostgresStore]]:
    """A store over a line that can be silent. Its server is asked after 0.2 s whether it is there."""
    monkeypatch.setattr(postgres_session, "SILENT_SECONDS", 0.2)
    monkeypatch.setattr(postgres_session, "_ANSWER_SECONDS", 0.2)
    with line_to(postgres_url) as (silent, url):
        store = open_store(url)
        yield silent, store
        store.close()


def test_a_server_that_vanishes_is_given_up(line: tuple[SilentLine, PostgresStore]) -> None:
    """Wherever in a transaction that is; nothing has changed, and the next one is done when the server is there."""
    silent, store = line
    with store.transaction() as tx:
        tx.save_person(ERIKA)
    began = time.monotonic()
    with silent.silent():
        with pytest.raises(StoreLockedError, match="vanished"), store.transaction():
            pass
        with pytest.raises(StoreLockedError):
            store.person("T1", "U1")
    with pytest.raises(StoreLockedError, match="vanished"), store.transaction() as tx:  # noqa: PT012 - in the middle
        tx.enqueue(ROW)
        with silent.silent():
            tx.person("T1", "U1")
    assert time.monotonic() - began < postgres_session._NETWORK["connect_timeout"] + 2
    assert store.state(ROW.key) is None
    with store.transaction() as tx:
        tx.enqueue(ROW)
    assert store.state(ROW.key) == "pending"


@pytest.mark.parametrize("comes_back", [True, False])
def test_a_commit_during_which_the_server_vanishes_is_asked_after(
    line: tuple[SilentLine, PostgresStore], monkeypatch: pytest.MonkeyPatch, *, comes_back: bool
) -> None:
    """When it is back within two seconds nobody notices; else nobody knows what has become of it, and that is said."""
    silent, store = line
    connection = store._connections._own()
    execute = connection.execute
    with ExitStack() as stack:

        def vanishing(query: Any, *args: Any, **more: Any) -> Any:
            if query == b"COMMIT":
                stack.enter_context(silent.silent())
                if comes_back:
                    threading.Timer(0.7, stack.close).start()
            return execute(query, *args, **more)

        monkeypatch.setattr(connection, "execute", vanishing)
        unknown = nullcontext() if comes_back else pytest.raises(StoreError, match="did not say")
        with unknown, store.transaction() as tx:
            tx.enqueue(ROW)
    if comes_back:
        assert store.state(ROW.key) == "pending"
    assert store.person("T1", "U1") is None, "all goes on"


def test_a_statement_that_takes_long_is_waited_for(line: tuple[SilentLine, PostgresStore]) -> None:
    """The server answers on another connection that it is there."""
    _, store = line
    assert store._connections.execute(SLOWLY, {}).fetchone() == {"found": 1}


def test_what_the_address_says_about_the_network_is_left_to_it(postgres_url: str) -> None:
    """The bot has its own limits where it says nothing."""
    said = network_limits(f"{postgres_url}?connect_timeout=7&keepalives_idle=30")
    assert said.keys() == {"tcp_user_timeout", "keepalives_interval", "keepalives_count"}
    connections = Connections(f"{postgres_url}?connect_timeout=7")
    with connections.connect() as connection:
        used = connection.info.get_parameters()
    assert (used["connect_timeout"], used["tcp_user_timeout"]) == ("7", "2000")
    connections.close()
