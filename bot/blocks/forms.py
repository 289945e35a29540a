"""The modals of the walkthrough and of tickets, and the proposal of another step.

A modal opens at once; its submission is checked again by the service that takes it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from bot.blocks import actions as ids
from bot.blocks.entry_messages import answer
from bot.blocks.kit import Block, Content, button, choice, confirmation, field, modal, plain, section, text_input
from bot.blocks.kit import say as mrkdwn
from conversations.common_schema import HELP_FIELD
from conversations.engine.priority import Priority
from conversations.engine.procedure import HELP, Field, Form, Option
from conversations.engine.texts import Texts
from conversations.engine.walk_state import ProcedureFacts

INPUT_LIMIT = 3000
NOTE_LIMIT = 1000
CHECKBOX_LIMIT = 10
"""Slack takes so many checkboxes at most; more options become a menu."""


def form_view(
    texts: Texts,
    name: str,
    form: Form,
    facts: ProcedureFacts,
    address: object,
    entered: Mapping[str, str | list[str]] | None = None,
) -> dict[str, Any]:
    """The modal of a form, with what was `entered`; its metadata is the address of the button that opened it."""
    fields = [_field(texts, name, field, facts, (entered or {}).get(field.name, "")) for field in form.fields]
    title, submit, close = (texts.say(f"forms.{name}.{part}") for part in ("title", "submit", "close"))
    blocks = [section(mrkdwn(texts, f"forms.{name}.intro")), *(block for block in fields if block is not None)]
    return modal(title, close, blocks, submit=submit, callback_id=f"{ids.FORM}:{name}", private_metadata=str(address))


def help_view(texts: Texts, address: ids.Address) -> dict[str, Any]:
    """The modal that calls a person, which every procedure has, with what was said before."""
    form = Form(fields=(HELP_FIELD,))
    return form_view(texts, HELP, form, ProcedureFacts(), address, {HELP_FIELD.name: address.said})


def sentence_view(texts: Texts, key: str, **values: object) -> dict[str, Any]:
    """A modal with one sentence only: it replaces a form that was submitted too late."""
    return stale_view(texts, section(mrkdwn(texts, key, **values)))


def stale_view(texts: Texts, *blocks: Block) -> dict[str, Any]:
    """A modal without a submit button: it replaces a form that has no effect any more."""
    return modal(texts.say("answers.stale_title"), texts.say("buttons.close"), blocks)


def _field(texts: Texts, form: str, described: Field, facts: ProcedureFacts, entered: str | list[str]) -> Block | None:
    """An input, or `None` for a choice without options."""
    element = text_input(INPUT_LIMIT, multiline=described.paragraph)
    if isinstance(entered, str) and entered:
        element["initial_value"] = entered[:INPUT_LIMIT]
    if described.options is not None:
        options = described.options(texts, facts)
        if options is None:
            return None
        element = _choices(options)
        chosen: Sequence[str] = described.chosen(texts, facts) if described.chosen is not None else ()
        if isinstance(entered, list):
            chosen = entered
        preselected = [option for option in element["options"] if option["value"] in chosen]
        if preselected:
            element["initial_options"] = preselected
    return field(texts, described.name, f"forms.{form}.{described.name}", element, optional=described.optional)


def _choices(choices: Sequence[Option]) -> Block:
    kind = "checkboxes" if len(choices) <= CHECKBOX_LIMIT else "multi_static_select"
    options = [{"text": plain(option.label[:75]), "value": option.value[:75]} for option in choices]
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


def sort_view(texts: Texts, seen: ids.SeenTicket, priority: str, category: str, categories: Sequence[str]) -> Block:
    """The choice of another priority and category; the present ones are preselected."""
    key = "desk.forms.sort"
    priorities = [(texts.say(f"ticket.values.priorities.{code}"), code) for code in get_args(Priority)]
    named = [(texts.say(f"categories.{code}.name"), code) for code in categories]
    return _ticket_form(
        texts, ids.SORT, key, str(seen),
        field(texts, "priority", f"{key}.priority", choice(priorities, priority)),
        field(texts, "category", f"{key}.category", choice(named, category)),
    )  # fmt: skip


def postpone_view(texts: Texts, seen: ids.SeenTicket, days: Sequence[tuple[str, str]]) -> Block:
    """The choice of a day, (label, value) each, and a note for the team."""
    key = "desk.forms.postpone"
    return _ticket_form(
        texts, ids.POSTPONE, key, str(seen),
        section(mrkdwn(texts, f"{key}.intro")),
        field(texts, "until", f"{key}.until", choice(days)),
        field(texts, "note", f"{key}.note", text_input(INPUT_LIMIT), optional=True),
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


def step_proposal(texts: Texts, number: int, key: str, agent: str, step: str, *, confirm: str | None) -> Content:
    """The proposal of a step to the merchant; a dangerous event `confirm` asks for confirmation, as elsewhere."""
    value = f"{number}:{key}"
    asked = confirmation(texts, f"confirm.{confirm}") if confirm is not None else None
    return answer(
        texts, "offer",
        button(ids.GO_THERE, texts.say("buttons.go_there"), value, style="primary", confirm=asked),
        button(ids.STAY, texts.say("buttons.stay"), value),
        agent=agent, step=step,
    )  # fmt: skip
