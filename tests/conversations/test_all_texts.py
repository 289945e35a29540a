"""The shipped texts are complete in both languages, and an operator's files replace them wherever they belong."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from conversations.all_texts import AllTexts, FlatFile, load_texts, own_files
from conversations.common_schema import COMMON
from conversations.engine.procedure_schema import merged, procedure_schema
from conversations.engine.texts import LANGUAGES, Language, Problem, Text, TextsError, Tree, Words
from conversations.engine.understanding.word_lists import COMMAND_LISTS, WORD_LISTS
from conversations.registry import PROCEDURES, Procedures
from tests.guides import FIRST, guide, shipped

SECOND = "second"
TWO: Procedures = {FIRST: PROCEDURES[FIRST], SECOND: replace(PROCEDURES[FIRST], id=SECOND)}
"""Two procedures that ship the same texts."""
RENAMED = PROCEDURES[FIRST].texts.renamed


def _leaves(tree: Tree, prefix: str = "") -> Iterator[tuple[str, Text | Words]]:
    for key, node in tree.items():
        if isinstance(node, Text | Words):
            yield f"{prefix}{key}", node
        else:
            yield from _leaves(node, f"{prefix}{key}.")


def _schema(procedure: str) -> dict[str, Text | Words]:
    return dict(_leaves(merged(COMMON, procedure_schema(PROCEDURES[procedure]))))


def _write(folder: Path, name: str, text: str) -> str:
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")
    return str(file)


def _problems(folder: Path) -> list[Problem]:
    with pytest.raises(TextsError) as caught:
        load_texts(folder)
    return caught.value.problems


def _named(folder: Path) -> set[tuple[str, str]]:
    return {(problem.file, problem.key) for problem in _problems(folder)}


# What is shipped


@pytest.mark.parametrize("procedure", PROCEDURES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_texts_load_and_say_everything(language: Language, procedure: str) -> None:
    """Both languages have every text, within its limit even when its placeholders are filled."""
    texts = shipped().of(language, procedure)
    assert texts.language == language
    for key, leaf in _schema(procedure).items():
        if isinstance(leaf, Words):
            assert texts.words(key)
            continue
        filled = texts.say(key, **dict.fromkeys(leaf.placeholders, "12"))
        assert filled.strip()
        assert len(filled) <= leaf.limit, key
        assert "{" not in filled, key


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_shipped_texts_name_the_same_placeholders(procedure: str) -> None:
    """A text uses the same placeholders in both languages."""
    for key, leaf in _schema(procedure).items():
        if isinstance(leaf, Text):
            marks = {name: f"<{name}>" for name in leaf.placeholders}
            said = [shipped().of(language, procedure).say(key, **marks) for language in LANGUAGES]
            named = [{name for name, mark in marks.items() if mark in text} for text in said]
            assert named[0] == named[1], key


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_shipped_texts_differ_in_version(procedure: str) -> None:
    """A version belongs to one language's texts."""
    assert len({shipped().of(language, procedure).version for language in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_words_people_type_mean_one_thing(procedure: str) -> None:
    """No command means two things, in any language; every word of „in_talk“ is one of the other words too."""
    meanings: dict[str, set[str]] = {}
    both = [shipped().of(language, procedure) for language in LANGUAGES]
    words = {key for key, leaf in _schema(procedure).items() if isinstance(leaf, Words) and key.startswith("words.")}
    others = {f"words.{name}" for name in ("in_talk", *WORD_LISTS) if name not in COMMAND_LISTS}
    commands = words - others | {"procedure.words"}
    in_talk = {word.casefold() for texts in both for word in texts.words("words.in_talk")}
    for texts in both:
        for key, leaf in _schema(procedure).items():
            if isinstance(leaf, Words) and key in commands:
                for word in texts.words(key):
                    meanings.setdefault(word.casefold(), set()).add(key)
    assert {word: keys for word, keys in meanings.items() if len(keys) > 1} == {}
    assert in_talk <= meanings.keys()


def test_common_texts_are_about_no_procedure() -> None:
    """By its language alone one gets the common texts; with a procedure, those and its own."""
    texts = shipped()
    assert list(texts) == list(LANGUAGES)
    assert len(texts) == len(LANGUAGES)
    common, joined = texts["de"].texts, texts.of("de", FIRST).texts
    assert "steps.save_account.title" in joined.keys() - common.keys()
    assert common.items() < joined.items()
    with pytest.raises(KeyError):
        texts.of("de", "nonsense")


def test_a_procedure_without_its_files_is_told_how_to_get_them() -> None:
    """Whoever has not written them yet reads which file is missing and what prints its keys, for each language."""
    package = "conversations.engine"
    nowhere = replace(PROCEDURES[FIRST], id=SECOND, texts=replace(PROCEDURES[FIRST].texts, package=package))
    with pytest.raises(TextsError) as caught:
        load_texts(None, {SECOND: nowhere})
    assert [problem.file for problem in caught.value.problems] == [f"{SECOND}/texts.de.yaml", f"{SECOND}/texts.en.yaml"]
    assert all(f"--keys {SECOND}" in problem.remedy for problem in caught.value.problems)


def test_a_procedure_that_contradicts_itself_is_not_loaded() -> None:
    """What nobody could press without an apology stops the bot before anybody sees it."""
    unrecorded = replace(PROCEDURES[FIRST], texts=replace(PROCEDURES[FIRST].texts, records={}))
    with pytest.raises(TextsError, match=r"records\.fetch_worked: the event leads on"):
        load_texts(None, {FIRST: unrecorded})


# The operator's files


def test_own_files_replace_ours_key_by_key(tmp_path: Path) -> None:
    """The common file and the folder of the procedure hold only the texts that differ; all others stay."""
    _write(tmp_path, "common.de.yaml", "buttons: {start: Los}")
    _write(tmp_path, f"{FIRST}/texts.de.yaml", "steps: {save_account: {title: Sichern}}")
    texts, ours = load_texts(tmp_path), shipped()
    own = texts.of("de", FIRST).texts
    changed = {key: text for key, text in own.items() if guide("de").texts[key] != text}
    assert changed == {"buttons.start": "Los", "steps.save_account.title": "Sichern"}
    assert texts["de"].say("buttons.start") == "Los"
    assert texts.of("en", FIRST).texts == guide("en").texts
    assert texts.version_of(FIRST) != ours.version_of(FIRST)
    assert texts.flat_files == ()


@pytest.mark.parametrize(
    ("file", "text"),
    [("common.en.yaml", "buttons: {start: Go}"), (f"{FIRST}/texts.de.yaml", "steps: {save_account: {title: X}}")],
)
def test_any_own_text_gives_the_procedure_another_version(tmp_path: Path, file: str, text: str) -> None:
    """What merchants read depends on both files in both languages; the version tells."""
    _write(tmp_path, file, text)
    assert load_texts(tmp_path).version_of(FIRST) != shipped().version_of(FIRST)


def test_a_folder_belongs_to_one_procedure(tmp_path: Path) -> None:
    """What is written for one procedure is said in it only; the common file is for all."""
    _write(tmp_path, "common.en.yaml", "buttons: {start: Go}")
    _write(tmp_path, f"{SECOND}/texts.en.yaml", "steps: {save_account: {title: Keep}}")
    texts = load_texts(tmp_path, TWO)
    first, second = texts.of("en", FIRST), texts.of("en", SECOND)
    assert first.say("steps.save_account.title") == guide("en").say("steps.save_account.title")
    assert second.say("steps.save_account.title") == "Keep"
    assert first.say("buttons.start") == second.say("buttons.start") == "Go"


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_nothing_of_ones_own_changes_nothing(tmp_path: Path, text: str) -> None:
    """Neither an empty folder nor empty files; other files in it are left alone."""
    assert load_texts(tmp_path).version_of(FIRST) == shipped().version_of(FIRST)
    for name in ("common.de.yaml", f"{FIRST}/texts.en.yaml", "guide.en.yaml"):
        _write(tmp_path, name, text)
    _write(tmp_path, "notes.yaml", "steps: [")
    assert load_texts(tmp_path).version_of(FIRST) == shipped().version_of(FIRST)


def test_a_key_in_the_wrong_file_is_named(tmp_path: Path) -> None:
    """A common text is not replaced from a procedure's folder, nor the other way round."""
    own = _write(tmp_path, f"{FIRST}/texts.de.yaml", "buttons: {start: Los}")
    common = _write(tmp_path, "common.de.yaml", "steps: {save_account: {title: Sichern}}")
    assert _named(tmp_path) == {(own, "buttons"), (common, "steps")}


def test_own_files_are_listed(tmp_path: Path) -> None:
    """Those that exist in the language, whatever their layout; no other file."""
    names = ["guide.de.yaml", "common.de.yaml", f"{FIRST}/texts.de.yaml"]
    for name in (*names, "common.en.yaml", "notes.yaml"):
        _write(tmp_path, name, "")
    assert own_files(tmp_path, "de") == [tmp_path / name for name in names]
    assert own_files(tmp_path, "en") == [tmp_path / "common.en.yaml"]


# A file in the layout of version 0.1


def _flat(texts: dict[str, str]) -> str:
    """A flat file with these texts, each below its sections."""
    lines: list[str] = []
    open_sections: list[str] = []
    for key, text in sorted(texts.items()):
        *sections, last = key.split(".")
        common = next((i for i, (a, b) in enumerate(zip(sections, open_sections, strict=False)) if a != b), None)
        depth = min(len(sections), len(open_sections)) if common is None else common
        lines += [f"{'  ' * level}{sections[level]}:" for level in range(depth, len(sections))]
        lines.append(f"{'  ' * len(sections)}{last}: {text}")
        open_sections = sections
    return "\n".join(lines)


def test_a_flat_file_still_loads(tmp_path: Path) -> None:
    """Its texts are common ones and the procedure's together, as version 0.1 had them; it is reported."""
    name = _write(
        tmp_path, "guide.de.yaml", "buttons: {start: Los}\nsteps: {save_account: {title: Sichern}}\nwords: {next: [na]}"
    )
    texts = load_texts(tmp_path)
    assert texts["de"].say("buttons.start") == "Los"
    assert texts.of("de", FIRST).say("steps.save_account.title") == "Sichern"
    assert texts.of("de", FIRST).words("words.next") == ["na"]
    assert texts.of("en", FIRST).texts == guide("en").texts
    assert texts.flat_files == (FlatFile(name, {}),)


def test_renamed_keys_get_their_present_names(tmp_path: Path) -> None:
    """Every key that version 0.1 called otherwise is understood, and reported with both names."""
    name = _write(tmp_path, "guide.en.yaml", _flat({old: f"as {old}" for old in RENAMED}))
    texts = load_texts(tmp_path)
    assert RENAMED
    assert texts.flat_files == (FlatFile(name, RENAMED),)
    said = texts.of("en", FIRST).texts
    assert {new: said[new] for new in RENAMED.values()} == {new: f"as {old}" for old, new in RENAMED.items()}


def test_a_key_of_an_id_that_is_renamed_follows_it(tmp_path: Path) -> None:
    """Where a step or an event has another ID now, an older file names it by the former one."""
    procedure = replace(PROCEDURES[FIRST], old_ids={"store": "save_account", "proceed": "advance"})
    name = _write(
        tmp_path, "guide.en.yaml", "steps: {store: {title: Keep, buttons: {proceed: Kept}}}\nkinds: {store: x}"
    )
    with pytest.raises(TextsError) as caught:
        load_texts(tmp_path, {FIRST: procedure})
    assert [(problem.file, problem.key) for problem in caught.value.problems] == [(name, "kinds.store")]
    _write(tmp_path, "guide.en.yaml", "steps: {store: {title: Keep, buttons: {proceed: Kept}}}")
    texts = load_texts(tmp_path, {FIRST: procedure})
    said = texts.of("en", FIRST)
    assert (said.say("steps.save_account.title"), said.say("steps.save_account.buttons.advance")) == ("Keep", "Kept")
    renamed = {
        "steps.store.title": "steps.save_account.title",
        "steps.store.buttons.proceed": "steps.save_account.buttons.advance",
    }
    assert texts.flat_files == (FlatFile(name, renamed),)


def test_a_flat_file_is_about_the_first_procedure(tmp_path: Path) -> None:
    """Version 0.1 had no other."""
    _write(tmp_path, "guide.en.yaml", "steps: {save_account: {title: Keep}}\nbuttons: {start: Go}")
    texts = load_texts(tmp_path, TWO)
    first, second = texts.of("en", FIRST), texts.of("en", SECOND)
    assert (first.say("steps.save_account.title"), first.say("buttons.start")) == ("Keep", "Go")
    assert (second.say("steps.save_account.title"), second.say("buttons.start")) == (
        guide("en").say("steps.save_account.title"),
        "Go",
    )


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("goodbye: Bye", "goodbye"),
        ("steps: {gone: {title: Bye}}", "steps.gone"),
        ("steps: {save_account: {titel: Keep}}", "steps.save_account.titel"),
        ("buttons: {stort: Go}", "buttons.stort"),
        ("steps: Keep", "steps"),
        ("buttons: Keep", "buttons"),
        ("steps: {save_account: {title: '{name}'}}", "steps.save_account.title"),
        ("buttons: {start: ''}", "buttons.start"),
    ],
)
def test_a_fault_in_a_flat_file_names_it(tmp_path: Path, text: str, key: str) -> None:
    """A key that is unknown, or holds what it may not, sends the operator to this file."""
    name = _write(tmp_path, "guide.en.yaml", text)
    assert [(problem.file, problem.key) for problem in _problems(tmp_path)] == [(name, key)]


