"""Settings that were renamed."""

from pathlib import Path

import pytest

from bot.settings.core import SettingsError, load, with_procedures
from bot.settings.old_names import OLD_NAMES, RenamedSetting, renamed_settings
from conversations.registry import PROCEDURES

FIELDS = with_procedures(PROCEDURES).model_fields


@pytest.mark.usefixtures("given")
def test_new_names_need_no_renaming() -> None:
    """Every old name stands for a setting that exists, is none itself, and nothing is reported without one."""
    assert set(OLD_NAMES.values()) <= set(FIELDS)
    assert not set(OLD_NAMES) & set(FIELDS)
    assert renamed_settings(Path(".env")) == ()


def test_an_old_name_still_works(given: pytest.MonkeyPatch) -> None:
    """In the environment and in .env, in any case; each is reported with its new name."""
    given.setenv("MIRROR_SMTP_HOST", "mail.example.com")
    given.setenv("MIRROR_SMTP_TO", "a@example.com, b@example.com")
    Path(".env").write_text("mirror_smtp_from=bot@example.com\nMIRROR_SMTP_HOST=file.example.com\n", "utf-8")
    settings = load()
    assert settings.ticket_sync_smtp_host == "mail.example.com"
    assert settings.ticket_sync_smtp_from == "bot@example.com"
    assert settings.ticket_sync_smtp_to == ("a@example.com", "b@example.com")
    assert renamed_settings(Path(".env")) == tuple(
        RenamedSetting(f"MIRROR_SMTP_{name}", f"TICKET_SYNC_SMTP_{name}") for name in ("HOST", "FROM", "TO")
    )


def test_a_new_name_wins_over_the_old_one(given: pytest.MonkeyPatch) -> None:
    """Wherever each of them is set; a new name without a value counts as not set."""
    given.setenv("MIRROR_SMTP_PORT", "25")
    Path(".env").write_text("TICKET_SYNC_SMTP_PORT=465\n", "utf-8")
    assert load().ticket_sync_smtp_port == 465
    assert renamed_settings(Path(".env")) == (
        RenamedSetting("MIRROR_SMTP_PORT", "TICKET_SYNC_SMTP_PORT", ignored=True),
    )
    Path(".env").write_text("TICKET_SYNC_SMTP_PORT= \n", "utf-8")
    assert load().ticket_sync_smtp_port == 25
    assert renamed_settings(Path(".env")) == (RenamedSetting("MIRROR_SMTP_PORT", "TICKET_SYNC_SMTP_PORT"),)


def test_a_wrong_value_under_an_old_name_names_both(given: pytest.MonkeyPatch) -> None:
    """The operator finds the line to correct, and its value is not repeated."""
    given.setenv("MIRROR_WEBHOOK_SECRET", "secret-value")
    with pytest.raises(SettingsError) as caught:
        load()
    assert "TICKET_SYNC_WEBHOOK_SECRET (set as MIRROR_WEBHOOK_SECRET) is wrong: " in str(caught.value)
    assert "secret-value" not in str(caught.value)
