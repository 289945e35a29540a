"""The sections of a ticket's summary: what CONNECT shows, the consent, how far somebody came, and the fetches."""

from collections.abc import Mapping, Sequence

from conversations.engine.formatter import Formatter, Line, Section, StepTime, Value
from conversations.engine.rules import CardFacts
from conversations.engine.understanding.error_text import read_error
from conversations.engine.walk_state import PastedError
from conversations.engine.walkthrough import Walk
from conversations.sp_api.facts import ConnectAccount, Seller, SpApiFacts
from conversations.sp_api.settings import SpApiSettings
from conversations.sp_api.triage import page_code
from conversations.ticket import progress

_MESSAGE_LIMIT, _EARLIER, _ATTEMPTS = 200, 3, 8
"""Characters of an error message that are shown, and how many earlier ones and fetches are."""

SpApiWalk = Walk[SpApiFacts, SpApiSettings]


def sections(formatter: Formatter, walk: SpApiWalk, times: Sequence[StepTime]) -> Mapping[str, Section]:
    """All of them, in the order of the summary."""
    return {
        "connect": _connect(formatter, walk.facts),
        "consent": _consent(formatter, walk.facts),
        "walk": _walk(formatter, walk, times),
        "fetches": _fetches(formatter, walk),
    }


def card(formatter: Formatter, walk: SpApiWalk) -> CardFacts:
    """Since when no orders arrive; version, form and region as far as they are known."""
    facts = walk.facts
    down = facts.orders_down_since
    return CardFacts(
        state=(formatter.values("card.orders_down", at=down),) if down is not None else (),
        setting=(
            *([facts.version] if facts.version is not None else []),
            *([formatter.say(f"card.masks.{facts.mask}")] if facts.mask is not None else []),
            *([formatter.say(f"values.regions.{facts.region}")] if facts.region is not None else []),
        ),
    )


def _connect(formatter: Formatter, facts: SpApiFacts) -> Section:
    """CONNECT's screen, whether it is a first authorization, and the accounts concerned."""
    not_asked = formatter.say("values.not_asked")
    lines = [formatter.line("version", facts.version)] if facts.version is not None else []
    lines.append(formatter.line("mask", formatter.say(f"values.masks.{facts.mask}") if facts.mask else not_asked))
    if facts.region is not None:
        lines.append(formatter.line("region", formatter.say(f"values.regions.{facts.region}")))
    lines.append(formatter.line("kind", formatter.say(f"values.kinds.{facts.kind}") if facts.kind else not_asked))
    return formatter.section("connect", *lines, formatter.line("accounts", _accounts(formatter, facts)))


def _accounts(formatter: Formatter, facts: SpApiFacts) -> str:
    if not facts.accounts:
        return formatter.say("values.not_asked")
    none = formatter.say("values.none")
    return formatter.say(
        "values.accounts_done", done=len(facts.working), total=len(facts.accounts),
        working=_names(facts.working) or none, left=_names(facts.left) or none,
    )  # fmt: skip


def _names(accounts: Sequence[ConnectAccount]) -> str:
    return ", ".join(account.name for account in accounts)


def _sellers(facts: SpApiFacts) -> list[tuple[str, Seller]]:
    """Each „Verkäufertoken“: the names of its accounts, and what is known."""
    return [
        (_names([account for account in facts.accounts if account.seller == label]), seller)
        for label, seller in facts.sellers.items()
        if any(account.seller == label for account in facts.accounts)
    ]


def _consent(formatter: Formatter, facts: SpApiFacts) -> Section:
    """When consent was given for each „Verkäufertoken“, and its order reports."""
    sellers = _sellers(facts)
    if not sellers:
        return formatter.section("consent", formatter.line("consents", formatter.say("values.not_asked")))
    consents = _joined([_consent_of(formatter, names, seller) for names, seller in sellers])
    reports = [
        formatter.say(
            "values.reports_of", names=names, state=formatter.say(f"values.reports.{seller.reports or 'not_asked'}")
        )
        for names, seller in sellers
    ]
    due = [formatter.line("due", facts.due_at)] if facts.due_at is not None else []
    return formatter.section(
        "consent",
        formatter.line("sellers", "; ".join(formatter.say("values.seller", names=names) for names, _ in sellers)),
        formatter.line("consents", *consents),
        *due,
        formatter.line("reports", "; ".join(reports)),
    )


