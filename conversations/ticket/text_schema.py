"""The keys of the texts about a ticket: its card and thread, the conversation with the merchant, its copies elsewhere.

Which placeholders each text may name and how long it may be.
"""

from functools import partial

from conversations.engine.texts import BUTTON, VIEW_TITLE, Text, Tree, text_group

_texts = partial(text_group, limit=200)
_talk_texts = partial(text_group, limit=300)


SECTIONS = ("case", "contact", "walk", "versions")
"""The sections of a ticket's summary that are the same for every procedure."""

_CONFIRM: Tree = {"title": Text(limit=100), "text": Text(limit=300), "yes": BUTTON, "no": BUTTON}

_LABELS: Tree = _texts(
    "reason", "priority", "category", "first_answer", "merchant", "reachable", "origin", "workspace", "language",
    "permalink", "last_finished", "stands_at", "times", "repeated", "walk", "versions",
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
    "reasons": _texts("help"),
    "priorities": _texts("P1", "P2", "P3"),
    # the walk
    **_texts("group", placeholders="state names", limit=60),
    **_texts("step", placeholders="number total title"),
    **_texts("step_item", placeholders="step position total name"),
    **_texts("total_time", placeholders="time"),
    **_texts("step_time", placeholders="title time"),
    **_texts("quick_steps", placeholders="count"),
    **_texts("step_repeated", placeholders="title times"),
    # everywhere
    **_texts("not_known", "not_asked", "none", "no_step", "support_next", limit=60),
    **_texts("versions", placeholders="bot guide"),
}

_DURATIONS: Tree = {
    **_texts("under_minute", limit=30),
    **_texts("minutes", placeholders="minutes", limit=30),
    **_texts("hours", placeholders="hours minutes", limit=30),
    **_texts("days", placeholders="days hours", limit=30),
}

_THREAD: Tree = {
    **_texts("words", "error_text_intro", "call_again", "merchant_gone", placeholders="name"),
    **_texts("error_text_at", placeholders="name step at"),
    **_texts("offer", "offer_taken", "offer_declined", placeholders="agent name step"),
    **_texts("released", "reopened", placeholders="agent"),
    **_texts("postponed", placeholders="agent at"),
    **_texts("handed", "taken", placeholders="agent to before"),
    **_texts("absorbed", placeholders="agent number"),
    **_texts("absorbed_from", placeholders="agent number before"),
    **_texts("merged", placeholders="agent into"),
    **_texts("snapshot", placeholders="at"),
    **_texts("internal", "card_again"),
}
"""Messages in the ticket's thread: introductions to what people wrote, and news."""

_CARD: Tree = {
    **_texts("words", placeholders="words", limit=40),
    **_texts("more", placeholders="count", limit=40),
    **_texts("earlier", placeholders="numbers", limit=40),
    **_texts("open", placeholders="names left total", limit=60),
    **_texts("open_one", placeholders="names", limit=60),
    **_texts("error", "setting", limit=40),
    **_texts("no_walk", "erased", "exposed", "undelivered", limit=60),
}
"""The lines of the card. Procedures add theirs."""

_WAITING: Tree = {
    **_texts(
        "answer_warning",
        "answer_limit",
        "solution_warning",
        "solution_limit",
        "wake",
        placeholders="number at",
        limit=300,
    ),
    **_texts("nobody", "merchant_word", "close"),
    **_texts("close_announced", placeholders="at"),
}
"""Messages in the ticket's thread about somebody who has waited for an answer."""

_DIGEST: Tree = {
    **_texts("title", placeholders="count", limit=120),
    **_texts("counts", placeholders="late support merchant"),
    **_texts("late", "support", "merchant", limit=60),
    **_texts("ticket", placeholders="number", limit=60),
    **_texts("line", placeholders="priority category at agent"),
    **_texts("line_free", placeholders="priority category at"),
    **_texts("bare", placeholders="priority at agent"),
    **_texts("bare_free", placeholders="priority at"),
    **_texts("more", placeholders="count"),
}
"""The daily digest in the support channel."""

