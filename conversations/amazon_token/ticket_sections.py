"""The sections of a ticket's summary about the walkthrough, from CONNECT's version to the new tokens."""

from collections.abc import Mapping, Sequence

from conversations.amazon_token.facts import Account, Facts, Fetch
from conversations.amazon_token.settings import TokenSettings, given_developer_id
from conversations.amazon_token.variants import id_source
from conversations.engine.formatter import Formatter, Line, Section, StepTime, Value
from conversations.engine.rules import CardFacts
from conversations.engine.understanding.error_text import read_error
from conversations.engine.walk_state import PastedError
from conversations.engine.walkthrough import Walk
from conversations.ticket import progress

_EXPECTED_FETCHES = 2
_MESSAGE_LIMIT, _EARLIER = 200, 3
"""Characters of an error message that are shown, and how many earlier ones are named."""


def sections(
    formatter: Formatter, walk: Walk[Facts, TokenSettings], times: Sequence[StepTime]
) -> Mapping[str, Section]:
    """All of them, in the order of the summary."""
    facts = walk.facts
    return {
        "connect": _connect(formatter, facts),
        "amazon": _amazon(formatter, walk),
        "walk": _walk(formatter, walk, times),
        "fetches": _fetches(formatter, walk),
        "tokens": _tokens(formatter, facts),
    }


def card(formatter: Formatter, walk: Walk[Facts, TokenSettings]) -> CardFacts:
    """Since when the old access is off; version, form, region and key set as far as they are known."""
    facts = walk.facts
    off = facts.access_off_at if facts.access_on_again_at is None else None
    setting = [facts.version or ""]
    if facts.mask is not None:
        setting.append(formatter.say(f"card.masks.{facts.mask}"))
    if facts.region is not None:
        setting.append(formatter.texts.say(f"choices.choose_region.{facts.region}"))
    names = [
        formatter.texts.say(f"choices.choose_key_set.{key_set}")
        for key_set in dict.fromkeys((facts.key_set_before, facts.key_set))
        if key_set is not None
    ]
    setting.append(" → ".join(names))
    return CardFacts(
        state=(formatter.values("card.access_off", at=off),) if off is not None else (),
        setting=tuple(part for part in setting if part),
    )


def check_first(formatter: Formatter, settings: TokenSettings) -> tuple[Line, ...]:
    """What an agent should know before anything else."""
    return (formatter.line("mws_gone", formatter.say("values.mws_gone")),) if settings.mws_notice else ()


def _connect(formatter: Formatter, facts: Facts) -> Section:
    """CONNECT's version and form, region, key set and the accounts concerned."""
    not_asked = formatter.say("values.not_asked")
    region = formatter.texts.say(f"choices.choose_region.{facts.region}") if facts.region else not_asked
    return formatter.section(
        "connect",
        formatter.line("version", facts.version or not_asked),
        formatter.line("mask", formatter.say(f"values.masks.{facts.mask}") if facts.mask else not_asked),
        formatter.line("region", region),
        formatter.line("key_set", _key_set(formatter, facts)),
        *_accounts(formatter, facts),
    )


def _key_set(formatter: Formatter, facts: Facts) -> str:
    if facts.key_set_before is None and facts.key_set is None:
        return formatter.say("values.not_asked")
    before, after = (
        formatter.texts.say(f"choices.choose_key_set.{key_set}") if key_set else formatter.say("values.not_known")
        for key_set in (facts.key_set_before, facts.key_set)
    )
    return formatter.say("values.key_set", before=before, after=after)


def _accounts(formatter: Formatter, facts: Facts) -> list[Line]:
    if not facts.accounts:
        return [formatter.line("accounts", formatter.say("values.not_asked"))]
    none = formatter.say("values.none")
    done = formatter.say(
        "values.accounts_done",
        done=len(facts.saved),
        total=len(facts.accounts),
        saved=_names(facts.saved) or none,
        left=_names(facts.left) or none,
    )
    stays = facts.key_set is not None and facts.key_set == facts.key_set_before

    def change(account: Account) -> str:
        return "stays" if stays else "yes" if account.key_set_changed else "no"

    changed = formatter.grouped("values.key_set_changed", facts.accounts, change)
    return [formatter.line("accounts", done), formatter.line("key_set_changed", changed)]


def _names(accounts: list[Account]) -> str:
    return ", ".join(account.name for account in accounts)


def _amazon(formatter: Formatter, walk: Walk[Facts, TokenSettings]) -> Section:
    """The developer ID that the merchant was shown, and whether the seller IDs are the same."""
    facts = walk.facts
    return formatter.section(
        "amazon",
        formatter.line("developer_id", _developer_id(formatter, walk)),
        formatter.line("seller_id", formatter.grouped("values.seller_id", facts.accounts, _compared)),
    )


def _compared(account: Account) -> str:
    """Whether the seller ID was compared; of a further account perhaps only that all was confirmed together."""
    together = account.confirmed_together and account.seller_id == "not_checked"
    return "together" if together else account.seller_id


def _backed_up(account: Account) -> str:
    if account.confirmed_together:
        return "together"
    return "yes" if account.backup else "no"


