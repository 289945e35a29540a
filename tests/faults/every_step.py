"""One walk through a procedure that is at every step of its chart once, with a hand in it before each act."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from random import Random
from typing import Any

from bot.blocks.actions import Address
from bot.sandbox.driver import ActFailed
from bot.sandbox.server import Sandbox
from conversations.amazon_token.procedure import PROCEDURE
from conversations.engine.examples import Act
from conversations.engine.procedure import AnyProcedure
from conversations.sp_api.procedure import PROCEDURE as SP_API
from tests.bytes_written import TypedSecrets
from tests.faults.patient_people import GONE, OUTAGES, Onlooker, Plan, Walked, addresses, dice
from tests.waiting import until

Json = dict[str, Any]
Before = Callable[["Walker", str, Json], Awaitable[None]]


@dataclass(frozen=True)
class Course:
    """The way through a procedure: the command that begins it, the step where it ends, and those it never meets."""

    procedure: AnyProcedure
    command: str
    end: str
    never: frozenset[str] = frozenset()

    @cached_property
    def _inside(self) -> frozenset[str]:
        return frozenset(step for screen in self.procedure.screens.values() for step in screen.steps[1:])

    @cached_property
    def every_step(self) -> frozenset[str]:
        """Where a message can be: at the first step of each screen."""
        return frozenset(self.procedure.steps) - self.procedure.ends - self._inside - self.never

    @cached_property
    def way(self) -> tuple[Act, ...]:
        """The way by the buttons that people see: one press for all acts of a screen."""
        return tuple(self._as_pressed())

    def _as_pressed(self) -> Iterator[Act]:
        acts = [*self.procedure.examples.way]
        while acts:
            first = last = acts.pop(0)
            while acts and acts[0].step in self._inside and last.event == "advance":
                last = acts.pop(0)
            yield replace(last, step=first.step)


FIRST = Course(PROCEDURE, "/amazon-token", "old_access_restored", frozenset({"newer_mask"}))
"""`newer_mask` is there only without the other procedure."""
SECOND = Course(SP_API, "/amazon-token sp-api", "done")


def action_id(act: Act) -> str:
    """What is pressed for it."""
    if act.form is not None:
        return f"form:{act.form}"
    return f"walk:{act.event}" if act.choice is None else f"walk:{act.event}:{act.choice}"


async def nothing(_walker: "Walker", _step: str, _message: Json) -> None:
    """No hand in it."""


@dataclass
class Walker:
    """Erika, on a course. `before` is called at each step with the live message; `stood` are the steps where it was.

    With `hasty` she presses each button twice at once, and „where?“ beside it.
    """

    sandbox: Sandbox
    secrets: TypedSecrets
    before: Before = nothing
    course: Course = FIRST
    hasty: bool = False
    stood: set[str] = field(default_factory=set)
    walk_id: int = 0
    chance: Random = field(default_factory=partial(dice, 7))

    async def run(self) -> Walked:
        """The whole way."""
        async with Onlooker(self.sandbox, "U0ERIKA") as self.page:
            await self.page.command(self.course.command)
            for act in self.course.way:
                message, address = await self.standing(act.step)
                self.walk_id = address.walk_id
                await self.before(self, act.step, message)
                self.stood.add(act.step)
                message, address = await self.standing(act.step)
                await self._act(act, message)
                await self._moved(address)
        return Walked(self.walk_id, Plan(failures=2), step=self.course.end)

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

    def _values(self, act: Act) -> Json:
        """What is typed into the form; a secret is a new one, which is looked for in the end."""
        assert act.form is not None
        assert act.answer is not None
        values = dict(act.answer(self.chance))
        form = self.course.procedure.forms[act.form]
        return {name: self.secrets.new() for name in values} if form.secret else values

    async def _act(self, act: Act, message: Json) -> None:
        pressed = action_id(act)
        if act.form is None or self.course.procedure.forms[act.form].in_message:
            values = self._values(act) if act.form is not None else {}
            fields = {f"field:{act.form}:{name}": value for name, value in values.items()}
            twice = ["step:where", pressed, pressed] if self.hasty else [pressed]
            await asyncio.gather(*(self._press(one, message, fields) for one in twice))
            return
        view = None
        while view is None:
            calls = len(self.sandbox.calls)
            await self._press(pressed, message)
            view = await self._form(calls)
        errors = await self.page.fill_and_submit(view, **self._values(act))
        assert not errors, f"{act.step}: {errors}"
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

    async def _press(self, action_id: str, message: Json, fields: Json | None = None) -> None:
        """Press, and once more when Slack says that it did not get through; a button that has gone is left."""
        while True:
            try:
                await self.page.press(action_id, message=message, fields=fields)
            except ActFailed as failed:
                if failed.error in OUTAGES:
                    await asyncio.sleep(0.05)
                    continue
                if not (self.hasty and failed.error in GONE):
                    raise
            return
