"""Public holidays are those of the place, and cost the bot no memory: another process knows the 250 countries."""

import subprocess
import sys
from datetime import date

import pytest

from bot.settings import public_holidays as module
from bot.settings.public_holidays import public_holidays, regions_of


def test_holidays_of_a_state_count_there_only() -> None:
    """Corpus Christi is a working day in Berlin and none in Bavaria; nationwide ones count everywhere."""
    corpus_christi, unity = date(2026, 6, 4), date(2026, 10, 3)
    assert public_holidays("DE", "BY")(corpus_christi)
    assert not public_holidays("DE", "BE")(corpus_christi)
    assert not public_holidays("DE")(corpus_christi)
    assert public_holidays("DE")(unity)


def test_regions_are_known_by_their_codes_and_other_names() -> None:
    """Bavaria and Bayern, Vienna by number and letter, Guam as a state of the USA; nothing is known of a country QQ."""
    germany, austria, guam = regions_of("DE"), regions_of("AT"), regions_of("GU")
    assert germany is not None
    assert austria is not None
    assert guam is not None
    assert {"BY", "Bayern"} <= germany
    assert {"9", "W"} <= austria
    assert "CA" in guam
    assert not {"QQ", ""} & (germany | austria | guam)
    assert regions_of("QQ") is None


def test_any_date_can_be_asked_about() -> None:
    """Each decade is looked up when it is needed, also the first and the last a date can lie in."""
    is_holiday = public_holidays("DE")
    assert is_holiday(date(2099, 12, 25))
    assert not is_holiday(date.min)
    assert not is_holiday(date.max)


def test_the_process_that_asks_never_imports_the_calendars() -> None:
    """The library is 11 MB of memory that only the lookup needs."""
    program = """
import sys
from datetime import date
from bot.settings.core import Settings
from bot.settings.public_holidays import public_holidays
assert public_holidays("DE", "BY")(date(2026, 1, 6))
print("holidays" in sys.modules)
"""
    command = [sys.executable, "-c", program]
    asked = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own program
    assert asked.stdout == "False\n"


def test_a_failed_lookup_is_an_error_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day is never called a working day because the lookup failed, and the failure is not remembered."""
    is_holiday, new_year = public_holidays("DE", "SL"), date(2031, 1, 1)
    with monkeypatch.context() as broken:
        broken.setattr(module.sys, "executable", "/bin/false")
        with pytest.raises(subprocess.CalledProcessError):
            is_holiday(new_year)
    assert is_holiday(new_year)
