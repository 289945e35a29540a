"""Messages within Slack's limits. What is too long goes into further messages; nothing is lost, no markup cut in two.

How Slack counts the blocks of a message is not documented: people saw `msg_blocks_too_long` at 11,341 characters of
text, and at 13,297 with 125 less for a further block (docs/sandbox-rules.md).
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

TEXT_BYTES = 3800
"""UTF-8 bytes of a message's `text`: `chat.update` refuses more than about 4,000."""
MESSAGE_LIMIT = 10_000
"""The most that the blocks of a message may weigh (`weight`)."""
MESSAGE_BLOCKS = 50
PIECE = 3000
"""Characters of one text in a block."""
_CONTEXT_ELEMENTS = 10
_BLOCK_WEIGHT = 125
_MARKUP = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);")
_ITALICS = re.compile(r"(?<![\w])_(?=\S)|(?<=\S)_(?![\w])")
_LONGEST_ENTITY = 5

Block = dict[str, Any]
Blocks = list[Block]
Content = dict[str, Any]


def pieces(text: str, most: int, size: Callable[[str], int] = len) -> list[str]:
    """`text` in pieces of at most `most`, cut where a line or a word ends and never inside a link or an entity."""
    found = []
    while size(text) > most:
        end = _break(text, _longest(text, most, size))
        found.append(text[:end].rstrip())
        text = text[end:].lstrip(" \n")
    return [piece for piece in (*found, text) if piece] or [text]


def shortened(text: str) -> str:
    """`text` as a message's `text`: what is over Slack's limit is left out, as the blocks say it too."""
    if utf8_bytes(text) <= TEXT_BYTES:
        return text
    return f"{pieces(text, TEXT_BYTES - utf8_bytes('…'), utf8_bytes)[0]}…"


def utf8_bytes(text: str) -> int:
    """How many bytes `text` has in UTF-8."""
    return len(text.encode())


def _longest(text: str, most: int, size: Callable[[str], int]) -> int:
    """How many characters of `text` fit into `most`; at least one."""
    if size is len:
        return most
    end = len(text.encode()[:most].decode(errors="ignore"))
    return max(1, end)


def _break(text: str, most: int) -> int:
    """Where to cut: after the last line, else the last word, that ends within the first `most` characters."""
    for separator in ("\n", " "):
        end = text.rfind(separator, most // 2, most) + 1
        if end and _markup_around(text, end) is None:
            return end
    around = _markup_around(text, most)
    return around.start() if around is not None and around.start() > 0 else most


def _markup_around(text: str, end: int) -> re.Match[str] | None:
    """The link or entity that a cut at `end` would break."""
    begin = max(text.rfind("<", 0, end), text.rfind("&", max(0, end - _LONGEST_ENTITY), end))
    match = _MARKUP.match(text, begin) if begin >= 0 else None
    return match if match is not None and match.end() > end else None


def weight(block: Block) -> int:
    """How much a block counts against Slack's limit for a message: its texts, and something for itself."""
    return _BLOCK_WEIGHT + sum(map(len, _strings(block)))


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for part in node:
            yield from _strings(part)
    elif isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str):
                if key == "text":
                    yield value
            else:
                yield from _strings(value)


def spread(blocks: Blocks) -> Blocks:
    """The blocks with texts that Slack accepts: one with a longer text becomes several."""
    return [part for block in blocks for part in _parts(block)]


def _parts(block: Block) -> Iterator[Block]:
    kind = block.get("type")
    if kind == "section" and "text" in block:
        first, *rest = pieces(block["text"]["text"], PIECE)
        yield {**block, "text": {**block["text"], "text": first}}
        for piece in rest:
            yield {"type": "section", "text": {**block["text"], "text": piece}}
    elif kind == "context":
        elements = [part for element in block["elements"] for part in _element_parts(element)]
        for begin in range(0, len(elements), _CONTEXT_ELEMENTS):
            yield {**block, "elements": elements[begin : begin + _CONTEXT_ELEMENTS]}
    elif kind == "rich_text" and len(block["elements"]) == 1 and len(block["elements"][0]["elements"]) == 1:
        (part,) = block["elements"]
        (inline,) = part["elements"]
        for piece in pieces(inline["text"], PIECE):
            yield {**block, "elements": [{**part, "elements": [{**inline, "text": piece}]}]}
    else:
        yield block


def _element_parts(element: Block) -> Blocks:
    return [{**element, "text": piece} for piece in pieces(element["text"], PIECE)] if "text" in element else [element]


def fits(blocks: Blocks) -> bool:
    """Whether one message can have these blocks."""
    return len(blocks) <= MESSAGE_BLOCKS and sum(map(weight, blocks)) <= MESSAGE_LIMIT


def fit(content: Content, more: Block | None = None) -> list[Content]:
    """`content` as messages that Slack accepts: the message itself, and those in which it continues.

    Buttons, fields and pictures stay in the first, and `more` ends it where something follows.
    """
    text = str(content.get("text") or "")
    if not content.get("blocks"):
        first, *rest = pieces(text, TEXT_BYTES, utf8_bytes)
        return [{**content, "text": first}, *({"text": piece} for piece in rest)] if rest else [content]
    blocks = spread(content["blocks"])
    shown = {**content, "text": shortened(text), "blocks": blocks}
    if fits(blocks):
        return [shown]
    kept, following = _first(blocks, [more] if more is not None else [])
    return [{**shown, "blocks": kept}, *({"text": _text_of(part), "blocks": part} for part in _messages(following))]


def _first(blocks: Blocks, more: Blocks) -> tuple[Blocks, Blocks]:
    """The blocks of the first message with `more` below its texts, and those that follow."""
    staying = [block for block in blocks if block["type"] in {"actions", "image", "input"}]
    room, places = MESSAGE_LIMIT - sum(map(weight, [*staying, *more])), MESSAGE_BLOCKS - len(staying) - len(more)
    kept: Blocks = []
    rest: Blocks = []
    for block in blocks:
        if block in staying:
            kept += [*more, block] if rest and more else [block]
            more = [] if rest else more
            continue
        room, places = room - weight(block), places - 1
        (kept if not rest and room >= 0 and places >= 0 else rest).append(block)
    return [*kept, *more], rest


def _messages(blocks: Blocks) -> Iterator[Blocks]:
    """The blocks by message; a divider begins and ends none."""
    message: Blocks = []
    for block in blocks:
        if message and not fits([*message, block]):
            yield message
            message = []
        if message or block["type"] != "divider":
            message.append(block)
    if message:
        yield message


def _text_of(blocks: Blocks) -> str:
    return shortened(without_formatting("\n".join(words(blocks)))) or "…"


def without_formatting(mrkdwn: str) -> str:
    """Mrkdwn without bold, italics and code."""
    text = mrkdwn.replace("*", "").replace("`", "")
    return _ITALICS.sub("", text) if "_" in text else text


def words(blocks: Blocks) -> list[str]:
    """Everything that people read of these blocks, buttons left out, by block."""
    return [line for block in blocks if block.get("type") not in {"actions", "input"} if (line := _line(block))]


def _line(block: Block) -> str:
    shown = {name: value for name, value in block.items() if name != "accessory"}
    return "".join(_strings(shown))
