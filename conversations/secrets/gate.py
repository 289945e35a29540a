"""The last look at everything that leaves or is stored: as it will be read, wherever it came from.

The redaction of people's words (`redact`) is the first wall. The gate stands behind it, after rendering, and changes a
text only where a secret stands in it; whatever passes it is as it was, byte for byte.
"""

from collections.abc import Callable, Collection, Container, Iterable
from dataclasses import dataclass
from typing import Any

from conversations.secrets.credentials import SecretKind
from conversations.secrets.redact import masked

_REMEMBERED = 8192
"""Texts without a secret that are not looked at again; most of what leaves are the same sentences."""


@dataclass(frozen=True)
class Gated:
    """What may leave or be stored, and the kinds of the secrets that were removed, each once."""

    value: Any
    kinds: tuple[SecretKind, ...] = ()


class Gate:
    """Removes secrets from rendered texts, each replaced by the `label` of its kind.

    `others` are the labels of other languages: what they replaced is not looked at again. One thread uses a gate at a
    time.
    """

    def __init__(self, label: Callable[[SecretKind], str], others: Collection[str] = ()) -> None:
        self._labels = {kind: label(kind) for kind in SecretKind}
        self._others = tuple(others)
        # Hashes, so that nothing that was once written stays in memory.
        self._clean: set[int] = set()

    def text(self, text: str) -> tuple[str, tuple[SecretKind, ...]]:
        """`text` without secrets, and the kinds that were removed. Without any it is the same text."""
        seen = hash(text)
        if seen in self._clean:
            return text, ()
        found = masked(text, self._labels, self._others)
        if found.kinds:
            return found.readable, found.kinds
        if len(self._clean) >= _REMEMBERED:
            self._clean.clear()
        self._clean.add(seen)
        return text, ()

    def content(self, content: Any, typed: Container[str] = frozenset()) -> Gated:
        """JSON-like `content` with every text in it gated, except in fields named in `typed` and in `*_hash`.

        Those hold what programs made: identifiers, addresses, keyed hashes. Without secrets it is the same object.
        """
        if self._known(content, typed):
            return Gated(content)
        if isinstance(content, str):
            return Gated(*self.text(content))
        if isinstance(content, dict):
            return self._fields(content, typed)
        if isinstance(content, list | tuple):
            items = [self.content(item, typed) for item in content]
            kinds = _kinds(items)
            return Gated(type(content)(item.value for item in items), kinds) if kinds else Gated(content)
        return Gated(content)

    def _fields(self, content: dict[Any, Any], typed: Container[str]) -> Gated:
        gated = {key: self.content(value, typed) for key, value in content.items() if not _is_typed(key, typed)}
        kinds = _kinds(gated.values())
        if not kinds:
            return Gated(content)
        return Gated({key: gated[key].value if key in gated else value for key, value in content.items()}, kinds)

    def _known(self, content: Any, typed: Container[str]) -> bool:
        """Whether every text in `content` was looked at before: so it is with nearly all that leaves."""
        if isinstance(content, str):
            return hash(content) in self._clean
        if isinstance(content, dict):
            for field, value in content.items():
                if field not in typed and not self._known(value, typed) and not _is_typed(field, typed):
                    return False
        elif isinstance(content, list | tuple):
            for item in content:
                if not self._known(item, typed):
                    return False
        return True


def _is_typed(field: object, typed: Container[str]) -> bool:
    return field in typed or str(field).endswith("_hash")


def _kinds(gated: Iterable[Gated]) -> tuple[SecretKind, ...]:
    return tuple(dict.fromkeys(kind for one in gated for kind in one.kinds))
