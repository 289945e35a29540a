"""The form in which agents announce an outage, its preview, and the subcommand `outage`. All is for agents only."""

from collections.abc import Iterator

from bot.blocks import outages as blocks
from bot.blocks.actions import OutageDraft
from bot.blocks.entry_messages import answer
from bot.blocks.forms import sentence_view
from bot.blocks.kit import Content, View
from bot.services import outages, ticket_lists
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import TicketRecord
from conversations.engine.answers import Raw, text_of

_QUOTES = "\"'„“”»«‚‘’"
_OVER = frozenset({"over", "vorbei", "ende", "end"})


def command(unit: UnitOfWork, rest: str) -> Content:
    """`outage "text"` opens the form, with the text in it; `outage over` asks whether it is over for all."""
    if not unit.user.is_agent:
        return answer(unit.texts, "agents_only")
    outage = unit.outage(unit.user.team_id)
    text = rest.strip().strip(_QUOTES).strip()
    if text.casefold() not in _OVER:
        return form(unit, 0, text)
    if outage is None:
        return answer(unit.texts, "outage_none")
    told = sum(one.state in {"told", "changed"} for one in unit.tx.outage_recipients(outage.id))
    return blocks.over_question(unit.texts, outage.id, told)


def over_confirmed(unit: UnitOfWork, outage_id: int, response_url: str | None) -> View | None:
    """The agent has answered that question: it is over for all. Else the modal that says why not."""
    refused = outages.over(unit, outage_id, response_url)
    if refused is None and response_url is not None:
        unit.respond(response_url, {**answer(unit.texts, "outage_ended"), "replace_original": True})
    return refused


def form(unit: UnitOfWork, outage_id: int = 0, text: str = "") -> View:
    """The form of the outage that lasts, or of a new one. `text` is in the agent's own language."""
    if not unit.user.is_agent:
        return sentence_view(unit.texts, "answers.agents_only")
    outage = unit.outage(unit.user.team_id)
    if outage_id and (outage is None or outage.id != outage_id):
        return sentence_view(unit.texts, "answers.outage_none")
    typed = {unit.user.language: text[: blocks.TEXT_LIMIT]} if text else {}
    texts = {code: typed.get(code) or (outage.text(code) if outage is not None else "") for code in ("de", "en")}
    tickets = [(_label(unit, ticket), ticket.number) for ticket in outages.linkable(unit, outage)]
    return blocks.form_view(unit.texts, outage.id if outage is not None else 0, texts["de"], texts["en"], tickets)


def submitted(unit: UnitOfWork, outage_id: int, raw: Raw) -> View:
    """The preview of what was entered, on top of the form; or the errors at its fields."""
    if not unit.user.is_agent:
        return _instead(sentence_view(unit.texts, "answers.agents_only"))
    entered = {name: text_of(raw, name).strip() for name in ("de", "en")}
    if errors := dict(_errors(unit, entered)):
        return {"response_action": "errors", "errors": errors}
    outage = unit.outage(unit.user.team_id)
    possible, chosen = {ticket.number for ticket in outages.linkable(unit, outage)}, raw.get("tickets", [])
    numbers = tuple(int(one) for one in chosen if one.isdecimal() and int(one) in possible)
    draft = OutageDraft(outage_id, entered["de"], entered["en"], numbers)
    people = outages.concerned(unit)
    recipients = unit.tx.outage_recipients(outage_id) if outage_id else []
    view = blocks.preview_view(
        unit.texts, draft, count=people.count, held=people.held, cannot_wait=people.cannot_wait,
        corrected=sum(one.state in {"told", "changed"} for one in recipients),
    )  # fmt: skip
    return {"response_action": "push", "view": view}


def confirmed(unit: UnitOfWork, draft: OutageDraft) -> View:
    """Announce it, or change what was announced; both forms close. A repeat does nothing."""
    if not unit.user.is_agent:
        return _instead(sentence_view(unit.texts, "answers.agents_only"))
    outage = unit.outage(unit.user.team_id)
    if draft.outage_id:
        if outage is None or outage.id != draft.outage_id:
            return _instead(sentence_view(unit.texts, "answers.outage_none"))
        outages.change(unit, outage, draft.text_de, draft.text_en, draft.tickets)
    elif outage is None:
        outages.begin(unit, draft.text_de, draft.text_en, draft.tickets)
    elif (outage.agent_id, outage.text_de, outage.text_en) != (unit.user.user_id, draft.text_de, draft.text_en):
        return _instead(sentence_view(unit.texts, "answers.outage_running"))
    return {"response_action": "clear"}


def _errors(unit: UnitOfWork, entered: dict[str, str]) -> Iterator[tuple[str, str]]:
    """By field, why it cannot be announced."""
    for name, text in entered.items():
        if not text:
            yield name, unit.texts.say("desk.templates.empty")
        elif unit.config.reader(unit.user.language).error_text(text) != text:
            yield name, unit.texts.say("desk.templates.secret")


def _label(unit: UnitOfWork, ticket: TicketRecord) -> str:
    """The ticket as an option: number, name and category."""
    shown = ticket_lists.listed_ticket(unit, ticket)
    return " · ".join(part for part in (str(ticket.number), shown.name, shown.category) if part)


def _instead(view: View) -> View:
    return {"response_action": "update", "view": view}
