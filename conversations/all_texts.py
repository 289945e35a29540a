"""All texts: the common ones and those of each procedure, with what the operator has replaced.

Shipped are `common.<language>.yaml` here, and in the folder of each procedure `texts.<language>.yaml` and, where people
ask or say something, `questions.<language>.yaml`, `alike.<language>.yaml` (words that mean the same) and
`said.<language>.yaml`. The operator's folder has the same layout: `common.<language>.yaml`, and the others in
`<procedure>/`. One file `guide.<language>.yaml` with all keys together, the layout of version 0.1, is read too until
`UNTIL`; it has none of the last three.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from conversations.common_schema import COMMON
from conversations.engine.contradictions import contradictions
from conversations.engine.procedure import AnyProcedure
from conversations.engine.procedure_schema import procedure_schema, said_schema
from conversations.engine.texts import LANGUAGES, Language, Problem, TextFile, Texts, TextsError, Tree, load, read_texts
from conversations.engine.understanding.question_file import QuestionTexts, differences, read_questions
from conversations.engine.understanding.question_index import QuestionIndex
from conversations.engine.understanding.vocabulary import Vocabulary
from conversations.registry import PROCEDURES, Procedures, first_of

UNTIL = "0.3"
"""The version from which a flat file is not read any more."""
_BY_ID = frozenset({"steps", "records", "forms", "choices", "confirm", "stages"})
"""Sections whose keys are IDs of a procedure."""


@dataclass(frozen=True)
class FlatFile:
    """An operator's file in the layout of version 0.1, and the keys in it that have other names now (old → new)."""

    name: str
    renamed: Mapping[str, str]


class AllTexts(Mapping[Language, Texts]):
    """The common texts by language; `of` gives those of a procedure together with the common ones.

    The answers to a procedure's questions are texts of it; `Question.answer_key` names their keys.
    """

    def __init__(
        self,
        common: Mapping[Language, Texts],
        own: Mapping[tuple[Language, str], Texts],
        flat_files: tuple[FlatFile, ...] = (),
        questions: Mapping[tuple[Language, str], QuestionTexts] | None = None,
    ) -> None:
        self._common = common
        self._questions = questions or {}
        self._joined = {place: self._together(place, texts) for place, texts in own.items()}
        self._indexes: dict[tuple[Language, str], QuestionIndex] = {}
        self.flat_files = flat_files
        self._vocabularies: dict[str, Vocabulary] = {}

    def _together(self, place: tuple[Language, str], own: Texts) -> Texts:
        answers = {one.answer_key: one.answer for one in self._questions.get(place, QuestionTexts()).questions}
        return self._common[place[0]].joined(own).joined(Texts(place[0], answers, {}))

    def __getitem__(self, language: Language) -> Texts:
        return self._common[language]

    def __iter__(self) -> Iterator[Language]:
        return iter(self._common)

    def __len__(self) -> int:
        return len(self._common)

    def of(self, language: Language, procedure: str) -> Texts:
        """The common texts and those of the procedure. Raises `KeyError` when there is no such procedure."""
        return self._joined[language, procedure]

    def vocabulary(self, procedure: AnyProcedure) -> Vocabulary:
        """What people say at the steps of the procedure. Raises `KeyError` when its texts are not among these."""
        if procedure.id not in self._vocabularies:
            texts = {language: self.of(language, procedure.id) for language in self}
            questions = {language: self.questions(language, procedure.id) for language in self}
            self._vocabularies[procedure.id] = Vocabulary(procedure, texts, questions)
        return self._vocabularies[procedure.id]

    def questions(self, language: Language, procedure: str) -> QuestionIndex:
        """The questions about the procedure, to find the one that somebody means."""
        place = (language, procedure)
        if place not in self._indexes:
            texts = self._questions.get(place, QuestionTexts())
            self._indexes[place] = QuestionIndex(language, texts.questions, texts.alike, texts.steps)
        return self._indexes[place]

    def warm_up(self, procedures: Procedures = PROCEDURES) -> Iterator[None]:
        """Build what the first typed message would have to wait for: a part of it, some 0.2 s, before each `yield`."""
        for procedure in procedures.values():
            for language in self:
                self.questions(language, procedure.id)
                yield
            _ = self.vocabulary(procedure).lists.known
            yield

    def version_of(self, procedure: str) -> str:
        """Changes with every changed text of the procedure, common ones included, in either language."""
        return "-".join(self.of(language, procedure).version[:8] for language in sorted(self))


