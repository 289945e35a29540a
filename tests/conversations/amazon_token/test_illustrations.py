"""Which picture belongs to a step, what is in it, and where the developer ID may be."""

from importlib.resources import files
from pathlib import Path
from string import Template
from xml.etree import ElementTree as ET

import pytest
from token_walks import ALONE, CONFIGURED, CONFIGURED_ID, DOCUMENTED_ID, HANDBOOK_ID, Merchant, walk_at

from conversations.all_texts import load_texts
from conversations.amazon_token.checks import MINIMUM_VERSION
from conversations.amazon_token.developer_ids import DEVELOPER_NAME
from conversations.amazon_token.facts import Account, Facts
from conversations.amazon_token.illustrations import LABELS, NAMES, PICTURES, SECOND_VARIANTS
from conversations.amazon_token.settings import TokenSettings, given_developer_id
from conversations.amazon_token.steps import STEPS
from conversations.engine.pictures import Illustration
from conversations.engine.texts import LANGUAGES, Language, Texts
from tests.guides import FIRST, guide

FOLDER = files("conversations.amazon_token") / "pictures"
OF_CONNECT = LABELS[: LABELS.index("primary_user")]
OWN_WORDS = {"first_try", "second_try"}
"""Our names for the two tries; no screen shows them."""
NAMED_BEFORE = {"user_permissions": "settings_menu", "new_developer": "manage_apps", "save_account": "check_seller_id"}
"""Steps whose picture also shows what the text of an earlier step has named."""
NO_LABELS = {"place_connect", "place_seller_central", "developer_name", "developer_id", "minimum"}
VALUES = {
    "connect_version": (("minimum", str(MINIMUM_VERSION)),),
    "authorize_developer": (("developer_id", HANDBOOK_ID),),
}
IDS = (DOCUMENTED_ID, HANDBOOK_ID, CONFIGURED_ID)


@pytest.fixture(scope="module", params=LANGUAGES)
def texts(request: pytest.FixtureRequest) -> Texts:
    language: Language = request.param
    return guide(language)


def _named(name: str) -> list[str]:
    return Template((FOLDER / f"{name}.svg").read_text("utf-8")).get_identifiers()


def _steps_of(name: str) -> list[str]:
    shown = next((usual for usual, other in SECOND_VARIANTS.items() if other == name), name)
    return [step for step, picture in PICTURES.by_step.items() if picture == shown]


def _step_texts(texts: Texts, steps: list[str]) -> str:
    starts = tuple(f"steps.{step}." for step in steps)
    return "\n".join(text for key, text in texts.texts.items() if key.startswith(starts))


def test_every_step_is_decided() -> None:
    """Each step has a picture or is known to have none: exactly those on no screen, and our question before row 9."""
    assert set(PICTURES.by_step) == set(STEPS)
    without = {step for step, picture in PICTURES.by_step.items() if picture is None}
    assert without == {step for step, properties in STEPS.items() if properties.place is None} | {"ready_to_disable"}


def test_every_drawing_is_a_picture_and_every_label_is_drawn() -> None:
    """There is no drawing that nobody sees, and no label in the texts that no drawing shows."""
    drawn = {Path(file.name).stem for file in FOLDER.iterdir() if file.name.endswith(".svg")}
    assert drawn == {*NAMES}
    assert {label for name in NAMES for label in _named(name)} - NO_LABELS == set(LABELS)


@pytest.mark.parametrize("step", ALONE)
def test_a_walk_at_a_step_shows_its_picture(step: str, texts: Texts) -> None:
    """The picture of a real walk at the step can be drawn in both languages, with nothing left to fill."""
    picture = Merchant().go_to(step).walk.picture()
    assert (picture is None) == (PICTURES.by_step[step] is None)
    if picture is not None:
        assert "$" not in PICTURES.drawing(texts, picture)
        assert "{" not in PICTURES.alt_text(texts, picture)


