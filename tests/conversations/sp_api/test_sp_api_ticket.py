"""What an agent reads of a walk through the SP-API authorization."""

from datetime import UTC, datetime

import pytest

from conversations.all_texts import load_texts
from conversations.engine.formatter import Formatter
from conversations.engine.texts import LANGUAGES, Language
from conversations.engine.walkthrough import Walk
from conversations.sp_api.facts import ConnectAccount, SpApiFacts
from conversations.sp_api.procedure import PROCEDURE
from conversations.sp_api.settings import SpApiSettings
from conversations.sp_api.ticket_sections import sections

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def _line(facts: SpApiFacts, section: str, label: str, language: Language = "en") -> str:
    """What is beside a label, all moments as ISO 8601."""
    formatter = Formatter(load_texts().of(language, PROCEDURE.id))
    walk = Walk(PROCEDURE, PROCEDURE.begin(facts), SpApiSettings())
    lines = sections(formatter, walk, [])[section].lines
    value = next(line.value for line in lines if line.label == formatter.say(f"labels.{label}"))
    return "".join(part.isoformat() if isinstance(part, datetime) else str(part) for part in value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_account_has_its_own_auftragsabholung_ab(language: Language) -> None:
    """As it was read, or that it was not found, or that nobody asked yet."""
    accounts = [
        ConnectAccount(name="Shop DE", orders_from="01.11.2025", orders_from_asked=True),
        ConnectAccount(name="Shop FR", orders_from_asked=True),
        ConnectAccount(name="Shop IT"),
    ]
    not_found, not_read = {"de": ("nicht gefunden", "noch nicht abgelesen"), "en": ("not found", "not read yet")}[
        language
    ]
    expected = f"Shop DE: 01.11.2025; Shop FR: {not_found}; Shop IT: {not_read}"
    assert _line(SpApiFacts(accounts=accounts), "fetches", "orders_from", language) == expected
    assert _line(SpApiFacts(), "fetches", "orders_from", language) == not_read


def test_consent_and_reports_are_told_for_each_seller_token() -> None:
    """With the accounts that share it."""
    facts = SpApiFacts()
    facts.add_accounts(["Shop DE", "Shop FR", "Second"])
    facts.group(facts.accounts[:2])
    facts.group(facts.accounts[2:])
    facts.sellers["1"].consent_at, facts.sellers["1"].reports = AT, "activated"
    assert _line(facts, "consent", "consents") == f"Shop DE, Shop FR: {AT.isoformat()}; Second: not yet"
    assert _line(facts, "consent", "reports") == "Shop DE, Shop FR: activated by the merchant; Second: not asked yet"
