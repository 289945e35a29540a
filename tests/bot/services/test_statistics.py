"""The figures in Slack: who may ask, when they come by themselves, and what stands in them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.images.render import png
from bot.services import statistics, statistics_text
from bot.services.context import AppConfig
from bot.services.runner import Services
from bot.statistics.chart_svg import svg
from bot.statistics.compute import compute
from bot.statistics.rows import Selection
from bot.store.models import Rating
from bot.store.sqlite import SqliteStore
from conversations.amazon_token.procedure import PROCEDURE
from conversations.engine.texts import LANGUAGES
from tests.bot.services.visits import ERIKA, NOON, Visit
from tests.guides import guide
from tests.seed import BEGINS, seed

MONDAY = datetime(2026, 3, 9, 7, 15, tzinfo=UTC)
"""A quarter past eight in Berlin."""


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def timed(config: AppConfig, store: SqliteStore, hand: Hand) -> Services:
    return Services(replace(config, clock=hand), store)


def _uploads(store: SqliteStore) -> list[dict[str, object]]:
    rows = store.db.query("SELECT recipient, content FROM outbox WHERE method = 'upload' ORDER BY id")
    return [{"to": row["recipient"], **json.loads(row["content"])} for row in rows]


def test_an_agent_gets_the_picture_and_its_text_in_the_direct_message(erika: Visit, anna: Visit) -> None:
    """The row holds all that is drawn, the words of the same figures with the file's name, and what is read aloud."""
    erika.go_to("new_token")
    erika.submit("new_token", token="nonsense")
    anna.command("stats")
    (row,) = _uploads(anna.store)
    assert row["to"] == "U0ANNA"
    assert str(row["filename"]) in str(row["text"])
    assert str(row["alt"]).startswith("«en:figures.alt") or str(row["alt"]).startswith("«de:figures.alt")
    assert len(str(row["alt"])) <= 1000
    chart = row["chart"]
    assert isinstance(chart, dict)
    assert chart["funnel"][0]["share"] == 1
    assert any(sum(one["parts"]) for one in chart["trouble"])
    assert "U0ERIKA" not in json.dumps(row)
    assert "Erika" not in json.dumps(row)
    assert png(svg(chart)).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("rest", "to"), [("", "U0ANNA"), ("7", "U0ANNA"), ("channel", "C0SUPPORT"), ("90 kanal", "C0SUPPORT")]
)
def test_the_period_and_the_place_can_be_named(erika: Visit, anna: Visit, rest: str, to: str) -> None:
    """A number of days, and „channel“ in either language, in any order."""
    erika.begin()
    anna.command(f"stats {rest}")
    assert [row["to"] for row in _uploads(anna.store)] == [to]


@pytest.mark.parametrize("rest", ["0", "367", "-1", "9999999", "gestern", "7 8", "²"])
def test_what_is_no_period_is_answered_with_how_to_write_it(erika: Visit, anna: Visit, rest: str) -> None:
    """Nothing is uploaded."""
    erika.begin()
    assert "figures.unknown" in json.dumps(anna.command(f"stats {rest}"))
    assert _uploads(anna.store) == []


def test_nobody_else_may_ask(erika: Visit) -> None:
    """A merchant is told that this is for agents."""
    assert "agents_only" in json.dumps(erika.command("stats"))
    assert _uploads(erika.store) == []


def _ended(person: Visit, step: str = "done") -> int:
    """A walk that has just ended there."""
    person.begin()
    record, procedure = person.record, PROCEDURE
    state = procedure.load(record.state).model_copy(update={"step": step})
    person.do(lambda unit: unit.show(record, unit.walk(procedure, state)))
    return record.id


def test_the_figures_lead_with_results(erika: Visit, oliver: Visit, anna: Visit) -> None:
    """Orders without a person first; an agent's ticket or phone call is a person; then what merchants said of it."""
    walks = [_ended(erika) for _ in range(5)]
    oliver.begin()
    oliver.submit("help", sentence="")
    record = oliver.record
    state = PROCEDURE.load(record.state).model_copy(update={"step": "done"})
    oliver.do(lambda unit: unit.show(record, unit.walk(PROCEDURE, state)))
    for number, walk_id in enumerate(walks):
        rating = Rating(walk_id=walk_id, face="good" if number else "poor", sentence="", at=NOON)
        erika.do(partial(lambda unit, rating: unit.tx.save_rating(rating), rating=rating))
    anna.command("stats")
    (row,) = _uploads(anna.store)
    chart = row["chart"]
    assert isinstance(chart, dict)
    lines = {line["label"].split("figures.results.")[1].strip(" »"): line["shown"] for line in chart["results"]}
    assert "5 83" in lines["alone"]
    assert {"alone", "to_orders", "faces"} <= lines.keys()
    assert "good» 80" in lines["faces"].replace(" »", "»")
    assert "poor» 20" in lines["faces"].replace(" »", "»")
    text = str(row["text"])
    assert text.index("figures.results.alone") < text.index("figures.funnel_title")
    assert "figures.results.alone" in str(row["alt"])


