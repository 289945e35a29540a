"""What may be kept of text with a secret in it: the rest of the text, and a keyed hash to compare secrets by."""

import hashlib
import hmac
import re
from collections.abc import Callable
from itertools import accumulate

from conversations.secrets.credentials import NOT_SECRET, SecretKind, find

WORDS_LIMIT = 3000
"""Characters of an error text that are kept."""

_KINDS = tuple(SecretKind)
_FIRST = 0xE000
_ROUNDS = 20
_PRIVATE = re.compile("[\ue000-\uf8ff]")


def without_secrets(text: str, label: Callable[[SecretKind], str]) -> str:
    """`text` at full length with every secret replaced by the `label` of its kind.

    A second call changes nothing, unless a label is empty. Seller IDs, marketplace IDs and request IDs stay.
    Time grows with the length only.
    """
    labels = {kind: label(kind) for kind in _KINDS}
    return _with_labels(_masked(_with_marks(text, labels)), labels)


def redact(text: str, label: Callable[[SecretKind], str]) -> str:
    """`text` without secrets like `without_secrets`, shortened to `WORDS_LIMIT` characters; no label is cut in two."""
    labels = {kind: label(kind) for kind in _KINDS}
    marked = _masked(_with_marks(text, labels))
    while len(_with_labels(marked, labels)) > WORDS_LIMIT:
        # After the cut, the end may match a pattern that it did not match before.
        marked = _masked(_cut(marked, labels))
    return _with_labels(marked, labels)


def _mark(kind: SecretKind) -> str:
    return chr(_FIRST + _KINDS.index(kind))


def _with_marks(text: str, labels: dict[SecretKind, str]) -> str:
    """`text` with the labels that it already contains as one character each: no label is taken for a secret."""
    text = _PRIVATE.sub("\ufffd", text)
    for kind, words in sorted(labels.items(), key=lambda item: -len(item[1])):
        if words:
            text = text.replace(words, _mark(kind))
    return text


def _with_labels(marked: str, labels: dict[SecretKind, str]) -> str:
    return _PRIVATE.sub(lambda match: labels[_KINDS[ord(match[0]) - _FIRST]], marked)


def _masked(text: str) -> str:
    """`text` with a mark for each secret, repeated: a value may be recognized only after its neighbour is masked."""
    for _ in range(_ROUNDS):
        spans = [span for span in find(text) if span.kind not in NOT_SECRET]
        if not spans:
            break
        parts: list[str] = []
        end = 0
        for span in spans:
            parts += [text[end : span.start], _mark(span.kind)]
            end = max(end, span.end)
        text = "".join(parts) + text[end:]
    return text


def _cut(marked: str, labels: dict[SecretKind, str]) -> str:
    lengths = accumulate(len(_with_labels(character, labels)) for character in marked)
    return marked[: sum(length <= WORDS_LIMIT for length in lengths)]


def fingerprint(key: bytes, value: str) -> str:
    """HMAC-SHA256 of `value`, 64 hex digits: two tokens can be compared by it without keeping either."""
    return hmac.new(key, value.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


def same_fingerprint(first: str, second: str) -> bool:
    """Whether two fingerprints are equal, in constant time."""
    return hmac.compare_digest(first.encode(errors="surrogatepass"), second.encode(errors="surrogatepass"))
