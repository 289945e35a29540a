"""A secret setting may be in a file: `SLACK_BOT_TOKEN_FILE` names it."""

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings.core import SettingsError, load, misspelt_settings, with_procedures
from bot.settings.old_names import OLD_NAMES
from bot.settings.secret_files import secret_names
from conversations.registry import PROCEDURES

SETTINGS = with_procedures(PROCEDURES)
SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-synthetic-1",
    "SLACK_APP_TOKEN": "xapp-synthetic-1",
    "SLACK_SIGNING_SECRET": "0123456789abcdef" * 2,
    "DATABASE_PASSWORD": "synthetic-2",
    "HASH_KEY": "00ff" * 16,
    "TICKET_SYNC_SMTP_PASSWORD": "synthetic-1",
    "TICKET_SYNC_WEBHOOK_SECRET": "5eed" * 16,
}


@pytest.fixture(autouse=True)
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment with a support channel and no secret."""
    for name in (*SETTINGS.model_fields, *OLD_NAMES):
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name}_FILE".upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SUPPORT_CHANNEL_ID", "C0SUPPORT")
    return monkeypatch


def _in_files(given: pytest.MonkeyPatch, ending: str = "\n") -> None:
    for name, value in SECRETS.items():
        Path(name).write_text(f"{value}{ending}", "utf-8")
        given.setenv(f"{name}_FILE", name)


def test_every_secret_setting_has_a_twin() -> None:
    """Those of Slack, the key and those of ticket sync; a new one gets its twin by itself, and a line here."""
    assert {name.upper() for name in secret_names(SETTINGS)} == set(SECRETS)


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_the_values_are_those_of_the_files(given: pytest.MonkeyPatch, ending: str) -> None:
    """Without the newline that an editor or `echo` leaves at the end."""
    _in_files(given, ending)
    settings = load()
    assert {name: getattr(settings, name.lower()) for name in SECRETS} == {
        name: SecretStr(value) for name, value in SECRETS.items()
    }
    assert misspelt_settings(None) == ()
    assert "synthetic" not in repr(settings)


def test_a_file_is_named_in_the_env_file_too(given: pytest.MonkeyPatch) -> None:
    """In any case, like every setting."""
    _in_files(given)
    given.delenv("SLACK_BOT_TOKEN_FILE")
    Path(".env").write_text("slack_bot_token_file=SLACK_BOT_TOKEN\n", "utf-8")
    assert load().slack_bot_token == SecretStr("xoxb-synthetic-1")


def _refusal() -> str:
    with pytest.raises(SettingsError) as caught:
        load()
    assert "synthetic" not in str(caught.value)
    return str(caught.value)


def test_both_set_is_an_error_that_says_so(given: pytest.MonkeyPatch) -> None:
    """Nobody has to guess which one counts, also when one of them is in the file `.env`."""
    _in_files(given)
    Path(".env").write_text("HASH_KEY=11ff11ff11ff11ff11ff11ff11ff11ff\n", "utf-8")
    given.setenv("SLACK_BOT_TOKEN", "xoxb-synthetic-2")
    given.setenv("MIRROR_SMTP_PASSWORD", "synthetic-2")  # an old name counts as well
    text = _refusal()
    assert "TICKET_SYNC_SMTP_PASSWORD and TICKET_SYNC_SMTP_PASSWORD_FILE are both set" in text
    assert "SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are both set. Remove one of them." in text
    assert "HASH_KEY and HASH_KEY_FILE are both set. Remove one of them." in text
    assert "is missing" not in text


@pytest.mark.parametrize("name", SECRETS)
def test_a_file_that_cannot_be_used_is_named(given: pytest.MonkeyPatch, name: str) -> None:
    """Missing, a folder, empty or no text: setting, file and cause, and nothing that follows from it."""
    _in_files(given)
    if name in {"SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"}:  # one of the two is enough
        given.delenv("SLACK_APP_TOKEN_FILE")
        given.setenv(f"{name}_FILE", name)
    Path(name).unlink()
    text = _refusal()
    assert f"{name}_FILE: {name} cannot be read: No such file or directory." in text
    assert text.count("\n\n") == 1, text
    Path(name).mkdir()
    assert f"{name}_FILE: {name} cannot be read: Is a directory." in _refusal()
    Path(name).rmdir()
    Path(name).write_text(" \n", "utf-8")
    assert f"{name}_FILE: {name} is empty. It must hold the value of {name}." in _refusal()
    Path(name).write_bytes(b"\xff\xfe")
    assert f"{name}_FILE: {name} cannot be read: it must be a text file in UTF-8." in _refusal()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(given: pytest.MonkeyPatch) -> None:
    """The cause is the system's."""
    _in_files(given)
    Path("HASH_KEY").chmod(0)
    assert "HASH_KEY_FILE: HASH_KEY cannot be read: Permission denied." in _refusal()


def test_a_wrong_value_in_a_file_is_explained(given: pytest.MonkeyPatch) -> None:
    """Like any wrong value, by the name of the setting and without the value."""
    _in_files(given)
    Path("SLACK_BOT_TOKEN").write_text("xoxp-synthetic-9\n", "utf-8")
    assert "SLACK_BOT_TOKEN is wrong: it must begin with xoxb-" in _refusal()


def test_a_misspelt_twin_is_named(given: pytest.MonkeyPatch) -> None:
    """Like any misspelt setting."""
    _in_files(given)
    given.setenv("HASHKEY_FILE", "HASH_KEY")
    assert [(one.name, one.meant) for one in misspelt_settings(None)] == [("HASHKEY_FILE", "HASH_KEY_FILE")]
