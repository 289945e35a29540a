"""Whole walkthroughs through the sandbox's page, as people would do them.

Each fails when something else happens than its name and docstring say.
"""

import secrets
from collections.abc import Callable

from conversations.amazon_token.developer_ids import DOCUMENTED_ID
from conversations.engine.examples import Play, Stage

ERROR = "AuthToken is not valid for SellerId and AWSAccountId (401)"
NEW_ENOUGH, TOO_OLD = "4.9.24.10", "4.9.23.1"


def made_up_token() -> str:
    """A token in the right format that never belonged to anybody."""
    digits = secrets.token_hex(16)
    return f"amzn.mws.{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


async def _to_region(stage: Stage) -> None:
    me = stage.merchant
    await me.start()
    await me.press("walk:orders_stopped")
    await me.fill("form:connect_version", version=NEW_ENOUGH)
    await me.press("walk:sees_key_set")


async def _to_accounts(stage: Stage, names: list[str]) -> None:
    me = stage.merchant
    await _to_region(stage)
    markets = [stage.text(f"marketplaces.{name}") for name in names]
    await me.fill("form:european_accounts", marketplaces=markets)


async def _account_in_connect(stage: Stage) -> None:
    for _ in ("account_and_key_set", "backup_token"):
        await stage.merchant.press("walk:advance")


async def _seller_central(stage: Stage) -> None:
    me = stage.merchant
    await me.press("walk:advance")
    await me.press("walk:ready_to_go")
    shown = ""
    for _ in ("disable_access", "developer_form", "licence_terms", "new_credentials"):
        shown += (await me.press("walk:advance"))["text"]
    stage.expect(shown, DOCUMENTED_ID)


async def _token(stage: Stage, token: str) -> None:
    me = stage.merchant
    await me.press("walk:same_seller_id")
    await me.fill("form:new_token", token=token)


async def _to_first_fetch(stage: Stage) -> None:
    await _to_accounts(stage, ["DE"])
    await _account_in_connect(stage)
    await _seller_central(stage)
    await _token(stage, made_up_token())
    await stage.merchant.press("walk:all_saved")


async def happy(stage: Stage) -> None:
    """Every documented step; the first fetch fails as it may, the second works."""
    await _to_first_fetch(stage)
    await stage.merchant.press("walk:fetch_failed")
    end = await stage.merchant.press("walk:fetch_worked")
    stage.expect(end["text"], stage.titled("done"))


async def second_failure(stage: Stage) -> None:
    """The second fetch fails too: one ticket, which an agent claims and solves, and the merchant confirms it."""
    await _to_first_fetch(stage)
    await stage.merchant.press("walk:fetch_failed")
    filed = await stage.merchant.press("walk:fetch_failed")
    stage.expect(filed["text"], "1001")
    await stage.merchant.fill("form:fetch_failure", error_text=ERROR)
    card = await stage.agent.card("1001")
    stage.expect(card["text"], NEW_ENOUGH)
    await stage.agent.decide("ticket:claim")
    await stage.merchant.hear("Anna Support")
    await stage.agent.decide("ticket:resolve")
    question = stage.text("talk.settled.question", ticket=1001, agent="Anna Support")
    await stage.merchant.hear(question.splitlines()[0])
    end = await stage.merchant.press("walk:problem_solved")
    stage.expect(end["text"], stage.titled("done"))


async def too_old(stage: Stage) -> None:
    """With a version that is too old the walk waits; with a new one it continues."""
    me = stage.merchant
    await me.start()
    await me.press("walk:orders_stopped")
    refusal = await me.fill("form:connect_version", version=TOO_OLD)
    stage.expect(refusal["text"], stage.titled("update_required"))
    next_step = await me.say(NEW_ENOUGH)
    stage.expect(next_step["text"], stage.text("screens.mask_and_fields.title"))


async def not_european(stage: Stage) -> None:
    """There is no developer ID outside Europe, so support is called."""
    me = stage.merchant
    await _to_region(stage)
    await me.press("walk:choose_region:north_america")
    end = await me.press("walk:choose_key_set:standard")
    stage.expect(end["text"], stage.titled("no_developer_id"))
    await me.fill("form:help", sentence="")
    await stage.agent.card("1001")
    stage.expect_not(await me.everything(), DOCUMENTED_ID)


async def bad_token(stage: Stage) -> None:
    """A mistyped token is refused with the position of the error, a repaired one is accepted; neither is ever shown."""
    me, token = stage.merchant, made_up_token()
    await _to_accounts(stage, ["DE"])
    await _account_in_connect(stage)
    await _seller_central(stage)
    await me.press("walk:same_seller_id")
    errors = await me.refused("form:new_token", token=token[:13] + "o" + token[14:])
    stage.expect(errors, "14")
    accepted = await me.say(f"`{token}` ", shown="(types the token into the conversation, with a blank behind it)")
    stage.expect(accepted["text"], stage.text("screens.save_and_next.title"))
    stage.expect_not(await me.everything(), token)
    await me.press("walk:all_saved")
    end = await me.press("walk:fetch_worked")
    stage.expect(end["text"], stage.titled("done"))


async def three_accounts(stage: Stage) -> None:
    """Three marketplaces: what was done in CONNECT is one list for each of the others."""
    token = made_up_token()
    await _to_accounts(stage, ["DE", "FR", "IT"])
    await _account_in_connect(stage)
    await _seller_central(stage)
    await _token(stage, token)
    for _ in ("FR", "IT"):
        await stage.merchant.press("walk:turn_to_next")
        await stage.merchant.press("walk:confirm_account")
    await stage.merchant.press("walk:all_saved")
    end = await stage.merchant.press("walk:fetch_worked")
    stage.expect(end["text"], stage.titled("done"))


PLAYS: dict[str, Play] = {
    "happy": happy,
    "second-failure": second_failure,
    "too-old": too_old,
    "not-european": not_european,
    "bad-token": bad_token,
    "three-accounts": three_accounts,
}
SAMPLES: dict[str, Callable[[], str]] = {
    "good": made_up_token,
    "with_space": lambda: f"{made_up_token()[:20]} {made_up_token()[20:]}",
    "with_letter": lambda: f"{made_up_token()[:13]}o{made_up_token()[14:]}",
}
"""Tokens to paste: a good one, one with a space in it, one with a letter that no token has."""
