"""Generic code knows no procedure: it asks the registry, and never spells a step, event or form of one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from conversations.engine.procedure import RESERVED, UNKNOWN, AnyProcedure
from conversations.registry import PROCEDURES
from conversations.secrets.credentials import SecretKind

ROOT = Path(__file__).parents[1]
FOLDERS = {name: ROOT / Path(*procedure.texts.package.split(".")) for name, procedure in PROCEDURES.items()}
REGISTRY = ROOT / "conversations" / "registry.py"


def generic_modules() -> list[Path]:
    """Every module that is in no procedure's folder."""
    modules = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("conversations/**/*.py")])
    return [module for module in modules if not any(folder in module.parents for folder in FOLDERS.values())]


def ids(procedure: AnyProcedure) -> set[str]:
    """What a procedure calls its own: itself, its steps, events, forms, screens and the categories of its tickets."""
    own = {procedure.id, *procedure.steps, *procedure.events, *procedure.forms, *procedure.screens}
    # A kind of secret may be the cause of a ticket as well.
    causes = set(procedure.tickets.categories) - {UNKNOWN, *map(str, SecretKind)}
    return (own | causes) - RESERVED


def literals(module: Path) -> Iterator[tuple[int, str]]:
    """The string literals of a module by line, docstrings left out: they are for people."""
    tree = ast.parse(module.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


@pytest.mark.parametrize("name", PROCEDURES)
def test_no_generic_module_spells_an_id_of_a_procedure(name: str) -> None:
    """Whoever adds a procedure changes no code elsewhere; whoever renames a step finds it in one folder."""
    own = ids(PROCEDURES[name])
    spelled = [
        f"{module.relative_to(ROOT)}:{line}: {text}"
        for module in generic_modules()
        for line, text in literals(module)
        if text in own
    ]
    assert spelled == [], "generic code uses this word for something of its own: give your ID another name"


def test_only_the_registry_imports_a_procedure() -> None:
    """Everything else gets a `Procedure` and asks it."""
    packages = tuple(procedure.texts.package for procedure in PROCEDURES.values())
    importing = [
        f"{module.relative_to(ROOT)}: {name}"
        for module in generic_modules()
        if module != REGISTRY
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        for name in imported(node)
        if any(name == package or name.startswith(f"{package}.") for package in packages)
    ]
    assert importing == []


def imported(node: ast.AST) -> list[str]:
    """The modules, and what is taken from them, that an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module is not None:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_procedure_uses_reserved_words_as_the_engine_means_them(name: str) -> None:
    """`cancelled` and `transferred` are ends, `help` is nobody's own form, and the events exist in every chart."""
    procedure = PROCEDURES[name]
    assert "help" not in procedure.forms
    assert {"back", "cancel"} <= procedure.events
    assert procedure.steps["cancelled"].end == "stopped"
    assert not procedure.transfers or procedure.steps["transferred"].end == "transferred"
    assert set(procedure.steps) == {state.id for state in procedure.chart.states}
    assert UNKNOWN in procedure.tickets.categories
