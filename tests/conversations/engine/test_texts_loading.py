"""A text file is used only if it is complete and correct; otherwise each mistake is reported with its remedy."""

from pathlib import Path

import pytest

from conversations.engine import texts as texts_module
from conversations.engine.texts import LANGUAGES, Language, Problem, Text, Texts, TextsError, Tree, Words, load
from conversations.text_schema import CATALOGUE

SMALL: Tree = {
    "steps": {"save": {"title": Text(limit=20), "text": Text(frozenset({"name", "total"}))}},
    "words": {"next": Words()},
}
GOOD = """
steps:
  save:
    title: Save
    text: Save {name}, one of {total}.
words:
  next: [next, go on]
"""


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that replaces the one of the shipped texts; it contains a small, correct file."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "guide.en.yaml").write_text(GOOD, "utf-8")
    monkeypatch.setattr(texts_module, "files", lambda _package: folder)
    return folder


def _write(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / "guide.en.yaml"
    file.write_text(text, "utf-8")
    return file


def _problems(catalogue: Tree, folder: Path | None = None) -> list[Problem]:
    with pytest.raises(TextsError) as caught:
        load("en", catalogue, folder)
    for problem in caught.value.problems:
        assert all((problem.file, problem.key, problem.what, problem.remedy))
        assert str(problem) in str(caught.value)
    return caught.value.problems


def test_good_guide_speaks(shipped: Path) -> None:
    """Texts have their placeholders filled, words are a list."""
    texts = load("en", SMALL)
    assert shipped.exists()
    assert texts.say("steps.save.text", name="Amazon DE", total=3) == "Save Amazon DE, one of 3."
    assert texts.words("words.next") == ["next", "go on"]


def test_values_are_filled_in_once(shipped: Path) -> None:
    """A value that looks like a placeholder stays as it is."""
    assert shipped.exists()
    assert load("en", SMALL).say("steps.save.text", name="{total}", total=3) == "Save {total}, one of 3."


def test_missing_value_is_noticed(shipped: Path) -> None:
    """A text is never shown with a hole in it."""
    assert shipped.exists()
    with pytest.raises(KeyError):
        load("en", SMALL).say("steps.save.text", name="Amazon DE")


def test_missing_key_is_named(shipped: Path) -> None:
    """A text that the program says and the file lacks."""
    _write(shipped, GOOD.replace("    title: Save\n", ""))
    (problem,) = _problems(SMALL)
    assert (problem.file, problem.key) == ("guide.en.yaml", "steps.save.title")
    assert "missing" in problem.what
    assert "Add" in problem.remedy


def test_missing_section_is_named(shipped: Path) -> None:
    """A whole section that is not there."""
    _write(shipped, GOOD.partition("words:")[0])
    assert [problem.key for problem in _problems(SMALL)] == ["words"]


def test_surplus_key_is_named(shipped: Path) -> None:
    """A text that nobody ever says."""
    _write(shipped, GOOD + "goodbye: Bye\n")
    (problem,) = _problems(SMALL)
    assert (problem.file, problem.key) == ("guide.en.yaml", "goodbye")
    assert "Remove" in problem.remedy


def test_misspelt_key_is_named_on_both_sides(shipped: Path) -> None:
    """A misspelt key is surplus, and what it was meant to be is missing."""
    _write(shipped, GOOD.replace("title:", "titel:"))
    assert {problem.key for problem in _problems(SMALL)} == {"steps.save.title", "steps.save.titel"}


def test_unknown_placeholder_is_named_with_the_known_ones(shipped: Path) -> None:
    """A placeholder that nobody supplies would end up in front of people."""
    _write(shipped, GOOD.replace("{total}", "{count}"))
    (problem,) = _problems(SMALL)
    assert problem.key == "steps.save.text"
    assert "{count}" in problem.what
    assert "{name}, {total}" in problem.remedy


def test_placeholder_where_none_is_supplied(shipped: Path) -> None:
    """The remedy says when a text may name none at all."""
    _write(shipped, GOOD.replace("title: Save", 'title: "{name}"'))
    (problem,) = _problems(SMALL)
    assert (problem.key, "none" in problem.remedy) == ("steps.save.title", True)


def test_duplicate_key_is_named_with_its_line(shipped: Path) -> None:
    """Of a key that occurs twice the second would silently win."""
    _write(shipped, GOOD.replace("    title: Save\n", "    title: Save\n    title: Store\n"))
    (problem,) = _problems(SMALL)
    assert problem.file == "guide.en.yaml"
    assert "'title' occurs twice" in problem.what
    assert "line 5" in problem.what


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("title: Save", "title: " + "x" * 21, "steps.save.title"),
        ("title: Save", 'title: "  "', "steps.save.title"),
        ("title: Save", "title:", "steps.save.title"),
        ("title: Save", "title: 5", "steps.save.title"),
        ("title: Save", "title: no", "steps.save.title"),
        ("title: Save", "title: {name}", "steps.save.title"),
        ("[next, go on]", "next", "words.next"),
        ("[next, go on]", '["", next]', "words.next.0"),
    ],
)
def test_value_of_the_wrong_kind_or_size_is_named(shipped: Path, old: str, new: str, key: str) -> None:
    """Too long, empty, no text, no list: each is reported with its key."""
    _write(shipped, GOOD.replace(old, new))
    assert [problem.key for problem in _problems(SMALL)] == [key]


