"""Settings in an environment that is known."""

from pathlib import Path

import pytest

from bot.settings.core import with_procedures
from bot.settings.old_names import OLD_NAMES
from conversations.registry import PROCEDURES
from tests.bot.settings.required import GOOD


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting from outside, and no .env but the test's own."""
    for name in (*with_procedures(PROCEDURES).model_fields, *OLD_NAMES):
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment with exactly what is required."""
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch
