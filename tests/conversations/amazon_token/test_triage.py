"""From an error text to a category: the rows are tried in order, the first match wins."""

import hypothesis.strategies as st
import pytest
from hypothesis import given
from pastes import BODY, TOKEN

from conversations.amazon_token.triage import Category, is_error_message, triage
from conversations.secrets.redact import redact

TEXTS = {
    Category.token_mismatch: "AuthToken is not valid for SellerId and AWSAccountId",
    Category.authorization_missing: "Access to Orders.ListOrders is denied",
    Category.access_denied: "Access denied",
    Category.token_missing: "Missing required MWSAuthToken for Seller",
    Category.seller_id: "Invalid seller id: A1EXAMPLE12345",
    Category.vendor_keys: "InvalidAccessKeyId",
    Category.account_ineligible: "Seller does not have an eligible Amazon account to call Amazon MWS",
    Category.marketplace: "Seller does not have access to the given marketplace",
    Category.developer_not_eligible: "This Developer is not currently eligible for new authorizations",
    Category.developer_region: "MD9010",
    Category.not_primary_user: "You must be the Primary user of this account",
    Category.sign_in: "I cannot sign in",
    Category.throttled: "RequestThrottled",
    Category.orders_parked: "Die Aufträge stehen in den Rückstellungen",
    Category.partial_rollout: "Nur ein Marktplatz geht",
    Category.version_or_mask: "Das Feld Entwickler-Schlüsselset fehlt",
    Category.secret_exposed: TOKEN,
    Category.unknown: "Es geht nicht",
}
MACHINES = [category for category in TEXTS if TEXTS[category][0].isupper() and category.name not in {
    "sign_in", "orders_parked", "partial_rollout", "version_or_mask", "secret_exposed", "unknown"}]  # fmt: skip


def test_every_category_has_an_example_in_its_order() -> None:
    """The categories are in the order in which they are tried; `unknown` is the last."""
    assert list(TEXTS) == list(Category)
    assert list(Category)[-1] is Category.unknown


@pytest.mark.parametrize("category", TEXTS)
def test_each_text_leads_to_its_category(category: Category) -> None:
    """Literal texts are found without regard to case, wrapping and surroundings."""
    text = TEXTS[category]
    assert triage(text) is category
    if category is not Category.secret_exposed:
        assert triage(f"Hallo,\n{text.upper()}\nGruß") is category
        assert triage(text.replace(" ", "\n ")) is category


@given(st.sampled_from(list(TEXTS)), st.sampled_from(list(TEXTS)))
def test_the_earlier_row_wins(first: Category, second: Category) -> None:
    """Of two texts the one whose category is tried first decides, wherever it is in the message."""
    order = list(Category)
    expected = min(first, second, key=order.index)
    assert triage(f"{TEXTS[first]}\n{TEXTS[second]}") is expected
    assert triage(f"{TEXTS[second]}\n{TEXTS[first]}") is expected


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Access to Reports.GetReportList is denied", Category.authorization_missing),
        ("SignatureDoesNotMatch", Category.vendor_keys),
        ("MD9000", Category.developer_not_eligible),
        ("QuotaExceeded (503)", Category.throttled),
        ("Ru\u0308ckstellungen", Category.orders_parked),
        ("I can’t sign in", Category.sign_in),
        ("", Category.unknown),
    ],
)
def test_other_spellings(text: str, category: Category) -> None:
    """Further literal texts, decomposed umlauts and typographic apostrophes."""
    assert triage(text) is category


@pytest.mark.parametrize("category", [c for c in TEXTS if c is not Category.secret_exposed])
def test_redaction_keeps_what_triage_reads(category: Category) -> None:
    """A text without its secrets has the same category."""
    assert triage(redact(f"{TEXTS[category]} {BODY}", lambda kind: f"[{kind}]")) is category


@pytest.mark.parametrize("category", MACHINES)
def test_known_messages_are_error_messages(category: Category) -> None:
    """What Amazon says is recognized as an error message."""
    assert is_error_message(TEXTS[category])


@pytest.mark.parametrize(
    "text", ["Fehler: Der Abruf ist fehlgeschlagen", "HTTP 503 Service Unavailable", "<ErrorResponse>x</ErrorResponse>"]
)
def test_unknown_messages_are_error_messages_too(text: str) -> None:
    """What reads like a machine's error need not be known."""
    assert is_error_message(text)


@pytest.mark.parametrize(
    "text",
    [
        "weiter",
        "Fehler",
        "Wo finde ich das Menü?",
        "Was mache ich bei einem Fehler?",
        "Ich kann mich nicht anmelden",
        TOKEN,
        "",
    ],
)
def test_sentences_and_questions_are_no_error_messages(text: str) -> None:
    """People who ask or tell are not answered as if they had pasted an error."""
    assert not is_error_message(text)


@given(st.text(max_size=200))
def test_every_text_has_a_category(text: str) -> None:
    """No text makes the triage fail."""
    assert triage(text) in set(Category)
    assert is_error_message(text) in {True, False}
