"""The search that runs after every story finds what it is there for."""

import base64
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.stories.conftest import Secrets

GUISES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper": str.upper,
    "reversed": lambda token: token[::-1],
    "without hyphens": lambda token: token.replace("-", ""),
    "mistyped": lambda token: token[:13] + "o" + token[14:],
    "base64": lambda token: base64.b64encode(token.encode()).decode(),
    "base64 of a longer text": lambda token: base64.b64encode(f"ab {token} c".encode()).decode(),
    "url": lambda token: "".join(f"%{byte:02X}" for byte in token.encode()),
    "url of some": lambda token: quote(token).replace("-", "%2D"),
    "hexadecimal": lambda token: token.encode().hex(),
}


@pytest.mark.parametrize("guise", GUISES)
def test_a_token_is_found_in_every_guise(guise: str) -> None:
    """Whatever it was made into, a token that was kept is found; nothing else is."""
    secrets = Secrets()
    kept = GUISES[guise](secrets.token())
    assert secrets.found_in(f"before {kept} behind".encode())
    assert not secrets.found_in(b"amzn.mws. ends with e15e")
