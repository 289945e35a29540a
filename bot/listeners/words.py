"""From the text of an event to what the person wrote: Slack's entities become readable words."""

import html
import re

_ENTITY = re.compile(r"<([^<>]{1,3000})>")
_NAMED = {"@": "@", "#": "#"}


def readable(text: str) -> str:
    """`text` without Slack's escapes and live entities; nothing in it pings anybody any more."""
    return html.unescape(_ENTITY.sub(_plain, text))


def _plain(found: re.Match[str]) -> str:
    inside = found[1]
    target, bar, label = inside.partition("|")
    if target.startswith("!"):
        return f"@{target[1:].partition('^')[0]}"
    if target[:1] in _NAMED:
        return f"{target[0]}{label or target[1:]}"
    if target.startswith(("http://", "https://", "mailto:")):
        shown = target.removeprefix("mailto:")
        return label if bar and label and label in shown else (f"{label} ({shown})" if bar and label else shown)
    # Slack makes no entity of anything else: a token with a pipe in angle brackets stays as it was typed.
    return f"<{inside}>"
