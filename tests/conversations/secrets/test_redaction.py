"""No secret survives in people's words; everything that an agent needs does."""

import time
from collections.abc import Callable

import hypothesis.strategies as st
import pytest
from hypothesis import given

from conversations.secrets.credentials import SecretKind
from conversations.secrets.redact import WORDS_LIMIT, redact, without_secrets
from tests.conversations.amazon_token.pastes import ADVERSARIAL, BODY, DRESSES, SECRETS, TOKEN


def _label(kind: SecretKind) -> str:
    return f"[{kind} entfernt]"


def _like_a_password(kind: SecretKind) -> str:
    return f"Passwort: {kind}"


@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_becomes_the_name_of_its_kind(kind: SecretKind) -> None:
    """The text around a secret stays unchanged."""
    assert redact(f"vorher {SECRETS[kind]}, nachher", _label).startswith(f"vorher {_label(kind)}")
    assert redact(f"vorher {SECRETS[kind]}, nachher", _label).endswith(" nachher")


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("kind", [kind for kind in SECRETS if kind is not SecretKind.aws_secret_key])
def test_nothing_of_a_dressed_secret_is_left(kind: SecretKind, dress: str) -> None:
    """Neither the secret nor a piece of it of eight characters can be read in the result."""
    plain = "".join(c for c in redact(DRESSES[dress](SECRETS[kind]), _label) if c.isascii())
    assert not any(SECRETS[kind][at : at + 8] in plain for at in range(len(SECRETS[kind]) - 8))


def test_a_long_token_wrapped_by_a_mail_program_is_gone() -> None:
    """A refresh token over several lines leaves no line behind."""
    secret = SECRETS[SecretKind.lwa_refresh_token]
    lines = [secret[at : at + 76] for at in range(0, len(secret), 76)]
    assert redact("\n".join(lines) + "\nViele Grüße", _label) == f"{_label(SecretKind.lwa_refresh_token)}\nViele Grüße"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Passwort: geheim", f"Passwort: {_label(SecretKind.password)}"),
        ("password=abc&user=me", f"password={_label(SecretKind.password)}&user=me"),
        ("Passwort: a%20b c", f"Passwort: {_label(SecretKind.password)} c"),
        ('Kennwort: "zwei Wörter" ja', f"Kennwort: {_label(SecretKind.password)} ja"),
        ("OTP 123456", f"OTP {_label(SecretKind.one_time_code)}"),
    ],
)
def test_the_label_of_a_password_stays(text: str, expected: str) -> None:
    """Only the value goes, so that one still reads what was there."""
    assert redact(text, _label) == expected


@pytest.mark.parametrize(
    "text",
    [
        "AuthToken is not valid for SellerId and AWSAccountId",
        f"<ErrorResponse><Code>AccessDenied</Code></Error><RequestID>{BODY}</RequestID>",
        "Invalid seller id: A1EXAMPLE12345",
        "Marktplatz A1PA6795UKMFR9, Entwickler-ID 5881-4686-6012",
        "amzn1.sellerapps.app." + BODY,
        "MD9010, HTTP 401, 12.11.2026 10:30:15",
        "https://muster.slack.com/archives/C1H9RESGA/p1772438400000100",
    ],
)
def test_what_support_needs_stays(text: str) -> None:
    """Error texts, seller IDs, marketplace IDs, app IDs and numbers of requests are no secrets."""
    assert redact(text, _label) == text


pieces = st.lists(
    st.sampled_from(
        [*SECRETS.values(), BODY, "Passwort: ", "OTP ", "123456", "geheim", " ", "\n", "-", "a", "Atzr|", "="]
    )
    | st.text(max_size=10),
    max_size=12,
).map("".join)


@pytest.mark.parametrize("label", [_label, _like_a_password, str, lambda kind: f"[{kind}]"])
@given(text=pieces)
def test_redacting_twice_changes_nothing(label: Callable[[SecretKind], str], text: str) -> None:
    """Whatever the labels say, a redacted text is left as it is."""
    once = redact(text, label)
    assert redact(once, label) == once
    whole = without_secrets(text, label)
    assert without_secrets(whole, label) == whole


def test_tokens_glued_together_are_both_found() -> None:
    """The end of one is not looked for inside the next."""
    assert redact(TOKEN + TOKEN, _label) == _label(SecretKind.mws_token) * 2


@given(before=st.text(max_size=40), after=st.text(max_size=40))
def test_a_token_never_survives_its_surroundings(before: str, after: str) -> None:
    """Whatever is before and after it, the token's body is gone."""
    assert BODY not in redact(f"{before}{TOKEN}{after}", _label)


@pytest.mark.parametrize("after", ["", "0", "f%0"])
@pytest.mark.parametrize("before", ["%", "%0", "%2", "%25", "%250", "\\u", "\\u0", "\\u004", "a%0", "&#x0", "&"])
@pytest.mark.parametrize("kind", [kind for kind in SECRETS if kind is not SecretKind.aws_secret_key])
def test_no_escape_takes_the_first_letters_of_a_secret(kind: SecretKind, before: str, after: str) -> None:
    """Read as an escape, the "%0a" of "%0amzn.mws." would leave a token that is none."""
    redacted = redact(f"{before}{SECRETS[kind]}{after}", _label)
    assert not any(SECRETS[kind][at : at + 8] in redacted for at in range(len(SECRETS[kind]) - 8))


@given(padding=st.integers(min_value=WORDS_LIMIT - 80, max_value=WORDS_LIMIT + 5))
def test_the_cut_leaves_no_piece_of_a_secret(padding: int) -> None:
    """What is too long is cut, and neither a secret nor a label is cut in two."""
    text = redact("x " * (padding // 2) + TOKEN + " " + SECRETS[SecretKind.aws_access_key], _label)
    assert len(text) <= WORDS_LIMIT
    assert "1234" not in text
    assert text.count("[") == text.count("]")


def test_long_texts_can_be_kept_whole() -> None:
    """Logs need the end of a text as well as its beginning."""
    text = without_secrets("x " * WORDS_LIMIT + TOKEN, _label)
    assert text.endswith(_label(SecretKind.mws_token))
    assert len(text) > WORDS_LIMIT


@pytest.mark.parametrize("piece", ADVERSARIAL)
def test_redaction_takes_bounded_time(piece: str) -> None:
    """40,000 characters take well under a second of one core (measured up to 0.3 s), whatever they are."""
    text = (piece * 40_000)[:40_000]
    start = time.thread_time()
    redact(text, _label)
    assert time.thread_time() - start < 2
