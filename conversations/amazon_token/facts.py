"""What one walkthrough knows (stored as JSON between two events), and the chart's model over it."""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

KeySet = Literal["standard", "alternativ"]
"""The values of CONNECT's field „Entwickler-Schlüsselset“ (source: documented procedure, row 2)."""

FIRST_STEP = "briefing"
TRAIL_LIMIT = 200
"""So many steps back are possible; older ones are dropped so that the stored facts stay small."""


class TrailEntry(BaseModel):
    """A step that was left, and the index of the account that was being changed there."""

    model_config = ConfigDict(frozen=True)

    step: str
    account: int = Field(ge=0)


class TokenMemory(BaseModel):
    """What may be stored about a token that was checked. Never the token itself."""

    model_config = ConfigDict(frozen=True)

    last4: str = Field(min_length=4, max_length=4)
    repairs: tuple[str, ...] = ()
    same_as_old: bool | None = None
    same_as_first: bool | None = None


class Account(BaseModel):
    """One Amazon account as CONNECT lists it: one for each marketplace on which the merchant sells."""

    name: str = Field(min_length=1, max_length=60)
    backup: bool = False
    key_set_changed: bool = False
    seller_id: Literal["same", "changed", "not_checked"] = "not_checked"
    token: TokenMemory | None = None
    old_token_hash: str | None = None
    saved_at: AwareDatetime | None = None


class Fetch(BaseModel):
    """One attempt to fetch orders, as the merchant reported it."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    worked: bool


class Facts(BaseModel):
    """Everything that a walkthrough knows. `step` is the chart's state; all times are aware and in UTC.

    `model_dump_json()` and `model_validate_json()` restore it without loss.
    """

    model_config = ConfigDict(extra="forbid")

    step: str | None = None
    trail: list[TrailEntry] = Field(default_factory=list)
    repeats: dict[str, int] = Field(default_factory=dict)

    orders_arriving: bool | None = None
    version: str | None = None
    mask: Literal["key_set", "sp_api"] | None = None
    region: str | None = None
    key_set_before: KeySet | None = None
    key_set: KeySet | None = None
    handbook_developer_id: str | None = None

    accounts: list[Account] = Field(default_factory=list)
    account_index: int = 0
    first_token_hash: str | None = None

    credentials_shown: bool = False
    access_off_at: AwareDatetime | None = None
    access_on_again_at: AwareDatetime | None = None
    fetches: list[Fetch] = Field(default_factory=list)
    failed_accounts: list[str] = Field(default_factory=list)
    error_texts: list[str] = Field(default_factory=list)

    @property
    def account(self) -> Account | None:
        """The account that is being changed now, `None` before the accounts are named."""
        return self.accounts[self.account_index] if self.account_index < len(self.accounts) else None

    @property
    def left(self) -> list[Account]:
        """The accounts that are not saved yet, in the order in which they were named."""
        return [account for account in self.accounts if account.saved_at is None]

    @property
    def saved(self) -> list[Account]:
        """The accounts that are saved, in the order in which they were named."""
        return [account for account in self.accounts if account.saved_at is not None]

    @property
    def in_danger_zone(self) -> bool:
        """Whether CONNECT cannot fetch orders: the old access is off and not every account is saved."""
        return self.access_off_at is not None and self.access_on_again_at is None and bool(self.left)

    @property
    def came_from(self) -> str | None:
        """The step before the present one, `None` at the first."""
        return self.trail[-1].step if self.trail else None

    def leave(self, step: str) -> None:
        """Add `step` to the trail, as the step that `back` leads to."""
        self.trail.append(TrailEntry(step=step, account=self.account_index))
        del self.trail[:-TRAIL_LIMIT]

    def retrace(self) -> None:
        """Remove the last entry of the trail and work on its account again. The chart sets the step."""
        self.account_index = self.trail.pop().account

    def return_to(self, existing_steps: frozenset[str]) -> None:
        """Go back to the last step of the trail that still exists; without one, the walk has not begun.

        Called at the start of the bot, for a walk at a step that this version of the chart does not have.
        """
        self.trail = [entry for entry in self.trail if entry.step in existing_steps]
        self.step = self.came_from
        if self.trail:
            self.retrace()

    def name_accounts(self, names: list[str]) -> None:
        """Work on the accounts of these names. Those named before keep what is known; saved ones stay listed."""
        by_name = {account.name.casefold(): account for account in self.accounts}
        new_names = {name.casefold() for name in names}
        kept = [a for a in self.accounts if a.saved_at is not None and a.name.casefold() not in new_names]
        self.accounts = kept + [by_name.get(name.casefold()) or Account(name=name) for name in names]
        self.account_index = 0
        self.point_to_next()

    def add_accounts(self, names: list[str]) -> None:
        """Add the accounts of `names` that are not listed yet."""
        listed = {account.name.casefold() for account in self.accounts}
        self.accounts += [Account(name=name) for name in names if name.casefold() not in listed]

    def point_to_next(self) -> None:
        """Make the first account that is not saved the current one, if there is one."""
        for index, account in enumerate(self.accounts):
            if account.saved_at is None:
                self.account_index = index
                return

    def forget_hashes(self) -> None:
        """Drop every keyed hash: after the end of a walk nothing is compared any more."""
        self.first_token_hash = None
        for account in self.accounts:
            account.old_token_hash = None

    def note_save(self, at: datetime) -> None:
        """Note that the current account was saved in CONNECT at this time, unless an earlier time is noted."""
        account = self.account
        if account is not None and account.saved_at is None:
            account.saved_at = at


class WalkPosition:
    """The chart's model: the step of the walk whose `facts` it is called with, so that one chart serves many walks."""

    def __init__(self) -> None:
        self.facts = Facts(step=FIRST_STEP)

    @property
    def step(self) -> str | None:
        """The step that the chart reads and writes."""
        return self.facts.step

    @step.setter
    def step(self, step: str) -> None:
        self.facts.step = step
