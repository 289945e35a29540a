"""Loads the texts of one language from YAML and checks them against the schema of keys that the program uses."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
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

_UNSURE = "unsure"
"""The section of a text file that marks what is only concluded: the key of a text, and why we think so."""
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}", re.ASCII)


@dataclass(frozen=True)
class Text:
    """A key of the schema that holds one text: which placeholders it may name, and how long it may be."""

    placeholders: frozenset[str] = frozenset()
    limit: int = 2800


@dataclass(frozen=True)
class Words:
    """A key of the schema that holds a list of words that people type; one that is not `required` may be left out."""

    required: bool = True


Tree = Mapping[str, "Text | Words | Tree"]
BUTTON = Text(limit=30)
VIEW_TITLE = Text(limit=24)
"""Also for the buttons of a modal; Slack takes no more characters."""


def text_group(*keys: str, placeholders: str = "", limit: int = 2800) -> dict[str, Text]:
    """The same placeholders (separated by blanks) and the same limit for each of `keys`."""
    return dict.fromkeys(keys, Text(frozenset(placeholders.split()), limit))


@dataclass(frozen=True)
class Problem:
    """A mistake in a text file: where it is, what is wrong, and what to do about it."""

    file: str
    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.what}. {self.remedy}"


class TextsError(Exception):
    """The texts of a language cannot be used. `problems` holds each mistake with its remedy."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class Texts:
    """All texts of one language, as `load` returns them. `version` changes whenever a text changes."""

    def __init__(
        self,
        language: Language,
        texts: Mapping[str, str],
        words: Mapping[str, list[str]],
        unsure: Mapping[str, str] | None = None,
    ) -> None:
        self.language = language
        self._texts = texts
        self._words = words
        self._unsure = unsure or {}
        content = "\n".join(f"{key}={text}" for key, text in sorted(texts.items()))
        self.version = hashlib.sha256(content.encode()).hexdigest()[:12]

    @property
    def texts(self) -> Mapping[str, str]:
        """Every text by its key, placeholders unfilled."""
        return self._texts

    def say(self, key: str, /, **values: object) -> str:
        """The text of `key` with its placeholders filled. Raises `KeyError` when the key or a value is missing."""
        return filled(self._texts[key], values)

    def joined(self, own: "Texts") -> "Texts":
        """These texts and those of a procedure together. No key is in both."""
        together = {**self._texts, **own._texts}, {**self._words, **own._words}, {**self._unsure, **own._unsure}  # noqa: SLF001 - of the same class
        return Texts(self.language, *together)

    @property
    def unsure(self) -> Mapping[str, str]:
        """The keys of texts that say what is only concluded, and why we think so."""
        return self._unsure

    @property
    def lists(self) -> Mapping[str, list[str]]:
        """Every list of words by its key."""
        return self._words

    def words(self, key: str) -> list[str]:
        """The words of `key`, spelled as in the file. Raises `KeyError` when there is no such key."""
        return self._words[key]


def filled(text: str, values: Mapping[str, object]) -> str:
    """`text` with its placeholders filled. Raises `KeyError` when a value is missing."""
    return _PLACEHOLDER.sub(lambda match: str(values[match[1]]), text)


@dataclass(frozen=True)
class TextFile:
    """A text file as it was read: its name for messages, and its keys."""

    name: str
    keys: dict[str, Any]


def read_texts(file: Traversable, name: str) -> TextFile:
    """The keys of a YAML file. Raises `TextsError` when it is no YAML or holds no keys, `OSError` without a file."""
    return TextFile(name, _read(file.read_text("utf-8"), name))


def load(language: Language, schema: Tree, shipped: TextFile, *own: TextFile) -> Texts:
    """The texts of `language`. The operator's `own` files replace shipped texts key by key, a later one an earlier one.

    Raises `TextsError` with every missing, surplus or misspelt key and every placeholder that has no value.
    """
    unsure, bare = _unsure((shipped, *own))
    keys = bare[0].keys
    for file in bare[1:]:
        keys = _merged(keys, file.keys)
    try:
        checked = SchemaValidator(_schema(schema)).validate_python(keys)
    except ValidationError as error:
        raise TextsError(list(validation_problems(error, [*reversed(own), shipped]))) from error
    leaves = dict(_leaves(checked))
    texts = {key: leaf for key, leaf in leaves.items() if isinstance(leaf, str)}
    if strange := [key for key in unsure if key not in texts]:
        what, remedy = "there is no such text to be unsure of", "Correct the key, or remove it."
        raise TextsError([Problem(shipped.name, f"{_UNSURE}.{key}", what, remedy) for key in strange])
    return Texts(language, texts, {key: leaf for key, leaf in leaves.items() if isinstance(leaf, list)}, unsure)


