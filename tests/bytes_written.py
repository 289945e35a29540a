"""Searches everything that the bot wrote or sent for the secrets that people typed, whatever they were made into."""

import base64
import json
import random
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.sandbox.server import Sandbox
from conversations.amazon_token.plays import made_up_token

NEEDLE = 16
"""Characters of a secret that must stand together to count. No shorter piece is a secret any more."""
KINDS = ("mws_token", "aws_access_key", "aws_secret_key", "lwa_refresh_token", "lwa_client_secret")
_PREFIXES = re.compile(r"^(?:amzn\.mws\.|amzn1\.oa2-cs\.v1\.|Atz[ar]\|)")
_CODED = re.compile(r"\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\[nrt]", re.IGNORECASE)
_QUOTED = re.compile(r"(?:%[0-9a-fA-F]{2})+")
_FEW = 300
"""So many needles are looked for one by one; for more of them every piece of the text is looked up."""
_GLUE = re.compile(r"[^a-z0-9]+")
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def made_up(kind: str, chance: random.Random | None = None) -> str:
    """A secret of one of `KINDS`, of the right shape, that never belonged to anybody."""
    dice = chance or secrets.SystemRandom()
    if kind == "aws_access_key":
        # A key of sixteen letters without any digit occurs once in a hundred keys; it is no less a key.
        return "AKIA" + "".join(dice.choices(_BASE32, k=16))
    if kind == "aws_secret_key":
        return "aB3" + "".join(dice.choices(_BASE64 + "/+", k=36)) + "Z"
    if kind == "lwa_refresh_token":
        return "Atzr|IwEB" + "".join(dice.choices(_BASE64 + "_-", k=300)) + "9"
    if kind == "lwa_client_secret":
        return f"amzn1.oa2-cs.v1.{dice.getrandbits(256):064x}"
    assert kind == "mws_token"
    digits = f"{dice.getrandbits(128):032x}"
    return made_up_token() if chance is None else f"amzn.mws.{'-'.join(_uuid(digits))}"


def _uuid(digits: str) -> Iterator[str]:
    yield from (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])


def glued(text: str) -> str:
    """`text` reduced to small letters and digits.

    Capitals, wraps, hyphens, JSON escapes, UTF-16, full-width and invisible characters make no difference any more.
    """
    return _GLUE.sub("", _CODED.sub("", unicodedata.normalize("NFKC", text)).lower())


class TypedSecrets:
    """The secrets that were typed, and the search for them."""

    def __init__(self) -> None:
        self.typed: list[str] = []
        self._needles: dict[str, str] = {}

    def type(self, secret: str) -> str:
        """Remember a secret that is about to be typed; it comes back unchanged."""
        self.typed.append(secret)
        for form, made in _forms(secret):
            self._needles |= dict.fromkeys(_pieces(glued(made)), f"{secret[:6]}…, {form}")
        return secret

    def new(self, kind: str = "mws_token", chance: random.Random | None = None) -> str:
        """A new secret, about to be typed."""
        return self.type(made_up(kind, chance))

    def one_of_each(self, chance: random.Random | None = None) -> dict[str, str]:
        """A new secret of each kind, about to be typed."""
        return {kind: self.new(kind, chance) for kind in KINDS}

    def found_in(self, kept: bytes | str) -> list[str]:
        """Which secrets stand in `kept`, wholly or with `NEEDLE` characters, and in what form."""
        if not self._needles:
            return []
        text = kept.decode("utf-8", errors="replace") if isinstance(kept, bytes) else kept
        found = self._search(glued(text))
        return sorted(found | (self._search(glued(_unquoted(text))) if _QUOTED.search(text) else set()))

    def _search(self, haystack: str) -> set[str]:
        if len(self._needles) <= _FEW:
            return {name for needle, name in self._needles.items() if needle in haystack}
        windows = {haystack[at : at + NEEDLE] for at in range(len(haystack) - NEEDLE + 1)}
        return {self._needles[window] for window in windows & self._needles.keys()}

    def leaks(self, written: Iterable[tuple[str, bytes]]) -> list[str]:
        """A line for each of the named `written` things in which a secret stands."""
        return [f"{name}: {found}" for name, what in written if (found := self.found_in(what))]


def _unquoted(text: str) -> str:
    """As `urllib.parse.unquote`, which takes long for what is no text."""
    return _QUOTED.sub(lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", errors="replace"), text)


def _forms(secret: str) -> Iterator[tuple[str, str]]:
    core = _PREFIXES.sub("", secret)
    core = core if len(core) > NEEDLE else secret
    bare = core.replace("-", "")
    for name, text in (("plain", core), ("plain", bare), ("upper", core.upper()), ("lower", core.lower())):
        yield name, text
        yield "reversed", text[::-1]
        yield "hexadecimal", text.encode().hex()
        for offset in range(3):
            # What stands before shifts the groups of base64; the first and the last group depend on the neighbours.
            coded = base64.b64encode(b"\0" * offset + text.encode()).decode().rstrip("=")
            yield "base64", coded[4 if offset else 0 : -2]
            yield "base64url", coded[4 if offset else 0 : -2].translate(str.maketrans("+/", "-_"))


def _pieces(text: str) -> Iterator[str]:
    """Pieces of `NEEDLE` characters one after the other, and the last."""
    for at in (*range(0, len(text) - NEEDLE + 1, NEEDLE), max(0, len(text) - NEEDLE)):
        if len(text[at : at + NEEDLE]) == NEEDLE:
            yield text[at : at + NEEDLE]


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every byte in `folder`: the database with its free pages, the write-ahead log, logs, exports, backups."""
    yield from ((str(file.relative_to(folder)), file.read_bytes()) for file in folder.rglob("*") if file.is_file())


def sent(sandbox: Sandbox) -> Iterator[tuple[str, bytes]]:
    """Everything that the bot has said to the sandbox.

    Each call of the Web API and of a response_url (messages, metadata, tickets, views, Home tabs), each answer to a
    payload (errors at fields, views, ephemeral texts), and the content of each file.
    """
    for number, call in enumerate(sandbox.calls):
        yield f"call {number} {call.method}", json.dumps(call.args, ensure_ascii=False, default=repr).encode()
    for number, answer in enumerate(sandbox.delivery.answers):
        yield f"answer {number}", json.dumps(answer, ensure_ascii=False, default=repr).encode()
    yield from ((f"file {name}", content) for name, content in sandbox.workspace.contents.items())
