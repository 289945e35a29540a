"""What the program is made of: pinned by hash, free of what scanners warn of, and audited where that is possible."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import audit

ROOT = Path(__file__).parent.parent
ALLOWED = {
    ("B506", "conversations/engine/texts.py"): "a SafeLoader with one more check",
    ("B406", "conversations/engine/pictures.py"): "`escape` writes XML, nothing is parsed",
    ("B406", "bot/statistics/chart_svg.py"): "the same",
    ("B608", "bot/store/migrations.py"): "the tables' names stand above, in the same function",
    ("B311", "bot/store/postgres_storm.py"): "chance, and no secret",
    ("B311", "bot/cli/screens.py"): "it makes an example",
    ("B608", "bot/store/postgres_move.py"): "the names of tables and columns are those of the schema",
    ("B404", "bot/settings/public_holidays.py"): "it starts this program's own module",
    ("B603", "bot/settings/public_holidays.py"): "the same: a list of words, no shell",
    ("B101", "bot/demo/demonstration.py"): "it tells the type checker what holds",
}


@pytest.fixture(scope="module")
def findings() -> list[Any]:
    """What bandit finds."""
    ran = subprocess.run(
        [sys.executable, "-m", "bandit", "-q", "-f", "json", "-c", "pyproject.toml", "-r", "bot", "conversations"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    report = json.loads(ran.stdout)
    assert report["errors"] == []
    assert report["metrics"]["_totals"]["loc"] > 5000
    return list(report["results"])


def test_bandit_finds_nothing_new(findings: list[Any]) -> None:
    """Every finding is one of the few whose reason stands above."""
    found = {(one["test_id"], one["filename"].removeprefix("./")) for one in findings}
    assert found <= set(ALLOWED), [one for one in findings if one["issue_severity"] != "LOW"]


def test_every_requirement_is_pinned_by_hash() -> None:
    """One version each, with at least one hash; nothing from an address or a folder."""
    text = (ROOT / "requirements" / "dev.txt").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(lines) > 50
    for line in lines:
        assert re.match(r"[A-Za-z0-9._-]+(?:\[[a-z,]+\])?==\S+ ", line), line
        assert "--hash=sha256:" in line, line


def _report(vulnerable: bool, skipped: int, checked: int) -> str:  # noqa: FBT001
    problem = [{"id": "PYSEC-1", "fix_versions": ["2"], "aliases": [], "description": ""}]
    packages: list[Any] = [{"name": f"s{n}", "version": "1", "skip_reason": "not found"} for n in range(skipped)]
    packages += [{"name": f"c{n}", "version": "1", "vulns": []} for n in range(checked)]
    packages += [{"name": "bad", "version": "1", "vulns": problem}] if vulnerable else []
    return json.dumps({"dependencies": packages, "fixes": []})


@pytest.mark.parametrize(
    ("said", "status", "word"),
    [
        (_report(vulnerable=False, skipped=0, checked=9), 0, "9 packages, none with a known weakness"),
        (_report(vulnerable=False, skipped=1, checked=8), 0, "not audited: s0"),
        (_report(vulnerable=True, skipped=0, checked=9), 1, "bad 1: PYSEC-1, mended in 2"),
        (_report(vulnerable=True, skipped=9, checked=0), 1, "bad 1"),
        (_report(vulnerable=False, skipped=9, checked=0), 0, "SKIPPED"),
        ("", 0, "SKIPPED"),
        ("no JSON", 0, "SKIPPED"),
    ],
)
def test_the_audit_says_what_it_could_see(said: str, status: int, word: str) -> None:
    """A weakness fails; no network, or an index that knows none of the packages, is skipped and says so."""
    ended, told = audit.verdict(said, "cannot connect")
    assert ended == status
    assert word in told
