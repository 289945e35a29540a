"""Secrets in any surroundings and notation: nothing of them is left, and the text around them is."""

import json
import random
from collections.abc import Callable
from urllib.parse import quote_plus

import hypothesis.strategies as st
import pytest
from hypothesis import assume, given, settings

from conversations.secrets.credentials import SecretKind
from conversations.secrets.redact import redact
from tests.bytes_written import KINDS, TypedSecrets

AROUND = (
    "{}", "„{}“", '"{}"', "'{}'", "`{}`", "({})", "[{}]", "<{}>", "*{}*", "_{}_", "~{}~", "»{}«", "{}.",
    "{},", "{};", "{}!", "{}:", "Token:{}", "Token={}", "Token {} und", "\n{}\n", "\r\n{}\r\n", "> {}", "\t{}\t",
    "\u00a0{}\u00a0", "<Token>{}</Token>",
    '{{"auth": {{"token": "{}"}}}}', "{{'a': '{}'}}", "https://x.example/?token={}&a=1", "https://x.example/{}/b",
    "<https://x.example/?t={}|Seite>", "curl -H 'Authorization: Bearer {}'", "AKIA {} AKIA", "a | {} | b", "#{}", "@{}",
    "key={} secret={}", "{} {}", "{}\n{}", "ä{}ß", "…{}…", "-{}-", "/{}/", "\\{}\\", "C:\\{}.txt", "${}", "%{}%",
    "AccessDenied\n  at {}\n  at Orders.ListOrders\nAuthToken is not valid",
)  # fmt: skip
GLUED = ("x{}", "{}x", "Schlüssel{}bitte", "das_{}_da", "0{}", "{}9", "key{}", "{}.{}", "ID{}")
"""Without a separator: a key of forty arbitrary characters cannot be told apart from the letters next to it."""

OF_A_KEY = ("/{}", "{}/", "%{}")
"""A slash may belong to such a key, and a percent sign makes a code of its first two characters."""


def _at(mark: str) -> Callable[[str, random.Random], str]:
    def put(secret: str, chance: random.Random) -> str:
        at = chance.randrange(1, len(secret))
        return f"{secret[:at]}{mark}{secret[at:]}"

    return put


DRESSES: dict[str, Callable[[str, random.Random], str]] = {
    "plain": lambda secret, _: secret,
    "zero width": lambda secret, _: "\u200b".join(secret),
    "a zero-width joiner": _at("\u200d"),
    "a soft hyphen": _at("\u00ad"),
    "a word joiner": _at("\u2060"),
    "a byte order mark": _at("\ufeff"),
    "full width": lambda secret, _: "".join(chr(ord(c) + 0xFEE0) for c in secret),
    "mathematical": lambda secret, _: "".join(chr(0x1D7CE + int(c)) if c.isdigit() else c for c in secret),
    "coded for a URL": lambda secret, _: quote_plus(secret),
    "coded wholly": lambda secret, _: "".join(f"%{byte:02x}" for byte in secret.encode()),
    "entities": lambda secret, _: "".join(f"&#{ord(c)};" for c in secret),
    "in JSON": lambda secret, _: json.dumps(secret)[1:-1].replace("/", "\\/"),
    "wrapped": _at("\n"),
    "wrapped with a carriage return": _at("\r\n"),
    "quoted": _at("\n> "),
}  # fmt: skip
WRAPPED = frozenset({"wrapped", "wrapped with a carriage return", "quoted"})
chances = st.integers(0, 2**32).map(random.Random)


def _label(kind: SecretKind) -> str:
    return f"[{kind} entfernt]"


def _has_a_digit(secret: str) -> bool:
    """Four capitals and sixteen more, in pieces and without a digit, are words in capitals: one key in thirty."""
    return any(character.isdigit() for character in secret)


def _left(text: str, secrets: TypedSecrets) -> list[str]:
    return secrets.found_in(redact(text, _label))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=300, deadline=None)
@given(around=st.sampled_from(AROUND), dress=st.sampled_from(sorted(DRESSES)), chance=chances)
def test_nothing_is_left_of_a_secret(kind: str, around: str, dress: str, chance: random.Random) -> None:
    """In quotes, JSON, URLs, markup, stack traces; with what cannot be seen, in other forms, wrapped."""
    secrets = TypedSecrets()
    secret = secrets.new(kind, chance)
    assume(kind != "aws_secret_key" or not any(sign in around for sign in OF_A_KEY))
    assume(dress not in WRAPPED or _has_a_digit(secret))
    worn = DRESSES[dress](secret, chance)
    text = around.replace("{{", "{").replace("}}", "}") if around.count("{") > 2 else around
    assert _left(text.replace("{}", worn), secrets) == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "aws_secret_key"])
@settings(max_examples=100, deadline=None)
@given(around=st.sampled_from(GLUED), chance=chances)
def test_nothing_is_left_of_a_secret_glued_to_words(kind: str, around: str, chance: random.Random) -> None:
    """Somebody forgot the blank."""
    secrets = TypedSecrets()
    secret = secrets.new(kind, chance)
    assume(_has_a_digit(secret))
    assert _left(around.replace("{}", secret), secrets) == []
