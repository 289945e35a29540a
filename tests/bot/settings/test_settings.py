from datetime import date, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr, create_model

from bot.app import bootstrap
from bot.app.bootstrap import ticket_senders
from bot.outbox.email_sender import EmailSender
from bot.services.context import SupportConfig
from bot.services.reminder_policy import ReminderPolicy
from bot.settings.core import SettingsError, load, misspelt_settings, with_procedures
from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.settings import TokenSettings
from conversations.engine.reminders import ReminderWaits
from conversations.engine.settings import ProcedureSettings
from conversations.registry import PROCEDURES
from conversations.ticket.sla import DEFAULT_TARGETS
from tests.bot.settings.required import GOOD

ROOT = Path(__file__).parents[3]
FIELDS = with_procedures(PROCEDURES).model_fields
DOCUMENTED = "5881-4686-6012"


@pytest.mark.usefixtures("given")
def test_three_settings_are_enough() -> None:
    """Bot token, app token and support channel are all that Socket Mode needs."""
    settings = load()
    assert settings.socket_mode
    assert settings.slack_api_url == "https://slack.com/api/"
    assert (settings.host, settings.port) == ("127.0.0.1", 3000)
    assert settings.database_path == Path("amazon-token.db")
    assert (settings.support_locale, settings.default_locale) == ("de", "de")
    assert settings.of(PROCEDURE) == TokenSettings(mws_notice=True, developer_ids={}, fetch_wait_minutes=2)
    assert settings.of(PROCEDURE).answer_minutes is None


def test_a_signing_secret_replaces_the_app_token(given: pytest.MonkeyPatch) -> None:
    """Without an app token, but with a signing secret, the bot serves HTTP."""
    given.delenv("SLACK_APP_TOKEN")
    given.setenv("SLACK_SIGNING_SECRET", "0123456789abcdef" * 2)
    assert not load().socket_mode


def test_everything_missing_is_named_at_once() -> None:
    """Each missing setting says its name, what it is for and where it is found."""
    with pytest.raises(SettingsError) as caught:
        load()
    text = str(caught.value)
    for name in ("SLACK_BOT_TOKEN is missing", "SUPPORT_CHANNEL_ID is missing", "SLACK_APP_TOKEN is missing"):
        assert name in text
    assert "SLACK_SIGNING_SECRET; one of the two" in text
    assert "OAuth & Permissions > Bot User OAuth Token" in text
    assert "connections:write" in text
    assert text.count("What for") == 4


def test_a_missing_setting_that_is_misspelt_is_named(given: pytest.MonkeyPatch) -> None:
    """Besides what is missing the error says what is set instead, without its value."""
    given.delenv("SLACK_BOT_TOKEN")
    given.setenv("SLACK_BOTTOKEN", "xoxb-secret-value")
    with pytest.raises(SettingsError, match=r"SLACK_BOTTOKEN is no setting\. Is SLACK_BOT_TOKEN meant\?") as caught:
        load()
    assert "secret-value" not in str(caught.value)


def test_names_of_other_programs_are_no_misspelt_settings(given: pytest.MonkeyPatch) -> None:
    """What systemd, Docker, Kubernetes and shells usually set is not mentioned."""
    names = (
        "HOSTNAME LOGNAME LANG LANGUAGE TZ HOME PATH USER SHELL TERM PWD OLDPWD MAIL EDITOR PAGER DISPLAY COLUMNS "
        "JOURNAL_STREAM INVOCATION_ID NOTIFY_SOCKET CREDENTIALS_DIRECTORY STATE_DIRECTORY KUBERNETES_SERVICE_HOST "
        "KUBERNETES_PORT KUBERNETES_SERVICE_PORT PYTHONUNBUFFERED VIRTUAL_ENV SSL_CERT_FILE HTTP_PROXY NO_PROXY"
    )
    for name in names.split():
        given.setenv(name, "x")
    assert misspelt_settings(Path(".env")) == ()


