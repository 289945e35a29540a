"""The ticket's card in the support channel: its buttons, its menu and the modals that open from it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.blocks import actions as ids
from bot.desk import handling, history, offering, sorting
from bot.desk.unit import Unit
from bot.listeners import payload
from bot.listeners.modals import VIEW, open_view
from bot.reception import Reception

Form = Callable[[Unit, int, str | None], dict[str, Any] | None]
"""The modal to open, or `None` when there is none for the one who pressed."""
Submitted = Callable[..., dict[str, Any] | None]


def register(app: AsyncApp, reception: Reception) -> None:
    """Listeners of the card."""
    _presses(app, reception)
    _timeline(app, reception)
    _forms(app, reception)
    _proposals(app, reception)


def _presses(app: AsyncApp, reception: Reception) -> None:
    async def form(person: tuple[str, str], name: str) -> Form | None:
        if name == "hand":
            return partial(sorting.hand_form, agents=await reception.colleagues(person[0]))
        return {"sort": sorting.sort_form, "step": offering.form}.get(name)

    async def do(body: dict[str, Any], context: AsyncBoltContext, name: str, number: int) -> None:
        person, url = payload.person(body), payload.place(body).response_url
        act = handling.ACTS.get(name) or await form(person, name)
        if act is not None:
            context[VIEW] = await reception.do(person, lambda unit: act(unit, number, url), ask_agent=True)

    async def pressed(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        action_id, value = payload.action(body)
        number = ids.parse_number(value)
        if number is not None:
            await do(body, context, action_id.partition(":")[2], number)
        await ack()

    async def chosen(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        found = ids.parse_act(payload.option(body))
        if found is not None:
            await do(body, context, *found)
        await ack()

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
    ):
        app.action(action_id)(ack=pressed, lazy=[open_view])
    app.action(ids.MORE)(ack=chosen, lazy=[open_view])


def _timeline(app: AsyncApp, reception: Reception) -> None:
    async def look(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        about, url = ids.parse_about(payload.action(body)[1]), payload.place(body).response_url
        if about is not None:
            case = partial(history.show, about=about, response_url=url)
            context[VIEW] = await reception.do(payload.person(body), case, ask_agent=True)
        await ack()

    app.action(ids.HISTORY)(ack=look, lazy=[open_view])
    app.action(ids.TURN_PATTERN)(ack=look, lazy=[open_view])


def _forms(app: AsyncApp, reception: Reception) -> None:
    @app.view(ids.HAND)
    async def handed(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        seen = ids.parse_seen(view.get("private_metadata"))
        answer = None
        if seen is not None:
            agents = await reception.agents.members()
            case = partial(sorting.hand_submitted, seen=seen, raw=payload.fields(body), agents=agents)
            answer = await reception.do(payload.person(body), case, ask_agent=True)
        await ack(**(answer or {}))

    def on_submit(callback_id: str, submitted: Submitted) -> None:
        @app.view(callback_id)
        async def submit(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
            seen = ids.parse_seen(view.get("private_metadata"))
            answer = None
            if seen is not None:
                case = partial(submitted, seen=seen, raw=payload.fields(body))
                answer = await reception.do(payload.person(body), case, ask_agent=True)
            await ack(**(answer or {}))

    on_submit(ids.SORT, sorting.sort_submitted)
    on_submit(ids.STEP, offering.submitted)


def _proposals(app: AsyncApp, reception: Reception) -> None:
    """The merchant's answers."""

    @app.action(ids.GO_THERE)
    @app.action(ids.STAY)
    async def answered(ack: AsyncAck, body: dict[str, Any]) -> None:
        action_id, value = payload.action(body)
        found, url = ids.parse_proposal(value), payload.place(body).response_url
        if found is not None:
            number, key = found
            case = partial(offering.answered, number=number, key=key, response_url=url, goes=action_id == ids.GO_THERE)
            await reception.do(payload.person(body), case)
        await ack()
