"""docs/procedures.md is enough to write a procedure: its complete example runs, its excerpts are taken from a toy."""

import importlib
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

import conversations
from conversations.all_texts import load_texts
from conversations.engine.contradictions import contradictions
from tests import test_every_procedure as every
from tests.toys.coffee_machine import procedure
from tests.toys.coffee_machine.facts import CoffeeFacts, Machine

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "procedures.md").read_text("utf-8")
WHOLE, IMPORTS, *EXCERPTS = re.findall(r"(?ms)^```python\n(.*?)^```$", PAGE)
TEXTS, *_MARKS = re.findall(r"(?ms)^```yaml\n(.*?)^```$", PAGE)


def test_the_complete_example_runs_as_it_is_printed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Both blocks, copied into the files that the page names, are a procedure that holds what every one must hold."""
    folder = tmp_path / "tea_kettle"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "procedure.py").write_text(WHOLE, "utf-8")
    for language in ("de", "en"):
        (folder / f"texts.{language}.yaml").write_text(TEXTS, "utf-8")
    monkeypatch.setattr(conversations, "__path__", [*conversations.__path__, str(tmp_path)])
    try:
        tea = importlib.import_module("conversations.tea_kettle.procedure").PROCEDURE
        all_texts = load_texts(None, {tea.id: tea})
    finally:
        for name in [name for name in sys.modules if name.startswith("conversations.tea_kettle")]:
            del sys.modules[name]
    assert list(contradictions(tea)) == []
    every.test_its_ids_have_two_words_or_mean_what_they_mean_everywhere(tea)
    every.test_chart_and_steps_say_the_same(tea)
    every.test_its_way_visits_every_step_and_every_message_fits_slack(tea, all_texts)


@pytest.mark.parametrize("excerpt", EXCERPTS, ids=lambda excerpt: excerpt.strip().splitlines()[0].strip())
def test_every_excerpt_is_taken_from_a_toy(excerpt: str) -> None:
    """Word for word, but for how far it is indented: what is printed is what the tests run."""
    lines = textwrap.dedent(excerpt).strip().splitlines()
    sources = [path.read_text("utf-8") for path in sorted((ROOT / "tests" / "toys").rglob("*.py"))]
    margins = [" " * margin for margin in (0, 4, 8)]
    printed = ["".join(f"{margin}{line}".rstrip() + "\n" for line in lines) for margin in margins]
    assert any(f"\n{block}" in source for block in printed for source in sources)


def test_every_name_in_an_excerpt_is_imported_or_the_toys_own() -> None:
    """Whoever copies an excerpt finds on the page where its names come from: none is left to be searched for."""
    names: dict[str, Any] = {}
    exec(IMPORTS, names)  # noqa: S102 - it is a page of this repository
    names |= {"CoffeeFacts": CoffeeFacts, "Machine": Machine}
    names |= {"PACKAGE": procedure.PACKAGE, "_picture": procedure._picture}
    for excerpt in EXCERPTS:
        exec(excerpt, names)  # noqa: S102 - the same
    assert names["PICTURES"].names == ("tank",)


@pytest.mark.parametrize(
    "word", ["records", "staying", "retracing", "confirmation", "unfinished", "jumps", "restarted"]
)
def test_what_every_real_procedure_needs_is_explained(word: str) -> None:
    """A field without which a procedure does not work is not left to be found in the source."""
    assert re.search(rf"`[^`\n]*\b{word}\b[^`\n]*`", PAGE)
