"""`amazon-token stats`: what it prints and writes."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.cli.stats import span
from bot.settings.core import with_procedures
from bot.store.models import Event, Person, TicketRecord, WalkRecord
from bot.store.sqlite import SqliteStore, open_store
from conversations.registry import PROCEDURES

MIDNIGHT = datetime(2026, 10, 31, 23, 0, tzinfo=UTC)
"""The first of November begins in Berlin."""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["stats", *arguments], env={"COLUMNS": "220"})


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SqliteStore]:
    """Complete settings, and the bot's own connection to its database, in the middle of a transaction or not."""
    for name in with_procedures(PROCEDURES).model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-synthetic")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-synthetic")
    monkeypatch.setenv("SUPPORT_CHANNEL_ID", "C0SUPPORT")
    monkeypatch.chdir(tmp_path)
    opened = open_store("sqlite:///amazon-token.db")
    yield opened
    opened.close()


def _walk(
    store: SqliteStore, user: str, at: datetime, locale: str | None = "de-DE", procedure: str = "amazon_token"
) -> None:
    """A walk that was begun, had a token refused, and was ended after a minute."""
    with store.transaction() as tx:
        tx.save_person(Person(team_id="T0", user_id=user, name="Erika", locale=locale))
        walk = tx.add_walk(
            WalkRecord(
                team_id="T0", worker_id=user, procedure=procedure, step="cancelled", state="{}",
                guide_version="aaaa-bbbb", started_at=at, updated_at=at, ended_at=at + timedelta(minutes=1),
            )
        )  # fmt: skip
        refused = {"event": "paste_token", "reasons": {"token": "wrong_length"}}
        acts = (("started", "new_token", {}), ("refused", "new_token", refused), ("cancel", "cancelled", {}))
        for seconds, (name, following, detail) in enumerate(acts):
            moment = at + timedelta(seconds=30 * seconds)
            tx.add_event(
                Event(
                    walk_id=walk.id, version=1, at=moment, actor_id=user, name=name, step="new_token",
                    next_step=following,
                    detail=detail,
                )
            )  # fmt: skip


def test_stats_shows_tables_without_anybody_s_name(store: SqliteStore) -> None:
    """Steps, refusals and the rest stand in the terminal; no person does, and empty tables say so."""
    _walk(store, "U0ERIKA", MIDNIGHT)
    shown = run().stdout
    assert "wrong_length" in shown
    assert "new_token" in shown
    assert "Tickets: nothing yet." in shown
    assert "U0ERIKA" not in shown
    assert "Erika" not in shown


def test_an_empty_history_gives_empty_figures() -> None:
    """Nothing is divided by nought."""
    told = json.loads(run("--json").stdout)
    assert told["overview"][0] == {"figure": "started", "value": 0}
    assert told["steps"] == told["weeks"] == []


@pytest.mark.parametrize(
    ("options", "started"),
    [
        ((), 4), (("--from", "2026-11-01"), 3), (("--to", "2026-10-31"), 1), (("--to", "2026-11-01"), 4),
        (("--language", "en"), 1), (("--language", "de", "--from", "2026-11-01"), 2), (("--guide", "aaaa"), 4),
        (("--guide", "a%"), 0), (("--guide", "bbbb"), 0),
    ],
)  # fmt: skip
def test_a_selection_counts_days_in_berlin_and_languages_as_spoken(
    store: SqliteStore, options: tuple[str, ...], started: int
) -> None:
    """Both days are included; whose language nobody knows counts under DEFAULT_LOCALE; no sign is a wildcard."""
    _walk(store, "U0ERIKA", MIDNIGHT - timedelta(seconds=1))
    _walk(store, "U0OLIVER", MIDNIGHT, "en-GB")
    _walk(store, "U0NOBODY", MIDNIGHT + timedelta(hours=23, minutes=59), None)
    _walk(store, "U0LIESL", MIDNIGHT + timedelta(hours=3), "de-AT")
    assert json.loads(run("--json", *options).stdout)["overview"][0]["value"] == started