TICKET: Tree = {
    "title": Text(frozenset({"number", "priority", "category"}), limit=120),
    **_texts("title_bare", placeholders="number priority", limit=120),
    "card": _CARD,
    "states": {
        **_texts("open", "closed", placeholders="at"),
        **_texts("merged", placeholders="into at"),
        **_texts(
            "claimed", "waiting_for_merchant", "waiting_for_support", "postponed", "resolved", placeholders="agent at"
        ),
    },
    "sections": _texts(*SECTIONS, limit=60),
    "labels": _LABELS,
    "values": _VALUES,
    "durations": _DURATIONS,
    "buttons": dict.fromkeys(
        (
            "claim",
            "answer",
            "resolve",
            "history",
            "close",
            "reopen",
            "take",
            "release",
            "hand",
            "sort",
            "step",
            "postpone",
            "merge",
        ),
        BUTTON,
    ),
    "confirm": {
        "resolve": _CONFIRM,
        "merge": {
            **_CONFIRM,
            **_texts("title", placeholders="number into", limit=100),
            **_texts("text", placeholders="number into", limit=300),
        },
    },
    **_texts("owner_left", placeholders="agent tickets"),
    "thread": _THREAD,
    "due": _texts("ahead", "late", "postponed", placeholders="at", limit=100),
    "waiting": _WAITING,
    "digest": _DIGEST,
}


GENERAL_MACROS = ("looking", "error_text", "screenshot", "which_account", "try_again", "on_the_phone")
"""Macros for any category, in the order offered."""


def _form(placeholders: str) -> Tree:
    return {
        "title": VIEW_TITLE,
        "submit": VIEW_TITLE,
        "close": VIEW_TITLE,
        "intro": Text(frozenset(placeholders.split()), limit=600),
    }


TALK: Tree = {
    "answer": {
        **_form("merchant language"),
        "languages": _talk_texts("de", "en", limit=40),
        "last": Text(frozenset({"name"}), limit=150),
        **_talk_texts("others", placeholders="agent at"),
        **_talk_texts("opened_too", placeholders="agent ticket"),
        "canned": {"label": Text(limit=100), "hint": Text(limit=200), "placeholder": Text(limit=75)},
        "text": {"label": Text(limit=100), "hint": Text(limit=300)},
        **_talk_texts("empty", "not_sent", "template_gone"),
    },
    "correct": {**_form("merchant"), "text": {"label": Text(limit=100), "hint": Text(limit=300)}},
    "canned": {
        "groups": _talk_texts("here", "own", "general", "others", limit=75),
        "general": {name: {"label": Text(limit=75), "text": Text(limit=900)} for name in GENERAL_MACROS},
    },
    "to_merchant": {
        **_talk_texts("intro", "intro_corrected", placeholders="agent ticket"),
        **_talk_texts("how", "receipt_nobody", "kept"),
        **_talk_texts("receipt", "taken_back", "told_corrected", placeholders="agent"),
    },
    "to_support": {
        **_talk_texts("sent", "corrected", "taken_back", placeholders="agent merchant"),
        **_talk_texts("heard", "changed", "settled", "unsettled", placeholders="name"),
        **_talk_texts("heard_by", placeholders="name agent"),
        "undelivered": {
            **_talk_texts("waiting", "gone", "closed", placeholders="merchant"),
            **_talk_texts("refused", placeholders="merchant error"),
        },
    },
    "screenshots": {
        **_talk_texts("ask", "ask_many", "passed_on", "deleted", "not_a_picture", "lost", limit=400),
        **_talk_texts("held_back", limit=700),
        "clear": BUTTON,
        "unsure": BUTTON,
        **_talk_texts("title", "in_history", limit=40),
        **_talk_texts("comment", placeholders="name file"),
    },
    "held": {**_talk_texts("question", "wait", "passed_on", limit=300), "pass_on": BUTTON},
    "settled": {
        **_talk_texts("question", "question_again", placeholders="agent ticket"),
        "yes": BUTTON,
        "no": BUTTON,
        **_talk_texts("closed", "reopened", "reopened_unowned"),
    },
    "late": {
        **_talk_texts("not_owner", placeholders="ticket agent"),
        **_talk_texts("over", "nobody", placeholders="ticket"),
        **_talk_texts("message_gone"),
    },
    "buttons": {"correct": BUTTON, "take_back": BUTTON},
    "confirm": {"take_back": _CONFIRM, "take": _CONFIRM},
}

SYNCED_ACTS = (
    "file", "call", "told", "sort", "claim", "release", "hand", "answer", "hear", "edit", "correct", "take_back",
    "resolve", "reopen", "close", "expire", "erased", "second_way", "postpone", "wake",
    "absorb", "merge",
)  # fmt: skip
"""What is synced of a ticket, by the names in its history. `told`: the merchant added what CONNECT said."""

TICKET_SYNC: Tree = {
    "acts": {
        **dict.fromkeys(SYNCED_ACTS, Text(frozenset({"by", "merchant"}), limit=200)),
        "hand": Text(frozenset({"by", "owner"}), limit=200),
    },
    "itself": Text(limit=40),
    "pictures": Text(limit=100),
    "how_to_answer": Text(limit=400),
}
