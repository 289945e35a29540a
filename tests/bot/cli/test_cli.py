import re
import subprocess
import sys
from datetime import UTC, datetime
from errno import EADDRINUSE, EIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from structlog.testing import capture_logs
from typer.main import get_command
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.cli import check as installation
from bot.cli import diagram
from bot.cli.findings import Finding, FindingMark, Say, Show
from bot.demo.stories import all_plays
from bot.settings.core import Settings, with_procedures
from bot.settings.old_names import OLD_NAMES
from bot.store.models import TicketRecord
from bot.store.protocol import StoreError
from bot.store.sqlite import open_store
from conversations.engine.settings import ProcedureSettings
from conversations.engine.texts import Problem, TextsError
from conversations.registry import PROCEDURES

TOKEN = "amzn.mws." + "4ea38b7b-f563-7709-4bae-87aea0000000"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "160"})


def _commands(group: Any = None, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    group = group or get_command(app)
    below = getattr(group, "commands", {})
    return [path, *(one for name, command in below.items() for one in _commands(command, (*path, name)))]


@pytest.fixture(autouse=True)
def config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Complete settings, and a folder of the test's own."""
    for name in (*with_procedures(PROCEDURES).model_fields, *OLD_NAMES):
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-synthetic")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-synthetic")
    monkeypatch.setenv("SUPPORT_CHANNEL_ID", "C0SUPPORT")
    monkeypatch.chdir(tmp_path)
    return monkeypatch


@pytest.fixture
def serving(config: pytest.MonkeyPatch) -> Any:
    """A stand-in for `bot.app.server`, imported by the command when it runs; it raises what the test puts in."""

    class Serving(ModuleType):
        class RefusedBySlack(Exception):  # noqa: N818 - the name of the real one
            pass

        fault: Exception | None = None
        served: Settings | None = None

        def serve(self, settings: Settings) -> None:
            self.served = settings
            if self.fault is not None:
                raise self.fault

    double = Serving("bot.app.server")
    config.setitem(sys.modules, "bot.app.server", double)
    config.setattr("bot.app.server", double, raising=False)
    config.setattr("bot.app.logs.configure", lambda *_: None)
    return double


@pytest.fixture
def demo_calls(config: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What `bot.demo.demonstration.demo` is called with; it answers with status 3."""
    calls: list[dict[str, object]] = []

    class Demonstration(ModuleType):
        def demo(self, **given: object) -> int:
            calls.append(given)
            return 3

    double = Demonstration("bot.demo.demonstration")
    config.setitem(sys.modules, "bot.demo.demonstration", double)
    config.setattr("bot.demo.demonstration", double, raising=False)
    return calls


@pytest.mark.parametrize("path", _commands(), ids=" ".join)
def test_each_command_has_an_example(path: tuple[str, ...]) -> None:
    """The help of every command shows how it is called, with the command's own name."""
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert re.search(rf"Example: amazon-token {' '.join(path)}", result.stdout)


def test_help_is_quick() -> None:
    """Help imports neither Bolt, nor the chart, nor the store."""
    code = "import sys, bot.__main__; print({'slack_bolt','statemachine','sqlite_utils','aiohttp'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "set()"


def test_the_version_is_told() -> None:
    """--version prints name and version and stops."""
    assert re.fullmatch(r"amazon-token \d+\.\d+\.\d+\n", run("--version").stdout)


def test_the_demo_plays_a_story(demo_calls: list[dict[str, object]]) -> None:
    """Story, language, port and --grid are passed on, and the story's status is the command's."""
    result = run("demo", "--play", "too-old", "--lang", "en", "--port", "4000", "--grid")
    assert result.exit_code == 3
    assert demo_calls == [{"play": "too-old", "language": "en", "port": 4000, "database": None, "grid": True}]


def test_without_a_terminal_the_demo_plays_the_second_failure(demo_calls: list[dict[str, object]]) -> None:
    """Nobody could open the browser, so a story is played."""
    run("demo")
    assert demo_calls == [{"play": "second-failure", "language": "de", "port": 0, "database": None, "grid": False}]


def test_an_unknown_story_is_refused(demo_calls: list[dict[str, object]]) -> None:
    """Status 2 and the stories that there are; nothing is started."""
    result = run("demo", "--play", "nonsense")
    assert result.exit_code == 2
    assert ", ".join(all_plays()) in re.sub(r"[\s│]+", " ", result.stderr)
    assert demo_calls == []


def test_serve_serves_the_settings(serving: Any) -> None:
    """`serve` reads the settings and hands them over."""
    assert run("serve").exit_code == 0
    assert serving.served.support_channel_id == "C0SUPPORT"


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (StoreError("make the folder"), "make the folder"),
        (TextsError([Problem("guide.de.yaml", "a.b", "missing", "Add it.")]), "guide.de.yaml: a.b: missing. Add it."),
        (OSError(EADDRINUSE, "Address already in use"), "HOST and PORT (127.0.0.1, 3000) cannot be used"),
    ],
)
def test_what_the_operator_can_mend_is_told(serving: Any, fault: Exception, told: str) -> None:
    """A bot that cannot start says why on standard error, without a traceback, with status 2."""
    serving.fault = fault
    result = run("serve")
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr


