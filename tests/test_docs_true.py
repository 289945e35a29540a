"""README.md, CONTRIBUTING.md and docs/*.md name files that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
_PATH = re.compile(r"(?<![\w./-])(?:bot|conversations|tests|docs)/(?:[\w./-]*\w)?", re.ASCII)
_LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_path_and_link_exists(document: Path) -> None:
    """Paths are relative to the top of the repository, links to the document."""
    text = document.read_text("utf-8")
    missing_paths = {path for path in _PATH.findall(text) if not (ROOT / path).exists()}
    missing_links = {link for link in _LINK.findall(text) if not (document.parent / link).exists()}
    assert (missing_paths, missing_links) == (set(), set())
