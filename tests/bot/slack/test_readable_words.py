"""From the text of an event to what the person wrote."""

import pytest

from bot.blocks.kit import escape
from bot.slack.payload import readable


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "plain"),
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("&amp;lt;", "&lt;"),
        ("<@U1>", "@U1"),
        ("<@U1|erika>", "@erika"),
        ("<#C1|general>", "#general"),
        ("<#C1>", "#C1"),
        ("<!channel> <!here|here>", "@channel @here"),
        ("<!subteam^S1|@team>", "@subteam"),
        ("<https://example.com>", "https://example.com"),
        ("<http://4.9.24.4|4.9.24.4>", "4.9.24.4"),
        ("<https://evil.example|https://bank.example>", "https://bank.example (https://evil.example)"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<mailto:a@b.example>", "a@b.example"),
        ("<https://example.com|>", "https://example.com"),
        ("<amzn|mws>", "<amzn|mws>"),
        ("", ""),
    ],
)
def test_entities_become_readable_words(text: str, written: str) -> None:
    """Escapes are undone, mentions and links become text; a link never hides its address."""
    assert readable(text) == written


@pytest.mark.parametrize("text", ["<!channel>", "<@U1>", "&lt;!channel&gt;", "<<!here>>", "<!everyone|x>"])
def test_nothing_pings_after_escaping_again(text: str) -> None:
    """Readable text is escaped before it is shown, so that no entity works."""
    assert "<" not in escape(readable(text))


def test_what_is_too_long_for_an_entity_stays() -> None:
    """Slack's own entities are short."""
    assert readable("<" + "x" * 3001 + ">") == "<" + "x" * 3001 + ">"
