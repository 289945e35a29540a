"""Values in sentences: a version, accounts, a region, seller IDs, developer IDs and tokens."""

from typing import Any

import pytest

from conversations.engine.understanding.intents import AskWhich, ErrorMessage, Press, TypedValue, Values
from tests.typed import meant, pressed

TOKEN = "amzn.mws.11111111-1111-1111-1111-111111111111"


def value(text: str, step: str, field: str) -> Any:
    """The field of the value that `text` gives at this step, `None` if it gives none."""
    intent = meant(text, step)
    return intent.raw.get(field) if isinstance(intent, TypedValue) else None


@pytest.mark.parametrize(
    ("typed", "version"),
    [
        ("4.9.24.4", "4.9.24.4"), ("v4.9.25.0", "4.9.25.0"), ("Wir haben die 4.9.25", "4.9.25"),
        ("Speed4Trade CONNECT 4.9.24.4 (Build 1187)", "4.9.24.4"), ("It says 4.9.24.4 - 64 bit", "4.9.24.4"),
        ("Version: 4.9.24.4 vom 12.03.2019", "4.9.24.4"), ("is 4.9.24.10 newer than 4.9.24.4?", "4.9.24.10"),
        ("Ist 4.9.25.1 neuer als 4.9.24.4?", "4.9.25.1"), ("Bei uns läuft Version 4.10", "4.10"),
        ("laut Titelzeile 4, 9, 24, 4", "4.9.24.4"),
        ("we're running 4.9.26.2 since March", "4.9.26.2"), ("CONNECT 4.9.24.4, 64-bit, vom 3.5.2021", "4.9.24.4"),
    ],
)  # fmt: skip
def test_a_version_is_found_in_a_sentence(typed: str, version: str) -> None:
    """The one that runs there: no date, no number of bits, and not the one that it is compared with."""
    assert str(value(typed, "connect_version", "version")).replace(", ", ".").endswith(version)


@pytest.mark.parametrize(
    "typed",
    [
        "Seit 3 Tagen keine Bestellungen", "Das Update können wir erst am 4.12. machen", "um 10.30 Uhr",
        "wo steht die Versionsnummer?", "Es sind 2,5 Stunden vergangen", "192.168.178.20", "ich habe 3 Konten",
        "Das war am 12.03.2019",
    ],
)  # fmt: skip
def test_what_is_no_version_is_not_taken_for_one(typed: str) -> None:
    """A sentence with a digit in it is no version."""
    assert not isinstance(meant(typed, "connect_version"), TypedValue | Values)


def test_how_a_sentence_was_read_is_said_and_two_values_are_asked() -> None:
    """What was typed alone needs no such words. A question about the minimum states nothing."""
    alone, sentence = meant("4.9.25.1", "connect_version"), meant("Wir nutzen 4.9.25.1 seit gestern", "connect_version")
    assert isinstance(alone, TypedValue)
    assert isinstance(sentence, TypedValue)
    assert (alone.read_as, sentence.read_as) == ("", "4.9.25.1")
    two = meant("4.9.23.1 oder 4.9.25.1, ich bin nicht sicher; einer hat 4.9.22.7", "connect_version")
    assert isinstance(two, Values)
    assert len(two.candidates) > 1
    assert not isinstance(meant("Brauche ich wirklich 4.9.24.4?", "connect_version"), TypedValue)


@pytest.mark.parametrize(
    "typed",
    [
        "wir brauchen noch das Update auf 4.9.24.4", "4.9.24.4 haben wir noch nicht", "Das Handbuch ist für 4.9.24.4",
        "die 4.9.24.4 wird am Montag installiert", "not on 4.9.24.4 yet", "update to 4.9.24.4 is planned",
        "we don't have 4.9.24.4", "4.9.24.4 or higher is what the mail said", "installing 4.9.24.4 now",
    ],
)  # fmt: skip
def test_a_version_that_is_only_mentioned_is_asked_about(typed: str) -> None:
    """It is not taken for the one that runs there: the old one would get past the check."""
    for step in ("connect_version", "update_required"):
        assert isinstance(meant(typed, step), Values), step


