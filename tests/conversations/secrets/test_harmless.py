"""What people write of errors, orders and passwords reaches support as it was written."""

from pathlib import Path

import pytest

from conversations.secrets.credentials import SecretKind
from conversations.secrets.gate import Gate
from conversations.secrets.redact import redact

HERE = Path(__file__).parent
MOST_CHANGED = 0.01


def _label(kind: SecretKind) -> str:
    return f"[{kind}]"


def _sentences(language: str) -> list[str]:
    return (HERE / f"harmless.{language}.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("language", ["de", "en"])
def test_of_a_hundred_harmless_sentences_one_is_changed_at_most(language: str) -> None:
    """Error codes, request IDs, order numbers, EANs, and what is said of passwords and codes without telling one."""
    sentences, gate = _sentences(language), Gate(_label)
    assert len(set(sentences)) == len(sentences) >= 300
    changed = [text for text in sentences if gate.text(text)[1]]
    assert len(changed) <= MOST_CHANGED * len(sentences), changed
    assert [text for text in sentences if gate.text(text)[0].startswith("[")] == []


@pytest.mark.parametrize(
    "text",
    [
        "Passwort: falsch laut Amazon", "Kennwort habe ich vergessen", "enter the code", "Passwort falsch",
        "password: incorrect", "Der Code kommt aufs Handy vom Chef",
    ],
)  # fmt: skip
def test_one_word_alone_removes_nothing(text: str) -> None:
    """That a password or a code is spoken of does not make the next word one."""
    assert redact(text, _label) == text


@pytest.mark.parametrize("shape", ["{}", "```\n{}\n```", "*{}*", "> {}", "Fehler:\n{}\nWas nun?"])
@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDenied", "AuthToken is not valid for SellerId and AWSAccountId"),
        ("InvalidClientTokenId", "The security token included in the request is invalid"),
        ("SignatureDoesNotMatch", "The request signature we calculated does not match. Check your Secret Access Key."),
        ("RequestThrottled", "Request is throttled"),
        ("8560", "SKU 100-200-300, Missing Attributes product_type. EAN 4006381333931"),
    ],
)
def test_of_an_error_text_nothing_is_lost(shape: str, code: str, message: str) -> None:
    """Its code, its message and its request ID are what support works with, in XML, JSON and as it was copied."""
    number = "1b2c3d4e-5f60-4a7b-8c9d-0e1f2a3b4c5d"
    error = f"<Error>\n  <Type>Sender</Type>\n  <Code>{code}</Code>\n  <Message>{message}</Message>\n</Error>"
    for text in (
        f"{error}\n<RequestID>{number}</RequestID>",
        f'{{"Code": "{code}", "Message": "{message}", "RequestId": "{number}"}}',
        f"Code: {code}, Message: {message}, Request-ID: {number}",
    ):
        assert redact(shape.format(text), _label) == shape.format(text)
