"""The keys of the common texts: all that is not about one procedure."""

from conversations.engine.checks import NAME_REASONS
from conversations.engine.later import ALL_LATER
from conversations.engine.procedure import Field
from conversations.engine.procedure_schema import form_schema
from conversations.engine.texts import BUTTON, Text, Tree, Words
from conversations.engine.texts import text_group as _texts
from conversations.engine.understanding.word_lists import WORD_LISTS
from conversations.secrets.clean_paste import Repair
from conversations.secrets.credentials import SecretKind
from conversations.ticket.support_text_schema import FACES, STATISTICS, SUPPORT
from conversations.ticket.text_schema import TALK, TICKET, TICKET_SYNC

HELP_FIELD = Field(name="sentence", paragraph=True, optional=True)
"""The one field of the form that calls a person."""
RATING_FIELD = Field(name="sentence", paragraph=True, optional=True)
"""The one field of the form about how a walk was."""

_ANSWERS: Tree = {
    # to a slash command, seen only by the person who typed it
    **_texts("started", "going_on", "heard"),
    **_texts("usage", placeholders="command"),
    **_texts("usage_agent", placeholders="command count"),
    **_texts("walk_under_way", placeholders="title"),
    **_texts("other_under_way", placeholders="title name"),
    **_texts("status", placeholders="heading title started"),
    **_texts("no_walk_since", placeholders="at"),
    **_texts("no_walk", "no_walk_begin", "nothing_to_go_back", "ask_restart", "ask_cancel", "kept"),
    **_texts("language_which"),
    **_texts("language_set", "language_unknown", placeholders="command"),
    **_texts("agents_only", "outage_none", "outage_running", "outage_ended"),
    **_texts("outage_extended", placeholders="at"),
    **_texts("not_yourself", "merchant_unknown", "phone_name_missing", placeholders="command"),
    **_texts("invited", placeholders="merchant"),
    **_texts("phone_started", placeholders="name"),
    **_texts("several_walks", placeholders="names"),
    **_texts("support_called", placeholders="ticket"),
    **_texts("support_called_for", placeholders="ticket merchant"),
    **_texts("support_for_whom", placeholders="command"),
    # to a press or a form
    **_texts("stale", "foreign", "ended"),
    **_texts("stale_title", limit=24),
    **_texts("incident", placeholders="number"),
    **_texts("locked", "locked_message", "updating", "updating_message"),
    # about the person's own data
    **_texts("privacy", placeholders="days command others"),
    **_texts("privacy_no_copies", "privacy_copies", "delete_copies"),
    **_texts("export_coming", "ask_delete", "deleted"),
    **_texts("export_comment", placeholders="file", limit=600),
    **_texts("export_title", limit=60),
    **_texts("delete_walk", placeholders="title", limit=600),
    **_texts("delete_tickets", placeholders="tickets", limit=600),
    **_texts("deleted_message", "deleted_reply", limit=150),
    # in the direct message
    **_texts("introduction"),
    **_texts("secret_without_walk", placeholders="kind"),
    **_texts("secret_message_deleted"),
    **_texts("invitation", placeholders="agent"),
    **_texts("invitation_accepted_agent", "invitation_declined_agent", placeholders="merchant"),
    **_texts("invitation_declined"),
    **_texts("ticket_filed", "ticket_on_its_way", placeholders="ticket"),
    **_texts("ticket_claimed", placeholders="ticket agent"),
    **_texts("offer", placeholders="agent step"),
    **_texts("offer_taken", "offer_declined", "offer_over", "offer_nowhere", "offer_moved"),
    **_texts("tickets_open", "tickets_mine", "tickets_old", placeholders="count"),
    **_texts("no_tickets_open", "no_tickets_mine", "no_tickets_old"),
    **_texts("tickets_found", placeholders="count query"),
    **_texts("no_tickets_found", placeholders="query"),
    **_texts("ticket_handed", "ticket_reopened", placeholders="ticket agent"),
    **_texts("ticket_open_again", placeholders="ticket"),
    **_texts("ticket_postponed", placeholders="ticket agent at"),
    **_texts("ticket_not_now", placeholders="ticket status"),
    **_texts("nobody_to_hand_to", "form_outdated", "tickets_apart"),
    **_texts("ticket_merged", placeholders="ticket into"),
    **_texts("tickets_merged", placeholders="tickets into"),
    **_texts("ticket_already_claimed", placeholders="ticket agent"),
    **_texts("ticket_not_owner", placeholders="ticket agent"),
    **_texts("ticket_already_resolved", placeholders="ticket agent"),
    **_texts("ticket_takes_longer", placeholders="ticket at"),
    **_texts("ticket_closed_by_itself", placeholders="ticket"),
    **_texts("ticket_takes_longer_with", placeholders="ticket agent at"),
    **_texts("ticket_closing", "ticket_closing_solved", placeholders="ticket at"),
    **_texts(
        "invitation_running",
        "invitation_pending",
        "invitation_unwanted",
        "invitation_recent",
        "invitation_unknown",
        "invitation_declined_before",
        placeholders="merchant",
    ),
    **_texts("invitation_reminder", "invitation_quiet", placeholders="agent"),
    **_texts("invitation_below", "invitation_withdrawn", "invitation_over"),
    **_texts("invitation_not_open", "invitation_not_now"),
    **_texts("invitees_unclear", placeholders="words"),
    **_texts("list_not_read", "list_not_kept"),
    **_texts("list_unclear", placeholders="lines"),
    **_texts("invitations_none"),
    **_texts("invitations_from", placeholders="at"),
    **_texts("invitations_begun", "invitations_too_many", "invitations_list", placeholders="count"),
    **_texts(
        "invitations_ask",
        "invitations_planned",
        "invitations_asked",
        "invitations_accepted",
        "invitations_finished",
        "invitations_declined",
        "invitations_withdrawn",
        "invitations_over",
        placeholders="count names",
    ),
}

