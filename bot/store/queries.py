"""Loads `queries.sql` once: every statement by its name, with fragments and macros written out."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from bot.store.dialect import SQLITE, Macros, expand

_HEAD = re.compile(r"^-- (name|fragment): (\w+)\n", re.MULTILINE)
_COMMENT = re.compile(r"^\s*--.*\n?", re.MULTILINE)


def load(text: str, macros: Macros) -> Mapping[str, str]:
    """The statements of a file like `queries.sql` for the engine of `macros`. `ValueError` when a name is given twice.

    A fragment may use fragments before it; it is inserted without the comments.
    """
    statements: dict[str, str] = {}
    fragments: dict[str, str] = {}
    _, *parts = _HEAD.split(text)
    for kind, name, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        sql = _COMMENT.sub("", body).strip()
        for fragment, inserted in fragments.items():
            sql = sql.replace(f"{{{{{fragment}}}}}", inserted)
        if name in statements or name in fragments:
            raise ValueError(f"{name} is in the file twice")
        (statements if kind == "name" else fragments)[name] = expand(sql, macros) if kind == "name" else sql
    return MappingProxyType(statements)


TEXT = Path(__file__).with_name("queries.sql").read_text("utf-8")
QUERIES = load(TEXT, SQLITE)
