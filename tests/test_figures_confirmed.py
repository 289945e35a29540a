"""Figures of walks that people made at the real desk, each confirmed by a query written apart."""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from filelock import FileLock

from bot.statistics.compute import Figures, compute
from bot.statistics.rows import MIN_CASES, Selection, Spread
from bot.statistics.walkthroughs import StepFigures
from bot.store.sqlite import open_store
from conversations.amazon_token.checks import Reason
from conversations.amazon_token.procedure import PROCEDURE
from conversations.engine.checks import NAME_REASONS
from conversations.registry import PROCEDURES
from conversations.sp_api.checks import START_REASONS
from tests.figures_oracle import Oracle, quarter
from tests.seed import BEGINS, seed
from tests.timing import untraced

WALKS, WEEKS = 150, 8
NOW = datetime(2026, 8, 31, 6, tzinfo=UTC) if "SEEDED" in os.environ else BEGINS + timedelta(weeks=WEEKS)
BERLIN = ZoneInfo("Europe/Berlin")
SELECTIONS = {
    "everything": Selection(),
    "some weeks": Selection(since=BEGINS + timedelta(weeks=2), until=BEGINS + timedelta(weeks=5, hours=3)),
    "in English": Selection(language="en"),
    "German, later": Selection(language="de", since=BEGINS + timedelta(weeks=4)),
    "another guide": Selection(guide_version="nobody has it"),
}


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that people filled, once for all workers; `SEEDED` names a bigger one that was made before."""
    own, base = tmp_path_factory.mktemp("seeded"), tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    filled = Path(os.environ.get("SEEDED", shared / "seeded.db"))
    with FileLock(shared / "seeded.lock"):
        if not filled.exists():
            with untraced():
                seed(own / "unfinished.db", WALKS, WEEKS).store.close()
            shutil.copy(own / "unfinished.db", filled)
    return Path(shutil.copy(filled, own / "amazon-token.db"))


def _figures(path: Path, selection: Selection, min_agents: int = 3) -> Figures:
    store = open_store(f"sqlite:///{path}")
    try:
        history = store.history(replace(selection, procedure=PROCEDURE.id), "de")
    finally:
        store.close()
    return compute(history, PROCEDURE, NOW, BERLIN, min_agents=min_agents)


def _oracle(path: Path, selection: Selection) -> Oracle:
    chosen = (selection.since, selection.until, selection.language or "", selection.guide_version or "")
    return Oracle(_with_screens(path), NOW, PROCEDURE.id).choose(*chosen)


def _with_screens(path: Path) -> Path:
    """A copy in which steps that are shown together have one name: the figures count them as one."""
    copy = path.with_suffix(".screens")
    if not copy.exists():
        shutil.copy(path, copy)
        with closing(sqlite3.connect(copy)) as connection, connection:
            for step, screen in PROCEDURE.screen_of.items():
                for table, column in (("events", "step"), ("events", "next_step"), ("walks", "step")):
                    connection.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (screen, step))  # noqa: S608
    return copy


def _same(told: Spread, seconds: list[float]) -> None:
    assert told.cases == len(seconds)
    if len(seconds) < MIN_CASES:
        assert (told.lower, told.median, told.upper) == (None, None, None)
        return
    expected = [quarter(seconds, share) for share in (0.25, 0.5, 0.75)]
    assert [told.lower, told.median, told.upper] == pytest.approx(expected, abs=1e-6)


def _count(step: StepFigures, field: str) -> int:
    return int(step.counted[field] if field in PROCEDURE.measures.counted else getattr(step, field))


@pytest.mark.parametrize("name", SELECTIONS)
def test_every_figure_of_walks_is_confirmed(seeded: Path, name: str) -> None:
    """Outcomes, weeks, languages, versions, steps with their times, refusals and attempts are what plain SQL says."""
    figures, oracle = _figures(seeded, SELECTIONS[name]), _oracle(seeded, SELECTIONS[name])
    assert dict(figures.outcomes.items()) == oracle.outcomes()
    weeks = {week.monday.isoformat(): (dict(week.outcomes.items()), week.tickets) for week in figures.weeks}
    assert {monday: told for monday, told in weeks.items() if told[0]["started"] or told[1]} == oracle.weeks(BERLIN)
    for language, told in figures.languages.items():
        assert dict(told.items()) == oracle.outcomes({walk for walk, one in oracle.spoken.items() if one == language})
    assert sum(told.started for told in figures.languages.values()) == figures.outcomes.started
    assert sum(told.started for told in figures.by_guide_version.values()) == figures.outcomes.started
    _same(figures.results.time_to_orders, oracle.whole_seconds())
    results = figures.results
    assert (results.started, results.orders) == (figures.outcomes.started, figures.outcomes.ended["done"])
    expected_results = (oracle.alone(), oracle.times_of("asked"), oracle.times_of("answer_rejected"))
    assert (results.alone, results.asked, results.rejected) == expected_results
    for field in ("started", "orders", "alone", "asked", "rejected"):
        assert sum(getattr(week.results, field) for week in figures.weeks) == getattr(results, field)
    assert {step.step: (step.walks, step.visits) for step in figures.steps} == oracle.reached()
    counted = {
        "cancelled": "name = 'cancel'", "restarted": "name = 'restarted'", "support": "name = 'help'",
        "where": "name = 'asked_where'", "back": "name = 'back'", "restore_old_access": "name = 'restore_old_access'",
        "refused": "name = 'refused'",
        "words": "name = 'shown_again' AND detail ->> '$.notes' LIKE '%help_offered%'",
        "reminded": "name = 'shown_again' AND detail ->> '$.notes' LIKE '%reminder%'",
    }  # fmt: skip
    expected = {field: oracle.walks_with(where) for field, where in counted.items()} | {"silent": oracle.silent_at()}
    for field, by_step in expected.items():
        assert {one.step: _count(one, field) for one in figures.steps if _count(one, field)} == by_step, field
    stays = oracle.stays()
    for step in figures.steps:
        _same(step.time, stays.get(step.step, []))
    assert {(r.step, r.event, r.field, r.reason): (r.times, r.walks) for r in figures.refusals} == oracle.refusals()
    fetched = {(one.which, True): one.worked for one in figures.attempts if one.worked}
    fetched |= {(one.which, False): one.failed for one in figures.attempts if one.failed}
    assert fetched == oracle.fetches()


@pytest.mark.parametrize("name", SELECTIONS)
def test_every_figure_of_tickets_is_confirmed(seeded: Path, name: str) -> None:
    """Counts by reason, category, priority and state, and the desk's times, are what plain SQL says."""
    selection = SELECTIONS[name]
    figures, oracle = _figures(seeded, selection), _oracle(seeded, selection)
    for column, found in figures.tickets_by.items():
        assert found == oracle.tickets_by(column)
    assert figures.tickets == sum(oracle.tickets_by("state").values())
    enough = oracle.owners() >= 3
    times = {
        "taken": figures.support.taken,
        "answered_at": figures.support.answered,
        "resolved_at": figures.support.solved,
    }
    for moment, told in times.items():
        if enough:
            _same(told, oracle.ticket_seconds(moment))
        else:
            assert (told.cases, told.median) == (len(oracle.ticket_seconds(moment)), None)