def test_a_refused_token_is_told(serving: Any) -> None:
    """Slack's refusal of the token is a sentence too."""
    serving.fault = serving.RefusedBySlack("take the token from the app's page")
    result = run("serve")
    assert (result.exit_code, result.stderr) == (2, "take the token from the app's page\n")


def test_a_fault_of_ours_is_not_hidden(serving: Any) -> None:
    """What nobody foresaw keeps its traceback."""
    serving.fault = OSError(EIO, "broken disk")
    assert isinstance(run("serve").exception, OSError)


def test_serve_without_settings_says_what_is_missing(config: pytest.MonkeyPatch) -> None:
    """The missing setting is named, with its place, before anything is started."""
    config.delenv("SLACK_BOT_TOKEN")
    result = run("serve")
    assert result.exit_code == 2
    assert "SLACK_BOT_TOKEN is missing" in result.stderr
    assert "Bot User OAuth Token" in result.stderr


@pytest.mark.parametrize(("mark", "status"), [("✓", 0), ("!", 0), ("✗", 1)])
def test_check_fails_on_a_fault_only(config: pytest.MonkeyPatch, mark: FindingMark, status: int) -> None:
    """Findings are printed; only ✗ makes the status 1. --live asks Slack."""
    asked: list[bool] = []

    def check(
        _: Settings, *, live: bool, rehearse_with: str | None, say: Say, show: Show, **given: object
    ) -> list[Finding]:
        assert (rehearse_with, given) == (None, {"renamed": (), "misspelt": ()})
        say("a moment")
        asked.append(live)
        findings = [Finding("✓", "fine"), Finding(mark, "seen", "Do this.")]
        for finding in findings:
            show(finding)
        return findings

    config.setattr(installation, "check", check)
    result = run("check", "--live")
    assert (result.exit_code, result.stdout) == (status, f"✓ fine\n{mark} seen\n  Do this.\n")
    run("check")
    assert asked == [True, False]


def test_check_reports_settings_under_an_old_name(config: pytest.MonkeyPatch) -> None:
    """From the environment and from .env; a warning does not make the status 1."""
    config.setenv("MIRROR_SMTP_PORT", "25")
    Path(".env").write_text("MIRROR_SMTP_TLS=tls\n", "utf-8")
    result = run("check")
    assert result.exit_code == 0
    assert "! settings: MIRROR_SMTP_PORT is an old name\n  Rename it to TICKET_SYNC_SMTP_PORT" in result.stdout
    assert "! settings: MIRROR_SMTP_TLS is an old name\n  Rename it to TICKET_SYNC_SMTP_TLS" in result.stdout


@pytest.mark.usefixtures("serving")
def test_serve_logs_settings_under_an_old_name_once(config: pytest.MonkeyPatch) -> None:
    """The start warns with both names and without the value."""
    config.setenv("MIRROR_SMTP_PASSWORD", "synthetic-password")
    config.setenv("MIRROR_SMTP_USER", "bot")
    config.setenv("TICKET_SYNC_SMTP_USER", "bot")
    with capture_logs() as logged:
        assert run("serve").exit_code == 0
    assert [(line["event"], line["old"], line["new"], line["ignored"]) for line in logged] == [
        ("setting_renamed", "MIRROR_SMTP_USER", "TICKET_SYNC_SMTP_USER", True),
        ("setting_renamed", "MIRROR_SMTP_PASSWORD", "TICKET_SYNC_SMTP_PASSWORD", False),
    ]
    assert "synthetic-password" not in str(logged)


def test_check_reports_misspelt_settings(config: pytest.MonkeyPatch) -> None:
    """From the environment and from .env, each with the name that is meant and without its value."""
    config.setenv("ANSWER_MINUTE", "synthetic-value")
    Path(".env").write_text("slack_boot_token=synthetic-value\nCOMPOSE_PROJECT_NAME=synthetic-value\n", "utf-8")
    result = run("check")
    assert result.exit_code == 0
    assert "! settings: ANSWER_MINUTE is no setting\n  Is ANSWER_MINUTES meant?" in result.stdout
    assert "! settings: SLACK_BOOT_TOKEN is no setting\n  Is SLACK_BOT_TOKEN meant?" in result.stdout
    assert "COMPOSE" not in result.stdout
    assert "synthetic-value" not in result.stdout


