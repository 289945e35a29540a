"""The search that runs after every story, fault test and random walk finds what it is there for."""

import base64
import json
import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from bot.sandbox.server import Sandbox
from bot.sandbox.webapi import Call
from tests.bytes_written import KINDS, NEEDLE, TypedSecrets, files, glued, sent
from tests.waiting import QUICK

GUISES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper": str.upper,
    "lower": str.lower,
    "reversed": lambda secret: secret[::-1],
    "without hyphens": lambda secret: secret.replace("-", ""),
    "mistyped": lambda secret: secret[:13] + "ö" + secret[14:],
    "the second half": lambda secret: secret[len(secret) // 2 - 8 :],
    "base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "base64 of a text, one before": lambda secret: base64.b64encode(f"x{secret} c".encode()).decode(),
    "base64 of a text, two before": lambda secret: base64.b64encode(f"xy{secret} cd".encode()).decode(),
    "base64 of a text, three before": lambda secret: base64.b64encode(f"xyz{secret}".encode()).decode(),
    "base64 for URLs": lambda secret: base64.urlsafe_b64encode(f"x{secret}".encode()).decode(),
    "base64 of upper case": lambda secret: base64.b64encode(secret.upper().encode()).decode(),
    "url": quote_plus,
    "url, all of it": lambda secret: "".join(f"%{byte:02X}" for byte in secret.encode()),
    "url, hyphens too": lambda secret: quote(secret, safe="").replace("-", "%2D"),
    "hexadecimal": lambda secret: secret.encode().hex(),
    "hexadecimal in capitals": lambda secret: secret.encode().hex(":").upper(),
    "JSON in JSON": lambda secret: json.dumps(json.dumps({"a": f"\n{secret}\u200b"})),
    "wrapped": lambda secret: "\n".join(secret[at : at + 7] for at in range(0, len(secret), 7)),
    "wrapped in JSON": lambda secret: json.dumps("\n".join(secret[at : at + 7] for at in range(0, len(secret), 7))),
    "zero-width characters": "\u200b".join,
    "full width": lambda secret: "".join(chr(ord(c) + 0xFEE0) for c in secret),
}


@pytest.mark.parametrize("guise", GUISES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_secret_is_found_in_every_guise(kind: str, guise: str) -> None:
    """Whatever it was made into, a secret that was kept is found, and nothing else is."""
    secrets, chance = TypedSecrets(), random.Random(f"{kind} {guise}")  # noqa: S311 - the same in every run
    for _ in range(20):
        kept = GUISES[guise](secrets.new(kind, chance))
        other = GUISES[guise](TypedSecrets().new(kind, chance))
        if kind == "aws_access_key" and guise in {"mistyped", "the second half"}:
            continue  # of twenty characters neither is a secret any more
        assert secrets.found_in(f"before {kept} behind".encode()), kept
        assert secrets.found_in(f"before {other} behind".encode()) == []


def test_utf_16_hides_nothing() -> None:
    """Two bytes a character, as another program might write."""
    secrets = TypedSecrets()
    assert secrets.found_in(secrets.new().encode("utf-16-le"))


def test_a_search_without_secrets_or_in_little_finds_nothing() -> None:
    """No needle, or less than a needle, is no finding."""
    secrets = TypedSecrets()
    assert secrets.found_in(b"amzn.mws.4ea38b7b-f563-7709-4bae-87aea0000000") == []
    token = secrets.new()
    assert secrets.found_in(token[9 : 9 + NEEDLE - 1]) == []
    assert secrets.found_in(b"") == []


@pytest.mark.parametrize("kind", KINDS)
def test_free_pages_and_write_ahead_logs_are_searched(tmp_path: Path, kind: str) -> None:
    """What a program has deleted from its database is still in the file; so is what was not yet moved into it."""
    secrets = TypedSecrets()
    conn = sqlite3.connect(tmp_path / "careless.db", isolation_level=None)
    conn.executescript("PRAGMA journal_mode = WAL; PRAGMA secure_delete = OFF; CREATE TABLE t (words TEXT);")
    conn.execute("INSERT INTO t VALUES (?)", ["x" * 300 + secrets.new(kind)])
    assert [name for name, what in files(tmp_path) if secrets.found_in(what)] == ["careless.db-wal"]
    conn.execute("DELETE FROM t")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert conn.execute("SELECT count(*) FROM t").fetchone() == (0,)
    assert [line.partition(":")[0] for line in secrets.leaks(files(tmp_path))] == ["careless.db"]
    conn.close()


def test_calls_answers_and_files_in_slack_are_searched() -> None:
    """Metadata of a message, an error at a field, a response_url and an uploaded file: each is seen."""
    secrets, sandbox = TypedSecrets(), Sandbox(**QUICK)
    assert secrets.leaks(sent(sandbox)) == []
    metadata = {"metadata": {"event_payload": {"key": secrets.new()}}}
    sandbox.api.calls.append(Call(method="chat.postMessage", args=metadata, at=0.0))
    sandbox.api.calls.append(Call(method="response_url", args={"text": secrets.new()}, at=0.0))
    sandbox.delivery.answers.append({"errors": {"token": f"{secrets.new()} ist zu kurz"}})
    sandbox.workspace.contents["F1"] = secrets.new("aws_secret_key").encode()
    names = [line.partition(":")[0] for line in secrets.leaks(sent(sandbox))]
    assert names == ["call 0 chat.postMessage", "call 1 response_url", "answer 0", "file F1"]


def test_many_secrets_in_much_text_take_little_time() -> None:
    """300 secrets in 3 MB: a window over the text, not a search for each needle."""
    secrets = TypedSecrets()
    for _ in range(60):
        secrets.one_of_each()
    text = "Das Token wurde übernommen. " * 110_000
    started = time.process_time()
    assert secrets.found_in(text) == []
    assert time.process_time() - started < 20
    assert len(glued(text)) > 2_000_000