@pytest.mark.parametrize("text", ["steps: [", "- a\n- b\n", "just words", "a: *nobody"])
def test_file_that_is_no_guide_is_named(shipped: Path, text: str) -> None:
    """What cannot be read at all is named as a whole."""
    file = _write(shipped, text)
    (problem,) = _problems(SMALL)
    assert problem.file == file.name


def test_every_fault_is_named_at_once(shipped: Path) -> None:
    """Nobody has to start the program once for each fault."""
    _write(shipped, GOOD.replace("{total}", "{count}").replace("title: Save", "titel: Save"))
    assert len(_problems(SMALL)) == 3


def test_no_code_is_run_from_a_guide(shipped: Path) -> None:
    """YAML tags that make objects are refused."""
    _write(shipped, GOOD.replace("title: Save", "title: !!python/object/apply:os.getcwd []"))
    assert len(_problems(SMALL)) == 1


# The operator's own texts


def test_own_texts_replace_ours_key_by_key(shipped: Path, tmp_path: Path) -> None:
    """A folder of one's own needs only the texts that differ; the version tells them apart."""
    assert shipped.exists()
    own = tmp_path / "own"
    _write(own, "steps:\n  save:\n    title: Keep\n")
    texts = load("en", SMALL, own)
    assert texts.say("steps.save.title") == "Keep"
    assert texts.say("steps.save.text", name="A", total=1) == "Save A, one of 1."
    assert texts.version != load("en", SMALL).version


def test_own_folder_without_this_language_changes_nothing(shipped: Path, tmp_path: Path) -> None:
    """Texts for one language leave the other as shipped; so does an empty file."""
    assert shipped.exists()
    own = tmp_path / "own"
    own.mkdir()
    assert load("en", SMALL, own).version == load("en", SMALL).version
    _write(own, "# nothing yet\n")
    assert load("en", SMALL, own).version == load("en", SMALL).version


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("steps:\n  save:\n    titel: Keep\n", "steps.save.titel"),
        ("steps:\n  save:\n    text: Keep {count}\n", "steps.save.text"),
        ("steps:\n  save:\n    title: " + "x" * 21 + "\n", "steps.save.title"),
        ("steps: Keep\n", "steps"),
    ],
)
def test_fault_in_own_texts_names_the_own_file(shipped: Path, tmp_path: Path, text: str, key: str) -> None:
    """The operator is sent to the file that holds the fault."""
    assert shipped.exists()
    file = _write(tmp_path / "own", text)
    assert [(problem.file, problem.key) for problem in _problems(SMALL, tmp_path / "own")] == [(str(file), key)]


def test_fault_in_ours_is_not_blamed_on_own_texts(shipped: Path, tmp_path: Path) -> None:
    """A text missing in the shipped file is not the operator's fault."""
    _write(shipped, GOOD.replace("    title: Save\n", ""))
    _write(tmp_path / "own", "steps:\n  save:\n    text: Keep\n")
    assert [problem.file for problem in _problems(SMALL, tmp_path / "own")] == ["guide.en.yaml"]


# The shipped texts


@pytest.fixture(scope="module")
def both() -> dict[Language, Texts]:
    return {language: load(language, CATALOGUE) for language in LANGUAGES}


def _texts(tree: Tree, prefix: str = "") -> dict[str, Text | Words]:
    leaves: dict[str, Text | Words] = {}
    for key, node in tree.items():
        if isinstance(node, Text | Words):
            leaves[f"{prefix}{key}"] = node
        else:
            leaves |= _texts(node, f"{prefix}{key}.")
    return leaves


LEAVES = _texts(CATALOGUE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_text_file_loads_and_says_everything(both: dict[Language, Texts], language: Language) -> None:
    """Both languages have every text, within its limit even when its placeholders are filled."""
    texts = both[language]
    assert texts.language == language
    for key, leaf in LEAVES.items():
        if isinstance(leaf, Words):
            assert texts.words(key)
            continue
        filled = texts.say(key, **dict.fromkeys(leaf.placeholders, "12"))
        assert filled.strip()
        assert len(filled) <= leaf.limit, key
        assert "{" not in filled, key


def test_shipped_texts_name_the_same_placeholders(both: dict[Language, Texts]) -> None:
    """A text uses the same placeholders in both languages."""
    for key, leaf in LEAVES.items():
        if isinstance(leaf, Text):
            marks = {name: f"<{name}>" for name in leaf.placeholders}
            named = [
                {name for name, mark in marks.items() if mark in texts.say(key, **marks)} for texts in both.values()
            ]
            assert named[0] == named[1], key


def test_shipped_texts_differ_in_version(both: dict[Language, Texts]) -> None:
    """A version belongs to one language's texts."""
    assert len({texts.version for texts in both.values()}) == len(both)


def test_words_people_type_mean_one_thing(both: dict[Language, Texts]) -> None:
    """No typed word means two things, in any language; every word of „in_talk“ is one of the other words too."""
    meanings: dict[str, set[str]] = {}
    in_talk = {word.casefold() for texts in both.values() for word in texts.words("words.in_talk")}
    for texts in both.values():
        for key, leaf in LEAVES.items():
            if isinstance(leaf, Words) and key != "words.in_talk":
                for word in texts.words(key):
                    meanings.setdefault(word.casefold(), set()).add(key)
    assert {word: keys for word, keys in meanings.items() if len(keys) > 1} == {}
    assert in_talk <= meanings.keys()