def test_so_few_faces_give_no_share(erika: Visit, anna: Visit) -> None:
    """Four would say something about single people."""
    for walk_id in [_ended(erika) for _ in range(4)]:
        rating = Rating(walk_id=walk_id, face="poor", sentence="", at=NOON)
        erika.do(partial(lambda unit, rating: unit.tx.save_rating(rating), rating=rating))
    anna.command("stats")
    assert "figures.results.faces" not in str(_uploads(anna.store))


def test_a_week_stands_beside_the_three_before_it(timed: Services, hand: Hand, store: SqliteStore) -> None:
    """So that it can be compared; the newest first."""
    erika = Visit(timed, store, ERIKA).meet()
    timed.unit_of_work(statistics.post_due)
    for _ in range(statistics.WEEKS):
        _ended(erika)
        hand.now += timedelta(weeks=1)
    hand.now = MONDAY + timedelta(weeks=3)
    timed.unit_of_work(statistics.post_due)
    (row,) = _uploads(store)
    assert str(row["text"]).count("figures.week ") == statistics.WEEKS


def test_a_time_in_which_nothing_began_is_told_in_a_sentence(anna: Visit) -> None:
    """There is nothing to draw."""
    anna.command("stats")
    assert _uploads(anna.store) == []
    assert "figures.nothing" in anna.newest(to="U0ANNA")


def test_each_monday_the_week_before_stands_in_the_support_channel(
    timed: Services, hand: Hand, store: SqliteStore
) -> None:
    """Once a week, at the digest's time, of Monday to Sunday; never at the first look, which only plans."""
    Visit(timed, store, ERIKA).meet().begin()
    assert not timed.unit_of_work(statistics.post_due)
    hand.now = MONDAY - timedelta(seconds=1)
    assert not timed.unit_of_work(statistics.post_due)
    hand.now = MONDAY
    assert timed.unit_of_work(statistics.post_due)
    assert not timed.unit_of_work(statistics.post_due)
    (row,) = _uploads(store)
    assert row["to"] == "C0SUPPORT"
    assert str(row["filename"]).startswith("amazon-token-2026-03-02-")
    hand.now = MONDAY + timedelta(weeks=1)
    assert timed.unit_of_work(statistics.post_due)
    assert len(_uploads(store)) == 1, "nothing began in that week"


def test_after_a_downtime_last_week_is_told_once_and_by_day(timed: Services, hand: Hand, store: SqliteStore) -> None:
    """Weeks that were missed do not come too; at night and on a holiday nothing comes."""
    erika = Visit(timed, store, ERIKA).meet()
    timed.unit_of_work(statistics.post_due)
    hand.now = datetime(2026, 3, 25, 9, tzinfo=UTC)
    erika.begin()
    hand.now = datetime(2026, 4, 1, 1, tzinfo=UTC)
    assert not timed.unit_of_work(statistics.post_due)
    hand.now = datetime(2026, 4, 1, 9, tzinfo=UTC)
    assert timed.unit_of_work(statistics.post_due)
    assert not timed.unit_of_work(statistics.post_due)
    (row,) = _uploads(store)
    assert str(row["filename"]).startswith("amazon-token-2026-03-23-")
    hand.now = datetime(2026, 4, 6, 9, tzinfo=UTC)
    assert not timed.unit_of_work(statistics.post_due), "Easter Monday"
    hand.now = datetime(2026, 4, 7, 6, 15, tzinfo=UTC)
    assert timed.unit_of_work(statistics.post_due)


def test_the_weekly_figures_can_be_switched_off(config: AppConfig, hand: Hand, store: SqliteStore) -> None:
    """WEEKLY_FIGURES=false: nothing comes by itself."""
    services = Services(replace(config, clock=hand, weekly_figures=False), store)
    Visit(services, store, ERIKA).meet().begin()
    services.unit_of_work(statistics.post_due)
    hand.now = MONDAY
    assert not services.unit_of_work(statistics.post_due)
    assert _uploads(store) == []


def test_a_holiday_moves_the_weekly_figures_to_the_next_working_day(config: AppConfig) -> None:
    """Easter Monday of 2026 is the sixth of April; daylight saving time has begun by then."""
    after = statistics.next_monday(config, datetime(2026, 4, 4, 12, tzinfo=UTC))
    assert after == datetime(2026, 4, 7, 6, 15, tzinfo=UTC)


def test_the_text_fits_slack_in_both_languages_and_the_picture_comes_from_the_row_alone(tmp_path: Path) -> None:
    """A comment may have 4,000 characters; a chart that was stored as JSON is drawn like the one that was computed."""
    town = seed(tmp_path / "seeded.db", 20, 2)
    history = town.store.history(Selection(procedure=PROCEDURE.id), "de")
    town.store.close()
    figures = compute(history, PROCEDURE, town.now, town.config.support.sla.business_hours.zone)
    for language in LANGUAGES:
        texts = guide(language)
        days = {name: statistics_text.day(texts, BEGINS.date()) for name in ("first", "last")}
        chart = statistics_text.chart_of(texts, figures, **days)
        assert len(statistics_text.text_of(texts, figures, chart)) < 3900
        assert svg(json.loads(json.dumps(chart))) == svg(chart)
