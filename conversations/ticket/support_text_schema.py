"""The keys of the texts that agents read outside a ticket's card and thread, in their own language.

Lists, the timeline and the forms about a ticket (`SUPPORT`); the statistics (`STATISTICS`).
"""

from functools import partial

from conversations.engine.texts import BUTTON, Text, Tree, text_group

_texts = partial(text_group, limit=200)
_statistics_texts = partial(text_group, limit=300)


def _field() -> Tree:
    return {"label": Text(limit=150), "hint": Text(limit=300)}


WALK_ACTS = (
    "started",
    "restarted",
    "back",
    "asked_where",
    "one_by_one",
    "together",
    "help",
    "quiet",
    "cancel",
    "refused",
)
"""The events in the history of a walk that are no buttons of a step."""
TICKET_ACTS = (
    "file", "call", "claim", "postpone", "wake", "hand", "release", "resolve", "close", "expire", "reopen", "sort",
    "offer", "offer_taken", "offer_declined", "edit", "correct", "take_back", "error_text",
    "picture_passed_on", "picture_held_back",
    "answer_warning", "answer_limit", "solution_warning", "solution_limit", "merchant_word", "close_announced",
    "merchant_gone", "second_way",
)  # fmt: skip
"""The events in the history of a ticket; for `answer` and `hear` the timeline shows the messages instead."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""Of a day until which a ticket is postponed, from the first day of a week on."""

SUPPORT: Tree = {
    "states": _texts(
        "open", "claimed", "waiting_for_merchant", "waiting_for_support", "postponed", "resolved", "closed",
        placeholders="agent", limit=100,
    ) | _texts("merged", placeholders="into", limit=100),
    **_texts("nobody", limit=40),
    **_texts("second_way", limit=400),
    "priorities": _texts("P1", "P2", "P3", limit=20),
    "overview": {
        **_texts("open", "invitations", "under_way", "none", "none_under_way", limit=100),
        **_texts("next", limit=24),
        **_texts("card", limit=30),
        **_texts("taken", "none_next", limit=150),
        **_texts("ticket", placeholders="priority number category name words status since", limit=300),
        **_texts("ticket_bare", placeholders="priority number name words status since", limit=300),
        **_texts("invitation", placeholders="name agent since", limit=200),
        **_texts("walk", placeholders="name step since", limit=200),
        **_texts("more", placeholders="count", limit=100),
        **_texts("more_command", placeholders="count command", limit=200),
    },
    "undelivered": {
        **_texts("tickets", placeholders="count since", limit=400),
        **_texts("refused", limit=400),
        **_texts("paused", placeholders="since todo", limit=600),
        "todo": _texts("is_archived", "not_in_channel", "channel_not_found", "restricted_action", "other", limit=300),
    },
    "history": {
        **_texts("title", placeholders="ticket", limit=24),
        **_texts("title_walk", limit=24),
        **_texts("newer", "older", "again", limit=30),
        **_texts("state", placeholders="priority status", limit=200),
        **_texts("stands", "ended", placeholders="name step since", limit=200),
        **_texts("no_walk", placeholders="name", limit=200),
        **_texts("itself", limit=40),
        **_texts("duplicate", placeholders="number status since", limit=300),
        "walk": {
            **_texts(*WALK_ACTS, "reminded", "error_text", placeholders="step"),
            **_texts("pressed", "happened", placeholders="step label"),
            **_texts("after", placeholders="spent"),
        },
        "ticket": {
            **_texts(*TICKET_ACTS, placeholders="agent to changes"),
            **_texts("absorb", "merge", placeholders="agent number"),
            **_texts("other", placeholders="agent act"),
        },
        "messages": {**_texts("agent", "merchant", placeholders="agent merchant"), **_texts("corrected", "taken_back")},
    },
    "templates": {
        **_texts("title", "title_new", "title_change", "submit", limit=24),
        **_texts("intro", "none", limit=300),
        **_texts("placeholders", placeholders="names", limit=300),
        **_texts("template", placeholders="label category language", limit=200),
        **_texts("changed", placeholders="agent at", limit=100),
        **_texts("changed_long_ago", placeholders="at", limit=100),
        **_texts("add", "change", "delete", limit=30),
        **_texts("any", limit=75),
        **_texts("of_procedure", placeholders="category procedure", limit=75),
        "confirm": {"title": Text(limit=100), "text": Text(limit=300), "yes": BUTTON, "no": BUTTON},
        "label": _field(),
        "category": _field(),
        "language": _field(),
        "text": _field(),
        **_texts("unknown_placeholder", placeholders="unknown names", limit=300),
        **_texts("secret", "empty", limit=200),
        **_texts("full", placeholders="count", limit=200),
    },
    "outage": {
        **_texts("title", "preview", "confirm", limit=24),
        **_texts("intro", "intro_change", limit=600),
        "de": _field(),
        "en": _field(),
        "tickets": _field(),
        **_texts("ask", placeholders="count held cannot_wait tickets", limit=600),
        **_texts("ask_many", placeholders="count tickets", limit=600),
        **_texts("ask_change", placeholders="corrected tickets", limit=600),
        **_texts(
            "board", "board_over", "board_expired", "board_taken_back", placeholders="agent since until", limit=400
        ),
        **_texts("told", placeholders="told count"),
        **_texts("linked", placeholders="tickets", limit=300),
        **_texts("over", "change", "extend", "take_back", limit=30),
        **_texts("ends_soon", placeholders="until", limit=400),
        **_texts("ask_over", placeholders="count", limit=400),
        **{
            name: {"title": Text(limit=100), "text": Text(limit=300), "yes": BUTTON, "no": BUTTON}
            for name in ("confirm_over", "confirm_take_back")
        },
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
        "postpone": {
            **_texts("title", "submit", limit=24),
            **_texts(*WEEKDAYS, placeholders="day", limit=40),
            **_texts("intro", limit=300),
            "until": _field(),
            "note": _field(),
        },
        "step": {**_texts("title", "submit", limit=24), **_texts("intro", placeholders="step"), "place": _field()},
        "sort": {**_texts("title", "submit", limit=24), "priority": _field(), "category": _field()},
    },
}  # fmt: skip

