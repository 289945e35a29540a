"""Every setting is documented where an operator looks for it."""

from pathlib import Path

import pytest
from pydantic.fields import FieldInfo

from bot.settings import core as module
from bot.settings.core import with_procedures
from conversations.engine.settings import Source
from conversations.registry import PROCEDURES

ROOT = Path(__file__).parents[3]


FIELDS = with_procedures(PROCEDURES).model_fields


@pytest.mark.parametrize(("name", "field"), FIELDS.items())
def test_every_setting_says_what_it_is_for_and_where_it_is_found(name: str, field: FieldInfo) -> None:
    """Both are in the table of the docs, and in the message about a wrong value."""
    assert field.description, f"{name} needs a description"
    assert any(isinstance(entry, Source) for entry in field.metadata), f"{name} needs a Source"


def test_the_table_is_written_in_its_place(tmp_path: Path) -> None:
    """What is before and after it stays."""
    page = tmp_path / "settings.md"
    page.write_text("# Settings\n\n| Setting | Old |\n|---|---|\n| `GONE` | x |\n\nAfter it.\n", "utf-8")
    module.write_table(page)
    assert page.read_text("utf-8") == f"# Settings\n\n{module.markdown()}\nAfter it.\n"


def test_the_docs_hold_the_table() -> None:
    """docs/settings.md holds the table of all settings as the code has them."""
    assert module.markdown() in (ROOT / "docs" / "settings.md").read_text("utf-8")


def test_the_example_names_every_setting() -> None:
    """.env.example has a line for each setting, with its default, and none that does not exist."""
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    found = dict(
        line.removeprefix("# ").split("=", 1) for line in lines if line.removeprefix("# ")[:2].isupper() and "=" in line
    )
    names = {name.upper() for name in FIELDS}
    assert not names - set(found), f".env.example lacks a line `# NAME=default` for {sorted(names - set(found))}"
    assert not set(found) - names, (
        f".env.example has lines for settings that do not exist: {sorted(set(found) - names)}"
    )
    for name, field in FIELDS.items():
        assert found[name.upper()] == module._default(field).strip("`*").replace("required", "")
