"""Why this procedure refuses what people enter, by code."""

from enum import StrEnum

from conversations.engine.checks import Refused
from conversations.secrets.credentials import SecretKind


class Reason(StrEnum):
    """Why a value is refused."""

    empty = "empty"
    too_long = "too_long"
    not_a_token = "not_a_token"
    wrong_length = "wrong_length"
    not_hexadecimal = "not_hexadecimal"
    look_alike = "look_alike"
    missing_hyphens = "missing_hyphens"
    missing_prefix = "missing_prefix"
    masked = "masked"
    two_tokens = "two_tokens"
    example_token = "example_token"
    other_credential = "other_credential"
    marketplace_id = "marketplace_id"
    legacy_merchant_token = "legacy_merchant_token"
    not_a_seller_id = "not_a_seller_id"
    not_a_developer_id = "not_a_developer_id"
    documented_id = "documented_id"
    not_a_version = "not_a_version"
    version_incomplete = "version_incomplete"
    foreign_digits = "foreign_digits"

    @property
    def placeholders(self) -> frozenset[str]:
        """The names of the details that come with this reason, which its text may use."""
        return _DETAILS.get(self, frozenset())


_DETAILS: dict[Reason, frozenset[str]] = {
    Reason.wrong_length: frozenset({"length", "expected"}),
    Reason.not_hexadecimal: frozenset({"position", "character"}),
    Reason.look_alike: frozenset({"position", "character"}),
    Reason.foreign_digits: frozenset({"position", "character"}),
    Reason.other_credential: frozenset({"kind"}),
    Reason.version_incomplete: frozenset({"minimum"}),
}


def other_credential(kind: SecretKind) -> Refused:
    """The refusal of a credential that does not belong in this field."""
    return Refused(Reason.other_credential, {"kind": str(kind)})


def wrong_character(reason: Reason, index: int, text: str) -> Refused:
    """The refusal for one character of `text`: its position, counted from 1, and the character."""
    return Refused(reason, {"position": index + 1, "character": text[index]})
