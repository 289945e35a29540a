"""What a ticket says: the keys of its part of the guide."""

from conversations.engine.texts import Text, Tree

BUTTON = Text(limit=30)


def _texts(*keys: str, placeholders: str = "", limit: int = 200) -> dict[str, Text]:
    return dict.fromkeys(keys, Text(frozenset(placeholders.split()), limit))


SECTIONS = ("case", "contact", "connect", "amazon", "walk", "fetches", "tokens", "versions")
"""The dossier's sections, in the order shown."""

_LABELS: Tree = _texts(
    "reason", "priority", "category", "first_answer", "mws_gone",
    "merchant", "reachable", "origin", "workspace", "language", "permalink",
    "version", "mask", "region", "key_set", "key_set_changed", "accounts",
    "developer_id", "seller_id",
    "orders_before", "last_finished", "stands_at", "times", "repeated",
    "access_off", "access_on_again", "backup",
    "walk", "fetch_1", "fetch_2", "fetch_more", "failed_accounts", "error_text",
    "token", "versions",
    limit=40,
)  # fmt: skip

_VALUES: Tree = {
    # who and where
    **_texts("person", placeholders="name mention"),
    **_texts("direct_message", "by_phone", "invited", "phone_start", placeholders="mention"),
    **_texts("caller", placeholders="name"),
    **_texts("own_start", "no_walk", "no_walk_all", "erased_reachable", "erased_walk"),
    **_texts("erased", placeholders="mention"),
    **_texts("workspace_only", placeholders="workspace"),
    **_texts("workspace_company", placeholders="workspace company"),
    "languages": _texts("de", "en", limit=40),
    # the case
    **_texts("reason", placeholders="reason opened"),
    "reasons": _texts("second_failure", "help"),
    "priorities": _texts("P1", "P2", "P3"),
    **_texts("mws_gone", limit=300),
    # CONNECT and Amazon
    "masks": _texts("key_set", "sp_api"),
    **_texts("key_set", placeholders="before after"),
    **_texts("accounts_done", placeholders="done total saved left"),
    **_texts("developer_id", placeholders="id source"),
    "id_sources": _texts("documented", "configured", "handbook"),
    "seller_id": _texts("same", "changed", "not_checked", limit=60),
    "key_set_changed": _texts("yes", "no", "stays", limit=60),
    "backup": _texts("yes", "no", limit=60),
    **_texts("group", placeholders="state names", limit=60),
    # the walk
    "orders": _texts("arriving", "stopped"),
    **_texts("step", placeholders="number total title"),
    **_texts("step_account", placeholders="step position total name"),
    **_texts("total_time", placeholders="time"),
    **_texts("step_time", placeholders="title time"),
    **_texts("quick_steps", placeholders="count"),
    **_texts("step_repeated", placeholders="title times"),
    **_texts("access_not_off", "access_still_off"),
    # fetches and tokens
    **_texts("fetch_worked", "fetch_failed", placeholders="at"),
    **_texts("fetch_not_tried", "error_in_thread", "no_error_text", "accounts_not_named", "no_failure"),
    **_texts("token_shape", placeholders="last4"),
    **_texts("token_repaired", placeholders="repairs"),
    **_texts("token_not_repaired", "token_not_checked"),
    "same_as_old": _texts("yes", "no", "unknown"),
    "same_as_first": _texts("yes", "no", "unknown"),
    # everywhere
    **_texts("not_known", "not_asked", "not_needed", "none", "no_step", "none_given", limit=60),
    **_texts("versions", placeholders="bot guide"),
}

_DURATIONS: Tree = {
    **_texts("under_minute", limit=30),
    **_texts("minutes", placeholders="minutes", limit=30),
    **_texts("hours", placeholders="hours minutes", limit=30),
    **_texts("days", placeholders="days hours", limit=30),
}

_THREAD: Tree = {
    **_texts("words", "error_text_intro", "call_again", "second_failure", placeholders="name"),
    **_texts("offer", "offer_taken", "offer_declined", placeholders="agent name step"),
    **_texts("released", "reopened", placeholders="agent"),
    **_texts("handed", "taken", placeholders="agent to before"),
    **_texts("internal", "card_again"),
}
"""What stands in the ticket's thread: introductions to people's own words, and news."""

_WAITING: Tree = {
    **_texts(
        "answer_warning", "answer_limit", "solution_warning", "solution_limit", placeholders="number at", limit=300
    ),
    **_texts("nobody", "merchant_word", "close"),
    **_texts("close_announced", placeholders="at"),
}
"""What stands in the ticket's thread when somebody has waited."""

