"""`amazon-token procedures new NAME` in a copy of the project: what it prints is done, and the procedure is walked."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.procedures_new import registry_lines

ROOT = Path(__file__).parents[3]
NAME = "tea_round"
LIMIT = 240
"""Seconds on a busy machine."""


def _run(tree: Path, *command: str) -> str:
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-m", *command], cwd=tree, capture_output=True, text=True, check=False, timeout=LIMIT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(tree)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The program and its tests, without what is made of them."""
    for name in ("bot", "conversations", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "manifest.yml"):
        shutil.copy2(ROOT / name, tmp_path / name)
    return tmp_path


def _registered(tree: Path) -> None:
    """Do what the command says is left."""
    imported, listed = registry_lines(NAME)
    registry = tree / "conversations" / "registry.py"
    text = registry.read_text("utf-8").replace("\nProcedures =", f"{imported}\n\nProcedures =", 1)
    changed = text.replace("SP_API)", f"SP_API, {listed})", 1)
    assert changed != text
    registry.write_text(changed, "utf-8")


@pytest.mark.long
def test_a_new_procedure_works_before_anybody_has_edited_it(tree: Path) -> None:
    """Its own test, the tests of every procedure, and its list entry."""
    said = _run(tree, "bot", "procedures", "new", NAME)
    assert all(line in said for line in registry_lines(NAME))
    _registered(tree)
    assert NAME in _run(tree, "bot", "procedures")
    tests = ("tests/test_every_procedure.py", "tests/test_procedures_apart.py", f"tests/conversations/{NAME}")
    assert " passed" in _run(tree, "pytest", "-q", "-p", "no:cacheprovider", "-k", NAME, *tests)


@pytest.mark.parametrize("name", ["tea", "Tea_kettle", "tea-kettle", "../tea_kettle", "sp_api"])
def test_a_name_that_cannot_be_one_is_refused_with_a_remedy(name: str, tmp_path: Path) -> None:
    """Nothing is written."""
    (tmp_path / "conversations" / "sp_api").mkdir(parents=True)
    (tmp_path / "conversations" / "registry.py").touch()
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-m", "bot", "procedures", "new", name], cwd=tmp_path, capture_output=True, text=True,
        check=False, timeout=LIMIT, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode != 0
    assert name in done.stderr
    assert not (tmp_path / "tests").exists()
