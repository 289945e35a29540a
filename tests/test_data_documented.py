"""docs/data.md and the ready-made queries, held against a real database."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.statistics.compute import Figures, compute
from bot.statistics.rows import Selection
from bot.store.backup import backup
from bot.store.sqlite import SqliteStore, open_store
from conversations.amazon_token.procedure import PROCEDURE
from tests.seed import Town, seed
from tests.timing import untraced

ROOT = Path(__file__).parent.parent
DATA = (ROOT / "docs" / "data.md").read_text("utf-8")
METADATA: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "datasette.yml").read_text("utf-8"))
QUERIES: dict[str, dict[str, str]] = METADATA["databases"]["copy"]["queries"]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A database that people filled through the desk; the store stays open, as beside a serving bot."""
    with untraced():
        made = seed(tmp_path_factory.mktemp("data") / "bot.db", 80, 7)
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def figures(town: Town) -> Figures:
    history = town.store.history(Selection(), "de")
    return compute(history, PROCEDURE, town.now, town.config.support.sla.business_hours.zone)


def _file(store: SqliteStore) -> Path:
    return Path(next(row["file"] for row in store.db.query("PRAGMA database_list") if row["name"] == "main"))


def _asked(town: Town, name: str) -> list[dict[str, Any]]:
    return list(town.store.db.query(QUERIES[name]["sql"]))


def _documented() -> dict[str, set[str]]:
    sections = re.split(r"^### ", DATA.split("## Tables")[1], flags=re.MULTILINE)[1:]
    found = {}
    for section in sections:
        name, _, rest = section.partition("\n")
        cells = [line.split("|")[1] for line in rest.splitlines() if line.startswith("| `")]
        found[name.strip()] = {column for cell in cells for column in re.findall(r"`(\w+)`", cell)}
    return found


def test_every_table_and_column_is_documented_and_nothing_else(tmp_path: Path) -> None:
    """The document and the schema name the same tables and columns; what SQLite keeps for itself is left out."""
    store = open_store(f"sqlite:///{tmp_path / 'empty.db'}")
    schema = {table.name: {column.name for column in table.columns} for table in store.db.tables}
    store.close()
    schema.pop("sqlite_sequence", None)
    assert _documented() == schema


def test_the_document_names_every_query() -> None:
    """Whoever reads it knows what there is."""
    named = set(re.findall(r"`(\w+)`", DATA.split("Its queries:")[1].split("Each is tested")[0]))
    assert set(QUERIES) <= named


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_gives_rows_and_names_nobody(town: Town, name: str) -> None:
    """It runs as it stands, finds something in five weeks of walks, and shows no person."""
    rows = _asked(town, name)
    assert rows
    assert not re.search(r"U[12](M|AGENT)|Merchant|erased-", json.dumps(rows))


def test_the_queries_agree_with_the_figures(town: Town, figures: Figures) -> None:
    """Counts are the same; so are medians, within a neighbour's distance. The figures count grouped steps as one."""
    screens = PROCEDURE.screen_of
    alone = {step for step in PROCEDURE.steps if screens[step] == step} - PROCEDURE.ends
    reached = {row["step"]: (row["walks"], row["visits"]) for row in _asked(town, "funnel") if row["step"] in alone}
    assert reached == {one.step: (one.walks, one.visits) for one in figures.steps if one.step in alone}
    refused = Counter[tuple[str, str, str]]()
    for row in _asked(town, "refused"):
        refused[screens.get(row["step"], row["step"]), row["field"], row["reason"]] += row["times"]
    assert refused == {(one.step, one.field, one.reason): one.times for one in figures.refusals}
    fetched = {row["fetch"]: (row["worked"], row["failed"]) for row in _asked(town, "fetches")}
    assert fetched == {one.which: (one.worked, one.failed) for one in figures.attempts if one.worked + one.failed}
    left = Counter[tuple[str, str]]()
    for row in _asked(town, "leaving"):
        for how in ("cancelled", "restarted"):
            left[screens.get(row["step"], row["step"]), how] += row[how]
    assert +left == {
        (one.step, how): getattr(one, how)
        for one in figures.steps
        for how in ("cancelled", "restarted")
        if getattr(one, how)
    }
    assert sum(row["tickets"] for row in _asked(town, "tickets_by_category")) == figures.tickets
    assert sum(row["started"] for row in _asked(town, "weeks")) == figures.outcomes.started
    times = {one.step: one.time for one in figures.steps}
    for row in (row for row in _asked(town, "step_times") if row["step"] in alone):
        told = times[row["step"]]
        assert row["visits"] == told.cases
        assert told.lower is not None
        assert told.upper is not None
        assert told.lower - 1 <= row["median"] <= told.upper + 1


def test_the_command_line_of_sqlite_utils_opens_it_while_the_bot_has_it_open(town: Town) -> None:
    """Tables with their rows, and a ready-made query as CSV."""
    path = str(_file(town.store))
    tool = [sys.executable, "-m", "sqlite_utils"]
    counted = subprocess.run([*tool, "tables", path, "--counts"], check=True, capture_output=True, text=True)  # noqa: S603
    assert {row["table"] for row in json.loads(counted.stdout)} >= {"walks", "events", "tickets"}
    asked = [*tool, "query", path, QUERIES["funnel"]["sql"], "--csv"]
    told = subprocess.run(asked, check=True, capture_output=True, text=True)  # noqa: S603
    rows = list(csv.DictReader(io.StringIO(told.stdout)))
    assert rows[0]["step"] == "before_start"
    assert len(rows) == len(_asked(town, "funnel"))


def test_a_backup_of_it_answers_the_same(town: Town, tmp_path: Path) -> None:
    """What the document tells to open is complete."""
    backup(_file(town.store), tmp_path / "copy.db")
    shutil.copy(tmp_path / "copy.db", tmp_path / "again.db")
    store = open_store(f"sqlite:///{tmp_path / 'again.db'}")
    try:
        assert list(store.db.query(QUERIES["asking"]["sql"])) == _asked(town, "asking")
    finally:
        store.close()
