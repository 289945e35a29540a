"""An agent proposes to continue at another step that the chart can reach; the merchant decides."""

from bot.blocks import entry_messages, forms
from bot.blocks import tickets as blocks
from bot.blocks.actions import SeenTicket
from bot.blocks.kit import View
from bot.services import ticket_actions, ticket_card, ticket_filing, too_late, walkthrough
from bot.services.too_late import TooLate, refused_in_modal
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import TicketEvent, TicketRecord, WalkRecord
from conversations.engine.answers import Raw
from conversations.engine.formatter import Formatter, Mention
from conversations.engine.jumps import Jump, jumps
from conversations.engine.walkthrough import AnyWalk
from conversations.ticket.progress import current_step, named_place


@refused_in_modal
def form(unit: UnitOfWork, number: int, _response_url: str | None) -> View | None:
    """The modal with the steps that the merchant can reach, or that says that there is none, or why not."""
    ticket, record = _ticket_and_walk(unit, number)
    walk = unit.open(record)
    formatter = Formatter(unit.texts_about(record))
    places = [(named_place(formatter, walk, jump.step, jump.item), _value(jump)) for jump in _jumps(unit, record)]
    if not places:
        raise TooLate("answers.offer_nowhere")
    stands = current_step(formatter, walk)
    return forms.step_view(unit.texts, SeenTicket(number, ticket.claimed_by), stands, places)


def submitted(unit: UnitOfWork, seen: SeenTicket, raw: Raw) -> View | None:
    """The merchant gets the proposal, with buttons to go there or stay; the thread says so."""
    try:
        ticket, record = _ticket_and_walk(unit, seen.number)
        jump = next((candidate for candidate in _jumps(unit, record) if _value(candidate) == raw.get("place")), None)
        if jump is None:
            raise TooLate("answers.offer_moved")
    except TooLate as late:
        return too_late.instead(unit, late)
    key = unit.config.new_key()
    texts, walk = unit.texts_of(record), unit.open(record)
    ticket_card.add_event(unit, ticket, "offer", detail={"key": key, "step": jump.step, "account": jump.item})
    step = named_place(Formatter(texts), walk, jump.step, jump.item)
    dangerous = next((e for e in jump.events if any(o.danger for o in walk.procedure.offers if o.event == e)), None)
    content = forms.step_proposal(texts, ticket.number, key, unit.user.name, step, confirm=dangerous)
    unit.post(ticket.direct_message, content, key=key)
    _in_thread(unit, ticket, "offer", walk, jump.step, jump.item)
    return None


def answered(unit: UnitOfWork, number: int, key: str, response_url: str | None, *, goes: bool) -> None:
    """The merchant decides. A second press, an older proposal, and a place out of reach change nothing."""
    ticket = ticket_filing.own_ticket(unit, number, response_url)
    if ticket is None:
        return
    made, settled = _offer(unit, ticket, key)
    if settled:
        return
    record = unit.walk_of(ticket)
    if made is None or record is None or record.ended_at is not None:
        too_late.answer(unit, TooLate("answers.offer_over"), response_url)
        return
    walk = unit.open(record)
    step, item = str(made.detail["step"]), int(made.detail["account"])
    if goes and not _go(unit, record, step, item, made.actor_id):
        too_late.answer(unit, TooLate("answers.offer_over"), response_url)
        return
    name = "offer_taken" if goes else "offer_declined"
    ticket_card.add_event(unit, ticket, name, detail={"key": key})
    unit.update(key, ticket.direct_message, entry_messages.answer(unit.texts, name), response_url=response_url)
    _in_thread(unit, ticket, name, walk, step, item)


def _ticket_and_walk(unit: UnitOfWork, number: int) -> tuple[TicketRecord, WalkRecord]:
    """The ticket and its walk under way, for the owner. Raises `TooLate`."""
    ticket = ticket_actions.permitted(unit, number, "step")
    record = unit.walk_of(ticket)
    if record is None or record.ended_at is not None:
        raise TooLate("answers.offer_nowhere")
    return ticket, record


def _jumps(unit: UnitOfWork, record: WalkRecord) -> list[Jump]:
    return jumps(unit.open(record), unit.config.reader(unit.user.language), unit.now)


def _value(jump: Jump) -> str:
    return f"{jump.step}:{jump.item}"


def _offer(unit: UnitOfWork, ticket: TicketRecord, key: str) -> tuple[TicketEvent | None, bool]:
    """The last proposal, if `key` is its, and whether the one of `key` is answered already."""
    events = [event for event in unit.tx.ticket_events(ticket.number) if event.name.startswith("offer")]
    settled = any(event.name != "offer" and event.detail.get("key") == key for event in events)
    made = [event for event in events if event.name == "offer"]
    return (made[-1] if made and made[-1].detail.get("key") == key else None), settled


def _go(unit: UnitOfWork, record: WalkRecord, step: str, item: int, agent_id: str) -> bool:
    jump = next(
        (candidate for candidate in _jumps(unit, record) if (candidate.step, candidate.item) == (step, item)), None
    )
    if jump is None:
        return (record.step, unit.open(record).state.item) == (step, item)
    walkthrough.follow(unit, record, jump.events, {"offered_by": agent_id})
    return True


def _in_thread(unit: UnitOfWork, ticket: TicketRecord, key: str, walk: AnyWalk, step: str, item: int) -> None:
    texts = unit.support_texts_about(ticket)
    line = blocks.in_thread(
        texts, f"ticket.thread.{key}",
        agent=Mention(unit.user.user_id), name=unit.name_of(ticket.merchant_id),
        step=named_place(Formatter(texts), walk, step, item),
    )  # fmt: skip
    ticket_card.post_in_thread(unit, ticket, line)
