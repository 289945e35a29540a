"""From an error text to a category: by message, then code, then status, then host."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given
from pastes import BODY, SECRETS, TOKEN

from conversations.amazon_token.triage import Category, Hint, diagnose, is_error_message, triage
from conversations.engine.understanding.error_text import read_error
from conversations.secrets.gate import Gate
from conversations.secrets.patterns import SecretKind
from conversations.secrets.redact import redact

SAMPLES: Sequence[dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "errors.json").read_text("utf-8"))
"""Error messages and harmless sentences, with the categories that are right. `error`: whether it is an error message.

Every value in them is made up.
"""
RIGHT = 0.95
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
    """The order of the table above is that of the categories; `unknown` is the last."""
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


@pytest.mark.parametrize("category", [one for one in MACHINES if one is not Category.access_denied])
def test_a_message_decides_before_code_status_and_host(category: Category) -> None:
    """Nearly every message of MWS comes with the code of another: the message is right."""
    text = TEXTS[category]
    around = f"HTTP 401 from https://mws.amazonservices.com\n<Code>AccessDenied</Code><Message>{text}</Message>"
    assert triage(around) is category
    assert triage(f"{text} (Code: AccessDenied, HTTP 503)") is category


def test_a_code_decides_before_the_status_and_that_before_nothing() -> None:
    """The less certain counts only where nothing more certain is there."""
    assert triage("<Code>InvalidAccessKeyId</Code> 503 Service Unavailable") is Category.vendor_keys
    assert triage("HTTP 503 from https://mws-eu.amazonservices.com") is Category.throttled
    assert triage("GET https://sellingpartnerapi-eu.amazon.com/orders 403 Forbidden") is Category.version_or_mask


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


# Over all samples


def test_nearly_all_samples_are_right() -> None:
    """At least 95 of 100 error messages get their category, and at most 5 of 100 other texts count as an error."""
    errors = [sample for sample in SAMPLES if sample.get("error", True)]
    others = [sample for sample in SAMPLES if not sample.get("error", True)]
    right = [one for one in errors if triage(one["text"]) in one["category"] and is_error_message(one["text"])]
    harmless = [one for one in others if triage(one["text"]) in one["category"] and not is_error_message(one["text"])]
    assert len(right) >= RIGHT * len(errors), [one["id"] for one in errors if one not in right]
    assert len(harmless) >= RIGHT * len(others), [one["id"] for one in others if one not in harmless]


_REQUEST_ID = "1b2c3d4e-5f60-4a7b-8c9d-0e1f2a3b4c5d"


def _label(kind: SecretKind) -> str:
    return f"[entfernt: {kind}]"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: str(sample["id"]))
def test_redaction_takes_neither_message_nor_code(sample: dict[str, Any]) -> None:
    """Redacted and gated, a text has the same category and the same message, code and status."""
    text = sample["text"]
    kept, _ = Gate(_label).text(redact(text, _label))
    assert triage(kept) is triage(text)
    before, after = read_error(text), read_error(kept)
    if before is not None:
        assert after is not None
        message = before.message.replace(_REQUEST_ID, _label(SecretKind.possible_token))  # in a column without a name
        assert after.message in {message, before.message}
        assert (after.code, after.status) == (before.code, before.status)


@pytest.mark.parametrize(
    "sample", [one for one in SAMPLES if "RequestI" in one["text"]], ids=lambda one: str(one["id"])
)
def test_the_id_of_a_request_is_no_token(sample: dict[str, Any]) -> None:
    """It stays in the text: with it, Amazon finds the request."""
    text = sample["text"]
    assert redact(text, _label) == text


_KINDS = list(SECRETS)
_ERRORS = [one for one in SAMPLES if one.get("error", True)]


@pytest.mark.parametrize(("number", "sample"), list(enumerate(_ERRORS)), ids=[str(one["id"]) for one in _ERRORS])
def test_a_secret_in_an_error_vanishes_and_the_error_stays(number: int, sample: dict[str, Any]) -> None:
    """What is left of an error message with a secret in it still says what the cause is."""
    secret = SECRETS[_KINDS[number % len(_KINDS)]]
    kept, _ = Gate(_label).text(redact(f"{sample['text']}\n{secret}", _label))
    assert secret not in kept
    assert triage(kept) in {triage(sample["text"]), *([Category.secret_exposed] if _unnamed(sample) else [])}


def _unnamed(sample: dict[str, Any]) -> bool:
    return triage(sample["text"]) is Category.unknown


@pytest.mark.parametrize(
    "piece", ["a", "A1", "authtoken", "access to a.b ", "<Message>", "für de ", "schlüsselset ", "-"]
)
def test_triage_takes_time_with_the_length_only(piece: str) -> None:
    """Strangers' texts of 40,000 characters cost less than two seconds of the processor, whatever they repeat."""
    text = piece * (40_000 // len(piece))
    started = time.process_time()
    diagnose(text)
    is_error_message(text)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Der Remotename konnte nicht aufgelöst werden: 'mws-eu.amazonservices.com'", Hint.network),
        ("RequestExpired", Hint.clock),
        ("HTTP/1.1 410 Gone", Hint.mws_gone),
        ("MD1000", Hint.app_page),
        ("invalid_grant", Hint.sp_api),
        (f"Ich habe {TOKEN} eingetragen", Hint.secret_access),
        ("mein [entfernt: Passwort]", Hint.secret_password),
        ("my [removed: one-time code]", Hint.secret_code),
        (SECRETS[SecretKind.aws_secret_key], Hint.secret_keys),
        ("Es geht nicht", Hint.nothing),
    ],
)
def test_what_a_text_says_beyond_its_category(text: str, hint: Hint) -> None:
    """Which answer fits when the token is not the cause, or which kind of secret was written."""
    assert diagnose(text).hint is hint