def test_a_file_of_the_new_layout_wins_over_a_flat_one(tmp_path: Path) -> None:
    """Whoever moves the texts one by one sees each take effect; the flat file still gives the others."""
    _write(
        tmp_path,
        "guide.en.yaml",
        "buttons: {start: Old, cancel: Old}\nsteps: {save_account: {title: Old}, token: {title: Old}}",
    )
    _write(tmp_path, "common.en.yaml", "buttons: {start: New}")
    _write(tmp_path, f"{FIRST}/texts.en.yaml", "steps: {save_account: {title: New}}")
    texts = load_texts(tmp_path).of("en", FIRST)
    assert [texts.say(key) for key in ("buttons.start", "steps.save_account.title")] == ["New", "New"]
    assert [texts.say(key) for key in ("buttons.cancel", "steps.new_token.title")] == ["Old", "Old"]


def test_a_renamed_key_of_a_flat_file_loses_against_its_present_name(tmp_path: Path) -> None:
    """The old name is the same text as the new one."""
    _write(tmp_path, "guide.en.yaml", "frame: {orders_paused: Old}")
    _write(tmp_path, f"{FIRST}/texts.en.yaml", "frame: {urgent: New}")
    assert load_texts(tmp_path).of("en", FIRST).say("frame.urgent") == "New"


