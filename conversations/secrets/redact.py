"""What may be kept of text with a secret in it: the rest of the text, and a keyed hash to compare secrets by."""

import hashlib
import hmac
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import accumulate

from conversations.secrets.credentials import NOT_SECRET, SecretKind, find

WORDS_LIMIT = 3000
"""Characters of an error text that are kept."""

_KINDS = tuple(SecretKind)
_MARKS = (0xF0000, 0xFFFFD)
"""From here to there, private use: `wordings.REMOVED`."""
_ROOM = 256
_ROUNDS = 20


@dataclass(frozen=True)
class Masked:
    """A text with one character in place of each secret, and of each label that it already had."""

    text: str
    kinds: tuple[SecretKind, ...]
    """What was removed, each kind once."""
    labels: Mapping[str, str]
    """What each of these characters stands for."""

    @property
    def readable(self) -> str:
        """The text with the labels."""
        return self.read(self.text)

    def read(self, part: str) -> str:
        """A part of the text with the labels."""
        return "".join(self.labels.get(character, character) for character in part) if self.labels else part


def masked(text: str, labels: Mapping[SecretKind, str], others: Collection[str] = ()) -> Masked:
    """`text` without secrets. No label is taken for a secret: neither of `labels` nor of `others`.

    It is looked at again until nothing is found: a value may be recognized only after its neighbour is masked.
    """
    first = _free(text)
    names: dict[str, str] = {}
    written = [label for label in (*labels.values(), *others) if label]
    for label in sorted(set(written), key=len, reverse=True):
        if label in text:
            names[mark := chr(first + len(_KINDS) + len(names))] = label
            text = text.replace(label, mark)
    removed: dict[SecretKind, None] = {}
    for _ in range(_ROUNDS):
        spans = [span for span in find(text) if span.kind not in NOT_SECRET]
        if not spans:
            break
        parts: list[str] = []
        end = 0
        for span in spans:
            names[mark := chr(first + _KINDS.index(span.kind))] = labels[span.kind]
            parts += [text[end : span.start], mark]
            removed[span.kind], end = None, span.end
        text = "".join(parts) + text[end:]
    return Masked(text, tuple(removed), names)


def _free(text: str) -> int:
    """The first of enough private-use characters of which `text` has none."""
    used = {character for character in text if ord(character) >= _MARKS[0]} if not text.isascii() else set()
    first, last = _MARKS
    while used and any(first <= ord(character) < first + _ROOM for character in used) and first + 2 * _ROOM < last:
        first += _ROOM
    return first


def without_secrets(text: str, label: Callable[[SecretKind], str]) -> str:
    """`text` at full length with every secret replaced by the `label` of its kind.

    A second call changes nothing, unless a label is empty. Seller IDs, marketplace IDs and request IDs stay.
    Time grows with the length only.
    """
    return masked(text, {kind: label(kind) for kind in _KINDS}).readable


def redact(text: str, label: Callable[[SecretKind], str]) -> str:
    """`text` without secrets like `without_secrets`, shortened to `WORDS_LIMIT` characters; no label is cut in two."""
    labels = {kind: label(kind) for kind in _KINDS}
    whole = masked(text, labels)
    while len(short := whole.readable) > WORDS_LIMIT:
        # After the cut, the end may match a pattern that it did not match before.
        whole = masked(_cut(whole), labels)
    return short


def _cut(whole: Masked) -> str:
    lengths = accumulate(len(whole.read(character)) for character in whole.text)
    return whole.read(whole.text[: sum(length <= WORDS_LIMIT for length in lengths)])


def fingerprint(key: bytes, value: str) -> str:
    """HMAC-SHA256 of `value`, 64 hex digits: two tokens can be compared by it without keeping either."""
    return hmac.new(key, value.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


def same_fingerprint(first: str, second: str) -> bool:
    """Whether two fingerprints are equal, in constant time."""
    return hmac.compare_digest(first.encode(errors="surrogatepass"), second.encode(errors="surrogatepass"))
