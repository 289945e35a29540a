"""What the merchant answers to „Hat es jetzt geklappt?“, by a button or in words."""

from bot.blocks import talk as blocks
from bot.blocks.actions import AnswerDraft
from bot.services import merchant_messages, resolution_check, ticket_filing, walkthrough
from bot.services.merchant_messages import MerchantMessage
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import TicketRecord
from conversations.engine.answers import Notice
from conversations.engine.understanding.intents import Chatter, Confirm, ErrorMessage, Intent, PersonWanted, ProblemTold
from conversations.engine.walkthrough import AnyWalk
from conversations.ticket.chart import OVER


def answered(unit: UnitOfWork, question: AnswerDraft, response_url: str | None, *, works: bool) -> None:
    """„Ja, gelöst“ closes the ticket, „Nein, noch nicht“ opens it again. Pressed again it changes nothing."""
    ticket = ticket_filing.own_ticket(unit, question.number, response_url)
    if ticket is None:
        return
    if works:
        _works(unit, ticket)
    elif ticket.state in OVER:
        ticket = ticket_filing.reopen(unit, ticket)
        resolution_check.in_thread(unit, ticket, "unsettled")
    record = blocks.settled_record(unit.texts, works=works, owned=ticket.claimed_by is not None)
    record = unit.with_answer_time(record, ticket.number)
    unit.update(question.key, unit.direct_message, record, response_url=response_url)


def heard(unit: UnitOfWork, ticket: TicketRecord, said: MerchantMessage, intent: Intent) -> None:
    """What the merchant writes about a resolved ticket: it closes it, opens it again, or is only kept in its thread."""
    texts = unit.texts_for(ticket.merchant_id)
    if isinstance(intent, Confirm) and intent.yes:
        merchant_messages.pass_on_message(unit, ticket, said, silent=True, quiet=True)
        merchant_messages.reply(unit, ticket, said, blocks.settled_record(texts, works=True, owned=False))
        _works(unit, ticket)
    elif isinstance(intent, Confirm | ProblemTold | ErrorMessage | PersonWanted):
        merchant_messages.pass_on_message(unit, ticket, said, silent=True)
        resolution_check.in_thread(unit, ticket, "unsettled")
        owned = ticket.claimed_by is not None
        record = blocks.settled_record(texts, works=False, owned=owned)
        merchant_messages.reply(unit, ticket, said, unit.with_answer_time(record, ticket.number))
    elif isinstance(intent, Chatter):
        merchant_messages.pass_on_message(unit, ticket, said, silent=True, quiet=True)
        merchant_messages.reply(unit, ticket, said, blocks.line(texts, "kept"))
    else:
        merchant_messages.pass_on_message(unit, ticket, said, silent=True, quiet=True)
        question = AnswerDraft(ticket.number, unit.config.new_key())
        agent = unit.name_of(str(ticket.resolved_by))
        content = blocks.settled_question(texts, question, agent, again=True)
        merchant_messages.reply(unit, ticket, said, content, key=question.key)


def _works(unit: UnitOfWork, ticket: TicketRecord) -> None:
    """Close the ticket. A walk that waited for support ends with it; any other goes on where it was."""
    resolution_check.close(unit, ticket)
    record = unit.walk_of(ticket)
    if record is None or record.ended_at is not None:
        return
    ends = _good_end(unit, unit.open(record))
    if ends is not None:
        walkthrough.act(unit, record, ends, {})
    else:
        unit.show_again(record, Notice("welcome_back"))


def _good_end(unit: UnitOfWork, walk: AnyWalk) -> str | None:
    """The event with which the walk ends well where it waits for support, or `None`."""
    if not walk.properties.with_support:
        return None
    reader = unit.config.reader(unit.user.language)
    for offer in walk.offers():
        if offer.form is None and not offer.choices:
            tried = walk.copy()
            tried.act(offer.event, {}, reader, unit.now)
            if tried.properties.end == "good":
                return offer.event
    return None