# All at once


def test_every_fault_in_every_file_is_named_at_once(tmp_path: Path) -> None:
    """Nobody has to start the program once for each fault, in whichever file and language it is."""
    common = _write(tmp_path, "common.de.yaml", "buttons: {stort: Los}")
    german = _write(tmp_path, f"{FIRST}/texts.de.yaml", "steps: {save_account: {titel: X, title: '{name}'}}")
    flat = _write(tmp_path, "guide.en.yaml", "goodbye: Bye\nsteps: {gone: {title: Bye}}")
    english = _write(tmp_path, f"{FIRST}/texts.en.yaml", "steps: {save_account: {text: Keep}}")
    assert {problem.file for problem in _problems(tmp_path)} == {common, german, flat, english}
    assert len(_problems(tmp_path)) == 6


@pytest.mark.parametrize("broken", ["common.de.yaml", f"{FIRST}/texts.de.yaml", "guide.de.yaml"])
def test_a_file_that_cannot_be_read_hides_no_other_fault(tmp_path: Path, broken: str) -> None:
    """Broken YAML is one fault among the others."""
    good = {"common.de.yaml": "goodbye: Bye", f"{FIRST}/texts.de.yaml": "goodbye: Bye", "guide.de.yaml": "adieu: Bye"}
    names = {name: _write(tmp_path, name, "steps: [" if name == broken else text) for name, text in good.items()}
    assert {problem.file for problem in _problems(tmp_path)} == set(names.values())