def _consent_of(formatter: Formatter, names: str, seller: Seller) -> tuple[Value, ...]:
    if seller.consent_at is None:
        return formatter.values("values.no_consent", names=names)
    return formatter.values("values.consent", names=names, at=seller.consent_at)


def _joined(groups: Sequence[tuple[Value, ...]]) -> tuple[Value, ...]:
    return tuple(value for group in groups for value in ("; ", *group))[1:]


def _walk(formatter: Formatter, walk: SpApiWalk, times: Sequence[StepTime]) -> Section:
    """How far the merchant came, how long it took, and whether orders arrive."""
    facts = walk.facts
    orders = {True: "values.orders.arriving", False: "values.orders.stopped", None: "values.not_asked"}
    return formatter.section(
        "walk",
        formatter.line("orders_before", formatter.say(orders[facts.orders_arriving])),
        formatter.line("orders_down", facts.orders_down_since or formatter.say("values.not_down")),
        progress.last_finished(formatter, walk),
        progress.stands_at(formatter, walk),
        *progress.taken(formatter, walk, times),
    )


def _fetches(formatter: Formatter, walk: SpApiWalk) -> Section:
    """How far back CONNECT fetches, every attempt with its time, and what failed."""
    facts = walk.facts
    attempts = [
        formatter.values(
            "values.fetch_worked" if fetch.worked else "values.fetch_failed", account=fetch.account, at=fetch.at
        )
        for fetch in facts.fetches[-_ATTEMPTS:]
    ]
    return formatter.section(
        "fetches",
        formatter.line("orders_from", _starts(formatter, facts)),
        formatter.line("attempts", *(_joined(attempts) or formatter.values("values.fetch_not_tried"))),
        formatter.line("failed_accounts", _failed(formatter, facts)),
        *_errors(formatter, walk),
    )


def _starts(formatter: Formatter, facts: SpApiFacts) -> str:
    """„Auftragsabholung ab“ of each account as it was read."""
    read = [
        formatter.say(
            "values.orders_from_of", name=account.name, date=account.orders_from or _unread(formatter, account)
        )
        for account in facts.accounts
    ]
    return "; ".join(read) or formatter.say("values.not_read")


def _unread(formatter: Formatter, account: ConnectAccount) -> str:
    return formatter.say("values.not_found" if account.orders_from_asked else "values.not_read")


def _failed(formatter: Formatter, facts: SpApiFacts) -> str:
    """The accounts that the merchant named, else those whose last fetch failed."""
    if facts.failed_accounts:
        return ", ".join(facts.failed_accounts)
    last = {fetch.account: fetch.worked for fetch in facts.fetches}
    failing = [account.name for account in facts.accounts if not last.get(account.name, True)]
    return ", ".join(failing) or formatter.say("values.no_failure")


def _errors(formatter: Formatter, walk: SpApiWalk) -> list[Line]:
    """Amazon's code and what the newest error message says, where and when it was pasted, and where the others were."""
    if not walk.state.errors:
        error = "values.error_in_thread" if walk.facts.error_texts else "values.no_error_text"
        return [formatter.line("error_text", formatter.say(error))]
    *earlier, newest = walk.state.errors
    read = read_error(newest.text)
    code = page_code(newest.text) or (read.code if read is not None else "")
    message = (read.message if read is not None else " ".join(newest.text.split()))[:_MESSAGE_LIMIT]
    lines = [formatter.line("error_code", code)] if code else []
    lines.append(formatter.line("error_text", *_pasted(formatter, walk, newest, f"{message} · ")))
    if earlier:
        pasted = [_pasted(formatter, walk, error) for error in reversed(earlier[-_EARLIER:])]
        lines.append(formatter.line("errors_before", *_joined(pasted)))
    return lines


def _pasted(formatter: Formatter, walk: SpApiWalk, error: PastedError, message: str = "") -> tuple[Value, ...]:
    step = progress.named_step(formatter, walk.procedure, error.step)
    return formatter.values("values.error_pasted", message=message, step=step, at=error.at)
