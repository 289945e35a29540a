"""What is said while an agent and a merchant talk: the keys of its part of the guide."""

from conversations.engine.texts import Text, Tree

BUTTON = Text(limit=30)
VIEW_TITLE = Text(limit=24)

OWN_CANNED = ("vendor_keys", "developer_not_eligible", "secret_exposed", "unknown")
"""Categories whose first answer sends the merchant to support, so that support needs other words."""
GENERAL_CANNED = ("looking", "error_text", "screenshot", "which_account", "try_again", "on_the_phone")
"""Canned answers for any category, in the order offered."""


def _texts(*keys: str, placeholders: str = "", limit: int = 300) -> dict[str, Text]:
    return dict.fromkeys(keys, Text(frozenset(placeholders.split()), limit))


def _form(placeholders: str) -> Tree:
    return {
        "title": VIEW_TITLE,
        "submit": VIEW_TITLE,
        "close": VIEW_TITLE,
        "intro": Text(frozenset(placeholders.split()), limit=600),
    }


_CONFIRM: Tree = {"title": Text(limit=100), "text": Text(limit=300), "yes": BUTTON, "no": BUTTON}

TALK: Tree = {
    "answer": {
        **_form("merchant language"),
        "languages": _texts("de", "en", limit=40),
        "last": Text(frozenset({"name"}), limit=150),
        "canned": {"label": Text(limit=100), "hint": Text(limit=200), "placeholder": Text(limit=75)},
        "text": {"label": Text(limit=100), "hint": Text(limit=300)},
        **_texts("empty", "not_sent"),
    },
    "correct": {**_form("merchant"), "text": {"label": Text(limit=100), "hint": Text(limit=300)}},
    "canned": {
        "groups": _texts("here", "general", "others", limit=75),
        "own": {category: Text(limit=900) for category in OWN_CANNED},
        "general": {name: {"label": Text(limit=75), "text": Text(limit=900)} for name in GENERAL_CANNED},
    },
    "to_merchant": {
        **_texts("intro", "intro_corrected", placeholders="agent ticket"),
        **_texts("how", "receipt_nobody"),
        **_texts("receipt", "taken_back", "told_corrected", placeholders="agent"),
    },
    "to_support": {
        **_texts("sent", "corrected", "taken_back", placeholders="agent merchant"),
        **_texts("heard", "changed", "settled", "unsettled", placeholders="name"),
        **_texts("heard_by", placeholders="name agent"),
    },
    "screenshots": {
        **_texts("ask", "ask_many", "passed_on", "not_a_picture", "lost", limit=400),
        **_texts("held_back", limit=700),
        "clear": BUTTON,
        "unsure": BUTTON,
        **_texts("title", "in_history", limit=40),
        **_texts("comment", placeholders="name file"),
    },
    "settled": {
        **_texts("question", placeholders="agent ticket"),
        "yes": BUTTON,
        "no": BUTTON,
        **_texts("closed", "reopened", "reopened_unowned"),
    },
    "late": {
        **_texts("not_owner", placeholders="ticket agent"),
        **_texts("over", "nobody", placeholders="ticket"),
        **_texts("message_gone"),
    },
    "buttons": {"correct": BUTTON, "take_back": BUTTON},
    "confirm": {"take_back": _CONFIRM, "take": _CONFIRM},
}
