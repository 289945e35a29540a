"""Another mirror is a day's work: the two there are show it by their size."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "bot/outbox"


@pytest.mark.parametrize("name", ["email_sender", "webhook_sender"])
def test_a_mirror_is_small(name: str) -> None:
    """Below a hundred lines that are not empty: docs/mirrors.md says so."""
    lines = (FOLDER / f"{name}.py").read_text("utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) < 100
