"""The keys of the texts of the walkthrough, derived from its steps, forms and codes."""

from conversations.amazon_token.checks import Reason, Repair
from conversations.amazon_token.illustrations import ALT_VALUES, LABELS, NAMES
from conversations.amazon_token.steps import CHOICES, ENDS, FORM_FIELDS, STEPS, Step
from conversations.amazon_token.triage import Category
from conversations.amazon_token.variants import SUPPLIED, VARIANTS
from conversations.engine.texts import BUTTON, VIEW_TITLE, Text, Tree
from conversations.marketplaces import EUROPEAN_MARKETPLACES
from conversations.secrets.credentials import SecretKind

RECORDS: dict[str, frozenset[str]] = {
    event: frozenset(placeholders.split())
    for event, placeholders in {
        "begin": "",
        "orders_stopped": "",
        "orders_arriving": "",
        "continue_anyway": "",
        "enter_version": "version",
        "sees_key_set": "",
        "sees_sp_api": "",
        "choose_region": "choice",
        "choose_key_set": "choice",
        "keep_standard": "",
        "enter_developer_id": "",
        "name_accounts": "names",
        "remember_token": "last4",
        "ready": "",
        "same_seller_id": "",
        "compare_seller_id": "",
        "paste_token": "last4",
        "turn_to_next": "",
        "all_saved": "",
        "fetched": "",
        "fetch_failed": "",
        "solved": "",
        "go_on": "",
        "revert": "",
        "confirm_reverted": "",
        "back": "",
        "cancel": "",
        "shown_again": "",
        "restarted": "",
    }.items()
}
"""The line that replaces an answered message, by event; "advance" has one for each step instead."""

NOTES: dict[str, frozenset[str]] = {
    "token_fine": frozenset(),
    "token_repaired": frozenset({"repairs"}),
    "token_differs_from_first": frozenset(),
    "token_same_as_first": frozenset(),
    "version_repaired": frozenset({"version"}),
    "seller_id_same": frozenset(),
    "seller_id_changed": frozenset(),
    "seller_id_unusual": frozenset(),
    "version_still_too_old": frozenset({"version"}),
    "postponed": frozenset(),
    "ticket_filed": frozenset({"ticket"}),
    "ticket_added": frozenset({"ticket"}),
    "ticket_claimed": frozenset({"ticket", "agent"}),
    "ticket_resolved": frozenset({"ticket", "agent"}),
    "delete_token_message": frozenset(),
    "delete_secret_message": frozenset({"kind"}),
    "error_text_understood": frozenset({"category", "answer"}),
    "unclear": frozenset(),
    "help_offered": frozenset(),
    "reminder": frozenset(),
    "reminder_orders_paused": frozenset(),
    "reminders_declined": frozenset(),
    "invited": frozenset({"agent"}),
    "needs_value": frozenset(),
    "needs_choice": frozenset(),
    "not_possible_here": frozenset(),
    "files_not_needed": frozenset(),
    "nothing_to_go_back": frozenset(),
    "welcome_back": frozenset(),
    "step_gone": frozenset(),
    "accounts_added": frozenset({"names"}),
    "failure_described": frozenset({"ticket", "category", "answer"}),
    "token_remembered": frozenset(),
}
"""What is said above a step or between two steps, by code."""

OWN_REASONS: dict[str, frozenset[str]] = {
    "same_as_old": frozenset(),
    "no_accounts": frozenset(),
    "nothing_new": frozenset(),
}
"""Why `interpret` refuses an answer that the checks accept."""


def _step(name: str, step: Step) -> Tree:
    text = Text(SUPPLIED.get(name, frozenset()), limit=900)
    body: dict[str, Text | Tree] = {
        "title": Text(limit=60),
        "text": dict.fromkeys(VARIANTS[name], text) if name in VARIANTS else text,
    }
    if name not in ENDS:
        body["where"] = Text(limit=1500)
    events = [offer.event for offer in step.offers]
    buttons = {event: BUTTON for event in events if event not in CHOICES}
    if buttons:
        body["buttons"] = buttons
    if "advance" in events:
        body["record"] = Text(limit=150)
    return body


def _form(fields: tuple[str, ...]) -> Tree:
    return {
        "title": VIEW_TITLE,
        "submit": VIEW_TITLE,
        "close": VIEW_TITLE,
        "intro": Text(limit=600),
        **{field: {"label": Text(limit=150), "hint": Text(limit=300)} for field in fields},
    }


WALK: Tree = {
    "steps": {name: _step(name, step) for name, step in STEPS.items()},
    "choices": {event: dict.fromkeys(choices, BUTTON) for event, choices in CHOICES.items()},
    "records": {event: Text(placeholders, limit=300) for event, placeholders in RECORDS.items()},
    "notes": {code: Text(placeholders, limit=900) for code, placeholders in NOTES.items()},
    "reasons": {
        **{str(reason): Text(reason.placeholders, limit=600) for reason in Reason},
        **{reason: Text(placeholders, limit=600) for reason, placeholders in OWN_REASONS.items()},
    },
    "repairs": {str(repair): Text(limit=120) for repair in Repair},
    "kinds": {str(kind): Text(limit=60) for kind in SecretKind},
    "redacted": Text(frozenset({"kind"}), limit=60),
    "categories": {str(c): {"name": Text(limit=60), "answer": Text(limit=700)} for c in Category},
    "marketplaces": {market: Text(limit=60) for market in EUROPEAN_MARKETPLACES},
    "forms": {form: _form(fields) for form, fields in FORM_FIELDS.items()},
    "confirm": {
        event: {"title": Text(limit=100), "text": Text(limit=300), "yes": BUTTON, "no": BUTTON}
        for event in (*dict.fromkeys(o.event for step in STEPS.values() for o in step.offers if o.danger), "restart")
    },
    "pictures": {
        "labels": {label: Text(limit=60) for label in LABELS},
        "alt": {name: Text(ALT_VALUES.get(name, frozenset()), limit=300) for name in NAMES},
    },
    "frame": {
        "heading": Text(frozenset({"number", "total", "place"}), limit=100),
        "places": {"connect": Text(limit=40), "seller_central": Text(limit=40), "both": Text(limit=60)},
        "orders_paused": Text(limit=150),
        "account": Text(frozenset({"position", "total", "name"}), limit=200),
        "accounts_saved": Text(frozenset({"names"}), limit=300),
        "accounts_left": Text(frozenset({"names"}), limit=300),
        "on_the_phone": Text(frozenset({"name"}), limit=200),
    },
}