def _unsure(given: Sequence[TextFile]) -> tuple[dict[str, str], list[TextFile]]:
    """The marks under `unsure` in all files, and the files without them. A replaced text counts as sure."""
    unsure: dict[str, str] = {}
    bare: list[TextFile] = []
    for file in given:
        keys = {name: section for name, section in file.keys.items() if name != _UNSURE}
        replaced = {key for key, _ in _leaves(keys)}
        unsure = {key: why for key, why in unsure.items() if key not in replaced}
        marks = file.keys.get(_UNSURE) or {}
        if not isinstance(marks, dict) or not all(isinstance(why, str) and why.strip() for why in marks.values()):
            what, remedy = "it holds keys of texts, each with the reason", "Write `steps.….text: why we think so`."
            raise TextsError([Problem(file.name, _UNSURE, what, remedy)])
        unsure |= {str(key): why.strip() for key, why in marks.items()}
        bare.append(TextFile(file.name, keys))
    return unsure, bare


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """Refuses a key that occurs twice in a mapping, of which YAML would silently take the second."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=deep)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} occurs twice", key_node.start_mark
                )
            seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def _read(text: str, file: str) -> dict[str, Any]:
    try:
        data = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader with one more check
    except yaml.YAMLError as error:
        raise TextsError([Problem(file, "(whole file)", f"it is not valid YAML: {error}", "Correct it.")]) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise TextsError([Problem(file, "(whole file)", "it holds no keys", "Begin with a section such as “steps:”.")])
    return data


def _merged(shipped: dict[str, Any], override: dict[str, Any]) -> dict[str, Any]:
    merged = dict(shipped)
    for key, value in override.items():
        section = merged.get(key)
        merged[key] = _merged(section, value) if isinstance(section, dict) and isinstance(value, dict) else value
    return merged


def _schema(tree: Tree) -> CoreSchema:
    """A schema of plain dictionaries: a model class for each section would take 0.1 s and five megabytes."""
    fields: dict[str, TypedDictField] = {}
    for key, node in tree.items():
        schema: CoreSchema
        if isinstance(node, Text):
            string = str_schema(min_length=1, max_length=node.limit, strip_whitespace=True)
            schema = no_info_after_validator_function(_placeholder_check(node.placeholders), string)
        elif isinstance(node, Words):
            schema = list_schema(str_schema(min_length=1))
        else:
            schema = _schema(node)
        fields[key] = typed_dict_field(schema, required=_is_required(node))
    return typed_dict_schema(fields, extra_behavior="forbid")


def _is_required(node: "Text | Words | Tree") -> bool:
    """Whether the key must be there: a section may be left out if all its keys may."""
    if isinstance(node, Mapping):
        return any(map(_is_required, node.values()))
    return isinstance(node, Text) or node.required


def _placeholder_check(known: frozenset[str]) -> Any:
    def check(text: str) -> str:
        unknown = sorted(placeholders(text) - known)
        if unknown:
            raise PydanticCustomError(
                "placeholder",
                "nobody supplies {unknown}",
                {"unknown": listed(unknown), "known": listed(known) or "none"},
            )
        return text

    return check


def placeholders(text: str) -> frozenset[str]:
    """The names of the placeholders in `text`."""
    return frozenset(_PLACEHOLDER.findall(text))


def listed(names: Iterable[str]) -> str:
    """Placeholders as they are written in a text."""
    return ", ".join(f"{{{name}}}" for name in sorted(names))


def validation_problems(error: ValidationError, files: Sequence[TextFile]) -> Iterator[Problem]:
    """The mistakes, each in the first of `files` that has the key, or else in the last."""
    remedies = {
        "missing": ("the text is missing", "Add it."),
        "extra_forbidden": ("the program has no use for this key", "Remove it, or correct its spelling."),
        "string_too_short": ("it is still empty", "Write it."),
    }
    for fault in error.errors():
        path = [str(part) for part in fault["loc"]]
        # In YAML a key with nothing behind it has the value `null`.
        kind = "string_too_short" if fault["input"] is None else fault["type"]
        what, remedy = remedies.get(kind, (fault["msg"], "Correct the text."))
        if fault["type"] == "placeholder":
            remedy = f"Remove it; available here: {fault['ctx']['known']}."
        yield Problem(with_key(files, path).name, ".".join(path), what, remedy)


def with_key(files: Sequence[TextFile], path: Sequence[str]) -> TextFile:
    """The first of `files` that has the key, or else the last."""
    return next((file for file in files if _has_key(file.keys, path)), files[-1])


def _has_key(data: Any, path: Sequence[str]) -> bool:
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
