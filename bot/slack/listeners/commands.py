"""The slash command, the Home tab, and the buttons that start, continue or cancel a walkthrough."""

from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks import actions as ids
from bot.blocks.kit import Content
from bot.services import commands, home_tab, invitations, start, support_calls
from bot.services.unit_of_work import UnitOfWork
from bot.slack import payload
from bot.slack.dispatch import Dispatcher
from bot.slack.routes import IdPattern, Routes, add_agent_press, open_view

_VIEW = "view_of_command"
"""The key in a listener's context under which it leaves the modal for its lazy half."""
NumberedPress = Callable[[UnitOfWork, int | None, str | None], None]
"""The use case of a press: with the number in the button's value, if there is one, and the response URL."""


def listen(app: AsyncApp, dispatcher: Dispatcher, command: str) -> None:
    """The slash command and the Home tab."""

    async def slash_command(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        text = str(body.get("text") or "")
        person = payload.person(body)
        mentioned = commands.MENTION.findall(text)[: ids.GROUP_LIMIT + 1]

        def case(unit: UnitOfWork) -> Content:
            invitee = unit.tx.person(person[0], mentioned[0]) if mentioned else None
            answer = unit.gated(commands.command(unit, text, invitee, str(body.get("api_app_id") or "")))
            if answer.get("type") == "modal":
                return answer
            return unit.begin_answer(answer, body.get("response_url"))

        answer = await dispatcher.do(person, case, ask_agent=True, mentioned=mentioned)
        if answer is not None and answer.get("type") == "modal":
            context[_VIEW] = answer
            await ack()
        else:
            await ack(response_type="ephemeral", **(answer or {}))

    async def open_modal(body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
        if _VIEW in context:
            await open_view(client, body, context[_VIEW])

    app.command(command)(ack=slash_command, lazy=[open_modal])

    @app.event("app_home_opened")
    async def home_opened(body: dict[str, Any], event: dict[str, Any]) -> None:
        if event.get("tab") == "home":
            await dispatcher.do(payload.person(body), home_tab.opened, ask_agent=True)


def add_routes(routes: Routes, dispatcher: Dispatcher) -> None:
    """Presses in the answers to commands, in invitations and on the Home tab."""

    def on_press(action_id: IdPattern, case: NumberedPress, *, ask_agent: bool = False) -> None:
        async def pressed(body: payload.Body) -> None:
            _, value = payload.action(body)
            number, url = ids.parse_number(value), payload.press_origin(body).response_url
            await dispatcher.do(payload.person(body), lambda unit: case(unit, number, url), ask_agent=ask_agent)

        routes.on_press(action_id, pressed)

    on_press(ids.CALL_FOR_PATTERN, support_calls.chosen, ask_agent=True)
    on_press(ids.START, lambda unit, _number, url: start.start_pressed(unit, url))
    on_press(ids.GO_ON, start.go_on_pressed)
    on_press(ids.SHOW_STEP, start.go_on_pressed)
    on_press(ids.CANCEL, start.cancel_pressed)
    on_press(ids.KEEP, lambda unit, _number, url: start.kept_pressed(unit, url))
    on_press(ids.ACCEPT, partial(invitations.answered, accepted=True))
    on_press(ids.DECLINE, partial(invitations.answered, accepted=False))
    on_press(ids.NO_INVITATIONS, invitations.no_reminders)
    for action_id, case in (
        (ids.REMIND, invitations.remind),
        (ids.WITHDRAW, invitations.withdraw),
        (ids.WITHDRAW_ALL, invitations.withdraw_all),
    ):
        add_agent_press(routes, dispatcher, action_id, ids.parse_number, case)

    async def invite_all(body: payload.Body) -> None:
        group, url = ids.parse_group(payload.action(body)[1]), payload.press_origin(body).response_url
        if group is not None:
            case = partial(invitations.confirmed, procedure_id=group[0], user_ids=group[1], response_url=url)
            await dispatcher.do(payload.person(body), case, ask_agent=True)

    routes.on_press(ids.INVITE_ALL, invite_all)

    async def link_opened(_body: payload.Body) -> None:
        """Slack opens the direct message by itself; the press only has to be acknowledged."""

    async def language(body: payload.Body) -> None:
        german = payload.action(body)[0].endswith(":de")
        case = partial(start.choose_language, language="de" if german else "en")
        await dispatcher.do(payload.person(body), case)

    async def begin(body: payload.Body) -> None:
        procedure = payload.action(body)[0].removeprefix(f"{ids.BEGIN}:")
        case = partial(start.start_pressed, response_url=payload.press_origin(body).response_url, procedure=procedure)
        await dispatcher.do(payload.person(body), case)

    async def restart(body: payload.Body) -> None:
        action_id, value = payload.action(body)
        number, url = ids.parse_number(value), payload.press_origin(body).response_url
        procedure = action_id.removeprefix(ids.RESTART).removeprefix(":")
        case = partial(start.restart_pressed, walk_id=number, response_url=url, procedure=procedure)
        await dispatcher.do(payload.person(body), case)

    routes.on_press(ids.BEGIN_PATTERN, begin)
    routes.on_press(ids.RESTART_PATTERN, restart)
    routes.on_press(ids.OPEN_DM, link_opened)
    routes.on_press(ids.LANGUAGE_PATTERN, language)
