"""People who walk while the bot dies and comes back: they look, act, and act again when nothing came of it."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.blocks.actions import ACCEPT, DECLINE, Address, parse_address
from bot.sandbox.driver import ActFailed, NotSeen, Visitor
from bot.sandbox.driver_words import parts, words
from bot.sandbox.server import Sandbox
from bot.sandbox.world import direct_message_id
from conversations.amazon_token.plays import ERROR, NEW_ENOUGH, TOO_OLD
from conversations.engine.texts import LANGUAGES, Texts
from conversations.registry import PROCEDURES
from conversations.sp_api.plays import START
from tests.bytes_written import KINDS, TypedSecrets
from tests.guides import shipped
from tests.waiting import LIMIT

Json = dict[str, Any]

OUTAGES = frozenset({"operation_timeout", "dispatch_failed", "not_connected"})
"""What Slack says while the bot is away."""
GONE = frozenset({"message_not_found", "not_found", "no such button"})
"""What was on the page a moment ago has changed meanwhile: look again."""
IN_SECOND = ("accounts_mask", "check_entry", "order_reports")
"""Where people call for help in the second procedure: steps that every walk through it meets."""
LOOK = 0.03
PATIENCE = 2.5
"""Seconds without an answer until a person tries again."""
STUCK = 2 * LIMIT
"""Seconds without any progress, the bot being there, until a walk counts as stuck."""
_SEEN = 40


def dice(seed: float) -> random.Random:
    """Chances that fall the same way for the same seed."""
    return random.Random(seed)  # noqa: S311 - no secret depends on it


def addresses(blocks: list[Json]) -> Iterator[Address]:
    """The steps that the buttons of a message belong to."""
    for _, _, element in parts(blocks):
        if (address := parse_address(element.get("value"))) is not None:
            yield address


class Onlooker(Visitor):
    """Acts over the page; looks at the sandbox directly, at the newest messages only, so that long runs stay quick."""

    def __init__(self, sandbox: Sandbox, user_id: str) -> None:
        super().__init__(sandbox.url, user_id)
        self._sandbox = sandbox

    async def messages(self, channel: str = "dm") -> list[Json]:
        """The newest messages."""
        place = self._sandbox.world.channels[await self.channel(channel)]
        return [
            {"ts": m.ts, "bot": m.user == "U0BOT", "text": m.text, "blocks": m.blocks, "reply_count": 0,
             "ephemeral": m.only_for is not None, "thread_ts": m.thread_ts if m.is_reply else None}
            for m in place.messages[-_SEEN:] if m.only_for in (None, self.user_id)
        ]  # fmt: skip


@dataclass
class Plan:
    """What somebody is going to do in one walk, of the second procedure with `second`. They leave it at `stop_at`."""

    accounts: int = 1
    second: bool = False
    failures: int = 0
    types: bool = False
    old_first: bool = False
    help_at: str | None = None
    stop_at: str | None = None

    @property
    def ticket(self) -> bool:
        """Whether the walk gets a ticket."""
        return self.failures > 1 or self.help_at is not None


@dataclass
class Walked:
    """What somebody saw of one walk."""

    walk_id: int
    plan: Plan
    step: str = "before_start"
    stuck: str = ""
    asked: bool = False
    described: bool = False


@dataclass
class Invitation:
    """How far somebody is with being invited; the message of which „Ja“ was pressed."""

    declines: bool = False
    declined: bool = False
    accepted: str = ""


class StuckError(AssertionError):
    """A walk did not go on although the bot was there."""


@dataclass
class Merchant:
    """Walks until `enough` is set, ends that walk, and leaves a last one half-way.

    With a `host`, an agent, every third walk begins with an invitation, the first of them after `invited_after` others.
    An agent with a `caller` on the phone walks for them. `chats` is done now and then in between. Who is `able` never
    needs support. Nobody goes on while `resting` is set.
    """

    sandbox: Sandbox
    user_id: str
    all_texts: dict[str, Texts]
    chance: random.Random
    enough: asyncio.Event
    secrets: TypedSecrets = field(default_factory=TypedSecrets)
    walked: list[Walked] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    retries: int = 0
    calm_since: float = field(default_factory=time.monotonic)
    patience: float = PATIENCE
    host: str = ""
    invited_after: int = 0
    declined: bool = False
    user: str = ""
    chats: Callable[[Onlooker], Awaitable[None]] | None = None
    able: bool = False
    resting: asyncio.Event = field(default_factory=asyncio.Event)
    _newest: str = ""

    async def run(self) -> None:
        """All the walks."""
        async with Onlooker(self.sandbox, self.user_id) as self._page:
            while not self.enough.is_set():
                plan = self._a_plan()
                if not self.walked and not self.able:  # so that support is talked with from early on
                    plan.help_at = IN_SECOND[0] if plan.second else "account_mask"
                await self._walk(plan)
            await self._walk(
                Plan(accounts=2, stop_at=self.chance.choice(["select_account", "licence_terms", "first_fetch"]))
            )

    async def once(self, plan: Plan) -> Walked:
        """One walk only."""
        async with Onlooker(self.sandbox, self.user_id) as self._page:
            await self._walk(plan)
        return self.walked[-1]

    def _a_plan(self) -> Plan:
        chance = self.chance
        second = (len(self.walked) + self.invited_after) % 3 == 1
        return Plan(
            second=second,
            accounts=chance.choice([1, 1, 2]),
            failures=chance.choice([0, 0, 1] if self.able else [0, 0, 1, 2, 2]),
            types=not self.user and chance.random() < 0.4,
            old_first=chance.random() < 0.2,
            help_at=None
            if self.able
            else chance.choice(
                [None, None, *(IN_SECOND if second else ("account_region", "licence_terms", "save_account"))]
            ),
        )

    async def _walk(self, plan: Plan) -> None:
        walked = Walked(0, plan)
        self.walked.append(walked)
        try:
            walked.walk_id = await self._begin(" sp-api" if plan.second else "")
            while (found := await self._live(walked)) is not None:
                message, address = found
                walked.step = address.step
                self._newest = message["ts"]
                if address.step == plan.stop_at:
                    return
                if self.resting.is_set():
                    await asyncio.sleep(LOOK)
                    continue
                if await self._act(walked, message, address):
                    await self._changes(address)
                else:
                    self.retries += 1
                    await asyncio.sleep(self.chance.uniform(0.05, 0.3))
            walked.step = "done"
        except StuckError as stuck:
            walked.stuck = f"{stuck}\n{await self._page.dialogue()}"

    async def _begin(self, word: str) -> int:
        """Begin by the command, by being invited or on the phone; `word` names the procedure after it."""
        known = {walked.walk_id for walked in self.walked}
        if self.chance.random() < 0.5:
            await self._try(self._page.act({"kind": "open_home"}))
        accepted_before = len(self.walked) - 1 > self.invited_after
        declines = accepted_before and self.chance.random() < 0.5
        invitation = Invitation(declines=declines) if self._is_invited() else None
        line = f"/amazon-token phone{word} {self.user}" if self.user else f"/amazon-token{word}"
        end = self._deadline()
        while time.monotonic() < end() or not self.enough.is_set():
            if invitation is not None and not self.declined:
                await self._be_invited(invitation, word)
            else:
                await self._try(self._page.command(line))
            tried = time.monotonic()
            while time.monotonic() - tried < self.patience:
                for _, address in await self._steps():
                    if address.walk_id not in known:
                        return address.walk_id
                await asyncio.sleep(LOOK)
        raise StuckError(f"{self.user_id} could not begin")

    def _is_invited(self) -> bool:
        return (
            bool(self.host)
            and not self.declined
            and not self.enough.is_set()
            and (len(self.walked) - 1 - self.invited_after) % 3 == 0
        )

    async def _be_invited(self, invitation: "Invitation", word: str) -> None:
        """One try at it: the agent invites unless an invitation stands; it is accepted once, or declined for good."""
        messages = await self._page.messages()
        standing = [m for m in messages if any(ACCEPT in names for names, _, _ in parts(m["blocks"]))]
        if invitation.accepted and all(m["ts"] != invitation.accepted for m in standing):
            return
        if not standing and invitation.declined:
            self.declined = True  # from now on the walks begin by the command
            return
        if not standing:
            async with Onlooker(self.sandbox, self.host) as host:
                name = self.sandbox.world.people[self.user_id].name
                await self._try(host.command(f"/amazon-token for @{name}{word}"))
            return
        message = next((m for m in standing if m["ts"] == invitation.accepted), standing[-1])
        if invitation.declines:
            invitation.declined = True
            await self._press(DECLINE, message)
        else:
            invitation.accepted = message["ts"]
            await self._press(ACCEPT, message)

    def _deadline(self) -> Any:
        began = time.monotonic()
        return lambda: max(began, self.calm_since) + STUCK

    async def _steps(self) -> list[tuple[Json, Address]]:
        """The newest messages with buttons of a walk, newest first."""
        found = [(m, next(addresses(m["blocks"]), None)) for m in reversed(await self._page.messages())]
        return [(m, a) for m, a in found if a is not None]

    async def _live(self, walked: Walked) -> tuple[Json, Address] | None:
        """The walk's newest step, waiting for it; `None` when the newest message says that it is over."""
        end = self._deadline()
        while time.monotonic() < end() or not self.enough.is_set():
            for message, address in await self._steps():
                if address.walk_id == walked.walk_id:
                    return message, address
            after = [m for m in await self._page.messages() if m["bot"] and m["ts"] > self._newest]
            over = [shipped().of(language, one).say("steps.done.title") for language in LANGUAGES for one in PROCEDURES]
            if any(title in words(message) for message in after for title in over):
                return None
            await asyncio.sleep(LOOK)
        raise StuckError(f"{self.user_id} waits for walk {walked.walk_id} since {walked.step}")

    async def _changes(self, before: Address) -> None:
        """Wait until another step is the newest, but no longer than people do."""
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            steps = await self._steps()
            if not steps or steps[0][1] != before:
                return
            await asyncio.sleep(LOOK)
        self.retries += 1

    async def _act(self, walked: Walked, message: Json, address: Address) -> bool:
        plan, step = walked.plan, address.step
        await self._aside(message)
        if step == plan.help_at and not walked.asked:
            walked.asked = await self._form(
                "form:help", message, address, sentence=self._with_a_secret("Please look at this.")
            )
            return walked.asked
        match step:
            case "connect_version" if plan.old_first:
                done = await self._form("form:connect_version", message, address, version=TOO_OLD)
            case "connect_version" | "update_required":
                done = await self._value("connect_version", "version", message, address, plan, NEW_ENOUGH)
            case "new_token":
                done = await self._value("new_token", "token", message, address, plan, self.secrets.new())
            case "account_region" | "connect_accounts":
                language = "de" if self.sandbox.world.people[self.user_id].locale.startswith("de") else "en"
                names = [self.all_texts[language].say(f"marketplaces.{m}") for m in ("DE", "FR")[: plan.accounts]]
                form = "account_names" if plan.second else "european_accounts"
                done = await self._form(f"form:{form}", message, address, marketplaces=names)
            case "fetch_start":
                done = await self._value("orders_from", "date", message, address, plan, START)
            case "with_support" if not walked.described:
                done = walked.described = await self._form(
                    "form:fetch_failure", message, address, error_text=self._with_a_secret(ERROR)
                )
            case _:
                done = await self._press(self._button(plan, step, message), message)
        return done

    async def _aside(self, message: Json) -> None:
        """What people do besides, now and then."""
        if self.chance.random() < 0.1:
            await self._press("step:where", message)
        if self.chance.random() < 0.1:
            await self._try(self._page.command(f"/amazon-token {self._with_a_secret('my token')}"))
        if self.chance.random() < 0.02:
            await self._try(self._page.command("/amazon-token export"))
        if self.chats is not None and self.chance.random() < 0.25:
            await self.chats(self._page)

    def _with_a_secret(self, words: str) -> str:
        """People paste what they have at hand."""
        return f"{words} {self.secrets.new(self.chance.choice(KINDS))}, thank you"

    def _button(self, plan: Plan, step: str, message: Json) -> str:
        known = {
            "before_start": "orders_stopped", "account_mask": "sees_key_set", "which_mask": "sees_key_set",
            "differing_seller_id": "both_right",
            "ready_to_disable": "ready_to_go", "check_seller_id": "same_seller_id", "with_support": "problem_solved",
            "further_account": "confirm_account", "before_authorizing": "orders_stopped",
            "accounts_mask": "sees_refresh_token", "field_before": "field_filled", "seller_tokens": "one_seller",
            "ready_to_authorize": "ready_to_go", "order_reports": "reports_on",
            "first_fetch": "fetch_failed" if plan.failures > 0 else "fetch_worked",
            "second_fetch": "fetch_failed" if plan.failures > 1 else "fetch_worked",
        }  # fmt: skip
        if step in {"save_account", "next_account", "next_entry"}:
            offered = {name for names, _, _ in parts(message["blocks"]) for name in names}
            return next(one for one in ("walk:turn_to_next", "walk:all_saved", "walk:all_working") if one in offered)
        return f"walk:{known.get(step, 'advance')}"

    async def _value(self, form: str, name: str, message: Json, address: Address, plan: Plan, value: str) -> bool:
        if plan.types:
            return await self._try(self._page.say(value))
        return await self._form(f"form:{form}", message, address, **{name: value})

    async def _press(self, action_id: str, message: Json) -> bool:
        return await self._try(self._page.press(action_id, message=message))

    async def _form(self, action_id: str, message: Json, address: Address, **values: Any) -> bool:
        """Whether the form was opened, filled in and taken. A form that does not open is asked for again."""
        await self._close_forms()
        field = f"field:{action_id.partition(':')[2]}:"
        fields = {f"{field}{name}": value for name, value in values.items()}
        if any(names[1] in fields for names, _, _ in parts(message["blocks"])):
            return await self._try(self._page.press(action_id, message=message, fields=fields))
        if not await self._press(action_id, message):
            return False
        try:
            view = await self._page.modal(self.patience)
        except NotSeen:
            return False
        # Of the steps of one message each button knows its own; what is said of the message is what all have.
        if not f"{address}:".startswith(str(view.get("private_metadata")) + ":"):
            return False
        while not await self._try(self._page.fill_and_submit(view, **values)):
            if not (await self._page.state())["modals"]:
                return False
            await asyncio.sleep(self.chance.uniform(0.05, 0.3))
        taken = not (await self._page.state())["modals"]  # else it has turned into a sentence: the step is another
        await self._close_forms()
        return taken

    async def _close_forms(self) -> None:
        for view in reversed((await self._page.state())["modals"]):
            await self._try(self._page.act({"kind": "close", "view_id": view["id"]}))

    async def _try(self, doing: Any) -> bool:
        try:
            await doing
        except ActFailed as failed:
            if failed.error not in OUTAGES | GONE:
                self.odd.append(f"{self.user_id}: {str(failed).splitlines()[0]}")
            return False
        return True


def dm(sandbox: Sandbox, user_id: str) -> Any:
    """A person's direct message with the bot."""
    return sandbox.world.channels[direct_message_id(user_id)]