@pytest.mark.parametrize("typed", ["Update ist fertig, jetzt 4.9.24.10", "we updated, it is 4.9.24.10 now"])
def test_a_version_after_an_update_is_taken(typed: str) -> None:
    """What is said of it is done."""
    assert value(typed, "update_required", "version") == "4.9.24.10"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("DE, FR, IT und ES", "Deutschland Frankreich Italien Spanien"),
        ("Germany, France and Spain", "Deutschland Frankreich Spanien"),
        ("Wir verkaufen in Deutschland und Österreich nicht, nur DE", None),
        ("amazon.de und amazon.fr", "Deutschland Frankreich"), ("de fr it", "Deutschland Frankreich Italien"),
        ("Unsere Konten sind DE, UK und die Niederlande", None), ("Italien", "Italien"),
        ("ich habe drei Konten: Deutschland, Polen, Schweden", None), ("DE, FR?", None), ("DE und USA", None),
        ("Nur Deutschland, bitte", "Deutschland"), ("es geht nicht", None), ("it is in use", None),
    ],
)  # fmt: skip
def test_accounts_are_found_by_country(typed: str, names: str | None) -> None:
    """By names and codes in both languages, when the sentence says nothing else; only those of the walk's region."""
    found = value(typed, "account_names", "marketplaces")
    if names is not None:
        assert found == names.split()
    elif typed[:6] not in {"Unsere", "ich ha"}:
        assert found is None


@pytest.mark.parametrize(
    ("typed", "region"),
    [
        ("USA", "north_america"), ("Kanada", "north_america"), ("Japan", "far_east"), ("Europa", "europe"),
        ("wir verkaufen in Europa", "europe"),
    ],
)  # fmt: skip
def test_a_region_is_chosen_by_its_countries(typed: str, region: str) -> None:
    """And said how it was read."""
    assert pressed(typed, "account_region") == f"choose_region.{region}"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("DE", "Deutschland"), ("Deutschland", "Deutschland"), ("Germany and Italy", "Deutschland Italien"),
        ("nur in Frankreich", "Frankreich"), ("Deutschland, Frankreich", "Deutschland Frankreich"),
        ("DE und USA", None), ("DE?", None), ("Japan", None),
    ],
)  # fmt: skip
def test_european_countries_are_the_accounts_and_the_region(typed: str, names: str | None) -> None:
    """Nobody is asked for the region of Germany; countries elsewhere are a region only."""
    assert value(typed, "account_region", "marketplaces") == (names.split() if names is not None else None)


def test_regions_that_are_not_clear_are_asked() -> None:
    """Two regions, or a country that Amazon partly counts to Europe; a question chooses nothing."""
    assert isinstance(meant("Deutschland und USA", "account_region"), AskWhich)
    assert isinstance(meant("Wir verkaufen in Deutschland und in der Türkei", "account_region"), AskWhich)
    for typed in (
        "Zählt UK dazu?",
        "Türkei auch, was nehme ich?",
        "nicht Europa",
        "Wir verkaufen in DE, zählt UK dazu?",
    ):
        assert not isinstance(meant(typed, "account_region"), Press), typed


def test_seller_ids_are_compared_or_go_into_the_form() -> None:
    """Two are a complete answer; with one the form is opened. A question about a marketplace ID is none."""
    one, two = meant("A2NEXAMPLETF53", "check_seller_id"), meant("A1EXAMPLE12345 und A2EXAMPLE12345", "check_seller_id")
    assert isinstance(one, TypedValue)
    assert not one.complete
    assert isinstance(two, TypedValue)
    assert two.complete
    assert not isinstance(meant("Welche ist die Verkäufer-ID, A1PA6795UKMFR9?", "check_seller_id"), TypedValue)


def test_a_developer_id_is_found_and_a_question_about_it_is_asked() -> None:
    """Twelve digits in a sentence."""
    assert value("Im Handbuch steht 1111-2222-3333", "no_developer_id", "developer_id") == "1111-2222-3333"
    assert value("1111-2222-3333", "no_developer_id", "developer_id") == "1111-2222-3333"
    assert not isinstance(meant("There are 3 IDs in the handbook, which one?", "no_developer_id"), TypedValue)
    assert isinstance(meant("1111-2222-3333 oder 4444-5555-6666", "no_developer_id"), Values)


def test_a_token_at_its_step_is_a_value_and_an_error_with_one_is_an_error() -> None:
    """Faulty ones as well, so that the fault is named; the cleaned text never holds it."""
    for typed in (TOKEN, f"hier ist es: {TOKEN}", "Token ist ****-****-7890", "amzn.mws.1111-11", f"`{TOKEN}`"):
        assert value(typed, "new_token", "token") == typed, typed
    assert isinstance(meant(f"AccessDenied: AuthToken is not valid for SellerId {TOKEN}", "first_fetch"), ErrorMessage)
    for typed in (
        "DE-, FR- und IT-Konto sind alle betroffen",
        "I'd rather not paste it into Slack",
        "wo finde ich das token?",
    ):
        assert not isinstance(meant(typed, "new_token"), TypedValue), typed
