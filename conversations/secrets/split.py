"""A secret in pieces: what several messages hold of it, one piece each."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from conversations.secrets.credentials import BY_WORDS, NOT_SECRET, SecretKind, find
from conversations.secrets.wordings import ANY_CASE

_PIECE = re.compile(r"[^\s<>\"'„“”*~`,;()\[\]]{4,2000}")
_LOOKS_CODED = re.compile(r"[0-9]|amzn|atz|xox|akia|asia", re.IGNORECASE)
_MOST = 4
"""Pieces of one message that are tried; a token is not split into words among words."""
_CONTEXT = 60
_HEX = r"(?=[-0-9]*[a-f])(?=[-a-f]*[0-9])"
_TAILS: dict[SecretKind, re.Pattern[str]] = {
    # Groups of a token's core; an order number, a developer ID or an EAN has no letters.
    SecretKind.mws_token: re.compile(
        rf"{_HEX}-?[0-9a-f]{{1,12}}(?:-[0-9a-f]{{4}}){{0,3}}(?:-[0-9a-f]{{0,12}})?", ANY_CASE
    ),
    SecretKind.lwa_client_secret: re.compile(rf"{_HEX}[0-9a-f]{{6,64}}", ANY_CASE),
    **dict.fromkeys(
        (SecretKind.lwa_refresh_token, SecretKind.lwa_access_token),
        re.compile(r"(?=\S{0,99}[0-9])(?=\S{0,99}[a-z])(?=\S{0,99}[A-Z])[\w\-+/=|.]{16,2000}", re.ASCII),
    ),
}
"""How the rest of a secret looks whose beginning was recognized, and removed, in an earlier message."""
_SHORTEST = 6


@dataclass(frozen=True)
class Joined:
    """A secret that the last of several texts completes, and the texts without its pieces."""

    kind: SecretKind
    texts: tuple[str, ...]


def joined(texts: Sequence[str], label: Callable[[SecretKind], str]) -> Joined | None:
    """The secret that `texts`, oldest first, hold together, a piece in each; the last text holds the last piece.

    Two of the texts or more, in their order, with other texts and words between. A piece that was recognized by itself
    has left its `label`, which is all that is known of it. `None` when there is no such secret.
    """
    *before, last = texts
    ends = list(_pieces(last))
    for kind, tail in _TAILS.items():
        rest = [piece for piece in ends if len(piece[0]) >= _SHORTEST and tail.fullmatch(piece[0])]
        if rest and any(label(kind) in text for text in before):
            return Joined(kind, (*before, _replaced(last, rest, label(kind))))
    for count in range(1, len(before) + 1):
        for chosen in combinations(range(len(before)), count):
            for pieces in product(*(list(_pieces(before[place])) for place in chosen), ends):
                whole = _completed(before[chosen[0]], pieces)
                if whole is not None:
                    return Joined(whole, _without(texts, (*chosen, len(before)), pieces, label(whole)))
    return None


def _pieces(text: str) -> Iterator[re.Match[str]]:
    found = [match for match in _PIECE.finditer(text) if _LOOKS_CODED.search(match[0])]
    yield from found[-_MOST:]


def _completed(first: str, pieces: tuple[re.Match[str], ...]) -> SecretKind | None:
    """What the pieces are together, in the words before the first one; each of them must be a part of it."""
    start = pieces[0].start()
    context = first[max(0, start - _CONTEXT) : start]
    whole = context + "".join(piece[0] for piece in pieces)
    first_end, last_start = len(context) + len(pieces[0][0]), len(whole) - len(pieces[-1][0])
    for span in find(whole):
        if span.start < first_end and span.end > last_start and span.kind not in NOT_SECRET | BY_WORDS:
            return span.kind
    return None


def _without(
    texts: Sequence[str], places: tuple[int, ...], pieces: tuple[re.Match[str], ...], label: str
) -> tuple[str, ...]:
    cleaned = list(texts)
    for place, piece in zip(places, pieces, strict=True):
        cleaned[place] = _replaced(texts[place], [piece], label)
    return tuple(cleaned)


def _replaced(text: str, pieces: Sequence[re.Match[str]], label: str) -> str:
    for piece in reversed(pieces):
        text = f"{text[: piece.start()]}{label}{text[piece.end() :]}"
    return text
