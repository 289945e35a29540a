"""Loads a guide: every sentence of one language, checked against the catalogue of what the program says."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic_core import CoreSchema, PydanticCustomError, SchemaValidator, ValidationError
from pydantic_core.core_schema import (
    TypedDictField,
    list_schema,
    no_info_after_validator_function,
    str_schema,
    typed_dict_field,
    typed_dict_schema,
)

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = ("de", "en")

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}", re.ASCII)


@dataclass(frozen=True)
class Text:
    """One sentence or label of the catalogue: which placeholders it may name, and how long it may be."""

    placeholders: frozenset[str] = frozenset()
    limit: int = 2800


@dataclass(frozen=True)
class Words:
    """A list of words that people type."""


Tree = Mapping[str, "Text | Words | Tree"]
BUTTON = Text(limit=30)
VIEW_TITLE = Text(limit=24)
"""Also for the buttons of a modal; Slack takes no more characters."""


def text_group(*keys: str, placeholders: str = "", limit: int = 2800) -> dict[str, Text]:
    """The same placeholders (separated by blanks) and the same limit for each of `keys`."""
    return dict.fromkeys(keys, Text(frozenset(placeholders.split()), limit))


@dataclass(frozen=True)
class Problem:
    """What is wrong in a guide file: where, what, and what to do about it."""

    file: str
    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.what}. {self.remedy}"


class TextsError(Exception):
    """A guide cannot be used. `problems` names each fault with its remedy."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class Texts:
    """All texts of one language. `version` changes with every changed text."""

    def __init__(self, language: Language, texts: Mapping[str, str], words: Mapping[str, list[str]]) -> None:
        self.language = language
        self._texts = texts
        self._words = words
        said = "\n".join(f"{key}={text}" for key, text in sorted(texts.items()))
        self.version = hashlib.sha256(said.encode()).hexdigest()[:12]

    @property
    def texts(self) -> Mapping[str, str]:
        """Every text by its key, placeholders unfilled."""
        return self._texts

    def say(self, key: str, /, **values: object) -> str:
        """The text of `key` with its placeholders filled. `KeyError` when the key or a value is missing."""
        return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), self._texts[key])

    def words(self, key: str) -> list[str]:
        """The words of `key`, as written in the guide."""
        return self._words[key]


def load(language: Language, catalogue: Tree, folder: Path | None = None) -> Texts:
    """The guide of `language`; texts of a file of the same name in `folder` replace ours key by key.

    `GuideError` lists every missing, surplus or misspelt key and every placeholder that nobody supplies.
    """
    name = f"guide.{language}.yaml"
    ours = _read(files("conversations").joinpath(name).read_text("utf-8"), name)
    own: dict[str, Any] = {}
    if folder is not None and (folder / name).exists():
        own = _read((folder / name).read_text("utf-8"), str(folder / name))
    try:
        checked = SchemaValidator(_schema(catalogue)).validate_python(_merged(ours, own))
    except ValidationError as error:
        raise TextsError(list(_problems(error, name, str(folder and folder / name), own))) from error
    leaves = dict(_leaves(checked))
    return Texts(
        language,
        {key: leaf for key, leaf in leaves.items() if isinstance(leaf, str)},
        {key: leaf for key, leaf in leaves.items() if isinstance(leaf, list)},
    )


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """YAML in which a key that stands twice is a fault: the second would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=deep)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", key_node.start_mark
                )
            seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def _read(text: str, file: str) -> dict[str, Any]:
    try:
        data = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader with one more check
    except yaml.YAMLError as error:
        raise TextsError([Problem(file, "(whole file)", f"it is not valid YAML: {error}", "Mend it.")]) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise TextsError([Problem(file, "(whole file)", "it holds no keys", "Begin with a section such as “steps:”.")])
    return data


def _merged(ours: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    merged = dict(ours)
    for key, value in own.items():
        below = merged.get(key)
        merged[key] = _merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _schema(tree: Tree) -> CoreSchema:
    """Of plain fields: a model class for each section would take a tenth of a second and five megabytes."""
    fields: dict[str, TypedDictField] = {}
    for key, node in tree.items():
        kind: CoreSchema
        if isinstance(node, Text):
            size = str_schema(min_length=1, max_length=node.limit, strip_whitespace=True)
            kind = no_info_after_validator_function(_only(node.placeholders), size)
        elif isinstance(node, Words):
            kind = list_schema(str_schema(min_length=1))
        else:
            kind = _schema(node)
        fields[key] = typed_dict_field(kind, required=True)
    return typed_dict_schema(fields, extra_behavior="forbid")


def _only(placeholders: frozenset[str]) -> Any:
    def check(text: str) -> str:
        unknown = sorted(set(_PLACEHOLDER.findall(text)) - placeholders)
        if unknown:
            raise PydanticCustomError(
                "placeholder",
                "nobody supplies {unknown}",
                {"unknown": ", ".join(f"{{{one}}}" for one in unknown), "known": _listed(placeholders)},
            )
        return text

    return check


def _listed(placeholders: frozenset[str]) -> str:
    return ", ".join(f"{{{one}}}" for one in sorted(placeholders)) or "none"


def _problems(error: ValidationError, ours: str, theirs: str, own: dict[str, Any]) -> Iterator[Problem]:
    remedies = {
        "missing": ("the text is missing", "Add it."),
        "extra_forbidden": ("the program has no use for this key", "Remove it, or correct its spelling."),
    }
    for fault in error.errors():
        path = [str(part) for part in fault["loc"]]
        what, remedy = remedies.get(fault["type"], (fault["msg"], "Correct the text."))
        if fault["type"] == "placeholder":
            remedy = f"Remove it; available here: {fault['ctx']['known']}."
        yield Problem(theirs if _holds(own, path) else ours, ".".join(path), what, remedy)


def _holds(data: Any, path: list[str]) -> bool:
    for part in path:
        if not isinstance(data, dict) or part not in data:
            return False
        data = data[part]
    return True


def _leaves(checked: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str | list[str]]]:
    for key, value in checked.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