_BUTTONS: Tree = _texts(
    "start", "go_on", "start_over", "restart", "keep", "cancel", "where", "how_to_tell", "less", "back", "help",
    "accept", "decline", "open_step", "show_step", "close", "go_there",
    "stay", "one_by_one", "together", "show_one",
    "remind", "withdraw", "withdraw_all", "invite_all", "invite_nobody",
    "quiet", "privacy", "export", "delete", "erase", "call_for_me",
    limit=30,
)  # fmt: skip

_HEARD: Tree = {
    **_texts("person", "person_at_once", "presence", "unknown", limit=300),
    **_texts("not_mine_said", "about_what", "opens_form", "undone", limit=300),
    **_texts("one_question", "questions", "from_guide", limit=150),
    **_texts("call_person", "open_form", "undo", "yes", "no", "not_mine", limit=30),
    **_texts("pressed", "is_it", placeholders="label", limit=300),
    **_texts("value_read", "incomplete", placeholders="value", limit=300),
    **_texts("error", placeholders="category answer", limit=900),
    **_texts("later_when", limit=300),
    **_texts("later_planned", placeholders="at", limit=300),
    "later": _texts(*ALL_LATER, limit=30),
    "chatter": _texts("thanks", "greeting", "later", "acknowledged", "laughter", "declined", limit=150),
}

_HOME: Tree = {
    **_texts("title", limit=150),
    **_texts("introduction", "which_button", "support_hint"),
    **_texts("under_way", placeholders="heading title"),
    **_texts("ticket", placeholders="ticket status since"),
    "languages": _texts("de", "en", limit=30),
    **_texts("no_ticket"),
    "ticket_states": _texts(
        "on_its_way",
        "open",
        "claimed",
        "waiting_for_merchant",
        "waiting_for_support",
        "postponed",
        "resolved",
        "closed",
        limit=60,
    ),
}

_WORDS: Tree = {
    word: Words() for word in ("next", "back", "help", "start", "status", "privacy", "in_talk", *WORD_LISTS)
}
"""Words that the bot understands. "in_talk": those that stay commands while an agent and the merchant are talking."""

COMMANDS = ("status", "back", "restart", "cancel", "language", "support", "privacy", "export", "delete", "help")
AGENT_COMMANDS = ("for", "phone", "tickets", "templates", "outage", "stats")
"""What can follow the slash command, for everybody and for agents only, in the order of the help."""

