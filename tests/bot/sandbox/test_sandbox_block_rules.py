"""What Slack would not show."""

from typing import Any

import pytest

from bot.sandbox.blocks_rules import MOST_BLOCKS, Surface, check_blocks

TEXT = {"type": "mrkdwn", "text": "Hallo"}
PLAIN = {"type": "plain_text", "text": "Hallo"}
OPTION = {"text": PLAIN, "value": "1"}


class OnePicture:
    def file_known(self, file_id: str) -> bool:
        return file_id == "F0PICTURE1"

    def picture_fetched(self, url: str) -> bool:
        return "missing" not in url


def faults(*blocks: Any, surface: Surface = "message") -> list[str]:
    return check_blocks(list(blocks), surface, OnePicture())


def acting(**element: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": [element]}


def button(**more: Any) -> dict[str, Any]:
    return acting(type="button", text=PLAIN, **more)


def selecting(**more: Any) -> dict[str, Any]:
    return acting(type="static_select", options=[OPTION], **more)


def entering(element: Any, **more: Any) -> dict[str, Any]:
    return {"type": "input", "label": PLAIN, "element": element, **more}


def of_text(size: int, kind: str = "plain_text") -> dict[str, str]:
    return {"type": kind, "text": "x" * size}


GOOD = [
    {"type": "section", "text": TEXT, "accessory": {"type": "button", "text": PLAIN, "action_id": "a"}},
    {"type": "section", "fields": [TEXT, PLAIN]},
    {"type": "divider"},
    {"type": "header", "text": PLAIN},
    {"type": "context", "elements": [TEXT, {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "a"}]},
    {"type": "image", "slack_file": {"id": "F0PICTURE1"}, "alt_text": "a picture"},
    selecting(initial_option=OPTION),
    acting(type="static_select", option_groups=[{"label": PLAIN, "options": [OPTION]}], initial_option=OPTION),
    acting(type="checkboxes", options=[OPTION], initial_options=[OPTION]),
    acting(type="overflow", options=[OPTION]),
    button(style="danger", value="x", confirm={"title": PLAIN, "text": TEXT, "confirm": PLAIN, "deny": PLAIN}),
    entering({"type": "plain_text_input", "max_length": 3000}, optional=True),
    {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "a", "style": {"bold": True}}]},
            {"type": "rich_text_quote", "elements": [{"type": "emoji", "name": "wave"}]},
        ],
    },
    {"type": "markdown", "text": "**a**"},
]