def test_the_seeded_history_holds_a_bit_of_everything(seeded: Path) -> None:
    """Otherwise the confirmation would confirm little: every kind of figure is above nought."""
    figures = _figures(seeded, Selection())
    assert all(value > 0 for name, value in figures.outcomes.items() if name != "under_way")
    assert {one.step for one in figures.steps} == {*PROCEDURE.screen_of.values()} - {*PROCEDURE.ends, "newer_mask"}
    for field in (
        "cancelled",
        "restarted",
        "silent",
        "support",
        "words",
        "where",
        "back",
        "restore_old_access",
        "refused",
    ):
        assert sum(_count(one, field) for one in figures.steps) > 0, field
    assert all(one.worked and one.failed for one in figures.attempts)
    assert figures.support.answered.median is not None
    assert len(figures.refusals) >= 8


def test_the_desk_s_times_are_hidden_where_too_few_agents_worked(seeded: Path) -> None:
    """With fewer agents than asked for there is no median and no quartile; the number of tickets stays."""
    support = _figures(seeded, Selection(), min_agents=5).support
    for spread in (support.taken, support.answered, support.solved):
        assert spread == Spread(spread.cases)
        assert spread.cases > 0


def test_a_refusal_in_the_history_holds_codes_only(seeded: Path) -> None:
    """Nothing that somebody typed is in it: event, fields and reasons are all of the program's own."""
    known = {*map(str, Reason), *NAME_REASONS, *START_REASONS, "no_accounts", "nothing_new", "same_as_old"}
    for procedure in PROCEDURES.values():
        known |= {*procedure.events, *(field.name for form in procedure.forms.values() for field in form.fields)}
    oracle = _oracle(seeded, Selection())
    words = oracle.words_in_events()
    assert words
    assert words <= known
