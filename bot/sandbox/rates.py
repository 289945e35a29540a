"""How many calls of a method Slack takes in a minute, and what it answers when there are more."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls in a minute for each method and workspace; a burst may use up a whole minute's."""
TIER_1_BURST = 10
"""Of tier 1 „a small amount of burst behavior is tolerated“."""
HUNDREDS = 600
"""What stands for „several hundred messages per minute“ in a workspace and for other special limits."""
CHANNEL_BURST = 8
"""Messages at once in a channel; after that one a second."""
MINUTE = 60.0

METHOD_TIERS = {
    "apps.connections.open": 1,
    "chat.update": 3,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "conversations.open": 3,
    "conversations.info": 3,
    "conversations.members": 4,
    "conversations.history": 3,
    "conversations.replies": 3,
    "files.getUploadURLExternal": 4,
    "files.completeUploadExternal": 4,
    "files.info": 4,
    "files.delete": 3,
    "users.info": 4,
    "views.open": 4,
    "views.push": 4,
    "views.update": 4,
    "views.publish": 4,
}
"""By method, as on its page in the reference; every other method counts against a special limit."""
HISTORY = frozenset({"conversations.history", "conversations.replies"})


@dataclass
class _Bucket:
    left: float
    counted_at: float


@dataclass(kw_only=True)
class Rates:
    """The limits of one workspace. `factor` raises them all; with infinity there are none.

    `history_limited`: the app is distributed outside the Marketplace, so that it may read history once a minute.
    """

    factor: float = 1.0
    history_limited: bool = False
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def retry_after(self, method: str, channel: str) -> int:
        """Count a call: 0 when Slack takes it, else after how many seconds it takes the next one."""
        if math.isinf(self.factor) and not (self.history_limited and method in HISTORY):
            return 0
        return max(self._take(*limit) for limit in self._limits(method, channel))

    def start_afresh(self) -> None:
        """Forget the calls so far."""
        self._buckets.clear()

    def _limits(self, method: str, channel: str) -> list[tuple[str, float, float]]:
        """What the call counts against: a name, how many calls at once, and how many in a minute."""
        if self.history_limited and method in HISTORY:
            # The rule history_once_a_minute of docs/sandbox-rules.md.
            return [(method, 1.0, 1.0)]
        factor = self.factor
        if method == "chat.postMessage":
            # The rule one_message_a_second of docs/sandbox-rules.md.
            return [(f"{method}:{channel}", CHANNEL_BURST * factor, MINUTE * factor), (method, HUNDREDS, HUNDREDS)]
        # The rule rate_tiers of docs/sandbox-rules.md.
        tier = METHOD_TIERS.get(method)
        calls = (HUNDREDS if tier is None else TIERS[tier]) * factor
        return [(method, max(calls, TIER_1_BURST * factor), calls)]

    def _take(self, name: str, burst: float, per_minute: float) -> int:
        now = time.monotonic()
        bucket = self._buckets.setdefault(name, _Bucket(burst, now))
        bucket.left = min(burst, bucket.left + (now - bucket.counted_at) * per_minute / MINUTE)
        bucket.counted_at = now
        if bucket.left < 1:
            return max(1, math.ceil((1 - bucket.left) * MINUTE / per_minute))
        bucket.left -= 1
        return 0