_COMMANDS: Tree = {
    **_texts("begin", placeholders="command word name"),
    **_texts(*COMMANDS, *AGENT_COMMANDS, placeholders="command"),
}

_NOTES: Tree = {
    **_texts(
        "unclear",
        "help_offered",
        "reminder",
        "reminders_declined",
        "later_over",
        "needs_value",
        "needs_field",
        "needs_choice",
        "not_possible_here",
        "files_not_needed",
        "nothing_to_go_back",
        "welcome_back",
        "step_gone",
        "which_button",
        "not_done",
        "ok_presses_nothing",
        limit=900,
    ),
    **_texts("outage_held", "outage_orders_down", "outage_running", placeholders="text", limit=900),
    **_texts("outage_over", "outage_expired", "outage_taken_back", limit=900),
    **_texts("which_value", placeholders="candidates", limit=900),
    **_texts("nothing_entered", placeholders="label", limit=600),
    **_texts("ticket_filed", "ticket_on_its_way", "ticket_added", placeholders="ticket", limit=900),
    **_texts("ticket_claimed", placeholders="ticket agent", limit=900),
    **_texts("delete_secret_message", placeholders="kind", limit=900),
    **_texts("error_text_understood", placeholders="category answer", limit=900),
    **_texts("error_text_noted", "until_answered", placeholders="answer", limit=900),
    **_texts("failure_described", placeholders="ticket category answer", limit=900),
    **_texts("invited", placeholders="agent", limit=900),
}
"""What is said above a step or between two steps, by code."""

_WALK: Tree = {
    "records": _texts("back", "cancel", "shown_again", "restarted", limit=300),
    "notes": _NOTES,
    "reasons": {reason: Text(frozenset(names.split()), limit=600) for reason, names in NAME_REASONS.items()},
    "repairs": {str(repair): Text(limit=120) for repair in Repair},
    "kinds": {str(kind): Text(limit=60) for kind in SecretKind},
    "redacted": Text(frozenset({"kind"}), limit=60),
    "forms": {"help": form_schema(HELP_FIELD), "rating": form_schema(RATING_FIELD)},
    "rating": {
        **_texts("question", "thanks", "thanks_words", limit=150),
        **_texts(*FACES, "write", "change", limit=30),
    },
    "confirm": {
        event: {"title": Text(limit=100), "text": Text(limit=300), "yes": BUTTON, "no": BUTTON}
        for event in ("cancel", "restart", "withdraw_all")
    },
    "frame": {
        **_texts("heading", "heading_several", placeholders="number total place", limit=100),
        **_texts("heading_without_place", "heading_several_without_place", placeholders="number total", limit=100),
        **_texts("picture_of", placeholders="number", limit=40),
        **_texts("on_the_phone", placeholders="name", limit=200),
        **_texts("ticket_arrived", limit=150),
        **_texts("answer_by", placeholders="ticket at", limit=150),
        **_texts("support_there", placeholders="at again", limit=200),
        **_texts("support_away", placeholders="at", limit=200),
        **_texts("ticket_on_its_way", placeholders="ticket", limit=150),
        **_texts("rest_in_thread", "rest_follows", "rest_gone", limit=150),
    },
}

PRACTISED = ("erika", "oliver", "anna", "ben")
"""The people of the sandbox."""
CLOCK = ("quarter", "hour", "day", "workday", "weekend")
"""How far the demonstration's clock can be moved."""
_DEMO: Tree = {
    "people": _texts(*PRACTISED, limit=170),
    "clock": _texts(*CLOCK, limit=70),
    **_texts("clock_hint", "play_text", limit=250),
    **_texts("play_title", "play_yes", "played", "play_failed", "busy", limit=70),
}
"""What the sandbox's page offers to try."""

COMMON: Tree = {
    **_WALK,
    "ticket": TICKET,
    "desk": SUPPORT,
    "mirror": TICKET_SYNC,
    "talk": TALK,
    "answers": _ANSWERS,
    "buttons": _BUTTONS,
    "heard": _HEARD,
    "home": _HOME,
    "figures": STATISTICS,
    "demo": _DEMO,
    "rehearsal": _texts("message", "changed", "reply", "picture", limit=150),
    "commands": _COMMANDS,
    "words": _WORDS,
}
