"""`amazon-token procedures new`: a folder with a small working procedure, which a person then edits."""

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.cli.cli_support import stop

_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+", re.ASCII)
_SUFFIX, _PLACE = ".txt", "NAME"
"""The files are stored with this suffix, so that no tool takes them for code; in them this word is the ID."""


def write(name: str, checkout: Path) -> str:
    """Write the folder of the procedure and its test into `checkout`; what is left to do. Exits with a remedy."""
    if not _ID.fullmatch(name):
        stop(f"{name} cannot be an ID. Take two words or more in small letters, with an underscore: tea_kettle")
    folder, tests = checkout / "conversations" / name, checkout / "tests" / "conversations" / name
    if not (checkout / "conversations" / "registry.py").is_file():
        stop(f"{checkout.resolve()} is no checkout of the project: run this where `conversations` is")
    for there in (folder, tests):
        if there.exists():
            stop(f"{there} exists already. Take another name, or remove it.")
    (folder / "pictures").mkdir(parents=True)
    tests.mkdir(parents=True)
    (folder / "__init__.py").touch()
    for file in _templates():
        text = file.read_text("utf-8").replace(_PLACE, name)
        if file.name.endswith(".svg"):
            target = folder / "pictures" / file.name
        elif file.name == "test.py.txt":
            target = tests / f"test_{name}.py"
        else:
            target = folder / file.name.removesuffix(_SUFFIX)
        target.write_text(text, "utf-8")
    return _left_to_do(name)


def registry_lines(name: str) -> tuple[str, str]:
    """The import that the registry needs, and the name that goes into its list."""
    return f"from conversations.{name}.procedure import PROCEDURE as {name.upper()}", name.upper()


def _templates() -> list[Traversable]:
    folder = files("bot.cli").joinpath("new_procedure")
    return [*(file for file in folder.iterdir() if file.is_file()), *folder.joinpath("pictures").iterdir()]


def _left_to_do(name: str) -> str:
    imported, listed = registry_lines(name)
    return "\n".join(
        (
            f"conversations/{name} is a small procedure that works. To have the bot lead through it:",
            "",
            f"1. In conversations/registry.py: {imported}",
            f"   and {listed} at the end of the list.",
            f"2. pytest tests/conversations/{name} tests/test_every_procedure.py",
            f"3. make demo, and type: /amazon-token {name}",
            "",
            "Then edit its chart, texts and picture; docs/procedures.md says how.",
        )
    )
