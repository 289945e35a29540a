"""The sections of a ticket's summary about the walkthrough, from CONNECT's version to the new tokens."""

from conversations.amazon_token.facts import Account, Facts, Fetch, TokenMemory
from conversations.amazon_token.policy import Policy
from conversations.amazon_token.steps import LAST_NUMBER, STEPS
from conversations.amazon_token.variants import given_developer_id, id_source
from conversations.ticket.formatter import Formatter, Line, Section
from conversations.ticket.models import StepTime, Value

_EACH_ACCOUNT = frozenset({"select_account", "key_set", "backup_token", "seller_id", "token", "save"})
"""Steps that are taken once for every account, so that coming back to them is no repetition."""
_NEVER_FINISHED = frozenset({"first_fetch", "second_fetch", "with_support"})
"""A fetch that works ends the walk, so a walk that left one of these saw it fail."""
_EXPECTED_FETCHES = 2


def connect(formatter: Formatter, facts: Facts) -> Section:
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


def amazon(formatter: Formatter, facts: Facts, policy: Policy) -> Section:
    """The developer ID that the merchant was shown, and whether the seller IDs are the same."""
    return formatter.section(
        "amazon",
        formatter.line("developer_id", _developer_id(formatter, facts, policy)),
        formatter.line(
            "seller_id", formatter.grouped("values.seller_id", facts.accounts, lambda account: account.seller_id)
        ),
    )


def _developer_id(formatter: Formatter, facts: Facts, policy: Policy) -> str:
    given = given_developer_id(facts, policy)
    shown = "authorize_developer" in facts.repeats or facts.handbook_developer_id is not None
    if given is None or not shown:
        return formatter.say("values.none_given")
    source = formatter.say(f"values.id_sources.{id_source(facts)}")
    return formatter.say("values.developer_id", id=given, source=source)


_WORTH_NAMING = 60
"""Seconds; steps that took less are only counted, so that the slow ones stand out."""


def walk(formatter: Formatter, facts: Facts, times: list[StepTime]) -> Section:
    """How far the merchant came, how long it took, and whether the old access is on."""
    finished = _last_finished(facts)
    orders = {True: "values.orders.arriving", False: "values.orders.stopped", None: "values.not_asked"}
    backup = formatter.grouped("values.backup", facts.accounts, lambda account: "yes" if account.backup else "no")
    return formatter.section(
        "walk",
        formatter.line("orders_before", formatter.say(orders[facts.orders_arriving])),
        formatter.line(
            "last_finished", named_step(formatter, finished) if finished else formatter.say("values.no_step")
        ),
        formatter.line("stands_at", current_step(formatter, facts)),
        formatter.line("times", _times(formatter, times)),
        formatter.line("repeated", _repeated(formatter, facts, times)),
        formatter.line("access_off", facts.access_off_at or formatter.say("values.access_not_off")),
        formatter.line("access_on_again", _on_again(formatter, facts)),
        formatter.line("backup", backup),
    )


def _last_finished(facts: Facts) -> str | None:
    """The step finished last. Going back to the old access does not finish the step that was left for it."""
    trail = facts.trail[:-1] if facts.step in {"going_back", "reverted"} else facts.trail
    finished = [mark.step for mark in trail if mark.step not in _NEVER_FINISHED]
    return finished[-1] if finished else None


def named_step(formatter: Formatter, step: str) -> str:
    """The step's title with its number, or the bare ID of a step that no longer exists."""
    if step not in STEPS:
        return step
    title, number = formatter.texts.say(f"steps.{step}.title"), STEPS[step].number
    return title if number is None else formatter.say("values.step", number=number, total=LAST_NUMBER, title=title)


def current_step(formatter: Formatter, facts: Facts) -> str:
    """The step at which the merchant is now, in words."""
    if facts.step is None:
        return formatter.say("values.not_known")
    return named_place(formatter, facts, facts.step, facts.account_index)


