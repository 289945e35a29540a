from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.cli import check
from bot.cli.check import at_ticket_senders
from bot.settings.core import Settings, with_procedures
from bot.settings.old_names import RenamedSetting
from conversations.engine.texts import Problem, TextsError
from conversations.registry import PROCEDURES
from tests.guides import FIRST
from tests.mirror_places import mail_server, receiver

GRANTED = ", ".join(sorted(check.scopes_of(check.MANIFEST)))


class FakeSlack:
    """Answers each method with what the test puts into `answers`."""

    def __init__(self) -> None:
        self.scopes: str | None = GRANTED
        self.answers: dict[str, dict[str, Any]] = {
            "auth.test": {"ok": True, "user": "amazon_token", "team": "Muster"},
            "conversations.info": {"ok": True, "channel": {"name": "support", "is_member": True, "is_private": True}},
            "apps.connections.open": {"ok": True, "url": "wss://nowhere"},
        }

    async def answer(self, request: web.Request) -> web.Response:
        headers = {"x-oauth-scopes": self.scopes} if self.scopes is not None else {}
        return web.json_response(self.answers[request.match_info["method"]], headers=headers)


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """Complete settings whose database is in the test's own folder."""
    for name in with_procedures(PROCEDURES).model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return Settings(
        _env_file=None,
        slack_bot_token="xoxb-synthetic",
        slack_app_token="xapp-synthetic",
        support_channel_id="C0SUPPORT",
        database_url=f"sqlite:///{tmp_path}/check.db",
    )


@pytest.fixture
async def slack() -> AsyncIterator[tuple[FakeSlack, str]]:
    fake = FakeSlack()
    site = web.Application()
    site.router.add_route("*", "/api/{method}", fake.answer)
    async with TestServer(site) as server:
        yield fake, str(server.make_url("/api/"))


Ask = Callable[[], Awaitable[list[str]]]


@pytest.fixture
def ask(settings: Settings, slack: tuple[FakeSlack, str]) -> Ask:
    """The findings at the fake Slack, as printed."""
    reached = settings.model_copy(update={"slack_api_url": slack[1]})

    async def findings() -> list[str]:
        return [str(one) async for one in check.at_slack(reached)]

    return findings


def _printed(settings: Settings, manifest: Path = check.MANIFEST) -> str:
    return "\n".join(str(one) for one in check.here(settings, manifest))


def test_everything_in_order(settings: Settings) -> None:
    """Settings, the texts of the procedure, manifest, database and key each get their tick."""
    findings = check.check(settings, live=False)
    assert [one.mark for one in findings] == ["✓"] * (4 + len(PROCEDURES))
    assert "Socket Mode" in findings[0].what


OWN = ("common.de.yaml", f"{FIRST}/texts.de.yaml", "guide.de.yaml")
"""Where an operator's own German texts may be: two files, or the one file of version 0.1."""


def _own_texts(folder: Path, file: str, content: str) -> dict[str, object]:
    """Settings with a GUIDE_DIR that has this file."""
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text(content, "utf-8")
    return {"guide_dir": folder}


@pytest.mark.parametrize("file", OWN)
def test_faults_of_own_texts_are_found(settings: Settings, tmp_path: Path, file: str) -> None:
    """In each file that is read, by its name and the key."""
    printed = _printed(settings.model_copy(update=_own_texts(tmp_path, file, "nonsense: 1\n")))
    assert f"✗ texts {tmp_path / file}: nonsense: " in printed


def test_faults_of_texts_are_listed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each fault of a text file is a line with file, key and remedy."""

    def refuse(*_: object) -> None:
        raise TextsError([Problem("guide.de.yaml", "steps.x", "the text is missing", "Add it.")])

    monkeypatch.setattr(check, "load_texts", refuse)
    assert "✗ texts guide.de.yaml: steps.x: the text is missing\n  Add it." in _printed(settings)


def test_an_empty_guide_folder_is_noticed(settings: Settings, tmp_path: Path) -> None:
    """GUIDE_DIR without a text file is probably the wrong folder."""
    assert "! texts: GUIDE_DIR" in _printed(settings.model_copy(update={"guide_dir": tmp_path}))


@pytest.mark.parametrize("file", OWN)
def test_own_texts_are_named(settings: Settings, tmp_path: Path, file: str) -> None:
    """The operator sees which files were read; without a fault they are in order."""
    printed = _printed(settings.model_copy(update=_own_texts(tmp_path, file, "{}\n")))
    assert f"✓ texts: with your own {file}" in printed
    assert "✗" not in printed
    assert "GUIDE_DIR" not in printed


def test_a_file_of_the_old_layout_is_noticed(settings: Settings, tmp_path: Path) -> None:
    """It is read, and said is what each renamed key of it is called now."""
    old = _own_texts(tmp_path, "guide.de.yaml", "frame:\n  orders_paused: Halt!\nbuttons:\n  back: Zurück!\n")
    printed = _printed(settings.model_copy(update=old))
    assert f"! texts: {tmp_path}/guide.de.yaml has the layout of version 0.1\n  Split it" in printed
    assert printed.count(" is now ") == printed.count("  frame.orders_paused is now frame.urgent") == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "✗ manifest: it cannot be read"),
        ("a: [", "✗ manifest: it cannot be read"),
        ("a: 1", "✗ manifest: it cannot be read"),
        ("- 1", "✗ manifest: it cannot be read"),
    ],
)
def test_a_broken_manifest_is_told(settings: Settings, tmp_path: Path, content: str | None, told: str) -> None:
    """A manifest that is missing, or is no manifest, is a fault."""
    manifest = tmp_path / "manifest.yml"
    if content is not None:
        manifest.write_text(content, "utf-8")
    assert told in _printed(settings, manifest)


def test_manifest_and_settings_must_agree(settings: Settings) -> None:
    """Without an app token the manifest's Socket Mode leads nowhere."""
    over_http = settings.model_copy(update={"slack_app_token": None})
    assert "! manifest: Socket Mode is on" in _printed(over_http)


