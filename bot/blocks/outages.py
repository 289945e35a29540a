"""An outage that agents announce: its form and preview, and its message in the support channel."""

from collections.abc import Sequence
from datetime import datetime

from bot.blocks import actions as ids
from bot.blocks.entry_messages import message
from bot.blocks.kit import (
    Block,
    Content,
    View,
    button,
    confirmation,
    context,
    field,
    modal,
    plain,
    quote,
    say,
    section,
    text_input,
    top_level_text,
)
from bot.blocks.kit import actions as row
from conversations.engine.texts import Texts

__all__ = ["Content", "View"]
TEXT_LIMIT = 900
"""Both texts and the numbers of the tickets fit into a modal's metadata, which takes 3,000 characters."""
_KEY = "desk.outage"


def form_view(texts: Texts, outage_id: int, text_de: str, text_en: str, tickets: Sequence[tuple[str, int]]) -> View:
    """The form of a new outage (0), or of the one of that ID. `tickets` can be linked: label and number of each."""
    blocks = [
        section(say(texts, f"{_KEY}.intro" if not outage_id else f"{_KEY}.intro_change")),
        *(
            field(
                texts, name, f"{_KEY}.{name}", {**text_input(TEXT_LIMIT), **({"initial_value": text} if text else {})}
            )
            for name, text in (("de", text_de), ("en", text_en))
        ),
    ]
    if tickets:
        options = [{"text": plain(label[:75]), "value": str(number)} for label, number in tickets[:100]]
        menu: Block = {"type": "multi_static_select", "action_id": ids.VALUE, "options": options}
        blocks.append(field(texts, "tickets", f"{_KEY}.tickets", menu, optional=True))
    return modal(
        texts.say(f"{_KEY}.title"), texts.say("desk.forms.close"), blocks,
        submit=texts.say(f"{_KEY}.preview"), callback_id=ids.OUTAGE, private_metadata=str(outage_id),
    )  # fmt: skip


def preview_view(
    texts: Texts, draft: ids.OutageDraft, *, count: int, held: int, cannot_wait: int, corrected: int
) -> View:
    """What would be announced, and to how many: in steps (of these who can wait and who cannot), and in tickets.

    Where not all `count` people were looked at, it says so. Of an outage that is announced already: how many messages
    are `corrected`.
    """
    counts = {"tickets": len(draft.tickets)}
    if draft.outage_id:
        asked = say(texts, f"{_KEY}.ask_change", corrected=corrected, **counts)
    elif count > held + cannot_wait:
        asked = say(texts, f"{_KEY}.ask_many", count=count, **counts)
    else:
        asked = say(texts, f"{_KEY}.ask", count=count, held=held, cannot_wait=cannot_wait, **counts)
    blocks = [section(asked), *_both(texts, draft.text_de, draft.text_en)]
    return modal(
        texts.say(f"{_KEY}.title"), texts.say("desk.forms.close"), blocks,
        submit=texts.say(f"{_KEY}.confirm"), callback_id=ids.OUTAGE_CONFIRMED, private_metadata=str(draft),
    )  # fmt: skip


def board(
    texts: Texts, outage_id: int, *, agent: str, text_de: str, text_en: str, begun_at: datetime, ends_at: datetime,
    ending: str | None, told: int, count: int, tickets: Sequence[int],
) -> Content:  # fmt: skip
    """The outage in the support channel, with its buttons while it lasts; `ends_at` is when it ended, once it has."""
    key = f"{_KEY}.board_{ending}" if ending else f"{_KEY}.board"
    lines = [
        say(texts, key, agent=agent, since=begun_at, until=ends_at),
        say(texts, f"{_KEY}.told", told=told, count=count),
    ]
    if tickets:
        lines.append(say(texts, f"{_KEY}.linked", tickets=", ".join(map(str, tickets))))
    text = "\n".join(lines)
    blocks = [section(text), *_both(texts, text_de, text_en)]
    if ending is None:
        blocks.append(row(f"outage.{outage_id}", *_buttons(texts, outage_id)))
    return {"text": top_level_text(text), "blocks": blocks}


def ends_soon(texts: Texts, outage_id: int, ends_at: datetime) -> Content:
    """That the outage is about to end by itself, with a button to extend it."""
    extend = button(ids.OUTAGE_EXTEND, texts.say(f"{_KEY}.extend"), str(outage_id), style="primary")
    return message(say(texts, f"{_KEY}.ends_soon", until=ends_at), extend)


def over_question(texts: Texts, outage_id: int, count: int) -> Content:
    """The question before it is over for all; `count` people are told."""
    over = button(ids.OUTAGE_OVER_ASKED, texts.say(f"{_KEY}.over"), str(outage_id), style="primary")
    keep = button(ids.KEEP, texts.say("buttons.keep"))
    return message(say(texts, f"{_KEY}.ask_over", count=count), over, keep)


def _buttons(texts: Texts, outage_id: int) -> list[Block]:
    number = str(outage_id)
    ask = {name: confirmation(texts, f"{_KEY}.confirm_{name}", danger=False) for name in ("over", "take_back")}
    return [
        button(ids.OUTAGE_OVER, texts.say(f"{_KEY}.over"), number, style="primary", confirm=ask["over"]),
        button(ids.OUTAGE, texts.say(f"{_KEY}.change"), number),
        button(ids.OUTAGE_EXTEND, texts.say(f"{_KEY}.extend"), number),
        button(ids.OUTAGE_TAKE_BACK, texts.say(f"{_KEY}.take_back"), number, confirm=ask["take_back"]),
    ]


def _both(texts: Texts, text_de: str, text_en: str) -> list[Block]:
    """The text in both languages, as it was written."""
    return [
        block
        for language, text in (("de", text_de), ("en", text_en))
        for block in (context(texts.say(f"talk.answer.languages.{language}")), quote(text))
    ]
