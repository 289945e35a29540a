"""Credentials are recognized by their form, however they are written, and nothing harmless is taken for one."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from conversations.secrets.credentials import NOT_SECRET, SecretKind, find, kind_of
from tests.conversations.amazon_token.pastes import BODY, DRESSES, SECRETS, TOKEN


@pytest.mark.parametrize("kind", SECRETS)
def test_each_kind_is_known_by_its_shape(kind: SecretKind) -> None:
    """One span of the right kind covers exactly the secret, in the middle of a sentence too."""
    secret = SECRETS[kind]
    text = f"Hier: {secret} (bitte prüfen)"
    (span,) = find(text)
    assert (span.kind, text[span.start : span.end]) == (kind, secret)
    assert kind_of(secret) is kind


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("kind", [kind for kind in SECRETS if kind is not SecretKind.aws_secret_key])
def test_no_dress_hides_a_secret(kind: SecretKind, dress: str) -> None:
    """Invisible characters, codes of addresses and pages, full-width forms and links change nothing."""
    assert kind_of(DRESSES[dress](SECRETS[kind])) is kind


@pytest.mark.parametrize(
    "kind", [SecretKind.mws_token, SecretKind.lwa_refresh_token, SecretKind.lwa_client_id, SecretKind.aws_access_key]
)
def test_upper_case_hides_nothing(kind: SecretKind) -> None:
    """A secret in capitals is still one."""
    assert kind_of(SECRETS[kind].upper()) is kind
    assert kind_of(SECRETS[kind].lower()) is kind


@given(st.integers(min_value=1, max_value=len(TOKEN) - 1), st.sampled_from(["\n", "\r\n", "\n> ", " ", "\n    "]))
def test_a_token_broken_over_lines_is_one_span(at: int, gap: str) -> None:
    """Wherever a token is wrapped, also as a quotation, all of it is found."""
    text = f"x {TOKEN[:at]}{gap}{TOKEN[at:]} y"
    (span,) = find(text)
    assert (span.kind, span.start, span.end) == (SecretKind.mws_token, 2, len(text) - 2)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("022QF0EXAMPLEH9DHM02", SecretKind.aws_access_key),
        ("0A1B2C3D4E5F6G7H8I9J", SecretKind.aws_access_key),
        ("0c" * 32, SecretKind.lwa_client_secret),
        ("amzn1.sellerapps.app." + BODY, SecretKind.sp_api_app),
        ("amzn1.sp.solution." + BODY, SecretKind.sp_api_app),
        ("xapp-1-A0000-0000-abcdef", SecretKind.slack_token),
        ("https://hooks.slack.com/services/T000/B000/abcdefgh", SecretKind.slack_token),
        ("аmzn.mws." + BODY, SecretKind.mws_token),
        ("amzn.mws." + BODY.replace("5", "o"), SecretKind.mws_token),
        (BODY, SecretKind.possible_token),
        ("Passwort: geheim", SecretKind.password),
        ('"password": "two words"', SecretKind.password),
        ("Kennwort lautet hund1", SecretKind.password),
        ("AmazonPasswort=x", SecretKind.password),
        ("OTP 123456", SecretKind.one_time_code),
        ("Ihr Bestätigungscode lautet: 123 456", SecretKind.one_time_code),
        ("Code: 123456", SecretKind.one_time_code),
    ],
)
def test_other_shapes_are_known_too(text: str, kind: SecretKind) -> None:
    """Keys of MWS's time, app IDs, broken tokens, and what a label announces."""
    assert kind_of(text) is kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AuthToken is not valid for SellerId and AWSAccountId",
        "Access to Orders.ListOrders is denied",
        f"<RequestID>{BODY}</RequestID>",
        f"Request ID: {BODY}",
        "A1EXAMPLE12345 verkauft auf A1PA6795UKMFR9",
        "Entwickler-ID 5881-4686-6012",
        "Entwickler-Schlüsselset: Alternativ",
        "Passwort ist falsch",
        "Mein Passwort geht nicht",
        "Error code: 503123",
        "Fehlercode: 123456",
        "Bestellung 302-1234567-1234567",
        "Der Atzr Refreshtoken fehlt",
        "CONNECT 4.9.24.4, Auftragsabholung um 12:30",
        "ASIA PACIFIC MARKETPLACES ONLY",
        "Donaudampfschifffahrtsgesellschaftskapitän",
        "secret",
        "amzn.mws.…",
    ],
)
def test_harmless_words_are_no_credentials(text: str) -> None:
    """What an agent needs to read is left alone: error texts, IDs, numbers of requests and orders."""
    assert find(text) == []
    assert kind_of(text) is None


def test_a_marketplace_id_is_named_only_when_it_stands_alone() -> None:
    """In a sentence it is no finding; alone it says that the wrong field was copied."""
    assert kind_of(" a1pa6795ukmfr9\n") is SecretKind.marketplace_id
    assert kind_of("A1PA6795UKMFR9 bitte") is None
    assert SecretKind.marketplace_id in NOT_SECRET


def test_a_sure_secret_counts_more_than_a_possible_one() -> None:
    """Of several findings the first sure one gives the kind."""
    assert kind_of(f"{BODY} und {TOKEN}") is SecretKind.mws_token
    assert kind_of(f"amzn1.sellerapps.app.{BODY} {SECRETS[SecretKind.lwa_access_token]}") is SecretKind.lwa_access_token


@given(st.text(max_size=300))
def test_spans_lie_in_the_text_in_order(text: str) -> None:
    """No text makes the search fail; every span is a part of the text and has a length."""
    spans = find(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert spans == sorted(spans, key=lambda span: span.start)


def test_an_address_is_no_key() -> None:
    """The end of a host and the path behind it may have the length of a secret key of AWS."""
    path = "com/sellers/v1/marketplaceParticipations"
    assert len(path) == 40
    assert find(f"403 https://sellingpartnerapi-eu.amazon.{path}") == []
    assert [span.kind for span in find(f"key: {path}")] == [SecretKind.aws_secret_key]
