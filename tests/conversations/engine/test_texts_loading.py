"""A text file is used only if it is complete and correct; otherwise each mistake is reported with its remedy."""

from pathlib import Path

import pytest

from conversations.engine.texts import Problem, Text, TextFile, Texts, TextsError, Tree, Words, load, read_texts

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
SHIPPED, OWN, LATER = "texts.en.yaml", "own.en.yaml", "later.en.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a small, correct file."""
    _write(tmp_path, SHIPPED, GOOD)
    return tmp_path


def _write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, "utf-8")


def _load(folder: Path, *own: str) -> Texts:
    return load("en", SMALL, *(_read(folder, name) for name in (SHIPPED, *own)))


def _read(folder: Path, name: str) -> TextFile:
    return read_texts(folder / name, name)


def _problems(folder: Path, *own: str) -> list[Problem]:
    with pytest.raises(TextsError) as caught:
        _load(folder, *own)
    for problem in caught.value.problems:
        assert all((problem.file, problem.key, problem.what, problem.remedy))
        assert str(problem) in str(caught.value)
    return caught.value.problems


def test_good_guide_speaks(folder: Path) -> None:
    """Texts have their placeholders filled, words are a list."""
    texts = _load(folder)
    assert texts.say("steps.save.text", name="Amazon DE", total=3) == "Save Amazon DE, one of 3."
    assert texts.words("words.next") == ["next", "go on"]


def test_values_are_filled_in_once(folder: Path) -> None:
    """A value that looks like a placeholder stays as it is."""
    assert _load(folder).say("steps.save.text", name="{total}", total=3) == "Save {total}, one of 3."


def test_missing_value_is_noticed(folder: Path) -> None:
    """A text is never shown with a hole in it."""
    with pytest.raises(KeyError):
        _load(folder).say("steps.save.text", name="Amazon DE")


def test_missing_key_is_named(folder: Path) -> None:
    """A text that the program says and the file lacks."""
    _write(folder, SHIPPED, GOOD.replace("    title: Save\n", ""))
    (problem,) = _problems(folder)
    assert (problem.file, problem.key) == (SHIPPED, "steps.save.title")
    assert "missing" in problem.what
    assert "Add" in problem.remedy


def test_missing_section_is_named(folder: Path) -> None:
    """A whole section that is not there."""
    _write(folder, SHIPPED, GOOD.partition("words:")[0])
    assert [problem.key for problem in _problems(folder)] == ["words"]


def test_surplus_key_is_named(folder: Path) -> None:
    """A text that nobody ever says."""
    _write(folder, SHIPPED, GOOD + "goodbye: Bye\n")
    (problem,) = _problems(folder)
    assert (problem.file, problem.key) == (SHIPPED, "goodbye")
    assert "Remove" in problem.remedy


def test_misspelt_key_is_named_on_both_sides(folder: Path) -> None:
    """A misspelt key is surplus, and what it was meant to be is missing."""
    _write(folder, SHIPPED, GOOD.replace("title:", "titel:"))
    assert {problem.key for problem in _problems(folder)} == {"steps.save.title", "steps.save.titel"}


def test_unknown_placeholder_is_named_with_the_known_ones(folder: Path) -> None:
    """A placeholder that nobody supplies would end up in front of people."""
    _write(folder, SHIPPED, GOOD.replace("{total}", "{count}"))
    (problem,) = _problems(folder)
    assert problem.key == "steps.save.text"
    assert "{count}" in problem.what
    assert "{name}, {total}" in problem.remedy


def test_placeholder_where_none_is_supplied(folder: Path) -> None:
    """The remedy says when a text may name none at all."""
    _write(folder, SHIPPED, GOOD.replace("title: Save", 'title: "{name}"'))
    (problem,) = _problems(folder)
    assert (problem.key, "none" in problem.remedy) == ("steps.save.title", True)


def test_duplicate_key_is_named_with_its_line(folder: Path) -> None:
    """Of a key that occurs twice the second would silently win."""
    _write(folder, SHIPPED, GOOD.replace("    title: Save\n", "    title: Save\n    title: Store\n"))
    (problem,) = _problems(folder)
    assert problem.file == SHIPPED
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
def test_value_of_the_wrong_kind_or_size_is_named(folder: Path, old: str, new: str, key: str) -> None:
    """Too long, empty, no text, no list: each is reported with its key."""
    _write(folder, SHIPPED, GOOD.replace(old, new))
    assert [problem.key for problem in _problems(folder)] == [key]


@pytest.mark.parametrize("text", ["steps: [", "- a\n- b\n", "just words", "a: *nobody"])
def test_file_that_is_no_guide_is_named(folder: Path, text: str) -> None:
    """What cannot be read at all is named as a whole."""
    _write(folder, SHIPPED, text)
    (problem,) = _problems(folder)
    assert problem.file == SHIPPED


