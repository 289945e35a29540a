"""One walk that stands at every step of the chart once, with a hand in it before each act."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.blocks.actions import Address
from bot.demo.plays import NEW_ENOUGH, TOO_OLD
from bot.sandbox.driver import ActFailed
from bot.sandbox.server import Sandbox
from conversations.amazon_token.steps import ENDS, STEPS
from tests.bytes_written import TypedSecrets
from tests.faults.patient_people import GONE, OUTAGES, Onlooker, Plan, Walked, addresses
from tests.waiting import until

Json = dict[str, Any]
Before = Callable[["Walker", str, Json], Awaitable[None]]
Values = Callable[[], Json]

EVERY_STEP = frozenset(STEPS) - ENDS


def _form(name: str, **values: Any) -> tuple[str, Values]:
    return f"form:{name}", lambda: values


def _advancing(*steps: str) -> list[tuple[str, str, Values | None]]:
    return [(step, "walk:advance", None) for step in steps]


WAY: list[tuple[str, str, Values | None]] = [
    ("briefing", "walk:orders_arriving", None),
    ("still_receiving", "walk:continue_anyway", None),
    ("connect_version", *_form("version", version=TOO_OLD)),
    ("update_required", *_form("version", version=NEW_ENOUGH)),
    ("account_mask", "walk:advance", None),
    ("which_mask", "walk:sees_sp_api", None),
    ("newer_mask", "walk:back", None),
    ("which_mask", "walk:sees_key_set", None),
    ("region", "walk:choose_region:north_america", None),
    ("current_key_set", "walk:choose_key_set:standard", None),
    ("no_developer_id", *_form("developer_id", developer_id="1234-5678-9012")),
    ("accounts", "walk:back", None),
    ("no_developer_id", "walk:back", None),
    ("current_key_set", "walk:back", None),
    ("region", "walk:choose_region:europe", None),
    ("accounts", *_form("accounts", marketplaces=["Deutschland"])),
    *_advancing("select_account", "key_set", "backup_token", "seller_central", "settings_menu", "user_permissions"),
    ("manage_apps", "walk:advance", None),
    ("ready_to_disable", "walk:ready", None),
    *_advancing("disable_access", "new_developer", "authorize_developer", "licence", "credentials"),
    ("seller_id", "walk:same_seller_id", None),
    ("token", *_form("token")),
    ("save", "walk:advance", None),
    ("next_account", "walk:all_saved", None),
    ("first_fetch", "walk:fetch_failed", None),
    ("second_fetch", "walk:fetch_failed", None),
    ("with_support", "walk:revert", None),
    ("going_back", "walk:confirm_reverted", None),
]
"""Step, what is pressed there, and what its form is filled in with; without values it is a new token."""


async def nothing(_walker: "Walker", _step: str, _message: Json) -> None:
    """No hand in it."""


@dataclass
class Walker:
    """Erika, on WAY. `before` is called at each step with the live message; `stood` are the steps where it was.

    With `hasty` she presses each button twice at once, and „where?“ beside it.
    """

    sandbox: Sandbox
    secrets: TypedSecrets
    before: Before = nothing
    hasty: bool = False
    stood: set[str] = field(default_factory=set)
    walk_id: int = 0

    async def run(self) -> Walked:
        """The whole way."""
        async with Onlooker(self.sandbox, "U0ERIKA") as self.page:
            await self.page.command("/amazon-token")
            for step, action_id, values in WAY:
                message, address = await self.standing(step)
                self.walk_id = address.walk_id
                await self.before(self, step, message)
                self.stood.add(step)
                message, address = await self.standing(step)
                await self._act(step, action_id, values, message)
                await self._moved(address)
        return Walked(self.walk_id, Plan(failures=2), step="reverted")

    async def live(self) -> tuple[Json, Address] | None:
        """The newest message with buttons of a walk."""
        for message in reversed(await self.page.messages()):
            if (address := next(addresses(message["blocks"]), None)) is not None:
                return message, address
        return None

    async def standing(self, step: str) -> tuple[Json, Address]:
        """The live message, waiting until it is at `step`."""
        found: list[tuple[Json, Address]] = []

        async def stands() -> bool:
            found[:] = filter(None, [await self.live()])
            return bool(found) and found[0][1].step == step

        await until(stands, f"a live message at {step}", self.page.dialogue)
        return found[0]

    async def _moved(self, before: Address) -> None:
        """Wait until the act shows; a step that is given up on is asked for as people do, by the command."""

        async def gone() -> bool:
            found = await self.live()
            return found is None or found[1] != before

        await until(gone, f"what comes of the act at {before.step}", self.page.dialogue)

    async def _act(self, step: str, action_id: str, values: Values | None, message: Json) -> None:
        if values is None:
            twice = ["step:where", action_id, action_id] if self.hasty else [action_id]
            await asyncio.gather(*(self._press(one, message) for one in twice))
            return
        view = None
        while view is None:
            calls = len(self.sandbox.calls)
            await self._press(action_id, message)
            view = await self._form(calls)
        errors = await self.page.fill_and_submit(view, **(values() or {"token": self.secrets.new()}))
        assert not errors, f"{step}: {errors}"
        for left in reversed((await self.page.state())["modals"]):
            try:
                await self.page.act({"kind": "close", "view_id": left["id"]})
            except ActFailed as gone:
                assert gone.error == "view_not_found", str(gone)  # noqa: PT017 - the code, not the exception, is told

    async def _form(self, calls: int) -> Json | None:
        """The form that opens, or `None` as soon as one of the calls since `calls` shows that it did not."""
        found: list[Json] = []

        async def known() -> bool:
            failed = any(c.method == "views.open" and c.outcome != "ok" for c in self.sandbox.calls[calls:])
            found[:] = (await self.page.state())["modals"]
            return bool(found) or failed

        await until(known, "a form, or Slack's refusal to open it", self.page.dialogue)
        return found[-1] if found else None

    async def _press(self, action_id: str, message: Json) -> None:
        """Press, and once more when Slack says that it did not get through; a button that has gone is left."""
        while True:
            try:
                await self.page.press(action_id, message=message)
            except ActFailed as failed:
                if failed.error in OUTAGES:
                    await asyncio.sleep(0.05)
                    continue
                if not (self.hasty and failed.error in GONE):
                    raise
            return
