"""What the operator's commands say and do, command by command."""

import json
import re
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.app.logs import masked
from bot.cli import data
from bot.services.context import _new_key
from bot.settings.core import with_procedures
from bot.slack_api.errors import remedy
from bot.store.models import Destination, Person, Row, TicketRecord, WalkRecord
from bot.store.sqlite import SqliteStore, open_store
from conversations.registry import PROCEDURES
from tests.one_transaction import OneTransaction

NOW = datetime.now(UTC)
SECRET = "words for Erika's eyes only"
LEASE = timedelta(seconds=1)


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=typed, env={"COLUMNS": "200"})


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SqliteStore]:
    """Complete settings, and the bot's own connection to its database, open all the while."""
    for name in with_procedures(PROCEDURES).model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-synthetic")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-synthetic")
    monkeypatch.setenv("SUPPORT_CHANNEL_ID", "C0SUPPORT")
    monkeypatch.chdir(tmp_path)
    opened = open_store("sqlite:///amazon-token.db")
    yield opened
    opened.close()


def _add(store: SqliteStore, key: str, **more: Any) -> None:
    given: dict[str, Any] = {
        "method": "post", "content": {"text": SECRET}, "ordering_key": "T0:U0ERIKA",
        "created_at": NOW - timedelta(hours=3), "due_at": NOW - timedelta(hours=3),
    }  # fmt: skip
    with store.transaction() as tx:
        tx.enqueue(Row(key=key, **{"destination": Destination("T0", "U0ERIKA"), **given, **more}))


def _bury(store: SqliteStore, error: str) -> None:
    row = store.claim(NOW, LEASE, frozenset())
    assert row is not None
    store.dead_letter(row, error)


def test_the_outbox_is_listed_dead_rows_first_and_without_words(store: SqliteStore) -> None:
    """Each is there with its key, state, attempts, age and error; square brackets in an error are no markup."""
    assert run("outbox", "list").stdout == "Everything has been delivered.\n"
    _add(store, "given-up")
    _bury(store, "[odd] channel_not_found")
    _add(store, "waiting", due_at=NOW + timedelta(days=2, hours=1), ordering_key=None)
    _add(store, "early", created_at=NOW)
    printed = run("outbox", "list").stdout
    assert re.search(r"given-up.*dead.*1.*3 h.*\n.*post T0:U0ERIKA.*\n.*\[odd\] channel_not_found", printed)
    assert re.search(r"waiting.*pending.*0.*3 h.*2 d.*\n.*post", printed)
    assert printed.index("given-up") < printed.index("waiting") < printed.index("early")
    assert "3 shown of 1 dead, 0 running, 2 pending." in printed
    assert "1 shown of 1 dead" in run("outbox", "list", "--limit", "1").stdout
    assert SECRET not in printed


def test_a_row_is_shown_without_its_words(store: SqliteStore) -> None:
    """All that is known of it, with what to do about the error; an unknown key is an error."""
    _add(store, "given-up")
    _bury(store, "not_in_channel")
    printed = run("outbox", "show", "given-up").stdout
    for told in ("given-up", "dead", "T0:U0ERIKA", "3 h ago", "not_in_channel", "/invite the bot"):
        assert told in printed
    assert SECRET not in printed
    missing = run("outbox", "show", "other")
    assert (missing.exit_code, missing.stderr) == (1, "There is no row other.\n")


@pytest.mark.parametrize("key", ["3f" * 16, "kz" * 16])
def test_a_key_is_shown_whole(store: SqliteStore, key: str) -> None:
    """It can be typed again: neither one of today nor one of earlier versions is masked as a possible token."""
    _add(store, key, target=key, thread=key)
    printed = run("outbox", "show", key).stdout
    assert printed.count(key) == 3
    assert "possible_token" not in printed
    assert key in run("outbox", "list").stdout


def test_keys_are_in_one_piece_at_80_columns(store: SqliteStore) -> None:
    """Key, ordering key and error each have lines of their own, so that a key can be copied; nothing is cut off."""
    _add(store, "kz" * 16, ordering_key="T0123456789:U0123456789:pictures")
    _bury(store, "restricted_action_read_only_channel")
    _add(store, "zk" * 16, due_at=NOW + timedelta(days=300), ordering_key="mirror:webhook:1001")
    printed = CliRunner().invoke(app, ["outbox", "list"], env={"COLUMNS": "80"}).stdout
    for whole in ("kz" * 16, "zk" * 16, "T0123456789:U0123456789", "restricted_action_read_only_channel", "pending"):
        assert whole in printed, printed
    assert "…" not in printed
    assert max(map(len, printed.splitlines())) <= 80