def test_every_fault_is_named_at_once(folder: Path) -> None:
    """Nobody has to start the program once for each fault."""
    _write(folder, SHIPPED, GOOD.replace("{total}", "{count}").replace("title: Save", "titel: Save"))
    assert len(_problems(folder)) == 3


def test_no_code_is_run_from_a_guide(folder: Path) -> None:
    """YAML tags that make objects are refused."""
    _write(folder, SHIPPED, GOOD.replace("title: Save", "title: !!python/object/apply:os.getcwd []"))
    assert len(_problems(folder)) == 1


# The operator's own texts


def test_own_texts_replace_ours_key_by_key(folder: Path) -> None:
    """A file of one's own needs only the texts that differ; the version tells them apart."""
    _write(folder, OWN, "steps:\n  save:\n    title: Keep\n")
    texts = _load(folder, OWN)
    assert texts.say("steps.save.title") == "Keep"
    assert texts.say("steps.save.text", name="A", total=1) == "Save A, one of 1."
    assert texts.version != _load(folder).version


def test_words_of_our_own_replace_the_whole_list(folder: Path) -> None:
    """A list is one text: what the operator leaves out is no longer understood."""
    _write(folder, OWN, "words: {next: [onwards]}")
    assert _load(folder, OWN).words("words.next") == ["onwards"]


def test_the_last_of_several_files_wins(folder: Path) -> None:
    """Each replaces what those before it say, and nothing else."""
    _write(folder, OWN, "steps: {save: {title: Keep, text: Keep it.}}")
    _write(folder, LATER, "steps: {save: {title: Hold}}")
    texts = _load(folder, OWN, LATER)
    assert (texts.say("steps.save.title"), texts.say("steps.save.text")) == ("Hold", "Keep it.")


def test_an_empty_file_changes_nothing(folder: Path) -> None:
    """Somebody who has only begun to write gets what is shipped."""
    _write(folder, OWN, "# nothing yet\n")
    assert _load(folder, OWN).version == _load(folder).version


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("steps: {save: {title: }}", "steps.save.title"),
        ("steps: {save: {title: ''}}", "steps.save.title"),
        ("steps:", "steps"),
        ("words: {next: }", "words.next"),
    ],
)
def test_a_key_with_nothing_behind_it_is_called_empty(folder: Path, text: str, key: str) -> None:
    """Whoever fills in a file step by step reads what is left to do, in words and not in types."""
    _write(folder, OWN, text)
    assert [(problem.key, problem.what) for problem in _problems(folder, OWN)] == [(key, "it is still empty")]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("steps:\n  save:\n    titel: Keep\n", "steps.save.titel"),
        ("steps:\n  save:\n    text: Keep {count}\n", "steps.save.text"),
        ("steps:\n  save:\n    title: " + "x" * 21 + "\n", "steps.save.title"),
        ("steps: Keep\n", "steps"),
    ],
)
def test_fault_in_own_texts_names_the_own_file(folder: Path, text: str, key: str) -> None:
    """The operator is sent to the file that holds the fault."""
    _write(folder, OWN, text)
    assert [(problem.file, problem.key) for problem in _problems(folder, OWN)] == [(OWN, key)]


def test_fault_in_ours_is_not_blamed_on_own_texts(folder: Path) -> None:
    """A text missing in the shipped file is not the operator's fault."""
    _write(folder, SHIPPED, GOOD.replace("    title: Save\n", ""))
    _write(folder, OWN, "steps:\n  save:\n    text: Keep\n")
    assert [problem.file for problem in _problems(folder, OWN)] == [SHIPPED]


def test_of_several_files_the_one_that_holds_the_fault_is_named(folder: Path) -> None:
    """Each fault is looked for where it counts: in the last file that has the key."""
    _write(folder, OWN, "steps: {save: {title: '{name}', text: '{count}'}}")
    _write(folder, LATER, "steps: {save: {title: '{total}'}}")
    named = {(problem.file, problem.key) for problem in _problems(folder, OWN, LATER)}
    assert named == {(LATER, "steps.save.title"), (OWN, "steps.save.text")}


def test_a_file_that_is_not_there_is_no_mistake_in_the_texts(folder: Path) -> None:
    """Whoever asks for it looks first; its absence is not reported as a problem of texts."""
    with pytest.raises(OSError, match="nowhere"):
        _read(folder, "nowhere.yaml")


def test_texts_are_joined(folder: Path) -> None:
    """Common texts and those of a procedure make one; its version is that of neither."""
    first, second = _load(folder), Texts("en", {"more": "More {name}"}, {"words.more": ["more"]})
    joined = first.joined(second)
    assert joined.texts == {**first.texts, **second.texts}
    assert (joined.words("words.next"), joined.words("words.more")) == (["next", "go on"], ["more"])
    assert len({first.version, second.version, joined.version}) == 3
