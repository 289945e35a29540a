"""When „Später“ is, in the time of the person who says it."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from conversations.engine.later import ALL_LATER, Later, choices, moment
from conversations.engine.texts import LANGUAGES, Language
from conversations.engine.understanding.intents import Chatter
from tests.typed import meant

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
EIGHT = time(8)


def local(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    """A moment in the time of a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def test_each_moment_in_the_persons_own_time() -> None:
    """A Thursday in New York; the evening is over when it has nearly begun."""
    now = local("2026-03-05T10:00", NEW_YORK)
    assert moment("hour", now, NEW_YORK, EIGHT) == now + timedelta(hours=1)
    assert moment("evening", now, NEW_YORK, EIGHT) == local("2026-03-05T18:00", NEW_YORK)
    assert moment("morning", now, NEW_YORK, EIGHT) == local("2026-03-06T08:00", NEW_YORK)
    # The clocks go forward in between.
    assert moment("monday", now, NEW_YORK, EIGHT) == local("2026-03-09T08:00", NEW_YORK)
    assert moment("evening", local("2026-03-05T17:00"), BERLIN, EIGHT) is None
    assert moment("monday", local("2026-03-02T07:00"), BERLIN, EIGHT) == local("2026-03-09T08:00")


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        ("2026-03-05T10:00", ALL_LATER),
        ("2026-03-05T19:00", ("hour", "morning", "monday")),
        ("2026-03-08T10:00", ("hour", "evening", "morning")),
    ],
)
def test_what_is_offered_is_to_come_and_is_there_once(now: str, offered: tuple[Later, ...]) -> None:
    """On a Sunday tomorrow morning is Monday."""
    assert choices(local(now), BERLIN, EIGHT) == offered


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "when"),
    [
        ("in einer Stunde", "hour"), ("Erinnern Sie mich bitte in einer Stunde", "hour"), ("in an hour", "hour"),
        ("heute Abend", "evening"), ("this evening please", "evening"), ("morgen früh", "morning"),
        ("ich mache morgen weiter", "morning"), ("remind me tomorrow morning", "morning"), ("am Montag", "monday"),
        ("on Monday", "monday"), ("next Monday please", "monday"),
    ],
)  # fmt: skip
def test_it_is_understood_in_words(language: Language, typed: str, when: Later) -> None:
    """Whatever the language; a question and a greeting are none."""
    assert meant(typed, "seller_central", language) == Chatter("later", when)


@pytest.mark.parametrize("typed", ["Geht es morgen früh?", "Guten Morgen", "später"])
def test_other_words_name_no_time(typed: str) -> None:
    """They say nothing about when."""
    intent = meant(typed, "seller_central")
    assert not isinstance(intent, Chatter) or intent.when is None