def test_an_empty_value_counts_as_missing(given: pytest.MonkeyPatch) -> None:
    """Blanks are not a token, and an empty optional setting is its default."""
    given.setenv("SLACK_BOT_TOKEN", "  ")
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN is missing"):
        load()
    given.setenv("SLACK_BOT_TOKEN", " xoxb-synthetic-1 ")
    given.setenv("ANSWER_MINUTES", "")
    assert load().answer_minutes is None
    assert load().slack_bot_token == SecretStr("xoxb-synthetic-1")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-secret-value", "begin with xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-secret-value", "begin with xapp-"),
        ("SLACK_SIGNING_SECRET", "xapp-secret-value-long", "not a token"),
        ("SUPPORT_CHANNEL_ID", "#secret-value", "not its name"),
        ("SLACK_API_URL", "secret-value", "https://slack.com/api/"),
        ("SLACK_API_URL", "ftp://secret-value/", "https://slack.com/api/"),
        ("SLACK_API_URL", "http://[secret-value", "IPv6"),
        ("SUPPORT_LOCALE", "secret-value", "'de' or 'en'"),
        ("DATABASE_URL", "postgres://secret-value", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:", "path of a file"),
        ("DATABASE_URL", "postgresql://bot:secret-value@db/bot", "set DATABASE_PASSWORD"),
        ("DATABASE_URL", "postgresql://bot@db/bot?password=secret-value", "set DATABASE_PASSWORD"),
        ("DATABASE_URL", "postgresql://secret-value/bot", "user, host and database"),
        ("DATABASE_URL", "postgresql://[secret-value", "user, host and database"),
        ("STORE_THREADS", "0", "greater than or equal to 1"),
        ("PORT", "secret-value", "integer"),
        ("PORT", "70000", "65535"),
        ("GUIDE_DIR", "secret-value", "no folder"),
        ("HASH_KEY", "secret-value", "32 hexadecimal"),
        ("FETCH_WAIT_MINUTES", "-1", "greater than or equal to 0"),
        ("ANSWER_MINUTES", "1", "greater than or equal to 2"),
        ("REMIND_PAUSED_MINUTES", "0", "greater than or equal to 1"),
        ("REMIND_UNTIL_HOUR", "7", "later than REMIND_FROM_HOUR"),
        ("REMIND_UNTIL_HOUR", "24", "less than or equal to 23"),
        ("ANSWER_HOURS", "P1=1,P2=4", "P1, P2 and P3"),
        ("ANSWER_HOURS", "P1=1,P2=4,P3=0", "more than 0"),
        ("SOLUTION_HOURS", "secret-value", "P1=1,P2=4,P3=8"),
        ("WARN_PERCENT", "5", "greater than or equal to 10"),
        ("ESCALATION_USER_IDS", "anna", "member IDs"),
        ("WORKING_HOURS", "17-8", "the earlier one first"),
        ("WORKING_HOURS", "8", "two times"),
        ("WORKING_DAYS", "mon-funday", "mon-fri"),
        ("TIME_ZONE", "Mars/Base", "no time zone"),
        ("HOLIDAYS_COUNTRY", "QQ", "no country"),
        ("HOLIDAYS_REGION", "QQ", "no region"),
        ("DIGEST_TIME", "25:00", "08:15"),
        ("MESSAGES_PER_SECOND", "0", "greater than 0"),
        ("TICKET_SYNC_SMTP_TLS", "secret-value", "'starttls', 'tls' or 'none'"),
        ("TICKET_SYNC_SMTP_FROM", "Bot <secret-value@example.com>", "without a name"),
        ("TICKET_SYNC_SMTP_TO", "a@example.com,secret-value", "support@example.com"),
        ("TICKET_SYNC_SMTP_REPLY_TO", "secret-value", "support@example.com"),
        ("TICKET_SYNC_WEBHOOK_URL", "http://secret-value.example.com/", "https://"),
        ("TICKET_SYNC_WEBHOOK_URL", "https://user:secret-value@example.com/", "without a user"),
        ("TICKET_SYNC_WEBHOOK_SECRET", "secret-value", "32 hexadecimal"),
        ("LOG_LEVEL", "secret-value", "WARNING"),
        ("LOG_FORMAT", "secret-value", "console"),
        ("DEVELOPER_IDS", "secret-value", "region:key_set=ID"),
        ("DEVELOPER_IDS", "mars:standard=1234-5678-9012", "north_america"),
        ("DEVELOPER_IDS", "europe:standard=12", "twelve digits"),
        ("DEVELOPER_IDS", f"europe:standard={DOCUMENTED}", "europe:alternativ only"),
        ("DEVELOPER_IDS", f"near_europe:alternativ={DOCUMENTED.replace('-', '')}", "europe:alternativ only"),
        ("DEVELOPER_IDS", "europe:alternativ=123456789012", "no other ID"),
        ("DEVELOPER_IDS", "europe:standard=123456789012,europe:standard=123456789012", "listed twice"),
    ],
)
def test_a_wrong_value_is_explained_and_never_shown(
    given: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    """The message names the setting and the remedy, and does not repeat the value, which may be a secret."""
    given.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load()
    text = str(caught.value)
    assert f"{name} is wrong: " in text
    assert told in text
    assert "secret-value" not in text
    assert caught.value.__cause__ is None
    given.delenv(name)
    for required, good in GOOD.items():
        given.setenv(required, good)
    assert load().socket_mode


def test_the_times_of_reminders_reach_the_desk(given: pytest.MonkeyPatch) -> None:
    """Each `REMIND_…` is one time of the rhythm; unset, it is the rhythm that the desk has by itself."""
    assert bootstrap.reminder_policy(load()) == ReminderPolicy()
    for name, value in {
        "PAUSED_MINUTES": 10, "PAUSED_AGAIN_HOURS": 5, "WAITING_HOURS": 30, "FROM_HOUR": 9, "UNTIL_HOUR": 17,
    }.items():  # fmt: skip
        given.setenv(f"REMIND_{name}", str(value))
    assert bootstrap.reminder_policy(load()) == ReminderPolicy(
        waits=ReminderWaits(urgent=timedelta(minutes=10), still_urgent=timedelta(hours=5), idle=timedelta(hours=30)),
        day_begins=time(9), day_ends=time(17),
    )  # fmt: skip


def test_the_support_settings_reach_the_services(given: pytest.MonkeyPatch) -> None:
    """Each setting is one limit of the SLA; unset, it has the default."""
    ours = bootstrap.support_config(load())
    assert (ours.sla.targets, ours.sla.warn_at) == (DEFAULT_TARGETS, SupportConfig().sla.warn_at)
    assert (ours.escalation, ours.digest_time) == ((), SupportConfig().digest_time)
    for name, value in {
        "ANSWER_HOURS": "p1=0.5, P2=2,P3=6", "SOLUTION_HOURS": "P1=4,P2=8,P3=20", "WARN_PERCENT": "50",
        "ESCALATION_USER_IDS": "U0CHEF, W0VIEW", "CLOSE_ANNOUNCE_DAYS": "5", "CLOSE_DAYS": "4",
        "WORKING_HOURS": "7-15:30",
        "WORKING_DAYS": "Fri-Mon,wed", "TIME_ZONE": "Europe/Vienna", "HOLIDAYS_COUNTRY": "at", "HOLIDAYS_REGION": "",
        "DIGEST_TIME": "7:05", "ANSWER_MINUTES": "60",
    }.items():  # fmt: skip
        given.setenv(name, value)
    support = bootstrap.support_config(load())
    sla, business_hours = support.sla, support.sla.business_hours
    assert [target.answer for target in sla.targets.values()] == [timedelta(hours=h) for h in (0.5, 1, 6)]
    assert [target.solution for target in sla.targets.values()] == [timedelta(hours=h) for h in (4, 8, 20)]
    assert (sla.warn_at, sla.announce_days, sla.close_days) == (0.5, 5, 4)
    assert (support.escalation, support.digest_time) == (("U0CHEF", "W0VIEW"), time(7, 5))
    assert (business_hours.begins, business_hours.ends, business_hours.days) == (
        time(7),
        time(15, 30),
        frozenset({0, 2, 4, 5, 6}),
    )
    assert business_hours.is_holiday(date(2026, 10, 26))  # Austria's own


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("TICKET_SYNC_SMTP_HOST", "TICKET_SYNC_SMTP_FROM"),
        ("TICKET_SYNC_SMTP_HOST", "TICKET_SYNC_SMTP_TO"),
        ("TICKET_SYNC_SMTP_USER", "TICKET_SYNC_SMTP_PASSWORD"),
        ("TICKET_SYNC_WEBHOOK_URL", "TICKET_SYNC_WEBHOOK_SECRET"),
    ],
)
def test_what_belongs_together_is_required_together(given: pytest.MonkeyPatch, name: str, needs: str) -> None:
    """A setting that needs another one says so."""
    given.setenv(name, "https://example.com")
    with pytest.raises(SettingsError, match=f"{needs} is wrong: it is missing, and {name} needs it"):
        load()