@pytest.mark.usefixtures("serving")
def test_serve_logs_misspelt_settings(config: pytest.MonkeyPatch) -> None:
    """The start warns with both names and without the value."""
    config.setenv("ANSWER_MINUTE", "synthetic-value")
    with capture_logs() as logged:
        assert run("serve").exit_code == 0
    assert [(line["event"], line["name"], line["meant"]) for line in logged] == [
        ("setting_unknown", "ANSWER_MINUTE", "ANSWER_MINUTES")
    ]
    assert "synthetic-value" not in str(logged)


def test_check_tells_wrong_settings(config: pytest.MonkeyPatch) -> None:
    """Settings that cannot be read are the one finding."""
    config.setenv("PORT", "many")
    result = run("check")
    assert result.exit_code == 1
    assert result.stdout.startswith("✗ settings: ")
    assert "PORT is wrong" in result.stdout


def test_the_diagram_is_printed() -> None:
    """Without --write the diagram of every procedure goes to standard output, ready for a file."""
    assert run("diagram").stdout == "\n".join(map(diagram.mermaid, PROCEDURES.values()))


def test_the_diagram_is_written(config: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """--write makes the document in the checkout's docs folder, and says so when there is none."""
    config.setattr(diagram, "FILE", tmp_path / "docs" / "diagram.md")
    result = run("diagram", "--write")
    assert result.exit_code == 2
    assert "checkout" in result.stderr
    (tmp_path / "docs").mkdir()
    assert run("diagram", "--write").exit_code == 0
    assert diagram.FILE.read_text("utf-8") == diagram.document()


def test_the_procedures_are_listed() -> None:
    """Each with its ID, its settings as the operator writes them, and the stories that the demo plays."""
    told = run("procedures").stdout
    assert re.findall(r"(?m)^(\w+): \S", told) == list(PROCEDURES)
    for procedure in PROCEDURES.values():
        for name in procedure.settings.model_fields.keys() - ProcedureSettings.model_fields.keys():
            assert re.search(rf"(?m)^  settings: .*\b{name.upper()}\b", told)
        assert f"  stories: {', '.join(procedure.examples.plays)}\n" in told
    assert "ANSWER_MINUTES" not in told


def test_the_procedures_are_listed_only_when_they_are_whole(config: pytest.MonkeyPatch) -> None:
    """Whoever is writing one reads what is missing, without settings and without a traceback."""

    def broken() -> None:
        raise TextsError(
            [Problem("bicycle_tyre/texts.de.yaml", "steps.air_test.title", "it is still empty", "Write it.")]
        )

    config.setattr("bot.cli.procedures.load_texts", broken)
    config.delenv("SLACK_BOT_TOKEN")
    result = run("procedures")
    assert result.exit_code == 2
    assert result.stderr == "bicycle_tyre/texts.de.yaml: steps.air_test.title: it is still empty. Write it.\n"


def _filed(**changes: Any) -> TicketRecord:
    given: dict[str, Any] = {
        "team_id": "T0",
        "merchant_id": "U0ERIKA",
        "procedure": "amazon_token",
        "reason": "second_failure",
        "priority": "P1",
        "language": "de",
        "card_key": "k1",
        "words": (f"[bold]seen[/bold] {TOKEN}", "second"),
        "opened_at": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    }
    return TicketRecord(**{**given, **changes})


def test_tickets_are_listed() -> None:
    """The list shows number, state, priority and merchant, newest first; an empty list says so."""
    store = open_store("sqlite:///amazon-token.db")
    assert "There are no tickets." in run("tickets", "list").stdout
    with store.transaction() as tx:
        tx.add_ticket(_filed())
        tx.add_ticket(_filed(merchant_id="U0OLIVER", card_key="k2", opened_at=datetime(2026, 11, 25, tzinfo=UTC)))
    store.close()
    printed = run("tickets", "list").stdout
    assert re.search(r"1002.*open.*P1.*U0OLIVER.*2026-11-25 00:00", printed)
    assert printed.index("1002") < printed.index("1001")
    assert "1001" not in run("tickets", "list", "--limit", "1").stdout


def test_a_ticket_is_shown_without_secrets() -> None:
    """Every field of the record is there; people's words are no markup, and what looks like a token is masked."""
    store = open_store("sqlite:///amazon-token.db")
    with store.transaction() as tx:
        tx.add_ticket(_filed())
    store.close()
    printed = run("tickets", "show", "1001").stdout
    for name in TicketRecord.__dataclass_fields__:
        assert name in printed
    assert "[bold]seen[/bold]" in printed
    assert TOKEN not in printed
    missing = run("tickets", "show", "1")
    assert (missing.exit_code, missing.stderr) == (1, "There is no ticket 1.\n")


def test_looking_makes_no_database() -> None:
    """Where there is no database, `tickets` says so and leaves none behind."""
    result = run("tickets", "list")
    assert result.exit_code == 2
    assert "There is no database amazon-token.db yet" in result.stderr
    assert not list(Path().iterdir())
