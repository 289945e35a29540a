"""What one walkthrough of the SP-API authorization knows, stored as JSON between two events."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from conversations.engine.walk_state import ProcedureFacts

VALID_FOR = timedelta(days=365)
"""After that the seller must authorize again (source: Amazon's developer documentation)."""
_ONCE_FOR_ALL = ("orders_from", "orders_from_asked")


class AccountFetch(BaseModel):
    """One attempt to fetch orders for an account, as the merchant reported it."""

    model_config = ConfigDict(frozen=True)

    account: str
    at: AwareDatetime
    worked: bool


class ConnectAccount(BaseModel):
    """One account as CONNECT lists it: one for each marketplace. `seller` groups those of one „Verkäufertoken“.

    `orders_from` is what CONNECT shows in „Auftragsabholung ab“, as it was read.
    """

    name: str = Field(min_length=1, max_length=60)
    seller: str = ""
    working_at: AwareDatetime | None = None
    orders_from: str | None = None
    orders_from_asked: bool = False


class Seller(BaseModel):
    """What is done once for a „Verkäufertoken“: the consent at Amazon, and the order reports."""

    consent_at: AwareDatetime | None = None
    reports: Literal["were_on", "activated", "not_seen"] | None = None


class SpApiFacts(ProcedureFacts):
    """Everything that a walkthrough knows besides where it is. All times are aware and in UTC.

    `version` and `region` are known only to those who come from another procedure.
    """

    version: str | None = None
    region: str | None = None
    orders_arriving: bool | None = None
    orders_down_since: AwareDatetime | None = None
    mask: Literal["sp_api", "key_set"] | None = None
    kind: Literal["first", "renewal"] | None = None
    authorizing_again: bool = False

    accounts: list[ConnectAccount] = Field(default_factory=list)
    sellers: dict[str, Seller] = Field(default_factory=dict)
    fetches: list[AccountFetch] = Field(default_factory=list)
    failed_accounts: list[str] = Field(default_factory=list)
    error_texts: list[str] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _start_of_the_first_account(cls, stored: Any) -> Any:
        """Facts as earlier versions stored them: „Auftragsabholung ab“ was read once, at the first account."""
        if not isinstance(stored, dict):
            return stored
        kept = {key: value for key, value in stored.items() if key not in _ONCE_FOR_ALL}
        first, *others = kept.get("accounts") or [None]
        if len(kept) < len(stored) and isinstance(first, dict):
            kept["accounts"] = [{**{key: stored[key] for key in _ONCE_FOR_ALL if key in stored}, **first}, *others]
        return kept

    @property
    def renewal(self) -> bool:
        """Whether the field held a value before, so that a filled field proves nothing."""
        return self.kind == "renewal" or self.authorizing_again

    @property
    def left(self) -> list[ConnectAccount]:
        """The accounts for which no fetch has worked yet."""
        return [account for account in self.accounts if account.working_at is None]

    @property
    def working(self) -> list[ConnectAccount]:
        """The accounts for which a fetch has worked."""
        return [account for account in self.accounts if account.working_at is not None]

    @property
    def ungrouped(self) -> list[ConnectAccount]:
        """The accounts of which is not known to which „Verkäufertoken“ they belong."""
        return [account for account in self.accounts if not account.seller]

    @property
    def authorized(self) -> bool:
        """Whether consent was given for any „Verkäufertoken“."""
        return any(seller.consent_at is not None for seller in self.sellers.values())

    @property
    def due_at(self) -> datetime | None:
        """When the first of the sellers must authorize again."""
        consents = [seller.consent_at for seller in self.sellers.values() if seller.consent_at is not None]
        return min(consents) + VALID_FOR if consents else None

    def next_account(self) -> int:
        """The index of the first account without a working fetch, 0 when all of them have one."""
        return next((index for index, account in enumerate(self.accounts) if account.working_at is None), 0)

    def seller_of(self, index: int) -> Seller | None:
        """The seller of the account at `index`, `None` before both are known."""
        if index >= len(self.accounts):
            return None
        return self.sellers.get(self.accounts[index].seller)

    def name_accounts(self, names: Iterable[str]) -> None:
        """Set the accounts to those of these names; those named before keep what is known."""
        by_name = {account.name.casefold(): account for account in self.accounts}
        self.accounts = [by_name.get(name.casefold()) or ConnectAccount(name=name) for name in names]
        if len(self.accounts) == 1:
            self.group(self.accounts)

    def add_accounts(self, names: Iterable[str]) -> None:
        """Add the accounts of `names` that are not listed yet."""
        listed = {account.name.casefold() for account in self.accounts}
        self.accounts += [ConnectAccount(name=name) for name in names if name.casefold() not in listed]

    def ungroup(self) -> None:
        """Forget which accounts belong together, but for those of sellers of whom consent was given."""
        self.sellers = {label: seller for label, seller in self.sellers.items() if seller.consent_at is not None}
        for account in self.accounts:
            account.seller = account.seller if account.seller in self.sellers else ""

    def group(self, accounts: Iterable[ConnectAccount]) -> None:
        """Put the accounts together under one „Verkäufertoken“: that of the first which has one, or a new one."""
        together = list(accounts)
        known = (account.seller for account in together if account.seller)
        label = next(known, None) or str(max(map(int, self.sellers), default=0) + 1)
        self.sellers.setdefault(label, Seller())
        for account in together:
            account.seller = label
