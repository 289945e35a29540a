"""What Slack accepts in a rich_text block."""

from __future__ import annotations

from bot.sandbox.shapes import Check, Shape, anything, boolean, integer, items, one_of, string, typed

_STYLE = Shape(may={"bold": boolean, "italic": boolean, "strike": boolean, "code": boolean, "underline": boolean})
_kind: dict[str, Check] = {"type": anything}
_style: dict[str, Check] = {"style": _STYLE}

INLINE: dict[str, Check] = {
    "text": Shape({**_kind, "text": string(3000)}, _style),
    "link": Shape({**_kind, "url": string(3000)}, {"text": string(3000), "unsafe": boolean, **_style}),
    "emoji": Shape({**_kind, "name": string(255)}, {"unicode": string(255), **_style}),
    "user": Shape({**_kind, "user_id": string(255)}, _style),
    "channel": Shape({**_kind, "channel_id": string(255)}, _style),
    "usergroup": Shape({**_kind, "usergroup_id": string(255)}, _style),
    "broadcast": Shape({**_kind, "range": one_of("here", "channel", "everyone")}, _style),
    "date": Shape(
        {**_kind, "timestamp": integer(0, 2**40), "format": string(255)},
        {"url": string(3000), "fallback": string(255), **_style},
    ),
    "color": Shape({**_kind, "value": string(255)}, _style),
}
_inline = items(typed(INLINE), 3000, 0)
_border: dict[str, Check] = {"border": integer(0, 1)}
_section = Shape({**_kind, "elements": _inline})

PARTS: dict[str, Check] = {
    "rich_text_section": _section,
    "rich_text_preformatted": Shape({**_kind, "elements": _inline}, {**_border, "language": string(255)}),
    "rich_text_quote": Shape({**_kind, "elements": _inline}, _border),
    "rich_text_list": Shape(
        {
            **_kind,
            "style": one_of("bullet", "ordered"),
            "elements": items(typed({"rich_text_section": _section}), 1000),
        },
        {"indent": integer(0, 8), "offset": integer(0, 10000), **_border},
    ),
}

RICH_TEXT = Shape({**_kind, "elements": items(typed(PARTS), 1000)}, {"block_id": string(255)})
