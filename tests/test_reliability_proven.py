"""`docs/reliability.md` names a test for every fault, and there is no fault test that it leaves out."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def named() -> set[tuple[str, str]]:
    """Every test that the document names, with its file."""
    return set(_NAMED.findall((ROOT / "docs" / "reliability.md").read_text("utf-8")))


def functions_in(path: Path) -> set[str]:
    """The test functions of a file."""
    found = ast.walk(ast.parse(path.read_text("utf-8")))
    functions = (one.name for one in found if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))
    return {name for name in functions if name.startswith("test_")}


def test_each_named_test_exists() -> None:
    """A promise whose test was renamed or taken out is noticed."""
    assert len(named()) > 40
    assert {(file, name) for file, name in named() if name not in functions_in(ROOT / file)} == set()


def test_each_line_of_the_tables_names_a_test() -> None:
    """No fault stands there on somebody's word."""
    text = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    tables = re.findall(r"^\|[^\n]*\| Test \|\n\|[-|]+\|\n((?:\|[^\n]*\n)+)", text, re.MULTILINE)
    assert len(tables) == 3
    assert [line for table in tables for line in table.splitlines() if not _NAMED.search(line)] == []


def test_each_fault_test_is_in_the_document() -> None:
    """What is proven is also told. How the tests themselves are guarded need not be."""
    guards = {"test_fault_points.py", "test_reckoning_notices.py"}
    files = sorted(path for path in (ROOT / "tests" / "faults").glob("test_*.py") if path.name not in guards)
    there = {(f"tests/faults/{path.name}", name) for path in files for name in functions_in(path)}
    assert there - named() - {("tests/faults/test_every_step.py", "test_the_way_stands_at_every_step")} == set()
