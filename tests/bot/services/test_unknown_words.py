"""What was not understood is kept for a month without secrets, and shown without whoever wrote it."""

from dataclasses import replace
from datetime import timedelta

from bot.app.metrics import Metrics
from bot.services.runner import Services
from bot.services.unknown_words import LONGEST, not_understood
from bot.statistics.rows import NotUnderstoodRow, Selection
from bot.store.counts import StoreCounts
from bot.store.models import NOT_UNDERSTOOD_KEPT
from bot.store.sqlite import SqliteStore
from conversations.registry import PROCEDURES
from tests.bot.services.visits import ERIKA, NOON, TEAM, Visit
from tests.conversations.amazon_token.token_walks import token
from tests.guides import FIRST, shipped


def _kept(store: SqliteStore, **selected: str) -> list[NotUnderstoodRow]:
    return store.history(Selection(**selected), "de").not_understood  # type: ignore[arg-type]


def test_a_message_is_kept_with_its_step_and_nobodys_name(erika: Visit, store: SqliteStore) -> None:
    """The row of the report has no person in it."""
    erika.go_to("settings_menu")
    record = erika.record
    erika.do(lambda unit: not_understood(unit, record, " Was  nun? ", "nearest_one"))
    erika.do(lambda unit: not_understood(unit, None, "Und jetzt?"))
    assert _kept(store) == [
        NotUnderstoodRow(FIRST, "settings_menu", "de", "Was nun?", "nearest_one"),
        NotUnderstoodRow(FIRST, "", "de", "Und jetzt?", ""),
    ]
    assert store.figures(NOON).not_understood == {"de": 2}


def test_the_nearest_question_is_found(clocked: Services, store: SqliteStore) -> None:
    """Where the caller does not say which it was."""
    asked = Visit(Services(replace(clocked.config, all_texts=shipped()), store), store, ERIKA).meet()
    asked.do(lambda unit: not_understood(unit, None, "irgendwas mit der Versionsnummer"))
    assert _kept(store)[0].nearest in {question.key for question in shipped().questions("de", FIRST).questions}


def test_a_secret_is_removed_before_the_message_is_cut(erika: Visit, store: SqliteStore) -> None:
    """The beginning of a token would not be recognized."""
    secret = token()
    erika.do(lambda unit: not_understood(unit, None, "x" * (LONGEST - 20) + f" {secret} danke"))
    (row,) = _kept(store)
    assert len(row.text) <= LONGEST
    assert secret[:12] not in row.text


def test_the_operator_can_switch_it_off(clocked: Services, store: SqliteStore) -> None:
    """KEEP_NOT_UNDERSTOOD=false: nothing is kept."""
    quiet = Visit(Services(replace(clocked.config, keep_not_understood=False), store), store, ERIKA).meet()
    quiet.do(lambda unit: not_understood(unit, None, "Was nun?"))
    assert _kept(store) == []


def test_it_is_forgotten_after_thirty_days(erika: Visit, store: SqliteStore) -> None:
    """However long everything else is kept; and earlier where everything is."""
    keep = timedelta(days=180)
    erika.do(lambda unit: not_understood(unit, None, "Was nun?"))
    with store.transaction() as tx:
        tx.purge(NOON + NOT_UNDERSTOOD_KEPT, keep)
    assert len(_kept(store)) == 1
    with store.transaction() as tx:
        tx.purge(NOON + NOT_UNDERSTOOD_KEPT + timedelta(hours=1), keep)
    assert _kept(store) == []
    erika.do(lambda unit: not_understood(unit, None, "Was nun?"))
    with store.transaction() as tx:
        tx.purge(NOON + timedelta(days=2), timedelta(days=1))
    assert _kept(store) == []


def test_it_is_exported_and_erased_with_the_person(erika: Visit, oliver: Visit, store: SqliteStore) -> None:
    """Other people's stays."""
    erika.do(lambda unit: not_understood(unit, None, "Was nun?"))
    oliver.do(lambda unit: not_understood(unit, None, "What now?"))
    with store.transaction() as tx:
        exported = tx.export_person(TEAM, ERIKA.user_id)["not_understood"]
        tx.erase_person(TEAM, ERIKA.user_id)
    assert [row["text"] for row in exported] == ["Was nun?"]
    assert [row.text for row in _kept(store)] == ["What now?"]
    assert _kept(store, language="de") == []


def test_it_is_counted_for_prometheus() -> None:
    """By language, and 0 where there is none."""
    page = Metrics(PROCEDURES).page(StoreCounts(not_understood={"de": 2}), healthy=True).decode()
    assert 'amazon_token_not_understood{language="de"} 2.0' in page
    assert 'amazon_token_not_understood{language="en"} 0.0' in page