def test_csv_is_a_file_for_each_table_or_all_in_one(store: SqliteStore, tmp_path: Path) -> None:
    """A folder gets thirteen files with head lines; a name that ends in .csv gets everything in four columns."""
    _walk(store, "U0ERIKA", MIDNIGHT)
    run("--csv", "figures")
    assert len(list((tmp_path / "figures").glob("*.csv"))) == 13
    with (tmp_path / "figures" / "steps.csv").open(encoding="utf-8", newline="") as file:
        (step,) = csv.DictReader(file)
    assert (step["step"], step["walks"], step["refused"], step["cancelled"], step["median_s"]) == (
        "new_token", "1", "1", "1", "",
    )  # fmt: skip
    run("--csv", "all.csv")
    with (tmp_path / "all.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["table", "row", "column", "value"]
    assert ["refusals", "1", "reason", "wrong_length"] in rows


def test_the_picture_is_written_in_the_support_channel_s_language_or_the_named_one(
    store: SqliteStore, tmp_path: Path
) -> None:
    """German without --language; both are PNG files and differ."""
    _walk(store, "U0ERIKA", MIDNIGHT)
    for name, options in (("de.png", ()), ("en.png", ("--language", "en"))):
        assert run("--picture", name, *options).stdout == ""
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "de.png").read_bytes() != (tmp_path / "en.png").read_bytes()


def test_what_cannot_be_is_told_in_a_sentence(tmp_path: Path) -> None:
    """An end before its beginning, and a place that cannot be written, give a remedy and the status 2."""
    wrong = run("--from", "2026-11-02", "--to", "2026-11-01")
    assert (wrong.exit_code, wrong.stderr) == (2, "--to is before --from.\n")
    (tmp_path / "file").write_text("", "utf-8")
    wrong = run("--csv", "file/figures")
    assert wrong.exit_code == 2
    assert "Name another place." in wrong.stderr


def test_figures_are_of_one_procedure(store: SqliteStore) -> None:
    """That of --procedure, the first without it; an unknown one gives the status 2 and the IDs that there are."""
    _walk(store, "U0ERIKA", MIDNIGHT)
    _walk(store, "U0OLIVER", MIDNIGHT, procedure="other")
    told = run("--json").stdout
    assert json.loads(told)["overview"][0] == {"figure": "started", "value": 1}
    named = json.loads(run("--json", "--procedure", "amazon_token").stdout)
    assert named | {"at": ""} == json.loads(told) | {"at": ""}, "a second may have passed between the two"
    wrong = run("--procedure", "nonsense")
    assert (wrong.exit_code, wrong.stderr) == (
        2, f"There is no procedure nonsense. There are: {', '.join(PROCEDURES)}.\n",
    )  # fmt: skip


def test_stats_reads_while_a_writer_is_in_the_middle_of_a_transaction(store: SqliteStore) -> None:
    """It waits for nobody, and sees what was there before."""
    _walk(store, "U0ERIKA", MIDNIGHT)
    with store.transaction() as tx:
        tx.add_ticket(
            TicketRecord(
                team_id="T0", merchant_id="U0ERIKA", procedure="amazon_token", reason="help", language="de",
                card_key="k", opened_at=MIDNIGHT,
            )
        )  # fmt: skip
        told = json.loads(run("--json").stdout)
    assert told["overview"][0]["value"] == 1
    assert told["tickets"] == []


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 s"), (99, "99 s"), (100, "2 min"), (3599, "60 min"), (5400, "1.5 h"), (180000, "2.1 d")],
)
def test_a_duration_is_told_in_its_largest_sensible_unit(seconds: float, told: str) -> None:
    """Seconds up to a hundred, minutes up to an hour, then hours and days."""
    assert span(seconds) == told
