"""The keys that a procedure's text files must have, derived from its steps, forms, screens and codes."""

from collections.abc import Mapping

from conversations.engine.charts import CANCEL
from conversations.engine.procedure import ADVANCE, AnyProcedure, Field, Step
from conversations.engine.texts import BUTTON, VIEW_TITLE, Text, Tree, Words, text_group

COMMON_RECORDS = frozenset({"back", "cancel"})
"""Events of every procedure whose records are among the common texts."""


def procedure_schema(procedure: AnyProcedure) -> Tree:
    """The keys of the procedure's texts, placeholders and limits included."""
    texts, confirmed = procedure.texts, {offer.event: None for offer in procedure.offers if offer.danger}
    tree: dict[str, Tree] = {
        "procedure": {"name": Text(limit=60), "words": Words()},
        "steps": {name: _step(procedure, step) for name, step in procedure.steps.items()},
        "screens": {name: {"title": Text(limit=60)} for name in procedure.screens},
        "choices": {event: dict.fromkeys(choices, BUTTON) for event, choices in procedure.choices.items()},
        "records": _texts(texts.records, 300),
        "notes": _texts(texts.notes, 900),
        "reasons": _texts(texts.reasons, 600),
        "categories": {
            code: {"name": Text(limit=60), "answer": Text(limit=700)} for code in procedure.tickets.categories
        },
        "advice": text_group(*procedure.tickets.advice, limit=700),
        "forms": {
            name: form_schema(*form.fields, in_message=form.in_message) for name, form in procedure.forms.items()
        },
        "confirm": {
            event: {"title": Text(limit=100), "text": Text(limit=300), "yes": BUTTON, "no": BUTTON}
            for event in confirmed
            if event != CANCEL
        },
        "pictures": {
            "labels": {label: Text(limit=60) for label in procedure.pictures.labels},
            "alt": {
                name: Text(procedure.pictures.alt_values.get(name, frozenset()), limit=300)
                for name in procedure.pictures.names
            },
        },
        "words": {word: Words() for word in texts.words},
        "ticket": {
            "values": {"reasons": text_group(procedure.tickets.reason, limit=200)},
            "thread": text_group(procedure.tickets.reason, placeholders="name", limit=200),
        },
        "desk": {"history": {"walk": text_group(*texts.acts, placeholders="step", limit=200)}},
        "talk": {"canned": {"own": {category: Text(limit=900) for category in procedure.tickets.own_answers}}},
        "figures": _figures(procedure),
    }
    if any(form.secret for form in procedure.forms.values()):
        tree = merged(tree, {"notes": {"delete_typed_secret": Text(limit=900)}})
    if procedure.urgency is not None:
        tree = merged(tree, _URGENT)
    if procedure.items is not None:
        tree = merged(tree, _ITEMS)
    return merged(_without_empty(tree), texts.more)


def said_schema(procedure: AnyProcedure) -> Tree:
    """The keys of `said.<language>.yaml`: what people say instead of pressing, by step and act. All may be left out.

    An act is an event or `<event>.<choice>`. `any_step` holds wherever the event is offered; `not_said` is what comes
    close and presses nothing, for the tests.
    """
    some = Words(required=False)
    acts = {name: dict.fromkeys(_acts(step), some) for name, step in procedure.steps.items() if step.offers}
    anywhere = dict.fromkeys((CANCEL, *(act for here in acts.values() for act in here)), some)
    return {"said": acts, "any_step": anywhere, "not_said": dict.fromkeys(acts, some)}


def _acts(step: Step) -> list[str]:
    return [
        act
        for offer in step.offers
        for act in ([f"{offer.event}.{choice}" for choice in offer.choices] or [offer.event])
    ]


_URGENT: Tree = {
    "frame": {"urgent": Text(limit=150)},
    "home": {"urgent": Text(limit=150)},
    "notes": {"reminder_urgent": Text(limit=900), "urgent_over": Text(limit=900)},
    "answers": {
        "ask_cancel_urgent": Text(),
        "delete_urgent": Text(),
        "status_urgent": Text(frozenset({"since", "names"}), limit=400),
    },
    "desk": {"overview": {"walk_urgent": Text(frozenset({"name", "step", "since"}), limit=200)}},
}
"""What is said about a walk that cannot wait."""

_ITEMS: Tree = {
    "frame": {
        "item": Text(frozenset({"position", "total", "name"}), limit=200),
        "heading_item": Text(frozenset({"number", "total", "place"}), limit=100),
        "heading_item_several": Text(frozenset({"number", "total", "place"}), limit=100),
        "items_done": Text(frozenset({"names"}), limit=300),
        "items_left": Text(frozenset({"names"}), limit=300),
    }
}
"""What is said about the things for which steps are repeated."""


def _texts(placeholders: Mapping[str, str], limit: int) -> dict[str, Text]:
    return {code: Text(frozenset(names.split()), limit=limit) for code, names in placeholders.items()}


def _step(procedure: AnyProcedure, step: Step) -> Tree:
    text = Text(step.placeholders, limit=900)
    body: dict[str, Text | Tree] = {"title": Text(limit=60)}
    if step.end != "transferred":  # what is shown then is the first step of the other procedure
        body["text"] = dict.fromkeys(step.variants, text) if step.variants else text
    if step.end is None:
        body["where"] = Text(limit=1500)
    events = [offer.event for offer in step.offers]
    buttons = {event: BUTTON for event in events if event not in procedure.choices}
    if buttons:
        body["buttons"] = buttons
    if ADVANCE in events:
        body["record"] = Text(limit=150)
    return body


def form_schema(*fields: Field, in_message: bool = False) -> Tree:
    """The keys of a form's texts: of one `in_message` those of its field."""
    modal: Tree = {"title": VIEW_TITLE, "submit": VIEW_TITLE, "close": VIEW_TITLE, "intro": Text(limit=600)}
    named = {field.name: {"label": Text(limit=150), "hint": Text(limit=300)} for field in fields}
    return {**({} if in_message else modal), **named}


def _figures(procedure: AnyProcedure) -> Tree:
    measures = procedure.measures
    tree: dict[str, Tree | Text] = {"stages": text_group(*measures.funnel, limit=60)}
    if len(measures.attempts.steps) > 1:
        placeholders = "first_worked first_asked second_worked second_asked"
        tree |= text_group("fetches", placeholders=placeholders, limit=300)
    if measures.secret_reasons:
        tree |= text_group("tokens", placeholders="count reasons", limit=600)
        tree["reasons"] = text_group(*measures.secret_reasons, limit=60)
    return tree


def _without_empty(tree: Tree) -> dict[str, Tree]:
    """The tree without the sections in which there is no key."""
    pruned = {key: _without_empty(node) if isinstance(node, Mapping) else node for key, node in tree.items()}
    return {key: node for key, node in pruned.items() if node != {}}  # type: ignore[misc]


def merged(first: Tree, second: Tree) -> dict[str, Tree]:
    """Both trees in one. Raises `ValueError` for a key that holds a text in both."""
    result: dict[str, Tree] = dict(first)  # type: ignore[arg-type]
    for key, node in second.items():
        before = result.get(key)
        if before is None:
            result[key] = node  # type: ignore[assignment]
        elif isinstance(before, Mapping) and isinstance(node, Mapping):
            result[key] = merged(before, node)
        else:
            raise ValueError(f"the key {key} is defined twice")
    return result
