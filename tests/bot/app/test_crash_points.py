"""Crash points: off by default, and never with the real Slack."""

import os
import signal

import pytest

from bot.app import crash_points
from bot.settings.core import SettingsError
from bot.store.protocol import no_crash

SANDBOX = "http://127.0.0.1:8731/api/"


def test_without_the_variable_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    """`no_crash` is returned."""
    monkeypatch.delenv(crash_points.VARIABLE, raising=False)
    at = crash_points.crash_points("https://slack.com/api/")
    for point in crash_points.POINTS:
        at(point)
    assert at is no_crash


@pytest.mark.parametrize("value", ["after_send", "after_send:0", "nowhere:1", "after_send:x", "after_send:1 "])
def test_an_unreadable_value_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """The error names the variable."""
    monkeypatch.setenv(crash_points.VARIABLE, value)
    with pytest.raises(SettingsError, match=crash_points.VARIABLE):
        crash_points.crash_points(SANDBOX)


@pytest.mark.parametrize("url", ["https://slack.com/api/", "http://127.0.0.1.example.com/", "http://localhost/"])
def test_the_real_slack_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Only a Slack on 127.0.0.1 is accepted."""
    monkeypatch.setenv(crash_points.VARIABLE, "after_send:1")
    with pytest.raises(SettingsError, match="127"):
        crash_points.crash_points(url)


def test_the_process_is_killed_at_the_given_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the third pass of that point, and at no other."""
    kills: list[tuple[int, int]] = []
    monkeypatch.setenv(crash_points.VARIABLE, "after_send:3")
    monkeypatch.setattr(os, "kill", lambda pid, number: kills.append((pid, number)))
    at = crash_points.crash_points(SANDBOX)
    for _ in range(2):
        at("after_send")
        at("before_send")
    assert kills == []
    at("after_send")
    at("after_send")
    assert kills == [(os.getpid(), signal.SIGKILL)]
