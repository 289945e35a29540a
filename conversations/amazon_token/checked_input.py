"""A checked answer on its way into the chart."""

from dataclasses import dataclass

from conversations.amazon_token.checks import Version
from conversations.amazon_token.facts import KeySet, TokenMemory


@dataclass(frozen=True, kw_only=True)
class CheckedInput:
    """What the merchant gave for one event, checked and free of secrets. Unused fields keep their defaults."""

    version: Version | None = None
    region: str | None = None
    key_set: KeySet | None = None
    developer_id: str | None = None
    names: tuple[str, ...] = ()
    same: bool = False
    token: TokenMemory | None = None
    token_hash: str | None = None
    error_text: str = ""
