"""A form with one field, in the message of its step: sent with Enter, or with the form's button."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.blocks import actions as ids
from bot.blocks import kit
from bot.blocks.kit import Block, Blocks, section, text_input
from conversations.engine.procedure import Form
from conversations.engine.texts import Texts

_MOST = 3000
_ON_ENTER = {"trigger_actions_on": ["on_enter_pressed"]}


@dataclass(frozen=True, kw_only=True)
class TypedFields:
    """What is in the fields of a message that is drawn again, and what is wrong with it (plain), by action ID.

    `drawing` is another word each time: Slack keeps what a block of the same ID held before.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    drawing: str = ""


NOTHING_TYPED = TypedFields()


def action_id(name: str, form: Form) -> str:
    """The action ID of the field of a form in a message."""
    return f"{ids.FIELD}:{name}:{form.fields[0].name}"


def field_blocks(texts: Texts, name: str, form: Form, address: ids.Address, fields: TypedFields) -> Iterator[Block]:
    """The field, and below it what is wrong with what was typed.

    Pressing Enter sends no value but what was typed, so the address is the block's ID.
    """
    field_id, key = action_id(name, form), f"forms.{name}.{form.fields[0].name}"
    element = {**text_input(_MOST, multiline=False), "action_id": field_id, "dispatch_action_config": _ON_ENTER}
    if typed := fields.typed.get(field_id):
        element["initial_value"] = typed
    block = kit.field(texts, ids.button_value(address, fields.drawing), key, element)
    yield {**block, "dispatch_action": True}
    if fault := fields.faults.get(field_id):
        yield section(kit.escape(fault))


def words_of(blocks: Blocks) -> list[str]:
    """What people read of the blocks of fields, as mrkdwn."""
    return [
        f"{kit.escape(block['label']['text'])}: {kit.escape(block['hint']['text'])}"
        if block["type"] == "input"
        else block["text"]["text"]
        for block in blocks
    ]
