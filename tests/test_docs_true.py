"""README.md, CONTRIBUTING.md and docs/*.md name files, docs/architecture.md also classes and functions, that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
_PATH = re.compile(r"(?<![\w./-])(?:bot|conversations|tests|docs)/(?:[\w./-]*\w)?", re.ASCII)
_NAME = re.compile(r"`(?!(?:chat|users|talk|words)\.)(?:\w+\.)?([A-Z]\w*[a-z]\w*|(?<=\.)(?!toml)[a-z]\w*)`", re.ASCII)
"""A class, a method or a function with its module; no method of the Slack API and no key of a text."""
_DEFINITION = re.compile(r"\b(?:class |def |self\.)(\w+)", re.ASCII)
_LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_path_and_link_exists(document: Path) -> None:
    """Paths are relative to the top of the repository, links to the document."""
    text = document.read_text("utf-8")
    missing_paths = {path for path in _PATH.findall(text) if not (ROOT / path).exists()}
    missing_links = {link for link in _LINK.findall(text) if not (document.parent / link).exists()}
    assert (missing_paths, missing_links) == (set(), set())


def test_every_class_and_function_of_the_architecture_exists() -> None:
    """A renamed class or function is noticed."""
    sources = [path.read_text("utf-8") for folder in ("bot", "conversations") for path in (ROOT / folder).rglob("*.py")]
    names = set(_NAME.findall((ROOT / "docs" / "architecture.md").read_text("utf-8")))
    assert len(names) > 15
    assert names - {name for source in sources for name in _DEFINITION.findall(source)} == set()
