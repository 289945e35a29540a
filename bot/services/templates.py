"""The agents' own templates for answers: listed, added, changed and deleted in a modal, and offered in tickets."""

from collections.abc import Iterator

from bot.blocks import templates as blocks
from bot.blocks.forms import sentence_view
from bot.blocks.kit import View
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import TicketRecord
from bot.store.support_models import Template
from conversations.engine.answers import Raw, text_of
from conversations.engine.texts import LANGUAGES
from conversations.ticket.macros import OWN, Macro, filled_template, unknown_placeholders

MOST = 40
"""Templates of a workspace: a modal takes 100 blocks."""


def listed(unit: UnitOfWork) -> View:
    """The modal with all templates, for agents only."""
    if not unit.user.is_agent:
        return sentence_view(unit.texts, "answers.agents_only")
    names = {value: label for label, value in _categories(unit)}
    every = names[blocks.EVERY]
    return blocks.list_view(
        unit.texts,
        [
            blocks.ListedTemplate(
                id=template.id, label=template.label, category=names.get(_category(template), every),
                language=template.language, text=template.text,
                author=unit.name_of(template.author_id) if template.author_id else "", changed_at=template.changed_at,
            )
            for template in unit.tx.templates(unit.user.team_id)
        ],
    )  # fmt: skip


def form(unit: UnitOfWork, number: int = 0) -> View:
    """The modal of the template with that number, or of a new one (0); the list when it is gone."""
    if not unit.user.is_agent:
        return sentence_view(unit.texts, "answers.agents_only")
    if not number:
        if len(unit.tx.templates(unit.user.team_id)) >= MOST:
            return sentence_view(unit.texts, "desk.templates.full", count=MOST)
        return blocks.form_view(unit.texts, 0, _categories(unit), language=unit.user.language)
    template = unit.tx.template(unit.user.team_id, number)
    if template is None:
        return listed(unit)
    return blocks.form_view(
        unit.texts, number, _categories(unit),
        label=template.label, category=_category(template), language=template.language, text=template.text,
    )  # fmt: skip


def submitted(unit: UnitOfWork, number: int, raw: Raw) -> View | None:
    """Save the template and show the list; or the errors at its fields. One deleted meanwhile is stored anew."""
    if not unit.user.is_agent:
        return _instead(sentence_view(unit.texts, "answers.agents_only"))
    label, text = text_of(raw, "label").strip(), text_of(raw, "text").strip()
    category, language = text_of(raw, "category"), text_of(raw, "language")
    errors = dict(_errors(unit, {"label": label, "text": text}))
    if errors:
        return {"response_action": "errors", "errors": errors}
    if category not in {value for _, value in _categories(unit)} or language not in LANGUAGES:
        return _instead(sentence_view(unit.texts, "answers.form_outdated"))
    procedure, _, code = category.partition(":") if category != blocks.EVERY else ("", "", "")
    template = Template(
        id=number, team_id=unit.user.team_id, procedure=procedure, category=code, language=language,
        label=label[: blocks.LABEL_LIMIT], text=text, author_id=unit.user.user_id, changed_at=unit.now,
    )  # fmt: skip
    if number and unit.tx.template(unit.user.team_id, number) is not None:
        unit.tx.save_template(template)
    elif len(unit.tx.templates(unit.user.team_id)) >= MOST:
        return _instead(sentence_view(unit.texts, "desk.templates.full", count=MOST))
    else:
        unit.tx.add_template(template)
    return _instead(listed(unit))


def deleted(unit: UnitOfWork, number: int) -> View:
    """Delete the template; the list."""
    if unit.user.is_agent:
        unit.tx.delete_template(unit.user.team_id, number)
    return listed(unit)


def offered(unit: UnitOfWork, ticket: TicketRecord) -> Iterator[tuple[Macro, str]]:
    """The templates for this ticket and its merchant's language, with their texts filled in."""
    record = unit.walk_of(ticket)
    caller = record.for_name if record is not None else ""
    values = {
        "merchant": caller or unit.name_of(ticket.merchant_id),
        "agent": unit.user.name,
        "ticket": str(ticket.number),
    }
    language = unit.language_of(ticket.merchant_id)
    here = {("", ""), (ticket.procedure, ticket.category)}
    for template in unit.tx.templates(unit.user.team_id):
        if template.language == language and (template.procedure, template.category) in here:
            yield Macro(f"{OWN}{template.id}", template.label), filled_template(template.text, values)


def _errors(unit: UnitOfWork, entered: dict[str, str]) -> Iterator[tuple[str, str]]:
    """By field, why it cannot be saved."""
    for name, text in entered.items():
        unknown = unknown_placeholders(text) if name == "text" else []
        if not text:
            yield name, unit.texts.say("desk.templates.empty")
        elif unit.config.reader(unit.user.language).error_text(text) != text:
            yield name, unit.texts.say("desk.templates.secret")
        elif unknown:
            values = {"unknown": ", ".join(f"{{{one}}}" for one in unknown), "names": blocks.placeholder_names()}
            yield name, unit.texts.say("desk.templates.unknown_placeholder", **values)


def _categories(unit: UnitOfWork) -> list[tuple[str, str]]:
    """All categories of all procedures as pairs of label and value, after the choice of all."""
    choices = [(unit.texts.say("desk.templates.any"), blocks.EVERY)]
    for procedure in unit.config.procedures.values():
        texts = unit.config.all_texts.of(unit.user.language, procedure.id)
        for code in procedure.tickets.categories:
            name = texts.say(f"categories.{code}.name")
            if procedure is not unit.config.first_procedure:
                values = {"category": name, "procedure": texts.say("procedure.name")}
                name = texts.say("desk.templates.of_procedure", **values)
            choices.append((name, f"{procedure.id}:{code}"))
    return choices


def _category(template: Template) -> str:
    return f"{template.procedure}:{template.category}" if template.procedure else blocks.EVERY


def _instead(view: View) -> View:
    return {"response_action": "update", "view": view}