def test_an_open_line_is_noticed(settings: Settings) -> None:
    """Tokens over plain HTTP are fine on this machine only."""
    assert "! settings: SLACK_API_URL" in _printed(settings.model_copy(update={"slack_api_url": "http://example/"}))
    assert "! settings" not in _printed(settings.model_copy(update={"slack_api_url": "http://127.0.0.1:1/"}))


def test_a_database_that_cannot_be_opened_is_told(settings: Settings, tmp_path: Path) -> None:
    """The store's own advice is shown."""
    nowhere = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/no/x.db"})
    assert f"✗ database: {tmp_path}/no/x.db cannot be opened" in _printed(nowhere)


def test_dead_messages_are_noticed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages that were given up are shown to the operator."""

    class FullStore:
        def outbox_counts(self) -> dict[str, int]:
            return {"dead": 2, "delivered": 5}

        def close(self) -> None:
            pass

    monkeypatch.setattr(check, "open_database", lambda _url: FullStore())
    assert "! database: 2 messages could not be sent" in _printed(settings)


def test_the_key_file_is_looked_at(settings: Settings) -> None:
    """A damaged key is a fault, one that others can read a warning."""
    settings.key_path.write_text("damaged", "ascii")
    assert "✗ hash key" in _printed(settings)
    settings.key_path.write_text("ab" * 32, "ascii")
    settings.key_path.chmod(0o644)
    assert f"! hash key: others can read {settings.key_path}" in _printed(settings)


async def test_slack_is_content(ask: Ask) -> None:
    """Token, scopes, channel and Socket Mode each get their tick."""
    assert await ask() == [
        "✓ SLACK_BOT_TOKEN: amazon_token in Muster",
        "✓ scopes: complete",
        "✓ SUPPORT_CHANNEL_ID: the bot is in #support",
        "✓ SLACK_APP_TOKEN: Socket Mode can connect",
    ]


async def test_over_http_no_app_token_is_asked_about(settings: Settings, slack: tuple[FakeSlack, str]) -> None:
    """Without an app token Socket Mode is not looked at."""
    over_http = settings.model_copy(update={"slack_api_url": slack[1], "slack_app_token": None})
    marks = [one.what.partition(":")[0] async for one in check.at_slack(over_http)]
    assert marks == ["SLACK_BOT_TOKEN", "scopes", "SUPPORT_CHANNEL_ID"]


async def test_a_token_of_an_organization(ask: Ask, slack: tuple[FakeSlack, str]) -> None:
    """It belongs to no workspace; the organization is named."""
    slack[0].answers["auth.test"] = {"ok": True, "user": "amazon_token", "team": None, "enterprise_id": "E0EXAMPLE1"}
    assert (await ask())[0] == "✓ SLACK_BOT_TOKEN: amazon_token in E0EXAMPLE1"


async def test_missing_scopes_are_named(ask: Ask, slack: tuple[FakeSlack, str]) -> None:
    """The scopes of the manifest that the token lacks are listed by name."""
    slack[0].scopes = GRANTED.replace("users:read", "").replace("im:write", "")
    assert any(line.startswith("✗ scopes: im:write, users:read missing") for line in await ask())


@pytest.mark.parametrize("scopes", [None, ""])
async def test_scopes_that_slack_does_not_say_are_unknown(
    ask: Ask, slack: tuple[FakeSlack, str], scopes: str | None
) -> None:
    """Without the header nothing is known of the scopes: a warning that lists what to compare, not a fault."""
    slack[0].scopes = scopes
    lines = await ask()
    assert lines[1].startswith("! scopes: unknown")
    assert GRANTED in lines[1]
    assert not any(line.startswith("✗") for line in lines)


@pytest.mark.parametrize(
    ("method", "code", "told"),
    [
        ("auth.test", "invalid_auth", "✗ SLACK_BOT_TOKEN: Slack says invalid_auth\n  Copy the refused token"),
        ("conversations.info", "channel_not_found", "✗ SUPPORT_CHANNEL_ID: Slack says channel_not_found\n  Compare"),
        ("conversations.info", "never_heard", "✗ SUPPORT_CHANNEL_ID: Slack says never_heard\n  See"),
        ("apps.connections.open", "not_allowed_token_type", "✗ SLACK_APP_TOKEN: Slack says"),
        (
            "apps.connections.open",
            "missing_scope",
            "✗ SLACK_APP_TOKEN: Slack says missing_scope\n  Give the app-level token the scope connections:write",
        ),
    ],
)
async def test_what_slack_refuses_has_a_remedy(
    ask: Ask, slack: tuple[FakeSlack, str], method: str, code: str, told: str
) -> None:
    """Each refusal names the setting, Slack's code and what to do."""
    slack[0].answers[method] = {"ok": False, "error": code}
    assert told in "\n".join(await ask())