def test_the_ticket_senders_that_are_set(given: pytest.MonkeyPatch) -> None:
    """None by default; each is built from its own settings, e-mail with several addresses."""
    assert ticket_senders(load()) == ()
    given.setenv("TICKET_SYNC_SMTP_HOST", "mail.example.com")
    given.setenv("TICKET_SYNC_SMTP_FROM", "bot@example.com")
    given.setenv("TICKET_SYNC_SMTP_TO", "a@example.com, b@example.com")
    (mail,) = ticket_senders(load())
    assert isinstance(mail, EmailSender)
    assert (mail.to, mail.port, mail.tls) == (("a@example.com", "b@example.com"), 587, "starttls")
    given.setenv("TICKET_SYNC_WEBHOOK_URL", "https://example.com/tickets")
    given.setenv("TICKET_SYNC_WEBHOOK_SECRET", "5eed" * 16)
    assert [one.name for one in ticket_senders(load())] == ["mail", "webhook"]
    assert "5eed5eed" not in repr(ticket_senders(load()))


def test_developer_ids_reach_the_procedure(given: pytest.MonkeyPatch) -> None:
    """Each configured ID is valid for exactly its combination of region and key set."""
    given.setenv("DEVELOPER_IDS", f"North_America:Standard=123456789012, europe:alternativ={DOCUMENTED},")
    settings = load().of(PROCEDURE)
    assert settings.developer_id("north_america", "standard") == "1234-5678-9012"
    assert settings.developer_id("north_america", "alternativ") is None
    assert settings.developer_id("europe", "alternativ") == DOCUMENTED


