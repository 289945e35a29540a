"""What one walkthrough of this procedure knows, stored as JSON between two events."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from conversations.engine.walk_state import ProcedureFacts

KeySet = Literal["standard", "alternativ"]
"""The values of CONNECT's field „Entwickler-Schlüsselset“ (source: documented procedure, row 2)."""


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
    seller_id: Literal["same", "differs", "changed", "not_checked"] = "not_checked"
    confirmed_together: bool = False
    token: TokenMemory | None = None
    old_token_hash: str | None = None
    saved_at: AwareDatetime | None = None


class Fetch(BaseModel):
    """One attempt to fetch orders, as the merchant reported it."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    worked: bool


class Facts(ProcedureFacts):
    """Everything that a walkthrough knows besides where it is. All times are aware and in UTC."""

    orders_arriving: bool | None = None
    version: str | None = None
    mask: Literal["key_set", "sp_api"] | None = None
    region: str | None = None
    key_set_before: KeySet | None = None
    key_set: KeySet | None = None
    handbook_developer_id: str | None = None

    accounts: list[Account] = Field(default_factory=list)
    accounts_brought: bool = False
    single_item: bool = False
    first_token_hash: str | None = None

    credentials_shown: bool = False
    access_off_at: AwareDatetime | None = None
    access_on_again_at: AwareDatetime | None = None
    fetches: list[Fetch] = Field(default_factory=list)
    failed_accounts: list[str] = Field(default_factory=list)
    error_texts: list[str] = Field(default_factory=list)

    @property
    def left(self) -> list[Account]:
        """The accounts that are not saved yet, in the order in which they were named."""
        return [account for account in self.accounts if account.saved_at is None]

    @property
    def saved(self) -> list[Account]:
        """The accounts that are saved, in the order in which they were named."""
        return [account for account in self.accounts if account.saved_at is not None]

    @property
    def changes_key_set(self) -> bool:
        """Whether row 2 applies: a European account that is to use „Alternativ“."""
        return self.region == "europe" and self.key_set != "standard"

    @property
    def in_danger_zone(self) -> bool:
        """Whether CONNECT cannot fetch orders: the old access is off and not every account is saved."""
        return self.access_off_at is not None and self.access_on_again_at is None and bool(self.left)

    def name_accounts(self, names: list[str]) -> None:
        """Set the accounts to those of these names. Those named before keep what is known; saved ones stay listed."""
        by_name = {account.name.casefold(): account for account in self.accounts}
        new_names = {name.casefold() for name in names}
        kept = [a for a in self.accounts if a.saved_at is not None and a.name.casefold() not in new_names]
        self.accounts = kept + [by_name.get(name.casefold()) or Account(name=name) for name in names]

    def add_accounts(self, names: list[str]) -> None:
        """Add the accounts of `names` that are not listed yet."""
        listed = {account.name.casefold() for account in self.accounts}
        self.accounts += [Account(name=name) for name in names if name.casefold() not in listed]

    def next_account(self) -> int:
        """The index of the first account that is not saved, 0 when all of them are."""
        return next((index for index, account in enumerate(self.accounts) if account.saved_at is None), 0)

    def forget_secrets(self) -> None:
        """Drop every keyed hash."""
        self.first_token_hash = None
        for account in self.accounts:
            account.old_token_hash = None
