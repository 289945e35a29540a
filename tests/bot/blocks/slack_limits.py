"""What Slack refuses, written down once more from its documentation and independent of the sandbox."""

from typing import Any

Json = dict[str, Any]
TEXT_KINDS = frozenset({"plain_text", "mrkdwn"})
MESSAGE_KEYS = frozenset(
    {"text", "blocks", "reply_broadcast", "plain", "replace_original", "delete_original", "response_type"}
)


def check_content(content: Json, *, label_limit: int = 75) -> None:
    """An outbox row's content: a message, an answer to a press, or a Home tab."""
    if "view" in content:
        check_view(content["view"])
    elif content.get("delete_original"):
        assert set(content) == {"delete_original"}
    elif "file" in content:
        assert set(content) == {"file", "filename", "title", "text", "instead"}
        assert content["filename"] in content["text"]
        assert all(0 < len(content[name]) <= 3000 for name in content)
    elif "chart" in content:
        assert set(content) == {"chart", "filename", "title", "text", "alt"}
        assert content["filename"] in content["text"]
        assert 0 < len(content["alt"]) <= 1000
        assert 0 < len(content["text"]) <= 4000
    else:
        check_message(content, label_limit=label_limit)


def check_message(content: Json, *, label_limit: int = 75) -> None:
    """A message that may be posted and updated."""
    assert set(content) <= MESSAGE_KEYS
    assert 0 < len(content["text"].encode()) <= 3800
    assert 0 < len(content["blocks"]) <= 50
    assert characters(content["blocks"]) <= 10_000
    check_blocks(content["blocks"], label_limit=label_limit)
    styles = [e.get("style") for b in content["blocks"] if b["type"] == "actions" for e in b["elements"]]
    assert styles.count("primary") <= 1, "more than one primary button"


def characters(value: Any) -> int:
    """The characters of all texts in blocks, buttons and their questions included."""
    if isinstance(value, list):
        return sum(map(characters, value))
    if isinstance(value, dict):
        return sum(len(v) if k == "text" and isinstance(v, str) else characters(v) for k, v in value.items())
    return 0


def check_view(view: Json, *, label_limit: int = 75) -> None:
    """A modal or a Home tab."""
    assert 0 < len(view["blocks"]) <= 100
    check_blocks(view["blocks"], label_limit=label_limit)
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    if view["type"] == "home":
        assert not inputs
        return
    assert view["type"] == "modal"
    for name in ("title", "submit", "close"):
        if name in view:
            plain(view[name], 24)
    assert "submit" in view or not inputs
    assert len(view.get("private_metadata", "")) <= 3000
    assert len(view.get("callback_id", "")) <= 255


def check_blocks(blocks: list[Json], *, label_limit: int) -> None:
    """Every block, and that no block ID occurs twice."""
    named = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(named) == len(set(named)), named
    assert all(0 < len(name) <= 255 for name in named)
    for block in blocks:
        check_block(block, label_limit)


def check_block(block: Json, label_limit: int) -> None:
    """One block of the kinds that this bot uses."""
    kind = block["type"]
    if kind == "section":
        text(block["text"], 3000)
    elif kind == "header":
        plain(block["text"], 150)
    elif kind == "context":
        assert 0 < len(block["elements"]) <= 10
        for element in block["elements"]:
            text(element, 3000)
    elif kind == "actions":
        assert 0 < len(block["elements"]) <= 25
        for element in block["elements"]:
            (check_menu if element["type"] == "overflow" else check_button)(element, label_limit)
    elif kind == "input":
        plain(block["label"], 2000)
        plain(block["hint"], 2000)
        check_input(block["element"])
    elif kind == "image":
        assert 0 < len(block["alt_text"]) <= 2000
        plain(block.get("title", {"type": "plain_text", "text": "-"}), 2000)
        fields = set(block) - {"title"}
        assert fields == {"type", "alt_text", "picture"}, "what Slack needs for it is added when it is sent"
    elif kind == "rich_text":
        quote = block["elements"][0]["elements"][0]
        assert 0 < len(quote["text"]) <= 3000
    else:
        assert kind == "divider", kind


def check_button(button: Json, label_limit: int) -> None:
    """A button with its confirmation, or a menu."""
    if button["type"] == "static_select":
        plain(button["placeholder"], 150)
        assert 0 < len(button["options"]) <= 100
        for option in button["options"]:
            plain(option["text"], label_limit)
            assert 0 < len(option["value"]) <= 150
        return
    plain(button["text"], label_limit)
    assert 0 < len(button["action_id"]) <= 255
    assert len(button.get("value", "-")) <= 2000
    assert button.get("style", "primary") in {"primary", "danger"}
    confirm = button.get("confirm")
    if confirm is not None:
        plain(confirm["title"], 100)
        plain(confirm["text"], 300)
        plain(confirm["confirm"], 30)
        plain(confirm["deny"], 30)


def check_menu(menu: Json, label_limit: int) -> None:
    """„…“ with its options."""
    assert 0 < len(menu["action_id"]) <= 255
    assert 0 < len(menu["options"]) <= 5
    values = [option["value"] for option in menu["options"]]
    assert len(values) == len(set(values))
    for option in menu["options"]:
        plain(option["text"], label_limit)
        assert 0 < len(option["value"]) <= 150


def check_input(element: Json) -> None:
    """An input of a modal."""
    assert 0 < len(element["action_id"]) <= 255
    if element["type"] == "plain_text_input":
        assert element["max_length"] <= 3000
        return
    groups = element.get("option_groups", [])
    assert len(groups) <= 100
    for group in groups:
        plain(group["label"], 75)
        assert 0 < len(group["options"]) <= 100
    options = element["options"] if not groups else [option for group in groups for option in group["options"]]
    most = {"checkboxes": 10, "multi_static_select": 100, "static_select": 100}[element["type"]]
    assert 0 < len(options) <= most
    values = [option["value"] for option in options]
    assert len(values) == len(set(values))
    for option in options:
        plain(option["text"], 75)
        assert 0 < len(option["value"]) <= 75
    assert all(option in options for option in element.get("initial_options", []))
    assert element.get("initial_options") != []
    assert element.get("initial_option", options[0]) in options


def text(item: Json, limit: int) -> None:
    """A text object. A text of the test double is longer than the real one, so its length is not checked."""
    assert item["type"] in TEXT_KINDS
    assert item["text"]
    assert len(item["text"]) <= limit or "«" in item["text"], item["text"]


def plain(item: Json, limit: int) -> None:
    """A plain_text object."""
    assert item["type"] == "plain_text"
    text(item, limit)
