"""Building blocks for rules about JSON values. A check adds what is wrong to a list; it never raises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Faults = list[str]
Check = Callable[[Any, str, Faults], None]
"""Checks a value at a JSON pointer and adds what is wrong, worded like Slack."""


def fault(faults: Faults, message: str, at: str) -> None:
    """Add a fault in Slack's format."""
    faults.append(f"[ERROR] {message} [json-pointer:{at}]")


@dataclass(frozen=True)
class Shape:
    """An object with the keys that it needs and those that it may have; every other key is a fault."""

    need: Mapping[str, Check] = field(default_factory=dict)
    may: Mapping[str, Check] = field(default_factory=dict)

    def __call__(self, value: Any, at: str, faults: Faults) -> None:
        """Check the object and everything in it."""
        if not isinstance(value, dict):
            fault(faults, "must be an object", at)
            return
        for key in self.need:
            if value.get(key) is None:
                fault(faults, f"missing required field: {key}", at)
        for key, inner in value.items():
            check = self.need.get(key) or self.may.get(key)
            if check is None:
                fault(faults, f"invalid additional property: {key}", at)
            elif inner is not None:
                check(inner, f"{at}/{key}", faults)


def string(most: int, least: int = 1) -> Check:
    """A string of `least` to `most` characters."""

    def check(value: Any, at: str, faults: Faults) -> None:
        if not isinstance(value, str):
            fault(faults, "must be a string", at)
        elif len(value) > most:
            fault(faults, f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            fault(faults, f"must be more than {least - 1} characters", at)

    return check


def one_of(*allowed: str) -> Check:
    """One of these strings."""

    def check(value: Any, at: str, faults: Faults) -> None:
        if value not in allowed:
            fault(faults, f"must be one of: {', '.join(allowed)}", at)

    return check


def boolean(value: Any, at: str, faults: Faults) -> None:
    """True or false."""
    if not isinstance(value, bool):
        fault(faults, "must be a boolean", at)


def integer(least: int, most: int) -> Check:
    """A whole number in this range."""

    def check(value: Any, at: str, faults: Faults) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            fault(faults, f"must be a number between {least} and {most}", at)

    return check


def items(of: Check, most: int, least: int = 1) -> Check:
    """A list of `least` to `most` values, each of which passes `of`."""

    def check(value: Any, at: str, faults: Faults) -> None:
        if not isinstance(value, list):
            fault(faults, "must be an array", at)
            return
        if len(value) > most:
            fault(faults, f"no more than {most} items allowed", at)
        if len(value) < least:
            fault(faults, f"no fewer than {least} items allowed", at)
        for number, inner in enumerate(value):
            of(inner, f"{at}/{number}", faults)

    return check


def typed(table: Mapping[str, Check], *allowed: str) -> Check:
    """An object whose "type" selects the check from `table`; with `allowed`, only those types."""
    allowed_types = allowed or tuple(table)

    def check(value: Any, at: str, faults: Faults) -> None:
        if not isinstance(value, dict):
            fault(faults, "must be an object", at)
        elif value.get("type") not in allowed_types:
            fault(faults, f"unsupported type: {value.get('type')}", f"{at}/type")
        else:
            table[value["type"]](value, at, faults)

    return check


def anything(_value: Any, _at: str, _faults: Faults) -> None:
    """Any value."""


def plain(most: int) -> Check:
    """A plain_text object with at most `most` characters."""
    return text(most, "plain_text")


def text(most: int, *kinds: str) -> Check:
    """A text object with at most `most` characters, of one of these kinds (default: either)."""
    allowed = kinds or ("plain_text", "mrkdwn")
    table: dict[str, Check] = {
        "plain_text": Shape({"type": anything, "text": string(most)}, {"emoji": boolean}),
        "mrkdwn": Shape({"type": anything, "text": string(most)}, {"verbatim": boolean}),
    }
    return typed(table, *allowed)
