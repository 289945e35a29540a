"""A merchant who plays a walk, and the ways to every step."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from conversations.amazon_token.facts import Facts
from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.settings import TokenSettings
from conversations.amazon_token.steps import STEPS
from conversations.engine.answers import Raw, Reader
from conversations.engine.walkthrough import StepResult, Walk

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
READER = Reader(b"k" * 32, lambda kind: f"[{kind}]")

NEW_ENOUGH, TOO_OLD, UNDECIDABLE = "4.9.24.4", "4.9.23.1", "4.9"
DOCUMENTED_ID, HANDBOOK_ID, CONFIGURED_ID = "5881-4686-6012", "1111-2222-3333", "4444-5555-6666"
SELLER_ID, OTHER_SELLER_ID = "A1EXAMPLE12345", "A2EXAMPLE12345"
CONFIGURED = TokenSettings(developer_ids={"north_america:standard": CONFIGURED_ID})


def token(mark: str = "1") -> str:
    """A synthetic token; another `mark` (one hex digit) gives another token."""
    return "amzn.mws." + f"{mark * 8}-{mark * 4}-{mark * 4}-{mark * 4}-{mark * 12}"


def accounts(*names: str) -> tuple[str, Raw]:
    """The answer that names these accounts."""
    return "name_accounts", {"names": "\n".join(names)}


Answers = Mapping[str, tuple[str, Raw]]
HONEST: Answers = {
    **{
        step: ("advance", {})
        for step, properties in STEPS.items()
        if any(o.event == "advance" for o in properties.offers)
    },
    "before_start": ("orders_stopped", {}),
    "still_receiving": ("continue_anyway", {}),
    "connect_version": ("enter_version", {"version": NEW_ENOUGH}),
    "update_required": ("enter_version", {"version": NEW_ENOUGH}),
    "which_mask": ("sees_key_set", {}),
    "newer_mask": ("back", {}),
    "account_region": ("choose_region", {"choice": "europe"}),
    "current_key_set": ("choose_key_set", {"choice": "standard"}),
    "no_developer_id": ("enter_developer_id", {"developer_id": HANDBOOK_ID}),
    "account_names": accounts("Amazon DE"),
    "ready_to_disable": ("ready_to_go", {}),
    "check_seller_id": ("same_seller_id", {}),
    "differing_seller_id": ("both_right", {}),
    "new_token": ("paste_token", {"token": token()}),
    "next_account": ("turn_to_next", {}),
    "further_account": ("confirm_account", {}),
    "first_fetch": ("fetch_worked", {}),
    "second_fetch": ("fetch_worked", {}),
    "with_support": ("problem_solved", {}),
    "going_back": ("confirm_reverted", {}),
}
"""What a merchant answers whose renewal works; at `next_account`, „all_saved“ once nothing is left."""

_ABROAD: Answers = {"account_region": ("choose_region", {"choice": "north_america"})}
_FAILS: Answers = {"first_fetch": ("fetch_failed", {}), "second_fetch": ("fetch_failed", {})}
_DIFFERS: Answers = {"check_seller_id": ("seller_id_differs", {})}
DETOURS: Mapping[str, Answers] = {
    "still_receiving": {"before_start": ("orders_arriving", {})},
    "update_required": {"connect_version": ("enter_version", {"version": TOO_OLD})},
    "newer_mask": {"which_mask": ("sees_sp_api", {})},
    "current_key_set": _ABROAD,
    "no_developer_id": _ABROAD,
    "further_account": {"account_names": accounts("Amazon DE", "Amazon FR")},
    "differing_seller_id": _DIFFERS,
    "adopt_seller_id": _DIFFERS,
    "second_fetch": _FAILS,
    "with_support": _FAILS,
    "going_back": {"disable_access": ("restore_old_access", {})},
    "old_access_restored": {"disable_access": ("restore_old_access", {})},
    "cancelled": {"before_start": ("cancel", {})},
}
"""How the steps beside the straight way are reached."""

ALONE = [step for step in PROCEDURE.steps if step != "transferred"]
"""The steps where there is no other procedure."""
STEP_BY_STEP: Answers = {"further_account": ("step_by_step", {})}
"""Each step of a further account by itself, instead of all of them confirmed together."""
THREE = {"account_names": accounts("Amazon DE", "Amazon FR", "Amazon IT")}


def walk_at(
    step: str | None = None, facts: Facts | None = None, settings: TokenSettings | None = None, **state: Any
) -> Walk[Facts, TokenSettings]:
    """A walk at `step` with these facts, without another procedure; `state` is the rest of its `WalkState`."""
    position = PROCEDURE.state_type(step=step, facts=facts or Facts(), **state)
    return Walk(PROCEDURE, position, settings or TokenSettings(), ())


class Merchant:
    """Plays one walk; a minute passes with each act. `seen` holds every step stood at, in order.

    A `forgetful` one is restored from JSON before every act, as the bot does it.
    """

    def __init__(self, settings: TokenSettings | None = None, *, forgetful: bool = False) -> None:
        self.forgetful = forgetful
        self.settings = settings or TokenSettings()
        self.now = START
        self.walk = walk_at(settings=self.settings)
        self.seen = [self.walk.step]

    @property
    def facts(self) -> Facts:
        return self.walk.facts

    @property
    def step(self) -> str:
        return self.walk.step

    def restart(self) -> None:
        """Restore the walk from its JSON; what it knows and offers must not change."""
        offers = self.walk.offers()
        restored = Walk(PROCEDURE, PROCEDURE.load(self.walk.state.model_dump_json()), self.settings, ())
        assert restored.state == self.walk.state
        assert restored.offers() == offers
        self.walk = restored

    def do(self, event: str, **raw: Any) -> StepResult:
        if self.forgetful:
            self.restart()
        self.now += timedelta(minutes=1)
        outcome = self.walk.act(event, raw, READER, self.now)
        if outcome.moved:
            self.seen.append(self.step)
        return outcome

    def answer(self, answers: Answers) -> StepResult:
        """Answer the present step, honestly unless `answers` says otherwise."""
        event, raw = {**HONEST, **answers}[self.step]
        if event == "turn_to_next" and not self.facts.left:
            event = "all_saved"
        return self.do(event, **raw)

    def go_to(self, step: str, answers: Answers | None = None) -> "Merchant":
        """Act until the walk is at `step`, by the usual detour to it."""
        steps_answers = {**DETOURS.get(step, {}), **(answers or {})}
        for _ in range(80):
            if self.step == step:
                return self
            self.answer(steps_answers)
        raise AssertionError(f"{step} was not reached: {self.seen}")

    def finish(self, answers: Answers | None = None) -> "Merchant":
        """Act until the walk is over."""
        for _ in range(120):
            if self.walk.over:
                return self
            self.answer(answers or {})
        raise AssertionError(f"no end was reached: {self.seen}")


_REACHED: dict[str, tuple[str, datetime, list[str]]] = {}


def at(step: str, settings: TokenSettings | None = None, answers: Answers | None = None) -> Merchant:
    """A merchant at `step`. The way there is taken once and kept as JSON."""
    merchant = Merchant(settings)
    name = f"{step} {merchant.settings!r} {answers!r}"
    if name not in _REACHED:
        merchant.go_to(step, answers)
        _REACHED[name] = (merchant.walk.state.model_dump_json(), merchant.now, merchant.seen)
    stored, merchant.now, seen = _REACHED[name]
    merchant.walk = Walk(PROCEDURE, PROCEDURE.load(stored), merchant.settings, ())
    merchant.seen = list(seen)
    return merchant
