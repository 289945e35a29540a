"""A type's name means one thing in the whole program."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]


def _defined(statements: list[ast.stmt]) -> Iterator[str]:
    """The classes and aliases that are defined at the top level of a module."""
    for statement in statements:
        match statement:
            case ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(value=ast.Call(func=ast.Name(id="TypeVar"))):
                pass  # stands for any type
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield name
            case ast.If(body=body, orelse=orelse):
                yield from _defined([*body, *orelse])


def test_no_type_name_has_two_definitions() -> None:
    """Each class and alias in bot/ and conversations/ has a name of its own; a leading underscore does not count."""
    files = defaultdict(set)
    for path in (file for package in ("bot", "conversations") for file in (ROOT / package).rglob("*.py")):
        for name in _defined(ast.parse(path.read_text("utf-8")).body):
            if re.fullmatch("_?[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*", name):
                files[name.lstrip("_")].add(str(path.relative_to(ROOT)))
    assert {name: paths for name, paths in files.items() if len(paths) > 1} == {}
