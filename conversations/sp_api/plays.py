"""Whole walkthroughs through the sandbox's page, as people would do them.

Each fails when something else happens than its name and docstring say.
"""

from conversations.engine.examples import Play, Stage

EXPIRED = '{"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied.","details":""}]}'
VERSION, START, LATER_START = "4.9.26.2", "01.11.2025", "15.11.2025"


async def _from_the_other(stage: Stage) -> None:
    """From the question what CONNECT shows in the first procedure; what was typed there comes along."""
    me = stage.merchant
    await me.start()
    await me.press("walk:orders_stopped")
    await me.fill("form:connect_version", version=VERSION)
    arrived = await me.press("walk:sees_sp_api")
    stage.expect(arrived["text"], stage.text("frame.urgent"))


async def _accounts(stage: Stage, *codes: str) -> None:
    markets = [stage.text(f"marketplaces.{code}") for code in codes]
    await stage.merchant.fill("form:account_names", marketplaces=markets)


async def _authorize(stage: Stage) -> None:
    await stage.merchant.press("walk:ready_to_go")
    for _ in ("check_entry", "press_button", "sign_in_amazon", "give_consent"):
        await stage.merchant.press("walk:advance")


async def _to_first_fetch(stage: Stage) -> None:
    await stage.merchant.press("walk:reports_activated")
    await stage.merchant.fill("form:orders_from", date=START)


async def first_time(stage: Stage) -> None:
    """From the mask question to orders: a first authorization whose field is filled when the account is reopened."""
    me = stage.merchant
    await _from_the_other(stage)
    await me.press("walk:field_empty")
    await _accounts(stage, "DE")
    await _authorize(stage)
    again = await me.press("walk:field_empty")
    stage.expect(again["text"], stage.titled("look_again"))
    await me.press("walk:field_filled")
    await me.press("walk:advance")
    await _to_first_fetch(stage)
    await me.press("walk:fetch_failed")
    await me.press("walk:fetch_worked")
    end = await me.press("walk:all_working")
    stage.expect(end["text"], stage.titled("done"))


async def renewal(stage: Stage) -> None:
    """Two accounts of one „Verkäufertoken“ that still fetch: authorized once, each proved by a fetch of its own."""
    me = stage.merchant
    await me.start("/amazon-token sp-api")
    await me.press("walk:orders_arriving")
    await me.press("walk:sees_refresh_token")
    await me.press("walk:field_filled")
    await _accounts(stage, "DE", "FR")
    await me.press("walk:one_seller")
    await _authorize(stage)
    await me.press("walk:advance")
    await _to_first_fetch(stage)
    await me.press("walk:fetch_worked")
    second = await me.press("walk:turn_to_next")
    stage.expect(second["text"], stage.titled("further_entry"))
    await me.press("walk:advance")
    await me.fill("form:orders_from", date=LATER_START)
    await me.press("walk:fetch_worked")
    end = await me.press("walk:all_working")
    stage.expect(end["text"], stage.titled("done"))


async def second_failure(stage: Stage) -> None:
    """The second fetch fails too: one ticket, which an agent solves and the merchant confirms."""
    me = stage.merchant
    await _from_the_other(stage)
    await me.press("walk:field_filled")
    await _accounts(stage, "DE")
    await _authorize(stage)
    await me.press("walk:advance")
    await _to_first_fetch(stage)
    await me.press("walk:fetch_failed")
    filed = await me.press("walk:fetch_failed")
    stage.expect(filed["text"], "1001")
    await me.fill("form:fetch_failure", error_text=EXPIRED)
    card = await stage.agent.card("1001")
    stage.expect(card["text"], VERSION)
    await stage.agent.card(START)
    await stage.agent.decide("ticket:claim")
    await me.hear("Anna Support")
    await stage.agent.decide("ticket:resolve")
    question = stage.text("talk.settled.question", ticket=1001, agent="Anna Support")
    await me.hear(question.splitlines()[0])
    end = await me.press("walk:problem_solved")
    stage.expect(end["text"], stage.titled("done"))


PLAYS: dict[str, Play] = {"sp-api": first_time, "sp-api-renewal": renewal, "sp-api-second-failure": second_failure}
