"""What is said to an error message that is pasted at a step of a walkthrough."""

from bot.services import evidence, ticket_filing, walkthrough
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import WalkRecord
from conversations.engine.answers import Notice
from conversations.engine.procedure import UNKNOWN
from conversations.engine.walkthrough import AnyWalk
from conversations.ticket.chart import OVER


def answer(unit: UnitOfWork, record: WalkRecord, walk: AnyWalk, text: str) -> None:
    """Keep the message, and say what it points to.

    Where a step asks for it, it is added there. One that only the vendor can fix, or with which nobody should be alone,
    files a ticket; one that shows that the procedure does not fit stops the walk.
    """
    rules = walk.procedure.tickets
    if rules.describe is not None and walk.can(rules.describe):
        walkthrough.act(unit, record, rules.describe, rules.description(walk.facts, text))
        return
    record = evidence.keep(unit, record, text)
    ticket = unit.tx.ticket_of_walk(record.id)
    category = str(rules.triage(text))
    calls = category in rules.vendor_only or rules.calls(text, walk.state)
    open_ticket = ticket if ticket is not None and ticket.state not in OVER else None
    if open_ticket is not None and not calls:
        ticket_filing.add_evidence(unit, open_ticket, evidence.redacted(unit, text), text)
    if rules.stop is not None and rules.stops(text) and walk.can(rules.stop):
        walkthrough.act(unit, record, rules.stop, {})
        return
    key = rules.answer(category, (text,), unit.open(record).state)
    if calls:
        ticket_filing.request_support(unit, record, text, notes=(Notice("until_answered", {"answer": key}),))
        return
    code = "error_text_noted" if category == UNKNOWN else "error_text_understood"
    notes = (Notice("ticket_added", {"ticket": open_ticket.number}),) if open_ticket is not None else ()
    unit.show_again(record, *notes, Notice(code, {"category": category, "answer": key}))
