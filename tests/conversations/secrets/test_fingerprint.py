"""Two tokens can be compared without keeping either."""

import re

import hypothesis.strategies as st
from hypothesis import given

from conversations.secrets.redact import fingerprint, same_fingerprint
from tests.conversations.amazon_token.pastes import OTHER_TOKEN, TOKEN, tokens

KEY, OTHER_KEY = b"k" * 32, b"l" * 32


def test_the_hash_is_hmac_sha256() -> None:
    """RFC 4231, test case 2."""
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert fingerprint(b"Jefe", "what do ya want for nothing?") == expected


@given(tokens, tokens)
def test_hashes_are_equal_when_the_tokens_are(first: str, second: str) -> None:
    """Equal tokens have equal hashes, other tokens have others."""
    assert same_fingerprint(fingerprint(KEY, first), fingerprint(KEY, second)) == (first == second)


def test_the_key_counts() -> None:
    """With another key the same token has another hash."""
    assert not same_fingerprint(fingerprint(KEY, TOKEN), fingerprint(OTHER_KEY, TOKEN))
    assert not same_fingerprint(fingerprint(KEY, TOKEN), fingerprint(KEY, OTHER_TOKEN))


@given(st.text())
def test_the_hash_tells_nothing(value: str) -> None:
    """64 hex digits, whatever the value."""
    assert re.fullmatch("[0-9a-f]{64}", fingerprint(KEY, value))


def test_comparing_anything_is_safe() -> None:
    """What is no hash is unequal and no error."""
    assert not same_fingerprint("", fingerprint(KEY, ""))
    assert not same_fingerprint("ü", "u")
    assert same_fingerprint("ü", "ü")
