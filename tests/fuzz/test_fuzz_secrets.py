"""Each kind of secret in each dress through each door: nothing of it is left in anything that is sent or stored."""

import random
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import assume, given

from tests.bytes_written import KINDS, made_up
from tests.conversations.secrets.test_wordings import CODES, PASSWORDS
from tests.fuzz.conftest import fuzzed
from tests.fuzz.doors import DOORS, DRESSES, Desk

PER_DESK = 200
"""Cases at one desk, whose file is searched at its end."""
CASELESS = frozenset(KINDS) - {"aws_secret_key"}
"""Of forty characters without a prefix only the mixture of capitals, small letters and digits is known."""
OF_A_VALUE = ("plain", "bold", "code", "struck", "formatting between", "formatting on each", "zero width")
SENTENCES = ("{}", "Mein Token: {}", "Das hier: {} stimmt das?", "Hallo Support,\n{}\nDanke", "({})")


class Desks:
    """A desk for every `PER_DESK` cases."""

    def __init__(self) -> None:
        self.cases = 0
        self._desk: Desk | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def desk(self) -> Desk:
        """A desk; when it has seen enough it is searched and the next one opens."""
        if self.cases % PER_DESK == 0:
            self.close()
            self._folder = tempfile.TemporaryDirectory(prefix="doors-")
            self._desk = Desk(Path(self._folder.name))
        self.cases += 1
        assert self._desk is not None
        return self._desk

    def close(self) -> None:
        """Nothing that was typed is in the desk's file or its exports."""
        if self._desk is not None and self._folder is not None:
            assert self._desk.close() == []
            self._folder.cleanup()
            self._desk = None


@pytest.fixture(scope="module")
def desks() -> Iterator[Desks]:
    """Opened when they are needed; the last one is searched after the last test."""
    made = Desks()
    yield made
    made.close()


@pytest.mark.parametrize("kind", KINDS)
@fuzzed
@given(
    door=st.sampled_from(sorted(DOORS)), dress=st.sampled_from(sorted(DRESSES)), sentence=st.sampled_from(SENTENCES),
    dice=st.integers(0, 2**32),
)  # fmt: skip
def test_no_dress_gets_a_secret_through_any_door(
    desks: Desks, kind: str, door: str, dress: str, sentence: str, dice: int
) -> None:
    """Formatting between any two characters, links, wraps, quotations, code; typed, edited, in forms, as a name."""
    chance = random.Random(dice)  # noqa: S311 - a case must be repeatable
    secret = made_up(kind, chance)
    assume(dress != "mixed case" or kind in CASELESS)
    assume(any(character.isdigit() for character in secret))
    desk = desks.desk()
    DOORS[door](desk, sentence.format(DRESSES[dress](desk.secrets.type(secret), chance)))
    assert desk.leaks() == []


@fuzzed
@given(
    door=st.sampled_from(sorted(DOORS)), dress=st.sampled_from(sorted(OF_A_VALUE)),
    sentence=st.sampled_from((*CODES, *PASSWORDS)), dice=st.integers(0, 2**32),
)  # fmt: skip
def test_no_code_and_no_password_gets_through_any_door(
    desks: Desks, door: str, dress: str, sentence: str, dice: int
) -> None:
    """Those that only their sentence makes secret, with the value in any formatting."""
    chance = random.Random(dice)  # noqa: S311 - a case must be repeatable
    digits = str(chance.randint(200_000, 999_999))
    value = digits if sentence in CODES else f"Herbst{digits}!"
    desk = desks.desk()
    DOORS[door](desk, sentence.format(DRESSES[dress](value, chance)))
    said, desk.said = "\n".join(desk.said), []
    assert re.search(rf"(?<![0-9]){digits}(?![0-9])", re.sub(r"[*_~`\u200b\u00ad\u2060]", "", said)) is None