def test_no_key_is_taken_for_a_token() -> None:
    """Wherever a key is written, alone or in a button's value: nothing is masked, nothing is held to be a secret."""
    for _ in range(200):
        key = _new_key()
        assert re.fullmatch("[k-z]{32}", key)
        said = f"row={key} 1001:{key} Zeile {key}, Schlüssel {key}, password {key}"
        assert masked(said) == said


def test_a_row_that_waits_for_the_app_names_the_remedy(store: SqliteStore) -> None:
    """It is not dead: Slack does not know the app, and the whole outbox waits until it does."""
    _add(store, "waiting")
    row = store.claim(NOW, LEASE, frozenset())
    assert row is not None
    store.postpone(row, NOW, "token_revoked")
    printed = run("outbox", "show", "waiting").stdout
    for told in ("pending", "token_revoked", "SLACK_BOT_TOKEN", "install it first"):
        assert told in printed


@pytest.mark.parametrize("code", ["is_archived", "not_in_channel"])
def test_a_row_that_waits_for_a_channel_names_the_remedy(store: SqliteStore, code: str) -> None:
    """Somebody has to open the channel again; until then it is tried now and then."""
    _add(store, "waiting", destination=Destination("T0", "C0SUPPORT"))
    row = store.claim(NOW, LEASE, frozenset())
    assert row is not None
    store.postpone(row, NOW, code)
    assert remedy(code) in " ".join(run("outbox", "show", "waiting").stdout.split())


def test_a_dead_row_is_tried_again(store: SqliteStore) -> None:
    """It is pending with one attempt on its count; a row under way is left alone, and so is an unknown one."""
    _add(store, "given-up")
    _bury(store, "fatal_error")
    assert run("outbox", "retry", "given-up").exit_code == 0
    row = store.row("given-up")
    assert row is not None
    assert (row.state, row.attempts) == ("pending", 1)
    assert store.claim(row.due_at, LEASE, frozenset()) is not None
    again = run("outbox", "retry", "given-up")
    assert (again.exit_code, again.stderr) == (1, "given-up is running, not dead or pending; nothing was changed.\n")
    assert run("outbox", "retry", "other").stderr == "There is no row other.\n"


def test_a_row_that_waits_is_tried_now(store: SqliteStore) -> None:
    """However long it would have waited; the beginning of its key is enough, unless it fits several."""
    for key in ("3f2a9c", "3f2b00", "3f2b"):
        _add(store, key, ordering_key=key)
    for _ in range(3):
        row = store.claim(NOW, LEASE, frozenset())
        assert row is not None
        store.postpone(row, NOW + timedelta(hours=5), "is_archived")
    assert run("outbox", "retry", "3f2a").stdout.startswith("3f2a9c is pending and due now")
    found = store.row("3f2a9c")
    assert found is not None
    assert found.due_at <= datetime.now(UTC)
    assert "Several keys begin with 3f2: 3f2a9c, 3f2b, 3f2b00" in run("outbox", "retry", "3f2").stderr
    assert run("outbox", "retry", "3f2b").stdout.startswith("3f2b is pending"), "a whole key is never ambiguous"


def test_the_beginning_of_a_key_is_enough(store: SqliteStore) -> None:
    """To look at a row and to drop it, as to retry it, unless it fits several: then nothing happens to any of them."""
    for key in ("3f2a9c", "3f2b00", "4e"):
        _add(store, key)
    assert "3f2a9c" in run("outbox", "show", "3f2a").stdout
    assert run("outbox", "drop", "4").stdout == "4e is dropped and will not be sent.\n"
    for command in ("show", "drop"):
        several = run("outbox", command, "3f2")
        assert (several.exit_code, several.stderr) == (1, "Several keys begin with 3f2: 3f2a9c, 3f2b00; type more.\n")
    assert [row.key for row in store.unsent()] == ["3f2a9c", "3f2b00"]


