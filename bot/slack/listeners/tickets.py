"""The ticket's card in the support channel and the merchant's conversation: buttons, menus and their modals."""

from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.blocks import actions as ids
from bot.blocks.actions import TimelinePage
from bot.blocks.kit import View
from bot.services import (
    agent_messages,
    merchant_messages,
    resolution_answers,
    screenshots,
    step_proposals,
    ticket_actions,
    timeline,
    triage_form,
)
from bot.services.unit_of_work import UnitOfWork
from bot.slack import payload
from bot.slack.dispatch import Dispatcher
from bot.slack.routes import Routes, add_agent_press, add_press, run_submission

TicketCase = Callable[[UnitOfWork, int, str | None], View | None]
"""The use case of a press on a ticket: with its number and the response URL. Returns the modal to open, if any."""


def add_routes(routes: Routes, dispatcher: Dispatcher) -> None:
    """Presses and submissions of cards and conversations."""
    _card_actions(routes, dispatcher)
    _timeline(routes, dispatcher)
    _triage_forms(routes, dispatcher)
    _step_proposals(routes, dispatcher)
    _messages(routes, dispatcher)
    _message_forms(routes, dispatcher)


def listen(app: AsyncApp, dispatcher: Dispatcher) -> None:
    """The form of an answer that is closed without sending."""

    @app.view_closed(ids.ANSWER)
    async def answer_form_closed(ack: AsyncAck, body: dict[str, Any]) -> None:
        draft = ids.parse_answer_draft(payload.metadata(body))
        if draft is not None:
            case = partial(agent_messages.answer_form_closed, draft=draft)
            await dispatcher.do(payload.person(body), case, ask_agent=True)
        await ack()


def _card_actions(routes: Routes, dispatcher: Dispatcher) -> None:
    async def run(body: payload.Body, name: str, number: int) -> View | None:
        person, url = payload.person(body), payload.press_origin(body).response_url
        case = ticket_actions.HANDLERS.get(name) or await _form(dispatcher, person[0], name)
        return await dispatcher.do(person, lambda unit: case(unit, number, url), ask_agent=True) if case else None

    async def pressed(body: payload.Body) -> View | None:
        action_id, value = payload.action(body)
        number = ids.parse_number(value)
        return await run(body, action_id.partition(":")[2], number) if number is not None else None

    async def chosen(body: payload.Body) -> View | None:
        name_and_number = ids.parse_act(payload.option(body))
        return await run(body, *name_and_number) if name_and_number is not None else None

    for action_id in (
        ids.CLAIM,
        ids.RESOLVE,
        ids.CLOSE,
        ids.REOPEN,
        ids.TAKE,
        ids.RELEASE,
        ids.HAND,
        ids.SORT,
        ids.STEP,
        ids.POSTPONE,
    ):
        routes.on_modal_press(action_id, pressed)
    routes.on_modal_press(ids.MORE, chosen)


async def _form(dispatcher: Dispatcher, team_id: str, name: str) -> TicketCase | None:
    """The use case that opens the form of a card action, or `None` if the action has none."""
    if name == "hand":
        return partial(triage_form.handover_form, agents=await dispatcher.named_agents(team_id))
    forms: dict[str, TicketCase] = {
        "sort": triage_form.triage_form, "step": step_proposals.form, "postpone": triage_form.postpone_form,
    }  # fmt: skip
    return forms.get(name)


def _timeline(routes: Routes, dispatcher: Dispatcher) -> None:
    async def show_next(body: payload.Body) -> View | None:
        return await dispatcher.do(payload.person(body), timeline.show_next, ask_agent=True)

    add_agent_press(routes, dispatcher, ids.MERGE, ids.parse_pair, timeline.merge_pressed)
    for action_id in (ids.HISTORY, ids.TURN_PATTERN):
        add_agent_press(routes, dispatcher, action_id, ids.parse_timeline_page, timeline.show)
    routes.on_modal_press(ids.NEXT, show_next)


