"""An update from a version that there was: taken from the Git history of this checkout, where it reaches so far."""

from pathlib import Path

import pytest

from tests.faults.rolling_update import NoHistoryError, RollingUpdate, before_the_newest_migration, former
from tests.postgres_server import PostgresServer


@pytest.mark.story
@pytest.mark.long
async def test_a_former_version_and_this_one_serve_one_database(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    """The one with fewer migrations goes on while this one migrates, and is then replaced: nothing is lost or doubled.

    Where it cannot live with the new schema, that is refused; then it is stopped first.
    """
    try:
        (tmp_path / "former").mkdir()
        before = former(before_the_newest_migration(), tmp_path / "former")
    except NoHistoryError as error:
        pytest.skip(f"this checkout does not have the former version: {error}")
    (tmp_path / "bots").mkdir()
    update = RollingUpdate(tmp_path / "bots", 0, merchants=1, seed=20, server=postgres_server, former=before)
    result = await update.run()
    assert result.clean, f"{update.table()}\n{result.table()}"
    assert len(update.refused) == (0 if before.can_stay else 2)
    assert result.figures["processes that have sent"] >= 3
