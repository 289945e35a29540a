"""The conversation between an agent and a merchant: the agent's modals and buttons, the merchant's answers."""

from functools import partial

from bot.blocks import actions as ids
from bot.desk import handling, screenshots, settling, talking
from bot.listeners import payload
from bot.listeners.presses import entered, on_press, press
from bot.listeners.routes import Routes, View
from bot.reception import Reception


def register(routes: Routes, reception: Reception) -> None:
    """Presses and submissions of the conversation."""
    _forms(routes, reception)
    on_press(routes, reception, ids.TAKE_OVER, ids.parse_number, handling.take_from_answer, ask_agent=True)
    on_press(routes, reception, ids.TAKE_BACK, ids.parse_number, talking.take_back, ask_agent=True)
    on_press(routes, reception, ids.PASS_ON, ids.parse_pictures, screenshots.pass_on)
    on_press(routes, reception, ids.HOLD_BACK, ids.parse_pictures, screenshots.hold_back)
    on_press(routes, reception, ids.SETTLED, ids.parse_draft, partial(settling.answered, works=True))
    on_press(routes, reception, ids.UNSETTLED, ids.parse_draft, partial(settling.answered, works=False))


def _forms(routes: Routes, reception: Reception) -> None:
    async def canned(body: payload.Body) -> View | None:
        draft, name = ids.parse_draft(payload.metadata(body)), payload.option(body)
        if draft is None or name is None:
            return None
        case = partial(talking.redraw, draft=draft, name=name, raw=payload.fields(body))
        return await reception.do(payload.person(body), case, ask_agent=True)

    routes.on_look(
        ids.ANSWER, lambda body: press(reception, body, ids.parse_number, talking.answer_form, ask_agent=True)
    )
    routes.on_look(
        ids.CORRECT, lambda body: press(reception, body, ids.parse_number, talking.correct_form, ask_agent=True)
    )
    routes.on_look(ids.CANNED, canned)
    routes.on_submit(ids.ANSWER, lambda body: entered(reception, body, ids.parse_draft, talking.answer))
    routes.on_submit(ids.CORRECT, lambda body: entered(reception, body, ids.parse_number, talking.correct))