async def test_the_support_channel_is_looked_at(ask: Ask, slack: tuple[FakeSlack, str]) -> None:
    """A public or shared channel is a warning, because its members are the agents; absence and archive are faults."""
    channel = slack[0].answers["conversations.info"]["channel"]
    channel["is_ext_shared"] = True
    assert "! SUPPORT_CHANNEL_ID: #support is shared with another organization" in "\n".join(await ask())
    channel["is_private"] = False
    assert "! SUPPORT_CHANNEL_ID: #support is public" in "\n".join(await ask())
    channel["is_member"] = False
    assert "✗ SUPPORT_CHANNEL_ID: the bot is not in #support\n  /invite it there." in "\n".join(await ask())
    channel["is_archived"] = True
    assert "✗ SUPPORT_CHANNEL_ID: #support is archived" in "\n".join(await ask())


async def test_scopes_without_a_manifest(settings: Settings, slack: tuple[FakeSlack, str], tmp_path: Path) -> None:
    """Without a manifest the scopes cannot be compared, and that is said."""
    reached = settings.model_copy(update={"slack_api_url": slack[1]})
    lines = [str(one) async for one in check.at_slack(reached, tmp_path / "manifest.yml")]
    assert lines[1].startswith("! scopes: there is no manifest")


def test_no_answer_is_told(settings: Settings, unused_tcp_port: int) -> None:
    """A Slack that cannot be reached is a fault with a remedy, not a traceback; `live` asks it."""
    nowhere = settings.model_copy(update={"slack_api_url": f"http://127.0.0.1:{unused_tcp_port}/api/"})
    findings = check.check(nowhere, live=True)
    assert "✗ SLACK_BOT_TOKEN: no answer from Slack" in str(findings[-2])
    assert findings[-2].remedy == "Check the network and SLACK_API_URL."


async def test_ticket_senders_are_reached_and_get_nothing(settings: Settings) -> None:
    """The mail server takes the login, the receiver answers; neither gets a ticket."""
    async with mail_server() as mailbox, receiver() as place:
        both = settings.model_copy(
            update={
                "ticket_sync_smtp_host": "127.0.0.1",
                "ticket_sync_smtp_port": mailbox.port,
                "ticket_sync_smtp_tls": "none",
                "ticket_sync_smtp_from": "a@example.com",
                "ticket_sync_smtp_to": ("b@example.com",),
                "ticket_sync_webhook_url": place.url,
                "ticket_sync_webhook_secret": SecretStr("5eed" * 16),
            }
        )
        findings = [str(finding) async for finding in at_ticket_senders(both)]
    assert findings == [
        f"✓ ticket sync mail: 127.0.0.1:{mailbox.port} answers",
        "✓ ticket sync webhook: it answers (405 to HEAD)",
    ]
    assert (mailbox.raw, place.taken) == ([], [])


async def test_a_ticket_sender_that_cannot_be_reached(settings: Settings, unused_tcp_port: int) -> None:
    """It is a fault with a remedy, and the secret is not printed."""
    away = settings.model_copy(
        update={
            "ticket_sync_webhook_url": f"http://127.0.0.1:{unused_tcp_port}/",
            "ticket_sync_webhook_secret": SecretStr("5eed" * 16),
            "ticket_sync_smtp_host": "mail.invalid",
            "ticket_sync_smtp_tls": "none",
            "ticket_sync_smtp_from": "a@example.com",
        }
    )
    findings = [str(finding) async for finding in at_ticket_senders(away)]
    assert [finding[0] for finding in findings] == ["!", "✗", "✗"]
    assert "TICKET_SYNC_SMTP_TLS" in findings[0]
    assert "cannot be reached" in findings[2]
    assert "5eed" not in str(findings)


def test_renamed_settings_are_found(settings: Settings) -> None:
    """A warning for each old name, with the new one; the values are not printed."""
    renamed = (
        RenamedSetting("MIRROR_SMTP_HOST", "TICKET_SYNC_SMTP_HOST"),
        RenamedSetting("MIRROR_SMTP_PORT", "TICKET_SYNC_SMTP_PORT", ignored=True),
    )
    findings = [str(finding) for finding in check.check(settings, live=False, renamed=renamed)]
    assert findings[:2] == [
        (
            "! settings: MIRROR_SMTP_HOST is an old name\n"
            "  Rename it to TICKET_SYNC_SMTP_HOST; the old name works until version 0.3."
        ),
        "! settings: MIRROR_SMTP_PORT is ignored, because TICKET_SYNC_SMTP_PORT is set\n  Remove MIRROR_SMTP_PORT.",
    ]
