"""Faults on request, as the network and Slack sometimes have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

FaultKind = Literal[
    "rate_limited",
    "error_500",
    "error_503",
    "timeout_before",
    "timeout_after",
    "broken_json",
    "error",
    "slow",
    "unprocessed",
    "stale",
    "double",
    "disorder",
]
"""rate_limited: 429 with Retry-After. timeout_before and _after: no answer, and the call has not or has taken effect.
error: Slack's code. slow: the call takes effect and is answered after `seconds`. stale: a history that does not show
the last minute yet. unprocessed is for the method "upload": the bytes arrive, but the file can never be shown. double
and disorder are for the method "delivery": payloads arrive twice, events out of order."""

OF_DELIVERY = ("double", "disorder")
UPLOAD = "upload"
"""The name for the POST of a file's bytes; it takes every kind except those of delivery."""


@dataclass(kw_only=True)
class Fault:
    """One fault on request. `times` counts down; before it, `skip` calls go well. `channel`: only calls about it."""

    method: str
    kind: FaultKind
    times: int = 1
    retry_after: int = 1
    code: str = "internal_error"
    skip: int = 0
    seconds: float = 1.0
    channel: str = ""


class Misbehaviour:
    """The faults that are still to happen."""

    def __init__(self) -> None:
        self.orders: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Let this fault happen. Raises `ValueError` for a kind that does not go with the method."""
        if fault.kind not in get_args(FaultKind):
            raise ValueError(f"unknown kind of misbehaviour: {fault.kind}; known are {', '.join(get_args(FaultKind))}")
        if (fault.method == "delivery") != (fault.kind in OF_DELIVERY):
            raise ValueError(f"{fault.kind} does not go with {fault.method}; {', '.join(OF_DELIVERY)} are for delivery")
        if fault.kind == "unprocessed" and fault.method != UPLOAD:
            raise ValueError(f"unprocessed goes with {UPLOAD} only")
        self.orders.append(fault)

    def take(self, method: str, *kinds: FaultKind, channel: str = "") -> Fault | None:
        """The fault that this call has, counted down, or `None`. With `kinds` only those are considered."""
        for fault in self.orders:
            if fault.method not in (method, "*") or (kinds and fault.kind not in kinds):
                continue
            if fault.channel not in ("", channel):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                return None
            fault.times -= 1
            if fault.times <= 0:
                self.orders.remove(fault)
            return fault
        return None

    def stop(self) -> None:
        """Drop all faults."""
        self.orders.clear()
