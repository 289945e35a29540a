"""Errors of Amazon's consent page and of fetching, each with its cause."""

import pytest

from conversations.sp_api.checks import check_start
from conversations.sp_api.triage import VENDOR_ONLY, Cause, is_error_message, page_code, triage

DENIED = '{"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied.","details":""}]}'
ERRORS = {
    "MD1000": Cause.app_not_ready,
    "Error code: MD5101": Cause.app_address,
    "There was a problem (MD5110)": Cause.app_address,
    "MD9000": Cause.developer_not_eligible,
    "Fehler MD 9010": Cause.developer_region,
    DENIED: Cause.authorization_expired,
    '{"errors":[{"code":"Unauthorized","message":"The access token you provided has expired.","details":"x"}]}':
        Cause.authorization_expired,
    "The access token you provided is revoked": Cause.authorization_expired,
    '{"error":"invalid_grant","error_description":"The request has an invalid grant parameter"}':
        Cause.authorization_expired,
    "System.Net.WebException: Der Remoteserver hat einen Fehler zurückgegeben: (403) Unzulässig. "
    "https://sellingpartnerapi-eu.amazon.com/orders/v0/orders": Cause.authorization_expired,
    '{"error":"invalid_client","error_description":"Client authentication failed"}': Cause.client_unknown,
    '{"errors":[{"code":"QuotaExceeded","message":"You exceeded your quota for the requested resource."}]}':
        Cause.throttled,
    "HTTP 503 Service Unavailable": Cause.throttled,
    "Error 403 Forbidden": Cause.access_refused,
    "Error: You must be the Primary user to authorize": Cause.not_primary_user,
    "<Error><Code>AccessDenied</Code><Message>AuthToken is not valid for SellerId</Message></Error>":
        Cause.older_interface,
    "java.net.UnknownHostException: could not be resolved": Cause.network_trouble,
    "Die Abholung lief ohne Fehler, aber keine Aufträge": Cause.orders_parked,
    "I am signed in to the wrong seller account": Cause.wrong_account,
    "Error 500": Cause.unknown,
    "hello": Cause.unknown,
}  # fmt: skip


@pytest.mark.parametrize(("text", "category"), ERRORS.items())
def test_each_error_has_its_cause(text: str, category: Cause) -> None:
    """By message first, then code, status and host."""
    assert triage(text) == category


@pytest.mark.parametrize("text", [text for text, category in ERRORS.items() if category in VENDOR_ONLY])
def test_what_only_the_vendor_can_act_on_is_an_error_message(text: str) -> None:
    """Pasted bare it is taken for one, so that a ticket is filed at once."""
    assert is_error_message(text)


@pytest.mark.parametrize("text", ["What does MD5101 mean?", "Is it expired?", "model MD12345 is on sale"])
def test_a_question_or_another_number_is_no_error(text: str) -> None:
    """It is answered as a question."""
    assert not is_error_message(text)


def test_the_code_of_the_page_is_read_as_amazon_writes_it() -> None:
    """For the ticket, however it was typed."""
    assert [page_code(text) for text in ("md-5101 shown", "MD 9010", "none")] == ["MD5101", "MD9010", None]


@pytest.mark.parametrize(
    "text",
    [
        "01.11.2025",
        " 2025-11-01 00:00 ",
        "1. November 2025",
        "01.11.25",
        "11/1/2025",
        "Nov 1, 2025",
        "20251101",
        "seit dem 01.11.2025, 00:00 Uhr",
        "1. März 2025",
    ],
)
def test_the_date_is_kept_as_it_was_read(text: str) -> None:
    """The ticket repeats what CONNECT shows."""
    assert getattr(check_start(text), "value", None) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gestern",
        "xyz 123",
        "seit 30 Tagen",
        "2025",
        "01.11.",
        "1" * 41,
        "Atzr|IwEBIExampleExampleExampleExample1234567890",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    """A secret is never kept."""
    assert getattr(check_start(text), "value", None) is None