def test_texts_can_be_made_without_files() -> None:
    """Tests and tools put texts together by hand; what is of a procedure is joined with the common ones."""
    texts = AllTexts({"en": shipped()["en"]}, {("en", FIRST): guide("en")})
    assert texts.of("en", FIRST).texts == guide("en").texts
    assert texts.flat_files == ()


SAYS_SUPPORT_KNOWS = re.compile(
    r"support (?:knows|has|sees|reads|can see|is being|takes over)"
    r"|support (?:weiß|hat |sieht|liest|ist verständigt|wird an ihn)",
    re.IGNORECASE,
)
ONCE_IT_IS_TRUE = {
    "frame.ticket_arrived", "notes.ticket_filed", "answers.ticket_filed",  # the card is in the support channel
    "answers.privacy",  # what is so in general
    "steps.with_support.title", "steps.still_receiving.text", "forms.help.intro",  # what happens next
    "questions.what_is_kept.answer", "questions.not_listed.answer",  # the same
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_says_that_support_knows_before_it_does(language: Language) -> None:
    """What only the delivered ticket makes true is said by three texts, which wait for it."""
    claims = {key for key, text in guide(language).texts.items() if SAYS_SUPPORT_KNOWS.search(text)}
    assert claims - ONCE_IT_IS_TRUE == set()
    assert {"frame.ticket_arrived", "notes.ticket_filed", "answers.ticket_filed"} <= claims