def load_texts(folder: Path | None = None, procedures: Procedures = PROCEDURES) -> AllTexts:
    """All texts in both languages. Files in the operator's `folder` replace shipped texts key by key.

    Raises `TextsError` with every mistake in every file, and with what a procedure says and denies.
    """
    problems = [problem for procedure in procedures.values() for problem in contradictions(procedure)]
    common: dict[Language, Texts] = {}
    own: dict[tuple[Language, str], Texts] = {}
    questions: dict[tuple[Language, str], QuestionTexts] = {}
    flat_files: list[FlatFile] = []
    schemas = {"": COMMON, **{name: procedure_schema(procedure) for name, procedure in procedures.items()}}
    for language in LANGUAGES:
        flat = None
        with _noted(problems):
            flat = _flat(folder, language, procedures, schemas)
        flat_files += [flat.file] if flat is not None else []
        for name, schema in schemas.items():
            package = procedures[name].texts.package if name else "conversations"
            file = f"{'texts' if name else 'common'}.{language}.yaml"
            replaced = [flat.part(name)] if flat is not None else []
            with _noted(problems):
                replaced += _own(folder, name, file)
            with _noted(problems):
                shipped = _shipped(package, name, file)
                texts = load(language, schema, shipped, *replaced)
                if name:
                    own[language, name] = texts
                else:
                    common[language] = texts
    for (language, name), texts in own.items():
        procedure = procedures[name]
        with _noted(problems):
            files_found = _more_files(folder, procedure, language, "questions", "alike")
            said_files = _more_files(folder, procedure, language, "said")
            questions[language, name] = read_questions(procedure, texts, files_found)
            if said_files:
                own[language, name] = texts.joined(load(language, said_schema(procedure), *said_files))
    for name, procedure in procedures.items():
        read = {language: questions[language, name] for language in LANGUAGES if (language, name) in questions}
        problems += differences(procedure, read)
    if problems:
        raise TextsError(problems)
    return AllTexts(common, own, tuple(flat_files), questions)


@contextmanager
def _noted(problems: list[Problem]) -> Iterator[None]:
    """Adds the mistakes in the block to `problems`, so that those in other files are found too."""
    try:
        yield
    except TextsError as error:
        problems += error.problems


def own_files(folder: Path, language: Language, procedures: Procedures = PROCEDURES) -> list[Path]:
    """The operator's files in this language that exist, a flat one among them."""
    candidates = [folder / f"guide.{language}.yaml", folder / f"common.{language}.yaml"]
    kinds = ("texts", "questions", "alike", "said")
    candidates += [folder / name / f"{kind}.{language}.yaml" for name in procedures for kind in kinds]
    return [file for file in candidates if file.exists()]


def _shipped(package: str, name: str, file: str) -> TextFile:
    """The shipped file. Raises `TextsError` when there is none, as for a procedure that is still being written."""
    shown = f"{name}/{file}" if name else file
    try:
        return read_texts(files(package).joinpath(file), shown)
    except FileNotFoundError as error:
        remedy = f"`amazon-token procedures --keys {name}` prints what belongs into it."
        raise TextsError([Problem(shown, "(whole file)", f"it is missing in {package}", remedy)]) from error


def _more_files(folder: Path | None, procedure: AnyProcedure, language: Language, *kinds: str) -> list[TextFile]:
    """The files that exist, the operator's last. A procedure need not have any."""
    names = [f"{kind}.{language}.yaml" for kind in kinds]
    shipped = {name: files(procedure.texts.package).joinpath(name) for name in names}
    read = [read_texts(file, f"{procedure.id}/{name}") for name, file in shipped.items() if file.is_file()]
    return read + [file for name in names for file in _own(folder, procedure.id, name)]


def _own(folder: Path | None, name: str, file: str) -> list[TextFile]:
    path = folder / name / file if folder is not None else None
    return [read_texts(path, str(path))] if path is not None and path.exists() else []


@dataclass(frozen=True)
class _Flat:
    file: FlatFile
    parts: Mapping[str, dict[str, Any]]

    def part(self, name: str) -> TextFile:
        return TextFile(self.file.name, self.parts.get(name, {}))


def _flat(folder: Path | None, language: Language, procedures: Procedures, schemas: Mapping[str, Tree]) -> _Flat | None:
    """A file of the old layout, its keys under their present names and sorted by where they belong."""
    path = folder / f"guide.{language}.yaml" if folder is not None else None
    if path is None or not path.exists():
        return None
    # Version 0.1 had one procedure, which is the first.
    procedure = first_of(procedures)
    parts: dict[str, dict[str, Any]] = {}
    renamed: dict[str, str] = {}
    for keys, text in _leaves(read_texts(path, str(path)).keys):
        new = _present(procedure, keys)
        if new != keys:
            renamed[".".join(keys)] = ".".join(new)
        # A key that nobody has goes where most of it is known, so that only its unknown part is complained about.
        name = max(schemas, key=lambda name: _known(schemas[name], new))
        _put(parts.setdefault(name, {}), new, text)
    return _Flat(FlatFile(str(path), renamed), parts)


def _present(procedure: AnyProcedure, keys: tuple[str, ...]) -> tuple[str, ...]:
    key = procedure.texts.renamed.get(".".join(keys))
    if key is not None:
        return tuple(key.split("."))
    by_id = not _BY_ID.isdisjoint(keys[:2])
    return tuple(procedure.current_id(part) if by_id else part for part in keys)


def _leaves(keys: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in keys.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*above, str(key)))
        else:
            yield (*above, str(key)), value


def _known(schema: Tree, keys: tuple[str, ...]) -> int:
    """How many of `keys`, one below the other, the schema has."""
    node: Any = schema
    for count, key in enumerate(keys):
        if not isinstance(node, Mapping) or key not in node:
            return count
        node = node[key]
    return len(keys)


def _put(part: dict[str, Any], keys: tuple[str, ...], text: Any) -> None:
    for key in keys[:-1]:
        inner = part.setdefault(key, {})
        if not isinstance(inner, dict):
            return  # the schema's check says what is wrong with the key above
        part = inner
    part[keys[-1]] = text
