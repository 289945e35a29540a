"""Addresses and numbers in payloads: only our own spelling is read."""

import pytest

from bot.blocks.actions import Address, parse_address, parse_number

KEY = "0123456789abcdef" * 2


def test_an_address_survives_the_way_through_slack() -> None:
    """Written and read again it is the same."""
    address = Address(12, 3, "ready_to_disable", KEY)
    assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    "text",
    [None, 7, [], "", "1:2", f"0:1:token:{KEY}", f"1:0:token:{KEY}", f"1:1:Token:{KEY}", f"1:1:token:{KEY.upper()}",
     f"1:1:token:{KEY}0", f"1:1:token:{KEY}\n", f"١:1:token:{KEY}", f"{'9' * 19}:1:token:{KEY}", f"1:1::{KEY}"],
)  # fmt: skip
def test_anything_else_is_no_address(text: object) -> None:
    """Other types, shapes, scripts and sizes are refused before they reach the database."""
    assert parse_address(text) is None


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("1001", 1001), ("9" * 18, int("9" * 18))])
def test_a_number_is_read(text: str, number: int) -> None:
    """Numbers of tickets, walks and invitations."""
    assert parse_number(text) == number


@pytest.mark.parametrize("text", [None, 1, "", "0", "-1", "1.0", "1e3", "٣", "9" * 19, " 1", "1\n"])
def test_anything_else_is_no_number(text: object) -> None:
    """Neither zero nor another script nor something too big for the database."""
    assert parse_number(text) is None
