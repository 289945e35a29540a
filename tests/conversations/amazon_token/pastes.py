"""Synthetic values for the tests of what people paste. None was ever anybody's."""

from collections.abc import Callable

import hypothesis.strategies as st

from conversations.secrets.patterns import SecretKind

HEX = "0123456789abcdef"
TOKEN = "amzn.mws." + "12345678-1234-1234-1234-123456789abc"
OTHER_TOKEN = "amzn.mws." + "12345678-1234-1234-1234-123456789abd"
BODY = TOKEN.removeprefix("amzn.mws.")
EXAMPLE_TOKEN = "amzn.mws." + "4ea38b7b-f563-7709-4bae-87aeaEXAMPLE"
"""From Amazon's MWS developer guide."""

SECRETS: dict[SecretKind, str] = {
    SecretKind.mws_token: TOKEN,
    SecretKind.lwa_refresh_token: "Atzr|" + "IwEB" + "aB3dE5_-" * 40,
    SecretKind.lwa_access_token: "Atza|" + "IwEB" + "cD4fG6_-" * 40,
    SecretKind.lwa_client_id: "amzn1.application-oa2-client." + "0a" * 16,
    SecretKind.lwa_client_secret: "amzn1.oa2-cs.v1." + "0b" * 32,
    SecretKind.aws_access_key: "AKIA" + "IOSFODNN7EXAMPLE",
    SecretKind.aws_secret_key: "wJalrXUtnFEMI/K7MDENG" + "/bPxRfiCYEXAMPLEKEY",
    SecretKind.slack_token: "xoxb-" + "123456789012-" + "abcdefghijkl",
}
"""A secret of each kind that is known by its shape; the AWS ones are Amazon's own EXAMPLE strings."""

ADVERSARIAL = (
    *("a ", "<.", "f", "%2525", "25", "&amp;", ":", "a:", "`", "-", "1234-", "a-", " ", "\n", "ab-\n", "code", "2fa"),
    *("ﷺ", "…", "\u200b", "а", "\U0001d41a", "a\u0301"),
    *("amzn.mws.\n", "amzn.mws.1", "amzn.mws.12345678 ", " 1-345678", TOKEN + "\n", TOKEN + "a "),
    *("atzr ", "atzr|", "Atzr|aaaaaaaa ", "AKIA ", "0A", "A1", "Aa1/", "A/1\n", "xoxb-1234 ", "passwort: a "),
    *("4.9 ", "4 . "),
)
"""Repeated, each of these once tempted some pattern to look at the same text again and again."""

tokens: st.SearchStrategy[str] = st.text(HEX, min_size=32, max_size=32).map(
    lambda digits: "amzn.mws." + "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
)


def _on_each(character: str) -> Callable[[str], str]:
    return character.join


DRESSES: dict[str, Callable[[str], str]] = {
    "invisible": _on_each("\u200b"),
    "bidi": lambda secret: f"\u202a{secret[:7]}\u200e{secret[7:]}\u202c",
    "soft_hyphen": lambda secret: f"{secret[:11]}\u00ad{secret[11:]}",
    "percent": lambda secret: "".join(f"%{ord(c):02X}" if not c.isalnum() else c for c in secret),
    "percent_twice": lambda secret: "".join(f"%25{ord(c):02x}" if not c.isalnum() else c for c in secret),
    "entities": lambda secret: "".join(f"&#{ord(c)};" if not c.isalnum() else c for c in secret),
    "full_width": lambda secret: "".join(chr(ord(c) + 0xFEE0) for c in secret),
    "slack_link": lambda secret: f"<http://{secret}>",
}
"""Ways in which a secret arrives that must not save it from being recognized."""
