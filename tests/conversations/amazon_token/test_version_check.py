"""The check of CONNECT's version: compared as integers, accepted only where the comparison is decidable."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from conversations.amazon_token.checks import (
    MINIMUM_VERSION,
    PASTE_LIMIT,
    Accepted,
    Reason,
    Refused,
    Repair,
    Version,
    check_version,
)

full = st.tuples(*[st.integers(min_value=0, max_value=999_999)] * 4)


def _accepted(text: str) -> Accepted[Version]:
    checked = check_version(text)
    assert isinstance(checked, Accepted), checked
    return checked


@given(full)
def test_a_full_version_is_read_back_as_written(parts: tuple[int, ...]) -> None:
    """Four integers come out as they went in, and compare as a tuple of integers does."""
    version = _accepted(".".join(map(str, parts))).value
    assert version == Version(parts)
    assert str(version) == ".".join(map(str, parts))
    assert version.is_enough == (parts >= (4, 9, 24, 4))


@given(full, st.integers(min_value=1, max_value=3))
def test_an_incomplete_version_is_accepted_only_if_every_completion_agrees(
    parts: tuple[int, ...], given_parts: int
) -> None:
    """What is missing never decides: either both the smallest and the largest completion are enough, or neither."""
    checked = check_version(".".join(map(str, parts[:given_parts])))
    if isinstance(checked, Accepted):
        missing = 4 - given_parts
        smallest, largest = parts[:given_parts] + (0,) * missing, parts[:given_parts] + (999_999,) * missing
        assert {Version(smallest).is_enough, Version(largest).is_enough} == {checked.value.is_enough}
    else:
        assert parts[:given_parts] == MINIMUM_VERSION.parts[:given_parts]


@pytest.mark.parametrize("text", ["4", "4.9", "4.9.24", "v4.9", "CONNECT 4.9.24"])
def test_an_undecidable_version_asks_for_the_full_number(text: str) -> None:
    """The beginning of the minimum itself cannot be judged."""
    assert check_version(text) == Refused(Reason.version_incomplete, {"minimum": MINIMUM_VERSION})


@pytest.mark.parametrize(
    ("text", "enough"),
    [("4.9.24.4", True), ("4.9.24.3", False), ("4.9.24.10", True), ("4.10", True), ("4.9.25", True), ("4.9.23", False),
     ("5", True), ("5.0", True), ("4.8", False), ("3", False), ("4.09.24.04", True)],
)  # fmt: skip
def test_numbers_are_compared_as_numbers(text: str, *, enough: bool) -> None:
    """10 is more than 4, leading zeros count nothing."""
    assert _accepted(text).value.is_enough is enough


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (" 4.9.24.4\n", set()),
        ("v4.9.24.4", {Repair.words_around}),
        ("V. 4.9.24.4", {Repair.words_around}),
        ("Version: 4.9.24.4", {Repair.words_around}),
        ("CONNECT-Version 4.9.24.4", {Repair.words_around}),
        ("Versionsnummer: 4.9.24.4", {Repair.words_around}),
        ("Installiert ist: 4.9.24.4", {Repair.label}),
        ("(4.9.24.4)", {Repair.trailing_punctuation}),
        ("Speed4Trade CONNECT 4.9.24.4", {Repair.words_around}),
        ("4,9,24,4", {Repair.commas}),
        ("4. 9. 24. 4", {Repair.blank_inside}),
        ("４.９.２４.４", {Repair.full_width}),
    ],
)
def test_what_stands_around_the_numbers_is_taken_off(text: str, notes: set[Repair]) -> None:
    """The product's name, „Version“ and commas do no harm; what changes the reading is noted."""
    checked = _accepted(text)
    assert (checked.value, set(checked.notes)) == (MINIMUM_VERSION, notes)


@pytest.mark.parametrize(
    "text",
    ["the newest one", "4 9 24 4", "4.9 24.4", "4..9", ".4.9", "-4.9", "4.9.24.4.1", "1234567.1",
     "4.9.24.4 oder 4.9.24.5", "4.9.24.x", "4.9.24.4b", "9" * 400],
)  # fmt: skip
def test_nothing_is_guessed_from_other_numbers(text: str) -> None:
    """Digits are never joined over a blank, and absurd numbers are no version."""
    assert check_version(text) == Refused(Reason.not_a_version)


@pytest.mark.parametrize(("text", "position"), [("٤.٩.٢٤.٤", 1), ("4.9.24.٤", 8), ("४.9", 1)])
def test_foreign_digits_are_named(text: str, position: int) -> None:
    """Digits of another script are refused with their place and not misread."""
    checked = check_version(text)
    assert checked == Refused(Reason.foreign_digits, {"position": position, "character": text[position - 1]})


@pytest.mark.parametrize(
    ("text", "reason"), [("", Reason.empty), ("CONNECT", Reason.empty), ("4" * (PASTE_LIMIT + 1), Reason.too_long)]
)
def test_nothing_and_too_much_are_refused(text: str, reason: Reason) -> None:
    """An empty field and an absurd paste have reasons of their own."""
    assert check_version(text) == Refused(reason)


@given(st.text(max_size=80) | st.text(alphabet="0123456789.,v \n٤", max_size=30))
def test_every_text_is_answered(text: str) -> None:
    """No text makes the check fail; what is accepted has one to four parts of at most six digits."""
    checked = check_version(text)
    if isinstance(checked, Accepted):
        assert 1 <= len(checked.value.parts) <= len(MINIMUM_VERSION.parts)
        assert max(checked.value.parts) < 10**6
    else:
        assert set(checked.details) == checked.reason.placeholders