def test_the_settings_of_a_procedure_reach_it(given: pytest.MonkeyPatch) -> None:
    """Its own, and the one that every procedure has."""
    for name, value in {"MWS_NOTICE": "false", "FETCH_WAIT_MINUTES": "7", "ANSWER_MINUTES": "90"}.items():
        given.setenv(name, value)
    assert load().of(PROCEDURE) == TokenSettings(mws_notice=False, fetch_wait_minutes=7, answer_minutes=90)


def _with_setting(name: str, field: str) -> Any:
    """Something with the ID and the settings of a procedure."""
    made = create_model("Made", __base__=ProcedureSettings, **{field: (int, 1)})
    return SimpleNamespace(id=name, settings=made)


@pytest.mark.parametrize("field", ["same", "port", "mws_notice"])
def test_no_two_settings_have_one_name(field: str) -> None:
    """Neither those of two procedures, nor one of the bot's and a procedure's: the mistake is named at the start."""
    first, second = _with_setting("one", "same"), _with_setting("two", field)
    with pytest.raises(ValueError, match=f"^two: there is another setting {field}$"):
        with_procedures({"token": PROCEDURE, "one": first, "two": second})
    assert "same" in with_procedures({"token": PROCEDURE, "one": first}).model_fields


def test_the_environment_wins_over_the_file(given: pytest.MonkeyPatch) -> None:
    """.env is read, lines it has for others are left alone, and the environment has the last word."""
    Path(".env").write_text("PORT=4000\nHOST=::1\nSOMETHING_ELSE=1\nSLACK_API_URL=http://127.0.0.1:9/api\n", "utf-8")
    given.setenv("HOST", "0.0.0.0")  # noqa: S104 - nothing listens in this test
    settings = load()
    assert (settings.host, settings.port) == ("0.0.0.0", 4000)  # noqa: S104 - the same
    assert settings.slack_api_url == "http://127.0.0.1:9/api/"


def test_own_guides_have_a_folder(given: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """GUIDE_DIR names a folder that exists; case does not matter in names of choices."""
    given.setenv("GUIDE_DIR", str(tmp_path))
    given.setenv("DEFAULT_LOCALE", "EN")
    given.setenv("LOG_LEVEL", "debug")
    settings = load()
    assert (settings.guide_dir, settings.default_locale, settings.log_level) == (tmp_path, "en", "DEBUG")


@pytest.mark.usefixtures("given")
def test_an_unreadable_file_is_told() -> None:
    """A .env in another encoding stops the start with a sentence."""
    Path(".env").write_bytes("PORT=4000".encode("utf-16"))
    with pytest.raises(SettingsError, match="UTF-8"):
        load()


@pytest.mark.usefixtures("given")
def test_no_secret_is_printed() -> None:
    """Neither repr nor str of the settings shows a token."""
    assert "synthetic" not in f"{load()!r} {load()}"


@pytest.mark.parametrize(
    "where", ["db:5433/bot?sslmode=verify-full", "one:5432,two:5433/bot?target_session_attrs=read-write"]
)
def test_the_password_is_not_in_the_address_that_is_shown(given: pytest.MonkeyPatch, where: str) -> None:
    """It is put in where the connection is made, whatever characters it has; there may be a standby in the address."""
    given.setenv("DATABASE_URL", f"postgresql://bot@{where}")
    given.setenv("DATABASE_PASSWORD", "a/b@c:d")
    given.setenv("HASH_KEY", "00ff" * 16)
    assert load().database_address == f"postgresql://bot:a%2Fb%40c%3Ad@{where}"
    assert "a/b" not in load().database_name
    assert "a/b" not in repr(load())
