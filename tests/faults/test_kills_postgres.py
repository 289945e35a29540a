"""A bounded slice of `make torture STORE=postgres`: two processes over PostgreSQL, of which one is killed."""

from pathlib import Path

import pytest

from tests.faults.torture_postgres import FAILED_OVER, RESTARTED, STOPPED, UPDATED, PostgresTorture
from tests.postgres_server import Looks, PostgresServer, serving_pair


@pytest.mark.story
@pytest.mark.long
async def test_nothing_is_lost_doubled_or_stuck_with_two_processes(tmp_path: Path) -> None:
    """One is killed around its sending, and stopped for longer than its leases; the server crashes twice: all is well.

    The first time it is gone, and its standby takes its place. The servers are this test's own: the others of this
    process do not want theirs to crash.
    """
    kinds = ("after_send", "before_record", STOPPED, RESTARTED, RESTARTED)
    with serving_pair() as server:
        torture = PostgresTorture(tmp_path, len(kinds), merchants=1, seed=20, server=server, kinds=kinds)
        result = await torture.run()
    assert result.clean, f"{torture.table()}\n{result.table()}"
    assert torture.done[STOPPED] == torture.done[RESTARTED] == torture.done[FAILED_OVER] == 1
    assert result.figures["walks"] >= 2
    assert result.figures["processes that have sent"] >= 2


@pytest.mark.story
@pytest.mark.long
async def test_nothing_is_lost_or_doubled_in_a_rolling_update(tmp_path: Path, postgres_server: PostgresServer) -> None:
    """The next version migrates the database while two processes serve, then they are replaced one after the other."""
    torture = PostgresTorture(tmp_path, 1, merchants=1, seed=20, server=postgres_server, kinds=(UPDATED,))
    result = await torture.run()
    assert result.clean, f"{torture.table()}\n{result.table()}"
    assert torture.done[UPDATED] == 1
    looks = Looks(torture.url)
    assert looks.execute("SELECT only_adds FROM migrations WHERE name = 'next_version'").fetchone() == (1,)
    looks.close()
    assert result.figures["processes that have sent"] >= 3
