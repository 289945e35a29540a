"""The conversation between an agent and a merchant: the agent's modals and buttons, the merchant's answers."""

from functools import partial

from slack_bolt.async_app import AsyncApp

from bot.blocks import actions as ids
from bot.desk import handling, screenshots, settling, talking
from bot.listeners import payload
from bot.listeners.modals import View, entered, on_look, on_submit
from bot.listeners.presses import on_press, press
from bot.reception import Reception


def register(app: AsyncApp, reception: Reception) -> None:
    """Listeners of the conversation."""
    _forms(app, reception)
    on_press(app, reception, ids.TAKE_OVER, ids.parse_number, handling.take_from_answer, ask_agent=True)
    on_press(app, reception, ids.TAKE_BACK, ids.parse_number, talking.take_back, ask_agent=True)
    on_press(app, reception, ids.PASS_ON, ids.parse_pictures, screenshots.pass_on)
    on_press(app, reception, ids.HOLD_BACK, ids.parse_pictures, screenshots.hold_back)
    on_press(app, reception, ids.SETTLED, ids.parse_draft, partial(settling.answered, works=True))
    on_press(app, reception, ids.UNSETTLED, ids.parse_draft, partial(settling.answered, works=False))


def _forms(app: AsyncApp, reception: Reception) -> None:
    async def canned(body: payload.Body) -> View | None:
        draft, name = ids.parse_draft(payload.metadata(body)), payload.option(body)
        if draft is None or name is None:
            return None
        case = partial(talking.redraw, draft=draft, name=name, raw=payload.fields(body))
        return await reception.do(payload.person(body), case, ask_agent=True)

    on_look(app, ids.ANSWER, lambda body: press(reception, body, ids.parse_number, talking.answer_form, ask_agent=True))
    on_look(
        app, ids.CORRECT, lambda body: press(reception, body, ids.parse_number, talking.correct_form, ask_agent=True)
    )
    on_look(app, ids.CANNED, canned)
    on_submit(app, ids.ANSWER, lambda body: entered(reception, body, ids.parse_draft, talking.answer))
    on_submit(app, ids.CORRECT, lambda body: entered(reception, body, ids.parse_number, talking.correct))
