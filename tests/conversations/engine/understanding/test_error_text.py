"""Error messages are taken apart, however they were pasted."""

import json
import time

import hypothesis.strategies as st
import pytest
from hypothesis import given

from conversations.engine.understanding.error_text import LIMIT, ErrorText, newest_part, read_error, unwrapped

_XML = "<ErrorResponse><Error><Code>Denied</Code><Message>The key is not valid</Message></Error></ErrorResponse>"


@pytest.mark.parametrize(
    "text",
    [
        _XML,
        _XML.replace("<", "&lt;").replace(">", "&gt;"),
        json.dumps({"body": _XML}),
        json.dumps(json.dumps({"body": _XML})),
        _XML.replace("is not", "is\n  not"),
        _XML.replace("<Message>", "<Message><![CDATA[").replace("</Message>", "]]></Message>"),
        _XML.replace("</Message></Error></ErrorResponse>", ""),
        f"```{_XML}```",
        "{ Type: 'Sender', Code: 'Denied', Message: 'The key is not valid' }",
        '{"Code": "Denied", "Message": "The key is not valid", "RequestId": "1"}',
        "Array ( [Code] => 1 )\nCode => 'Denied', Message => 'The key is not valid'",
    ],
)
def test_message_and_code_are_found_in_any_wrapping(text: str) -> None:
    """XML, JSON and objects of programs: whole, escaped, twice escaped, wrapped, cut off."""
    error = read_error(text)
    assert error is not None
    assert (error.message, error.code) == ("The key is not valid", "Denied")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("HTTP/1.1 410 Gone", 410),
        ("Fehler 401", 401),
        ("Request failed with status code 503", 503),
        ("Der Remoteserver hat einen Fehler zurückgegeben: (403) Unzulässig.", 403),
        ("curl: (22) The requested URL returned error: 404", 404),
        ("404 Not Found", 404),
        ("Ich habe 401 Bestellungen", None),
        ("Bestellung 404-1234567-1234567", None),
        ("4.9.401", None),
        ("4006381333931", None),
        ("HTTP 200", None),
    ],
)
def test_a_number_is_a_status_where_something_says_so(text: str, status: int | None) -> None:
    """Numbers of orders, articles and versions are none."""
    error = read_error(text)
    assert (error.status if error is not None else None) == status
    assert (error is None) == (status is None)


def test_exceptions_are_read_from_the_inside() -> None:
    """The innermost exception says what happened."""
    error = read_error("a.b.OuterException: it broke\n ---> a.WebException: no answer\n   at a.B()")
    assert error == ErrorText("no answer", "WebException", None, "", "", "")


def test_the_host_and_the_kind_of_json_are_kept() -> None:
    """What decides when neither message, code nor status does."""
    error = read_error('{"errors":[{"code":"No","message":"Not here","details":"why"}]} from https://api.example.com/a')
    assert error == ErrorText("Not here", "No", None, "api.example.com", "why", "errors")
    oauth = read_error('{"error":"invalid_grant","error_description":"gone"}')
    assert oauth is not None
    assert (oauth.envelope, oauth.message, oauth.code) == ("oauth", "gone", "invalid_grant")


@pytest.mark.parametrize(
    "text", ["", "weiter", "Fehler", "Was mache ich bei einem Fehler?", "Es lief ohne Fehler durch", "ist gespeichert"]
)
def test_sentences_are_no_errors(text: str) -> None:
    """People who ask or tell have not pasted an error."""
    assert read_error(text) is None


@pytest.mark.parametrize(
    "piece",
    [
        '<!DOCTYPE a [<!ENTITY b "&c;&c;">]>&b;', "<message>", 'message:"', "message='", "\\\\u003c", "&amp;amp;",
        "java.net.", "AException: ", "http", "status", "(401", "a.B.", "a ", "errors:[", "<", "-", "ﷺ", "'a'", "\n",
    ],
)  # fmt: skip
def test_reading_takes_time_with_the_length_only(piece: str) -> None:
    """No text of 40,000 characters takes longer than a moment; twice as much takes no more, as it is not looked at."""
    text = piece * (LIMIT // len(piece) + 1)
    started = time.process_time()
    read_error(text)
    assert time.process_time() - started < 1
    assert len(unwrapped(text * 2)) <= LIMIT


@given(st.text(max_size=300))
def test_every_text_can_be_read(text: str) -> None:
    """No text makes it fail, and what is read is a part of the text."""
    error = read_error(text)
    assert error is None or error.status is None or 400 <= error.status <= 599


def _log(length: int) -> str:
    line = "2026-03-02 09:17:{:02} INFO [worker-3] Seite {} gelesen, 50 Datensätze, Konto DE\n"
    return "".join(line.format(number % 60, number) for number in range(length // 70))


@pytest.mark.parametrize("behind", [0, 200, 1400, 60_000])
@pytest.mark.parametrize("before", [0, 5000, 39_000, 100_000])
def test_the_error_is_found_anywhere_in_a_long_log(before: int, behind: int) -> None:
    """The part with it is as long as it may be, and begins with a line."""
    part = newest_part(f"{_log(before)}{_XML}\n{_log(behind)}", 3000)
    assert len(part) <= 3000
    assert _XML in part
    assert part.startswith(("2026", "<Err"))
    assert read_error(part) is not None


def test_of_two_errors_in_a_log_the_newest_is_read() -> None:
    """Where they are far apart; a long text without any is read from its beginning."""
    text = f"{_XML}\n{_log(9000)}HTTP/1.1 503 Service Unavailable"
    error = read_error(newest_part(text, 3000))
    assert error is not None
    assert error.status == 503
    assert newest_part(_log(9000), 3000) == _log(9000)[:3000]