FACES = ("good", "fair", "poor")
"""What can be said of a walk when it is over."""
KINDS = ("left", "support", "where", "back", "refused")
"""The kinds of trouble at a step, in the order shown."""
STATISTICS: Tree = {
    **_statistics_texts("day", placeholders="day month year", limit=40),
    **_statistics_texts("title", placeholders="first last", limit=48),
    **_statistics_texts("subtitle", placeholders="started done left under_way", limit=90),
    **_statistics_texts("funnel_title", "trouble_title", limit=60),
    **_statistics_texts("share", placeholders="count percent", limit=40),
    **_statistics_texts("stage_line", placeholders="label shown", limit=200),
    **_statistics_texts("trouble_line", placeholders="label parts", limit=400),
    **_statistics_texts("part", placeholders="kind count", limit=100),
    "kinds": _statistics_texts(*KINDS, limit=34),
    **_statistics_texts("reason", placeholders="reason count", limit=100),
    **_statistics_texts("tickets", placeholders="count categories", limit=600),
    **_statistics_texts("results_title", "weeks_title", limit=60),
    "results": _statistics_texts("alone", "to_orders", "first_answer", "rejected", "faces", limit=44),
    "faces": _statistics_texts(*FACES, limit=30),
    **_statistics_texts("face", placeholders="face percent", limit=40),
    **_statistics_texts("week", placeholders="day results", limit=300),
    **_statistics_texts("nothing", placeholders="first last"),
    **_statistics_texts("file", placeholders="file", limit=120),
    **_statistics_texts("alt", placeholders="title results funnel trouble", limit=200),
    **_statistics_texts("coming", "coming_channel", limit=200),
    **_statistics_texts("unknown", placeholders="command", limit=200),
}