def _developer_id(formatter: Formatter, walk: Walk[Facts, TokenSettings]) -> str:
    facts = walk.facts
    given = given_developer_id(facts, walk.settings)
    shown = "authorize_developer" in walk.state.repeats or facts.handbook_developer_id is not None
    if given is None or not shown:
        return formatter.say("values.none_given")
    source = formatter.say(f"values.id_sources.{id_source(facts)}")
    return formatter.say("values.developer_id", id=given, source=source)


def _walk(formatter: Formatter, walk: Walk[Facts, TokenSettings], times: Sequence[StepTime]) -> Section:
    """How far the merchant came, how long it took, and whether the old access is on."""
    facts = walk.facts
    orders = {True: "values.orders.arriving", False: "values.orders.stopped", None: "values.not_asked"}
    backup = formatter.grouped("values.backup", facts.accounts, _backed_up)
    return formatter.section(
        "walk",
        formatter.line("orders_before", formatter.say(orders[facts.orders_arriving])),
        # Going back to the old access does not finish the step that was left for it.
        progress.last_finished(formatter, walk, but_last=walk.step in {"going_back", "old_access_restored"}),
        progress.stands_at(formatter, walk),
        *progress.taken(formatter, walk, times),
        formatter.line("access_off", facts.access_off_at or formatter.say("values.access_not_off")),
        formatter.line("access_on_again", _on_again(formatter, facts)),
        formatter.line("backup", backup),
    )


def _on_again(formatter: Formatter, facts: Facts) -> Value:
    if facts.access_on_again_at is not None:
        return facts.access_on_again_at
    return formatter.say("values.not_needed" if facts.access_off_at is None else "values.access_still_off")


def _fetches(formatter: Formatter, walk: Walk[Facts, TokenSettings]) -> Section:
    """Every attempt with its time (the two of the procedure also when they are still to come), and what failed."""
    facts = walk.facts
    expected: list[Fetch | None] = [*facts.fetches[:_EXPECTED_FETCHES]]
    expected += [None] * (_EXPECTED_FETCHES - len(expected))
    more = [formatter.line("fetch_more", *_attempt(formatter, fetch)) for fetch in facts.fetches[_EXPECTED_FETCHES:]]
    return formatter.section(
        "fetches",
        *(formatter.line(f"fetch_{number}", *_attempt(formatter, fetch)) for number, fetch in enumerate(expected, 1)),
        *more,
        formatter.line("failed_accounts", _failed(formatter, facts)),
        *_errors(formatter, walk),
    )


def _errors(formatter: Formatter, walk: Walk[Facts, TokenSettings]) -> list[Line]:
    """What the newest error message says, where and when it was pasted, and where the others were."""
    if not walk.state.errors:
        error = "values.error_in_thread" if walk.facts.error_texts else "values.no_error_text"
        return [formatter.line("error_text", formatter.say(error))]
    *earlier, newest = walk.state.errors
    read = read_error(newest.text)
    message = (read.message if read is not None else " ".join(newest.text.split()))[:_MESSAGE_LIMIT]
    lines = [formatter.line("error_text", *_pasted(formatter, walk, newest, f"{message} · "))]
    if earlier:
        pasted = [_pasted(formatter, walk, error) for error in reversed(earlier[-_EARLIER:])]
        lines.append(formatter.line("errors_before", *[value for one in pasted for value in ("; ", *one)][1:]))
    return lines


def _pasted(
    formatter: Formatter, walk: Walk[Facts, TokenSettings], error: PastedError, message: str = ""
) -> tuple[Value, ...]:
    step = progress.named_step(formatter, walk.procedure, error.step)
    return formatter.values("values.error_pasted", message=message, step=step, at=error.at)


def _failed(formatter: Formatter, facts: Facts) -> str:
    if all(fetch.worked for fetch in facts.fetches):
        return formatter.say("values.no_failure")
    return ", ".join(facts.failed_accounts) or formatter.say("values.accounts_not_named")


def _attempt(formatter: Formatter, fetch: Fetch | None) -> tuple[Value, ...]:
    if fetch is None:
        return formatter.values("values.fetch_not_tried")
    return formatter.values("values.fetch_worked" if fetch.worked else "values.fetch_failed", at=fetch.at)


def _tokens(formatter: Formatter, facts: Facts) -> Section:
    """What is known about each account's new token. The token itself is not stored."""
    if not facts.accounts:
        return formatter.section("tokens", formatter.line("token", formatter.say("values.not_asked")))
    lines = (Line(account.name, (_token(formatter, account),)) for account in facts.accounts)
    return formatter.section("tokens", *lines)


def _token(formatter: Formatter, account: Account) -> str:
    token = account.token
    if token is None:
        together = account.confirmed_together
        return formatter.say("values.token_together" if together else "values.token_not_checked")
    repairs = ", ".join(formatter.texts.say(f"repairs.{repair}") for repair in token.repairs)
    cleaned = (
        formatter.say("values.token_repaired", repairs=repairs)
        if repairs
        else formatter.say("values.token_not_repaired")
    )
    answers = {True: "yes", False: "no", None: "unknown"}
    parts = (
        formatter.say("values.token_shape", last4=token.last4),
        cleaned,
        formatter.say(f"values.same_as_old.{answers[token.same_as_old]}"),
        formatter.say(f"values.same_as_first.{answers[token.same_as_first]}"),
    )
    return " · ".join(parts)
