"""The key of hashes: made once, or configured."""

import stat
from pathlib import Path

import pytest

from bot.app import key_file
from bot.app.key_file import hash_key
from bot.settings.core import SettingsError, load


@pytest.mark.usefixtures("given")
def test_the_key_is_made_once_and_kept() -> None:
    """Without HASH_KEY a file beside the database holds the key; only this user may read it."""
    settings = load()
    key = hash_key(settings)
    assert len(key) == 32
    assert hash_key(settings) == key
    assert stat.S_IMODE(settings.key_path.stat().st_mode) == 0o600
    assert [one.name for one in Path().iterdir()] == ["amazon-token.db.key"]


def test_of_two_starting_processes_the_first_makes_the_key(given: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A key file that appears in the middle of making one is used, not replaced."""
    path = tmp_path / "amazon-token.db.key"
    real = key_file._make_key

    def overtaken(target: Path) -> None:
        path.write_text("ab" * 32, "ascii")
        real(target)

    given.setattr(key_file, "_make_key", overtaken)
    assert hash_key(load()) == bytes.fromhex("ab" * 32)


def test_the_configured_key_needs_no_file(given: pytest.MonkeyPatch) -> None:
    """HASH_KEY is the key, and no file is made."""
    given.setenv("HASH_KEY", "00ff" * 8)
    assert hash_key(load()) == bytes.fromhex("00ff" * 8)
    assert not list(Path().iterdir())


def test_a_key_file_that_cannot_be_used_is_told(given: pytest.MonkeyPatch) -> None:
    """A damaged key file is never replaced silently; a missing folder is named."""
    Path("amazon-token.db.key").write_text("not a key", "ascii")
    with pytest.raises(SettingsError, match="backup"):
        hash_key(load())
    given.setenv("DATABASE_URL", "sqlite:///nowhere/x.db")
    with pytest.raises(SettingsError, match=r"x\.db\.key cannot be used"):
        hash_key(load())


def test_with_postgresql_the_key_is_needed(given: pytest.MonkeyPatch) -> None:
    """Each process would make a key of its own, and not recognize what another one has seen."""
    given.setenv("DATABASE_URL", "postgresql://bot@db/bot")
    with pytest.raises(SettingsError, match="HASH_KEY is missing; with PostgreSQL every process needs the same one"):
        load()
    given.setenv("HASH_KEY", "00ff" * 16)
    assert not load().on_sqlite
