"""Adding a ticket sender is little work: the two existing ones are small."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "bot/outbox"


@pytest.mark.parametrize("name", ["email_sender", "webhook_sender"])
def test_a_ticket_sender_is_small(name: str) -> None:
    """Fewer than a hundred lines that are not empty, as docs/ticket-sync.md says."""
    lines = (FOLDER / f"{name}.py").read_text("utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) < 100
