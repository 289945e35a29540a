"""The modals of the walkthrough and of tickets, and the proposal of another step.

A modal opens at once; its submission is checked again by the service that takes it.
"""

from collections.abc import Sequence
from typing import Any, get_args

from bot.blocks import actions as ids
from bot.blocks.entry_messages import answer
from bot.blocks.kit import Block, Content, button, choice, confirmation, field, modal, plain, section, text_input
from bot.blocks.kit import say as mrkdwn
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.steps import FORM_FIELDS
from conversations.amazon_token.triage import Category
from conversations.engine.texts import Texts
from conversations.marketplaces import EUROPEAN_MARKETPLACES
from conversations.ticket.models import Priority

_LONG = frozenset({("failure", "error_text"), ("help", "sentence"), ("accounts", "names"), ("more_accounts", "names")})
_OPTIONAL = _LONG | {("failure", "accounts"), ("accounts", "marketplaces"), ("more_accounts", "marketplaces")}
INPUT_LIMIT = 3000
NOTE_LIMIT = 1000
CHECKBOX_LIMIT = 10
"""Slack takes so many checkboxes at most; more options become a menu."""


def form_view(texts: Texts, form: str, facts: Facts, address: ids.Address) -> dict[str, Any]:
    """The modal of `form`; its metadata is the address of the button that opened it."""
    fields = [_field(texts, form, name, facts) for name in FORM_FIELDS[form]]
    title, submit, close = (texts.say(f"forms.{form}.{part}") for part in ("title", "submit", "close"))
    blocks = [section(mrkdwn(texts, f"forms.{form}.intro")), *(block for block in fields if block is not None)]
    return modal(title, close, blocks, submit=submit, callback_id=f"{ids.FORM}:{form}", private_metadata=str(address))


def sentence_view(texts: Texts, key: str, **values: object) -> dict[str, Any]:
    """A modal with one sentence only: it replaces a form that was submitted too late."""
    return stale_view(texts, section(mrkdwn(texts, key, **values)))


def stale_view(texts: Texts, *blocks: Block) -> dict[str, Any]:
    """A modal without a submit button: it replaces a form that has no effect any more."""
    return modal(texts.say("answers.stale_title"), texts.say("buttons.close"), blocks)


def _field(texts: Texts, form: str, name: str, facts: Facts) -> Block | None:
    element = _element(texts, form, name, facts)
    if element is None:
        return None
    return field(texts, name, f"forms.{form}.{name}", element, optional=(form, name) in _OPTIONAL)


def _element(texts: Texts, form: str, name: str, facts: Facts) -> Block | None:
    if name == "marketplaces":
        return _marketplaces(texts, form, facts)
    if (form, name) == ("failure", "accounts"):
        names = [account.name for account in facts.accounts]
        return _choices([(account, account) for account in names]) if names else None
    return text_input(INPUT_LIMIT, multiline=(form, name) in _LONG)


def _marketplaces(texts: Texts, form: str, facts: Facts) -> Block | None:
    if facts.region != "europe":
        return None
    labels = [(texts.say(f"marketplaces.{market}"),) * 2 for market in EUROPEAN_MARKETPLACES]
    listed = {account.name.casefold() for account in facts.accounts}
    offered = [pair for pair in labels if form == "accounts" or pair[0].casefold() not in listed]
    if not offered:
        return None
    element = _choices(offered)
    chosen = [option for option in element["options"] if option["value"].casefold() in listed]
    if form == "accounts" and chosen:
        element["initial_options"] = chosen
    return element


def _choices(pairs: list[tuple[str, str]]) -> Block:
    kind = "checkboxes" if len(pairs) <= CHECKBOX_LIMIT else "multi_static_select"
    options = [{"text": plain(text[:75]), "value": value[:75]} for value, text in pairs]
    return {"type": kind, "action_id": ids.VALUE, "options": options}


def hand_view(texts: Texts, seen: ids.SeenTicket, owner: str, people: Sequence[tuple[str, str]]) -> Block:
    """The choice of a new owner from `people`: (name, user ID). `owner` is the present one's name, "" without one."""
    key = "desk.forms.hand"
    intro = mrkdwn(texts, f"{key}.intro", owner=owner) if owner else mrkdwn(texts, f"{key}.intro_open")
    return _ticket_form(
        texts, ids.HAND, key, str(seen),
        section(intro),
        field(texts, "to", f"{key}.to", choice(people)),
        field(texts, "note", f"{key}.note", text_input(NOTE_LIMIT), optional=True),
    )  # fmt: skip


def sort_view(texts: Texts, seen: ids.SeenTicket, priority: str, category: str) -> Block:
    """The choice of another priority and category; the present ones are preselected."""
    key = "desk.forms.sort"
    priorities = [(texts.say(f"ticket.values.priorities.{code}"), code) for code in get_args(Priority)]
    categories = [(texts.say(f"categories.{code}.name"), str(code)) for code in Category]
    return _ticket_form(
        texts, ids.SORT, key, str(seen),
        field(texts, "priority", f"{key}.priority", choice(priorities, priority)),
        field(texts, "category", f"{key}.category", choice(categories, category)),
    )  # fmt: skip


def _ticket_form(texts: Texts, callback: str, key: str, metadata: str, *blocks: Block) -> dict[str, Any]:
    """A modal whose title and submit button are the texts `<key>.title` and `<key>.submit`."""
    title, submit, close = texts.say(f"{key}.title"), texts.say(f"{key}.submit"), texts.say("desk.forms.close")
    return modal(title, close, blocks, submit=submit, callback_id=callback, private_metadata=metadata)


def step_view(texts: Texts, seen: ids.SeenTicket, current_step: str, steps: Sequence[tuple[str, str]]) -> Block:
    """The choice of a step to propose: (label, value) of each that can be reached."""
    key = "desk.forms.step"
    return _ticket_form(
        texts, ids.STEP, key, str(seen),
        section(mrkdwn(texts, f"{key}.intro", step=current_step)),
        field(texts, "place", f"{key}.place", choice(steps)),
    )  # fmt: skip


def step_proposal(texts: Texts, number: int, key: str, agent: str, step: str, *, revert: bool) -> Content:
    """The proposal of a step to the merchant; going back to the old access asks for confirmation, as elsewhere."""
    value = f"{number}:{key}"
    confirm = confirmation(texts, "confirm.revert") if revert else None
    return answer(
        texts, "offer",
        button(ids.GO_THERE, texts.say("buttons.go_there"), value, style="primary", confirm=confirm),
        button(ids.STAY, texts.say("buttons.stay"), value),
        agent=agent, step=step,
    )  # fmt: skip