_DIGEST: Tree = {
    **_texts("title", placeholders="count", limit=120),
    **_texts("counts", placeholders="late support merchant"),
    **_texts("late", "support", "merchant", limit=60),
    **_texts("ticket", placeholders="number", limit=60),
    **_texts("line", placeholders="priority category at agent"),
    **_texts("line_free", placeholders="priority category at"),
    **_texts("more", placeholders="count"),
}
"""The morning's list in the support channel."""

TICKET: Tree = {
    "title": Text(frozenset({"number", "priority", "category"}), limit=120),
    "states": {
        **_texts("open", "closed", placeholders="at"),
        **_texts("claimed", "waiting_for_merchant", "waiting_for_support", "resolved", placeholders="agent at"),
    },
    "sections": _texts(*SECTIONS, limit=60),
    "labels": _LABELS,
    "values": _VALUES,
    "durations": _DURATIONS,
    "buttons": dict.fromkeys(
        ("claim", "answer", "resolve", "history", "close", "reopen", "take", "release", "hand", "sort", "step"), BUTTON
    ),
    "confirm": {"resolve": {"title": Text(limit=100), "text": Text(limit=300), "yes": BUTTON, "no": BUTTON}},
    "thread": _THREAD,
    "due": _texts("ahead", "late", placeholders="at", limit=100),
    "waiting": _WAITING,
    "digest": _DIGEST,
}


def _field() -> Tree:
    return {"label": Text(limit=150), "hint": Text(limit=300)}


WALK_ACTS = ("started", "restarted", "back", "asked_where", "help", "quiet", "cancel", "revert", "refused")
"""What happens in a walk besides the buttons of a step, as its history calls it."""
TICKET_ACTS = (
    "file", "call", "claim", "hand", "release", "resolve", "close", "expire", "reopen", "sort",
    "offer", "offer_taken", "offer_declined", "edit", "correct", "take_back",
    "picture_passed_on", "picture_held_back",
    "answer_warning", "answer_limit", "solution_warning", "solution_limit", "merchant_word", "close_announced",
)  # fmt: skip
"""What happens to a ticket, as its history calls it; `answer` and `hear` are told by their words."""

DESK: Tree = {
    "states": _texts(
        "open", "claimed", "waiting_for_merchant", "waiting_for_support", "resolved", "closed",
        placeholders="agent", limit=100,
    ),
    **_texts("nobody", limit=40),
    "priorities": _texts("P1", "P2", "P3", limit=20),
    "overview": {
        **_texts("open", "under_way", "none", "none_under_way", limit=100),
        **_texts("card", limit=30),
        **_texts("ticket", placeholders="priority number category name status since", limit=300),
        **_texts("walk", "walk_paused", placeholders="name step since", limit=200),
        **_texts("more", placeholders="count", limit=100),
        **_texts("more_command", placeholders="count command", limit=200),
    },
    "history": {
        **_texts("title", placeholders="ticket", limit=24),
        **_texts("title_walk", limit=24),
        **_texts("newer", "older", "again", limit=30),
        **_texts("state", placeholders="priority status", limit=200),
        **_texts("stands", "ended", placeholders="name step since", limit=200),
        **_texts("no_walk", placeholders="name", limit=200),
        **_texts("itself", limit=40),
        "walk": {
            **_texts(*WALK_ACTS, "reminded", placeholders="step"),
            **_texts("pressed", "happened", placeholders="step label"),
            **_texts("after", placeholders="spent"),
        },
        "ticket": {
            **_texts(*TICKET_ACTS, placeholders="agent to changes"),
            **_texts("other", placeholders="agent act"),
        },
        "messages": {**_texts("agent", "merchant", placeholders="agent merchant"), **_texts("corrected", "taken_back")},
    },
    "forms": {
        "close": Text(limit=24),
        "hand": {
            **_texts("title", "submit", limit=24),
            **_texts("intro", placeholders="owner", limit=300),
            **_texts("intro_open", limit=300),
            **_texts("not_an_agent", limit=200),
            "to": _field(),
            "note": _field(),
        },
        "step": {**_texts("title", "submit", limit=24), **_texts("intro", placeholders="step"), "place": _field()},
        "sort": {**_texts("title", "submit", limit=24), "priority": _field(), "category": _field()},
    },
}  # fmt: skip
"""What agents read outside the card, in their own language."""