def test_a_destination_is_resumed(store: SqliteStore) -> None:
    """All that waits for it is due, in its order; what waits for others goes on waiting."""
    for key, to in (("a", "C0SUPPORT"), ("b", "C0SUPPORT"), ("c", "U0ERIKA")):
        _add(store, key, destination=Destination("T0", to), ordering_key=f"T0:{to}", due_at=NOW + timedelta(hours=5))
    assert run("outbox", "resume", "C0SUPPORT").stdout.startswith("2 for C0SUPPORT are due now")
    first = store.claim(datetime.now(UTC), LEASE, frozenset())
    assert first is not None
    assert first.key == "a"
    assert store.claim(datetime.now(UTC), LEASE, frozenset()) is None, "one after the other, and no other's"
    assert run("outbox", "resume", "T0:U0ERIKA").stdout.startswith("1 for T0:U0ERIKA")
    nothing = run("outbox", "resume", "C0OTHER")
    assert (nothing.exit_code, nothing.stderr) == (
        1, "Nothing waits for C0OTHER; `amazon-token outbox list` shows what waits.\n",
    )  # fmt: skip


def test_a_row_is_dropped_with_its_words(store: SqliteStore, tmp_path: Path) -> None:
    """Dead and pending rows are given up and their words leave the disk; one under way is not touched."""
    _add(store, "given-up")
    _bury(store, "fatal_error")
    _add(store, "waiting")
    assert [run("outbox", "drop", key).exit_code for key in ("given-up", "waiting")] == [0, 0]
    assert [path.name for path in tmp_path.iterdir() if SECRET.encode() in path.read_bytes()] == []
    _add(store, "under-way")
    assert store.claim(NOW, LEASE, frozenset()) is not None
    refused = run("outbox", "drop", "under-way")
    assert (refused.exit_code, refused.stderr) == (
        1,
        "under-way is running, not dead or pending; nothing was changed.\n",
    )