def named_place(formatter: Formatter, facts: Facts, at_step: str, account: int) -> str:
    """A step in words, with the account (an index) where the step is taken once for each account."""
    step = named_step(formatter, at_step)
    if account >= len(facts.accounts) or at_step not in _EACH_ACCOUNT:
        return step
    return formatter.say(
        "values.step_account", step=step, position=account + 1, total=len(facts.accounts),
        name=facts.accounts[account].name,
    )  # fmt: skip


def _title(formatter: Formatter, step: str) -> str:
    return formatter.texts.say(f"steps.{step}.title") if step in STEPS else step


def _times(formatter: Formatter, times: list[StepTime]) -> str:
    if not times:
        return formatter.say("values.not_known")
    total = formatter.say("values.total_time", time=formatter.duration(sum(step_time.seconds for step_time in times)))
    slow = [step_time for step_time in times if step_time.seconds >= _WORTH_NAMING]
    parts = [
        formatter.say(
            "values.step_time", title=_title(formatter, step_time.step), time=formatter.duration(step_time.seconds)
        )
        for step_time in slow
    ]
    if len(slow) < len(times):
        parts.append(formatter.say("values.quick_steps", count=len(times) - len(slow)))
    return " · ".join([total, *parts])


def _repeated(formatter: Formatter, facts: Facts, times: list[StepTime]) -> str:
    counts = dict(facts.repeats)
    for step_time in times:
        counts[step_time.step] = max(counts.get(step_time.step, 0), step_time.times)
    rounds = max(1, min(len(facts.accounts), len(facts.saved) + 1))
    usual = dict.fromkeys((*_EACH_ACCOUNT, "next_account"), rounds)
    repeated = [
        formatter.say("values.step_repeated", title=_title(formatter, step), times=count)
        for step, count in counts.items()
        if count > usual.get(step, 1)
    ]
    return " · ".join(repeated) or formatter.say("values.no_step")


def _on_again(formatter: Formatter, facts: Facts) -> Value:
    if facts.access_on_again_at is not None:
        return facts.access_on_again_at
    return formatter.say("values.not_needed" if facts.access_off_at is None else "values.access_still_off")


def fetches(formatter: Formatter, facts: Facts) -> Section:
    """Every attempt with its time (the two of the procedure also when they are still to come), and what failed."""
    expected: list[Fetch | None] = [*facts.fetches[:_EXPECTED_FETCHES]]
    expected += [None] * (_EXPECTED_FETCHES - len(expected))
    more = [formatter.line("fetch_more", *_attempt(formatter, fetch)) for fetch in facts.fetches[_EXPECTED_FETCHES:]]
    error = "values.error_in_thread" if facts.error_texts else "values.no_error_text"
    return formatter.section(
        "fetches",
        *(formatter.line(f"fetch_{number}", *_attempt(formatter, fetch)) for number, fetch in enumerate(expected, 1)),
        *more,
        formatter.line("failed_accounts", _failed(formatter, facts)),
        formatter.line("error_text", formatter.say(error)),
    )


def _failed(formatter: Formatter, facts: Facts) -> str:
    if all(fetch.worked for fetch in facts.fetches):
        return formatter.say("values.no_failure")
    return ", ".join(facts.failed_accounts) or formatter.say("values.accounts_not_named")


def _attempt(formatter: Formatter, fetch: Fetch | None) -> tuple[Value, ...]:
    if fetch is None:
        return formatter.values("values.fetch_not_tried")
    return formatter.values("values.fetch_worked" if fetch.worked else "values.fetch_failed", at=fetch.at)


def tokens(formatter: Formatter, facts: Facts) -> Section:
    """What is known about each account's new token. The token itself is not stored."""
    if not facts.accounts:
        return formatter.section("tokens", formatter.line("token", formatter.say("values.not_asked")))
    lines = (Line(account.name, (_token(formatter, account.token),)) for account in facts.accounts)
    return formatter.section("tokens", *lines)


def _token(formatter: Formatter, token: TokenMemory | None) -> str:
    if token is None:
        return formatter.say("values.token_not_checked")
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
