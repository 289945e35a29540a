"""The agents' own templates for answers: the list of them, and the form of one. Both are modals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import actions as ids
from bot.blocks.forms import INPUT_LIMIT
from bot.blocks.kit import View, actions, button, choice, confirmation, context, escape, field, modal, say, section
from bot.blocks.kit import text_input as typed
from conversations.engine.texts import LANGUAGES, Texts
from conversations.ticket.card_lines import shortened
from conversations.ticket.macros import PLACEHOLDERS

LABEL_LIMIT = 75
_BEGINNING = 120
"""Characters of a text that the list shows."""
EVERY = "-"
"""The value of the choice of all categories."""


@dataclass(frozen=True, kw_only=True)
class ListedTemplate:
    """A template in the list. `category` is in words; `author` is "" when nobody is known any more."""

    id: int
    label: str
    category: str
    language: str
    text: str
    author: str
    changed_at: datetime


def placeholder_names() -> str:
    """The placeholders of a template, as people type them."""
    return ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)


def list_view(texts: Texts, templates: Sequence[ListedTemplate]) -> View:
    """All templates, each with a button to change it, and one for a new template."""
    key = "desk.templates"
    add = button(ids.NEW_TEMPLATE, texts.say(f"{key}.add"), style="primary")
    blocks = [section(say(texts, f"{key}.intro")), actions("templates.new", add)]
    if not templates:
        blocks.append(context(say(texts, f"{key}.none")))
    for template in templates:
        language = texts.say(f"talk.answer.languages.{template.language}")
        title = say(texts, f"{key}.template", label=template.label, category=template.category, language=language)
        by = {"agent": template.author} if template.author else {}
        changed = say(texts, f"{key}.changed" if by else f"{key}.changed_long_ago", at=template.changed_at, **by)
        change = button(ids.TEMPLATE, texts.say(f"{key}.change"), str(template.id))
        shown = section(f"{title}\n{escape(shortened(template.text, _BEGINNING))}")
        blocks += [{**shown, "block_id": f"templates.{template.id}", "accessory": change}, context(changed)]
    return modal(texts.say(f"{key}.title"), texts.say("buttons.close"), blocks)


def form_view(
    texts: Texts, number: int, categories: Sequence[tuple[str, str]], *,
    label: str = "", category: str = EVERY, language: str, text: str = "",
) -> View:  # fmt: skip
    """The form of the template with that number, or of a new one (0). `categories` are pairs of label and value."""
    key = "desk.templates"
    name, body = typed(LABEL_LIMIT, multiline=False), typed(INPUT_LIMIT)
    languages = [(texts.say(f"talk.answer.languages.{code}"), code) for code in LANGUAGES]
    blocks = [
        field(texts, "label", f"{key}.label", {**name, **({"initial_value": label} if label else {})}),
        field(texts, "category", f"{key}.category", choice(categories, category)),
        field(texts, "language", f"{key}.language", choice(languages, language)),
        field(texts, "text", f"{key}.text", {**body, **({"initial_value": text} if text else {})}),
        context(say(texts, f"{key}.placeholders", names=placeholder_names())),
    ]
    if number:
        confirm = confirmation(texts, f"{key}.confirm")
        delete = button(ids.DELETE_TEMPLATE, texts.say(f"{key}.delete"), str(number), style="danger", confirm=confirm)
        blocks.append(actions("templates.delete", delete))
    return modal(
        texts.say(f"{key}.title_change" if number else f"{key}.title_new"), texts.say("desk.forms.close"), blocks,
        submit=texts.say(f"{key}.submit"), callback_id=ids.TEMPLATE, private_metadata=str(number),
    )  # fmt: skip
