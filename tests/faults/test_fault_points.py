"""The named points are there for the kill test and can never hurt anybody else."""

import os
import signal
from pathlib import Path

import pytest

from bot.app.crash_points import VARIABLE, crash_points
from bot.settings.core import SettingsError
from bot.store.protocol import no_crash

LOCAL = "http://127.0.0.1:1234/api/"


def test_without_the_variable_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot in production passes its points untouched."""
    monkeypatch.delenv(VARIABLE, raising=False)
    assert crash_points("https://slack.com/api/") is no_crash
    no_crash("before_commit")


@pytest.mark.parametrize(
    "url", ["https://slack.com/api/", "http://127.0.0.1.example.org/api/", "http://localhost/api/", "http://[::1]/api/"]
)
def test_no_kill_against_a_slack_elsewhere(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Only a Slack on 127.0.0.1 can be one for tests."""
    monkeypatch.setenv(VARIABLE, "after_send:1")
    with pytest.raises(SettingsError, match="Remove it"):
        crash_points(url)


@pytest.mark.parametrize("order", ["after_send", "after_send:0", "after_send:-1", "somewhere:1", ":1", "after_send:1 "])
def test_an_unreadable_order_is_refused(monkeypatch: pytest.MonkeyPatch, order: str) -> None:
    """A test that asks for a point that does not exist must not pass by never being killed."""
    monkeypatch.setenv(VARIABLE, order)
    with pytest.raises(SettingsError, match="before_commit, after_commit"):
        crash_points(LOCAL)


def test_the_kill_comes_at_the_nth_pass_of_its_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other points do not count."""
    killed: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: killed.append((pid, number)))
    monkeypatch.setenv(VARIABLE, "after_send:2")
    at = crash_points(LOCAL)
    for point in ("after_send", "before_send", "after_record"):
        at(point)
    assert not killed
    at("after_send")
    assert killed == [(os.getpid(), signal.SIGKILL)]


def test_orders_of_a_file_count_from_when_they_are_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A test arms a bot that runs already, at the act that it wants to strike."""
    killed: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: killed.append((pid, number)))
    orders = tmp_path / "orders"
    monkeypatch.setenv(VARIABLE, f"file:{orders}")
    at = crash_points(LOCAL)
    at("before_send")
    orders.write_text("before_send:2", "ascii")
    at("before_send")
    orders.write_text("", "ascii")
    at("before_send")
    orders.write_text("before_send:2", "ascii")
    at("before_send")
    assert not killed
    at("before_send")
    assert killed == [(os.getpid(), signal.SIGKILL)]
    with pytest.raises(SettingsError, match="Remove it"):
        crash_points("https://slack.com/api/")