BAD: list[tuple[str, dict[str, Any], str]] = [
    ("unknown block", {"type": "carousel9"}, "unsupported type"),
    ("unknown key", {"type": "divider", "colour": "red"}, "invalid additional property: colour"),
    ("unknown key inside", button(tooltip="x"), "invalid additional property: tooltip"),
    ("empty section", {"type": "section"}, "missing required field"),
    ("long section", {"type": "section", "text": of_text(3001)}, "less than 3001"),
    ("empty text", {"type": "section", "text": of_text(0)}, "more than 0"),
    ("long section field", {"type": "section", "fields": [of_text(2001)]}, "less than 2001"),
    ("eleven fields", {"type": "section", "fields": [PLAIN] * 11}, "no more than 10"),
    ("long header", {"type": "header", "text": of_text(151)}, "less than 151"),
    ("mrkdwn in header", {"type": "header", "text": TEXT}, "unsupported type"),
    ("eleven in context", {"type": "context", "elements": [TEXT] * 11}, "no more than 10"),
    ("26 buttons", {"type": "actions", "elements": [button()["elements"][0]] * 26}, "no more than 25"),
    ("no buttons", {"type": "actions", "elements": []}, "no fewer than 1"),
    ("long label", acting(type="button", text=of_text(76)), "less than 76"),
    ("mrkdwn in button", acting(type="button", text=TEXT), "unsupported type"),
    ("long value", button(value="x" * 2001), "less than 2001"),
    ("long action_id", button(action_id="x" * 256), "less than 256"),
    ("long block_id", {"type": "divider", "block_id": "x" * 256}, "less than 256"),
    ("odd style", button(style="warning"), "must be one of"),
    (
        "long confirmation",
        button(confirm={"title": of_text(101), "text": TEXT, "confirm": PLAIN, "deny": PLAIN}),
        "101",
    ),
    ("confirm button", button(confirm={"title": PLAIN, "text": TEXT, "confirm": of_text(31), "deny": PLAIN}), "31"),
    ("long option", acting(type="static_select", options=[{"text": of_text(76), "value": "1"}]), "less than 76"),
    ("101 options", acting(type="static_select", options=[OPTION] * 101), "no more than 100"),
    ("eleven radios", acting(type="radio_buttons", options=[OPTION] * 11), "no more than 10"),
    ("six in overflow", acting(type="overflow", options=[OPTION] * 6), "no more than 5"),
    ("select of nothing", acting(type="static_select"), "exactly one of"),
    ("strange initial", selecting(initial_option={"text": PLAIN, "value": "2"}), "not among the options"),
    ("input in actions", acting(type="plain_text_input"), "unsupported type"),
    ("button in input", entering({"type": "button", "text": PLAIN}), "unsupported type"),
    ("long max_length", entering({"type": "plain_text_input", "max_length": 3001}), "between 1 and 3000"),
    ("long placeholder", entering({"type": "plain_text_input", "placeholder": of_text(151)}), "less than 151"),
    ("long input label", {**entering({"type": "plain_text_input"}), "label": of_text(2001)}, "less than 2001"),
    ("long hint", entering({"type": "plain_text_input"}, hint=of_text(2001)), "less than 2001"),
    ("optional as a word", entering({"type": "plain_text_input"}, optional="yes"), "must be a boolean"),
    ("picture without words", {"type": "image", "image_url": "https://x.test/a.png"}, "alt_text"),
    ("picture of nothing", {"type": "image", "alt_text": "a"}, "exactly one of"),
    ("picture by odd address", {"type": "image", "image_url": "a.png", "alt_text": "a"}, "invalid image url"),
    (
        "picture that is not there",
        {"type": "image", "image_url": "https://x.test/missing.png", "alt_text": "a"},
        "downloading image failed",
    ),
    ("unknown file", {"type": "image", "slack_file": {"id": "F0PICTURE9"}, "alt_text": "a"}, "invalid slack file"),
    (
        "same action twice",
        {"type": "actions", "elements": [button(action_id="a")["elements"][0]] * 2},
        "already exists",
    ),
    ("odd rich text", {"type": "rich_text", "elements": [{"type": "rich_text_poem"}]}, "unsupported type"),
    ("alert outside a modal", {"type": "alert", "text": TEXT}, "unsupported type"),
]


@pytest.mark.parametrize("block", GOOD, ids=lambda block: block["type"])
def test_what_slack_shows_is_accepted(block: dict[str, Any]) -> None:
    """Blocks within Slack's limits have no faults."""
    assert faults(block) == []


@pytest.mark.parametrize(("block", "complaint"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_what_slack_does_not_show_is_named(block: dict[str, Any], complaint: str) -> None:
    """Each broken rule is named, with a pointer to its place."""
    messages = faults(block)
    assert any(complaint in fault and "[json-pointer:/blocks/0" in fault for fault in messages), messages


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
def test_a_surface_has_room_for_so_many_blocks(surface: Surface) -> None:
    """50 blocks in a message, 100 in a modal and on the Home tab, and not one more."""
    most = MOST_BLOCKS[surface]
    assert faults(*[{"type": "divider"}] * most, surface=surface) == []
    assert "no more than" in faults(*[{"type": "divider"}] * (most + 1), surface=surface)[0]


def test_block_ids_are_unique() -> None:
    """Two blocks with the same block_id are refused."""
    assert "block_id already exists" in faults(*[{"type": "divider", "block_id": "a"}] * 2)[0]


@pytest.mark.parametrize("surface", ["modal", "home"])
def test_message_blocks_belong_into_messages(surface: Surface) -> None:
    """A markdown block is refused outside messages."""
    assert "unsupported type" in faults({"type": "markdown", "text": "a"}, surface=surface)[0]


@pytest.mark.parametrize("wrong", ["text", {"type": "section"}, [17], [{"type": "section", "text": "Hallo"}]])
def test_the_wrong_kind_of_json_is_a_fault(wrong: Any) -> None:
    """Values of the wrong kind are faults and never a crash."""
    assert check_blocks(wrong, "message", OnePicture())
