"""`amazon-token guide`: the page an editor opens on Monday."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.settings.core import with_procedures
from bot.store.models import Event, NotUnderstood, WalkRecord
from bot.store.sqlite import SqliteStore, open_store
from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.steps import STEPS
from conversations.registry import PROCEDURES
from tests.guides import GUIDES


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["guide", *arguments], env={"COLUMNS": "240"})


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SqliteStore]:
    """Complete settings and a history in which somebody left at the token."""
    for name in with_procedures(PROCEDURES).model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-synthetic")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-synthetic")
    monkeypatch.setenv("SUPPORT_CHANNEL_ID", "C0SUPPORT")
    monkeypatch.chdir(tmp_path)
    opened = open_store("sqlite:///amazon-token.db")
    at = datetime.now(UTC) - timedelta(days=3)
    with opened.transaction() as tx:
        walk = tx.add_walk(
            WalkRecord(
                team_id="T0", worker_id="U0ERIKA", procedure="amazon_token", step="cancelled", state="{}",
                guide_version="a", started_at=at, updated_at=at, ended_at=at,
            )
        )  # fmt: skip
        for name, following in (("started", "new_token"), ("cancel", "cancelled")):
            tx.add_event(
                Event(
                    walk_id=walk.id, version=1, at=at, actor_id="U0", name=name, step="new_token", next_step=following
                )
            )
    yield opened
    opened.close()


def test_the_step_where_people_stumble_stands_on_top() -> None:
    """The title in the support channel's language, and texts that are worth a look."""
    shown = run().stdout
    rows = shown.split("─ \n")[1].splitlines()
    assert rows[0].split()[:4] == ["Neues", "Token", "eintragen", "200"]
    assert "worth a look" in shown
    assert "texts are hard to read or have a long sentence" in shown


def test_csv_holds_every_step_and_every_text_of_both_languages(tmp_path: Path) -> None:
    """Nothing is left out, and a text has its length and its ease."""
    run("--csv", "report")
    with (tmp_path / "report" / "steps.csv").open(encoding="utf-8", newline="") as file:
        steps = list(csv.DictReader(file))
    assert {row["step"] for row in steps} == set(STEPS) - PROCEDURE.ends
    assert (steps[0]["step"], steps[0]["trouble_per_100"], steps[0]["left"]) == ("new_token", "200", "1")
    assert {row["picture"] for row in steps} == {"yes", "none", ""}
    with (tmp_path / "report" / "texts.csv").open(encoding="utf-8", newline="") as file:
        texts = {(row["language"], row["key"]): row for row in csv.DictReader(file)}
    assert set(texts) == {(language, key) for language, guide in GUIDES.items() for key in guide.texts}
    assert 0 < float(texts["de", "steps.new_token.text.first"]["ease"]) < 100


def test_an_editor_s_own_words_are_what_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GUIDE_DIR counts, and an hour of yesterday's walks can be left out by --days."""
    (tmp_path / "own" / "amazon_token").mkdir(parents=True)
    (tmp_path / "own" / "amazon_token" / "texts.de.yaml").write_text(
        "steps:\n  new_token:\n    title: <Eigener> Titel\n", "utf-8"
    )
    monkeypatch.setenv("GUIDE_DIR", str(tmp_path / "own"))
    run("--html", "guide.html")
    page = (tmp_path / "guide.html").read_text("utf-8")
    assert "&lt;Eigener&gt; Titel" in page
    assert "<Eigener>" not in page
    run("--csv", "report", "--days", "1")
    assert ",200," not in (tmp_path / "report" / "steps.csv").read_text("utf-8")


def test_what_is_only_concluded_is_listed_until_the_operator_replaces_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With file, key, reason and text, in both languages; whoever writes a text of their own is sure of it."""
    shown = run("--unsure").stdout
    for file in ("sp_api/texts.de.yaml", "sp_api/texts.en.yaml"):
        assert f"{file}: steps.save_if_asked.text\n  Why: " in shown
    own = tmp_path / "own" / "sp_api"
    own.mkdir(parents=True)
    (own / "texts.en.yaml").write_text("steps: {save_if_asked: {text: Leave the screen without saving.}}\n", "utf-8")
    monkeypatch.setenv("GUIDE_DIR", str(own.parent))
    replaced = run("--unsure", "--procedure", "sp_api").stdout
    assert "sp_api/texts.de.yaml: steps.save_if_asked.text\n" in replaced
    assert "sp_api/texts.en.yaml: steps.save_if_asked.text\n" not in replaced
    marked = "steps: {save_if_asked: {text: Perhaps.}}\nunsure: {steps.save_if_asked.text: Our guess.}\n"
    (own / "texts.en.yaml").write_text(marked, "utf-8")
    assert "Why: Our guess." in run("--unsure").stdout
    (own / "texts.en.yaml").write_text("unsure: {steps.nowhere.text: Our guess.}\n", "utf-8")
    assert "there is no such text to be unsure of" in run("--unsure").stderr


def test_an_unknown_procedure_is_told() -> None:
    """With the IDs that there are and status 2."""
    told = run("--procedure", "nonsense")
    assert (told.exit_code, "There are: amazon_token" in told.stderr) == (2, True)


def test_the_page_is_well_formed_and_loads_nothing(tmp_path: Path) -> None:
    """Every element is closed; no address of anywhere stands in it."""

    class Nesting(HTMLParser):
        open: list[str] = []  # noqa: RUF012 - one page is parsed

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert not {"src", "href"} & {name for name, _ in attrs}
            if tag != "meta":
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

    run("--html", "guide.html")
    parser = Nesting()
    parser.feed((tmp_path / "guide.html").read_text("utf-8"))
    assert parser.open == []


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """With a remedy and status 2."""
    told = run("--html", str(tmp_path / "nowhere" / "guide.html"))
    assert (told.exit_code, "Name another place." in told.stderr) == (2, True)


def test_what_was_not_understood_is_to_be_written_next(store: SqliteStore, tmp_path: Path) -> None:
    """By step, the most frequent first, other spelling counted together, with the question that came close."""
    at = datetime.now(UTC) - timedelta(days=1)
    said = [("new_token", "Und der Lieferschein?"), ("new_token", "und der LIEFERSCHEIN"), ("key_set", "Hä, was?")]
    with store.transaction() as tx:
        for step, words in said:
            tx.add_not_understood(
                NotUnderstood(
                    team_id="T0", user_id="U0ERIKA", procedure="amazon_token", step=step, language="de", at=at,
                    text=words, nearest="where_new_token",
                )
            )  # fmt: skip
    shown = run().stdout
    assert "write these next" in shown
    assert "2 phrases were not understood; 2 are shown." in shown
    assert "U0ERIKA" not in shown
    run("--csv", str(tmp_path / "out"), "--html", str(tmp_path / "guide.html"))
    with (tmp_path / "out" / "missing.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["step", "language", "times", "words", "nearest"],
            ["new_token", "de", "2", "Und der Lieferschein?", "where_new_token"],
            ["key_set", "de", "1", "Hä, was?", "where_new_token"],
        ]
    assert "Lieferschein" in (tmp_path / "guide.html").read_text("utf-8")