def _triage_forms(routes: Routes, dispatcher: Dispatcher) -> None:
    async def hand_submitted(body: payload.Body) -> View | None:
        case = partial(triage_form.handover_submitted, agents=await dispatcher.agents.members())
        return await run_submission(dispatcher, body, ids.parse_seen_ticket, case)

    routes.on_submit(ids.HAND, hand_submitted)
    routes.on_submit(
        ids.SORT, lambda body: run_submission(dispatcher, body, ids.parse_seen_ticket, triage_form.triage_submitted)
    )
    routes.on_submit(
        ids.POSTPONE,
        lambda body: run_submission(dispatcher, body, ids.parse_seen_ticket, triage_form.postpone_submitted),
    )
    routes.on_submit(
        ids.STEP, lambda body: run_submission(dispatcher, body, ids.parse_seen_ticket, step_proposals.submitted)
    )


def _step_proposals(routes: Routes, dispatcher: Dispatcher) -> None:
    """The merchant's answers to a proposal."""

    def on_answer(action_id: str, *, goes: bool) -> None:
        def case(unit: UnitOfWork, proposal: tuple[int, str], url: str | None) -> None:
            step_proposals.answered(unit, *proposal, url, goes=goes)

        add_press(routes, dispatcher, action_id, ids.parse_numbered_message, case)

    on_answer(ids.GO_THERE, goes=True)
    on_answer(ids.STAY, goes=False)


def _messages(routes: Routes, dispatcher: Dispatcher) -> None:
    forms: dict[str, TicketCase] = {
        "answer": agent_messages.answer_form, "postpone": triage_form.postpone_form, "step": step_proposals.form,
    }  # fmt: skip

    def take_over(unit: UnitOfWork, refused: tuple[str, int], url: str | None) -> View | None:
        """Take the ticket and go on with what was refused; after a claim that is the timeline."""
        act, number = refused
        failed = ticket_actions.take_over(unit, number, None)
        if failed is not None:
            return failed
        return forms[act](unit, number, url) if act in forms else timeline.show(unit, TimelinePage("t", number), url)

    add_agent_press(routes, dispatcher, ids.TAKE_OVER, ids.parse_act, take_over)
    add_agent_press(routes, dispatcher, ids.TAKE_BACK, ids.parse_number, agent_messages.take_back)
    add_press(routes, dispatcher, ids.PASS_ON, ids.parse_pictures, screenshots.share_screenshots)
    add_press(routes, dispatcher, ids.HOLD_BACK, ids.parse_pictures, screenshots.decline_screenshots)
    add_press(routes, dispatcher, ids.CLEANED, ids.parse_number, merchant_messages.pass_on_pressed)
    for action_id, works in ((ids.SETTLED, True), (ids.UNSETTLED, False)):
        answered = partial(resolution_answers.answered, works=works)
        add_press(routes, dispatcher, action_id, ids.parse_answer_draft, answered)


def _message_forms(routes: Routes, dispatcher: Dispatcher) -> None:
    async def macro_chosen(body: payload.Body) -> View | None:
        draft, name = ids.parse_answer_draft(payload.metadata(body)), payload.option(body)
        if draft is None or name is None:
            return None
        case = partial(agent_messages.insert_macro, draft=draft, name=name, raw=payload.fields(body))
        return await dispatcher.do(payload.person(body), case, ask_agent=True)

    add_agent_press(routes, dispatcher, ids.ANSWER, ids.parse_number, agent_messages.answer_form)
    add_agent_press(routes, dispatcher, ids.CORRECT, ids.parse_number, agent_messages.correct_form)
    routes.on_modal_press(ids.MACRO, macro_chosen)
    routes.on_submit(
        ids.ANSWER, lambda body: run_submission(dispatcher, body, ids.parse_answer_draft, agent_messages.answer)
    )
    routes.on_submit(
        ids.CORRECT, lambda body: run_submission(dispatcher, body, ids.parse_number, agent_messages.correct)
    )