@pytest.mark.parametrize("name", NAMES)
def test_labels_agree_with_the_step(name: str, texts: Texts) -> None:
    """A label in a picture is spelled as in the text of a step that shows it (or one before), word for word."""
    steps = _steps_of(name)
    text = _step_texts(texts, [*steps, *(NAMED_BEFORE[step] for step in steps if step in NAMED_BEFORE)])
    labels = [label for label in _named(name) if label not in NO_LABELS | OWN_WORDS]
    spelled = [texts.say(f"pictures.labels.{label}") for label in labels]
    assert [label for label in spelled if label not in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_alternative_text_is_short_and_names_what_is_marked(name: str, texts: Texts) -> None:
    """At most 250 characters, without markup; every number marked in the picture is explained when there are two."""
    picture = Illustration(name, VALUES.get(name, ()))
    text = PICTURES.alt_text(texts, picture)
    assert len(text) <= 250
    assert "*" not in text
    marks = {number for number in "123" if f'href="#mark-{number}"' in (FOLDER / f"{name}.svg").read_text("utf-8")}
    assert len(marks) <= 1 or all(number in text for number in marks)


def test_connect_is_german_in_both_languages() -> None:
    """CONNECT has no English screens: its labels are the same in both languages."""
    german, english = (guide(language) for language in LANGUAGES)
    for label in OF_CONNECT:
        assert german.say(f"pictures.labels.{label}") == english.say(f"pictures.labels.{label}")


def test_a_changed_label_changes_the_picture(tmp_path: Path) -> None:
    """An operator's own label is drawn, whatever characters it holds, and the drawing stays well-formed."""
    own = tmp_path / FIRST / "texts.de.yaml"
    own.parent.mkdir()
    own.write_text('pictures: {labels: {settings: "A <b> & “c”"}}', "utf-8")
    svg = PICTURES.drawing(load_texts(tmp_path).of("de", FIRST), Illustration("settings_menu"))
    root = ET.fromstring(svg)  # noqa: S314 - our own drawing
    assert "A <b> & “c”" in ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("key_set", ["standard", "alternativ", None])
@pytest.mark.parametrize("region", ["europe", "near_europe", "north_america", "far_east", None])
@pytest.mark.parametrize("handbook", [HANDBOOK_ID, None])
@pytest.mark.parametrize("settings", [TokenSettings(), CONFIGURED])
def test_the_id_is_drawn_only_where_it_may_be_shown(
    region: str | None, key_set: str | None, handbook: str | None, settings: TokenSettings, texts: Texts
) -> None:
    """The developer form carries exactly the ID that the text gives; without one there is no picture."""
    facts = Facts.model_validate({"region": region, "key_set": key_set, "handbook_developer_id": handbook})
    given = given_developer_id(facts, settings)
    picture = walk_at("authorize_developer", facts, settings).picture()
    if given is None:
        assert picture is None
        return
    assert picture == Illustration("authorize_developer", (("developer_id", given),))
    shown = PICTURES.drawing(texts, picture) + PICTURES.alt_text(texts, picture)
    assert [developer_id for developer_id in IDS if developer_id in shown] == [given]
    assert (DOCUMENTED_ID in shown) == (handbook is None and (region, key_set) == ("europe", "alternativ"))


def test_no_other_picture_carries_an_id(texts: Texts) -> None:
    """Neither a drawing nor an alternative text holds an ID of its own; the form cannot be drawn without one."""
    for name in set(NAMES) - {"authorize_developer"}:
        picture = Illustration(name, VALUES.get(name, ()))
        assert not any(
            developer_id in PICTURES.drawing(texts, picture) + PICTURES.alt_text(texts, picture) for developer_id in IDS
        )
    with pytest.raises(KeyError):
        PICTURES.drawing(texts, Illustration("authorize_developer"))


def test_what_is_known_chooses_the_variant() -> None:
    """Saving names „Alternativ“ only where it is set; the list is complete once every account is saved."""
    assert Merchant().go_to("save_account").walk.picture() == Illustration("save")
    abroad = {"account_region": ("choose_region", {"choice": "north_america"})}
    assert Merchant(CONFIGURED).go_to("save_account", abroad).walk.picture() == Illustration("save_unchanged")
    three = Merchant().go_to("next_account", {"account_names": ("name_accounts", {"names": "Amazon DE\nAmazon FR"})})
    assert three.walk.picture() == Illustration("next_account")
    three.facts.accounts = [Account(name="Amazon DE", saved_at=three.now)]
    assert three.walk.picture() == Illustration("accounts_saved")


def test_the_name_on_the_screen_is_the_developers(texts: Texts) -> None:
    """The developer's name is the one value that every language shares; it comes from the program."""
    assert f">{DEVELOPER_NAME}<" in PICTURES.drawing(texts, Illustration("disable_access"))