def test_a_backup_says_where_the_key_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy is made once; the key that is not in it is named unless it is a setting."""
    assert "back up amazon-token.db.key too" in run("backup", "copy.db").stdout
    again = run("backup", "copy.db")
    assert (again.exit_code, again.stderr) == (
        2, "copy.db exists already; a backup overwrites nothing. Name another file.\n",
    )  # fmt: skip
    monkeypatch.setenv("HASH_KEY", "0f" * 32)
    assert "key" not in run("backup", "second.db").stdout
    monkeypatch.setenv("DATABASE_URL", "sqlite:///none.db")
    assert "There is no database none.db yet" in run("backup", "third.db").stderr
    assert not (tmp_path / "third.db").exists()


def _erika(store: SqliteStore) -> None:
    with store.transaction() as tx:
        tx.save_person(Person(team_id="T0", user_id="U0ERIKA", name="Erika Beispiel"))
        walk = tx.add_walk(
            WalkRecord(
                team_id="T0", worker_id="U0ERIKA", procedure="amazon_token", step="done", state="{}", guide_version="g",
                started_at=NOW - timedelta(days=100), updated_at=NOW - timedelta(days=100),
            )
        )  # fmt: skip
        tx.add_ticket(
            TicketRecord(
                team_id="T0", merchant_id="U0ERIKA", walk_id=walk.id, procedure="amazon_token", reason="help",
                language="de", card_key="card", words=(SECRET,), opened_at=NOW - timedelta(days=100),
            )
        )  # fmt: skip
    _add(store, "step", walk_id=walk.id)
    row = store.claim(NOW, LEASE, frozenset())
    assert row is not None
    store.delivered(row, "D0ERIKA", "1.5")


def test_erasing_asks_first(store: SqliteStore) -> None:
    """What is kept is counted; „no“ changes nothing, „yes“ forgets it and leaves the edits in Slack to the bot."""
    _erika(store)
    refused = run("erase", "T0", "U0ERIKA", typed="n\n")
    assert refused.exit_code == 1
    assert "U0ERIKA of T0: 1 person, 1 walks, 1 tickets, 1 messages." in refused.stdout
    assert OneTransaction(store).export_person("T0", "U0ERIKA")["walks"] != []
    done = run("erase", "T0", "U0ERIKA", typed="y\n")
    assert done.exit_code == 0
    assert "Deleted: 1 walks. Tickets kept without text and name: 1." in done.stdout
    assert "1 of the bot's messages and files in Slack still mention them." in done.stdout
    edits = [row for row in store.unsent() if row.method == "update"]
    assert ("D0ERIKA", True) in [(row.destination.to, row.target is not None) for row in edits]
    again = run("erase", "T0", "U0ERIKA", "--yes")
    assert (again.exit_code, again.stderr) == (1, "Nothing is kept about U0ERIKA in T0.\n")


@pytest.mark.parametrize("command", [("erase", "T0", "U0ERIKA", "--yes"), ("purge", "--days", "30")])
def test_bytes_that_cannot_leave_the_disk_are_told(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """While somebody reads, the old pages must stay: the command waits, and says so when it has waited enough."""
    _erika(store)
    monkeypatch.setattr(data, "_SCRUB_SECONDS", 0.2)
    store.db.conn.execute("BEGIN")
    store.db.conn.execute("SELECT * FROM people").fetchall()
    result = run(*command)
    store.db.conn.execute("COMMIT")
    assert result.exit_code == 1
    assert "deleted bytes are still on the disk" in result.stderr
    assert run("purge").exit_code == 0


def test_an_export_is_a_new_file_for_the_owner_only(store: SqliteStore, tmp_path: Path) -> None:
    """Without a file it goes to standard output; an existing file is kept."""
    _erika(store)
    told = json.loads(run("export", "T0", "U0ERIKA").stdout)
    assert told["tickets"][0]["words"] == [SECRET]
    assert run("export", "T0", "U0ERIKA", "erika.json").exit_code == 0
    assert json.loads((tmp_path / "erika.json").read_text("utf-8")) == told
    assert stat.S_IMODE((tmp_path / "erika.json").stat().st_mode) == 0o600
    again = run("export", "T0", "U0ERIKA", "erika.json")
    assert (again.exit_code, "erika.json cannot be made: File exists" in again.stderr) == (2, True)


def test_an_export_of_somebody_unknown_writes_no_file(store: SqliteStore, tmp_path: Path) -> None:
    """A misspelt ID is an error, not an empty export."""
    _erika(store)
    for arguments in (("T0", "U0NOBODY", "nobody.json"), ("T9", "U0ERIKA", "nobody.json"), ("T0", "U0NOBODY")):
        result = run("export", *arguments)
        assert (result.exit_code, result.stdout) == (1, "")
        assert f"Nothing is kept about {arguments[1]} in {arguments[0]}." in result.stderr
    assert not (tmp_path / "nobody.json").exists()


def test_a_purge_keeps_to_the_setting_or_the_option(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """180 days unless RETENTION_DAYS or --days says otherwise."""
    _erika(store)
    assert "Deleted: 0 walks" in run("purge").stdout
    monkeypatch.setenv("RETENTION_DAYS", "99")
    assert "Deleted: 1 walks, text and names of 1 tickets" in run("purge").stdout
    assert run("purge", "--days", "0").exit_code == 2


def test_a_purge_goes_by_the_option(store: SqliteStore) -> None:
    """--days wins over the setting."""
    _erika(store)
    assert "Deleted: 1 walks" in run("purge", "--days", "99").stdout


@pytest.mark.parametrize(
    "command", [("outbox", "list"), ("outbox", "retry", "k"), ("erase", "T0", "U0"), ("export", "T0", "U0"), ("purge",)]
)
def test_no_command_makes_a_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: tuple[str, ...]) -> None:
    """Where there is none, the commands say so and leave none behind."""
    monkeypatch.setenv("DATABASE_URL", "sqlite:///none.db")
    result = run(*command)
    assert (result.exit_code, result.stderr) == (2, "There is no database none.db yet. See DATABASE_URL.\n")
    assert not (tmp_path / "none.db").exists()


def test_erasing_somebody_who_was_sent_nothing_names_no_messages(store: SqliteStore) -> None:
    """Only what stands in Slack is listed."""
    with store.transaction() as tx:
        tx.save_person(Person(team_id="T0", user_id="U0ERIKA", name="Erika Beispiel"))
    done = run("erase", "T0", "U0ERIKA", "--yes")
    assert done.stdout == ("U0ERIKA of T0: 1 person.\nDeleted: 0 walks. Tickets kept without text and name: 0.\n")
