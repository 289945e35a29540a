"""The sections of a dossier that tell of a walkthrough, from CONNECT's version to the new tokens."""

from conversations.amazon_token.facts import Account, Facts, Fetch, TokenMemory
from conversations.amazon_token.policy import Policy
from conversations.amazon_token.steps import LAST_NUMBER, STEPS
from conversations.amazon_token.variants import given_developer_id, id_source
from conversations.ticket.formatter import Line, Pen, Section
from conversations.ticket.models import StepTime, Value

_EACH_ACCOUNT = frozenset({"select_account", "key_set", "backup_token", "seller_id", "token", "save"})
"""Steps that are walked once for every account, so that coming again is no repetition."""
_NEVER_FINISHED = frozenset({"first_fetch", "second_fetch", "with_support"})
"""A fetch that worked ends the walk, so whoever left one of these saw it fail."""
_EXPECTED_FETCHES = 2


def connect(pen: Pen, facts: Facts) -> Section:
    """Version, mask, region, key set and the accounts concerned."""
    not_asked = pen.say("values.not_asked")
    region = pen.guide.say(f"choices.choose_region.{facts.region}") if facts.region else not_asked
    return pen.section(
        "connect",
        pen.line("version", facts.version or not_asked),
        pen.line("mask", pen.say(f"values.masks.{facts.mask}") if facts.mask else not_asked),
        pen.line("region", region),
        pen.line("key_set", _key_set(pen, facts)),
        *_accounts(pen, facts),
    )


def _key_set(pen: Pen, facts: Facts) -> str:
    if facts.key_set_before is None and facts.key_set is None:
        return pen.say("values.not_asked")
    before, after = (
        pen.guide.say(f"choices.choose_key_set.{key_set}") if key_set else pen.say("values.not_known")
        for key_set in (facts.key_set_before, facts.key_set)
    )
    return pen.say("values.key_set", before=before, after=after)


def _accounts(pen: Pen, facts: Facts) -> list[Line]:
    if not facts.accounts:
        return [pen.line("accounts", pen.say("values.not_asked"))]
    none = pen.say("values.none")
    done = pen.say(
        "values.accounts_done",
        done=len(facts.saved),
        total=len(facts.accounts),
        saved=_names(facts.saved) or none,
        left=_names(facts.left) or none,
    )
    stays = facts.key_set is not None and facts.key_set == facts.key_set_before

    def change(account: Account) -> str:
        return "stays" if stays else "yes" if account.key_set_changed else "no"

    changed = pen.grouped("values.key_set_changed", facts.accounts, change)
    return [pen.line("accounts", done), pen.line("key_set_changed", changed)]


def _names(accounts: list[Account]) -> str:
    return ", ".join(account.name for account in accounts)


def amazon(pen: Pen, facts: Facts, policy: Policy) -> Section:
    """The developer ID that this walk has named, and how the seller IDs compared."""
    return pen.section(
        "amazon",
        pen.line("developer_id", _developer_id(pen, facts, policy)),
        pen.line("seller_id", pen.grouped("values.seller_id", facts.accounts, lambda account: account.seller_id)),
    )


def _developer_id(pen: Pen, facts: Facts, policy: Policy) -> str:
    given = given_developer_id(facts, policy)
    shown = "authorize_developer" in facts.repeats or facts.handbook_developer_id is not None
    if given is None or not shown:
        return pen.say("values.none_given")
    source = pen.say(f"values.id_sources.{id_source(facts)}")
    return pen.say("values.developer_id", id=given, source=source)


_WORTH_NAMING = 60
"""Seconds; steps that took less are counted and not listed, so that the slow ones are seen."""


def walk(pen: Pen, facts: Facts, times: list[StepTime]) -> Section:
    """How far the merchant came, how long it took, and what has happened to the old access."""
    finished = _last_finished(facts)
    orders = {True: "values.orders.arriving", False: "values.orders.stopped", None: "values.not_asked"}
    backup = pen.grouped("values.backup", facts.accounts, lambda account: "yes" if account.backup else "no")
    return pen.section(
        "walk",
        pen.line("orders_before", pen.say(orders[facts.orders_arriving])),
        pen.line("last_finished", named_step(pen, finished) if finished else pen.say("values.no_step")),
        pen.line("stands_at", stands_at(pen, facts)),
        pen.line("times", _times(pen, times)),
        pen.line("repeated", _repeated(pen, facts, times)),
        pen.line("access_off", facts.access_off_at or pen.say("values.access_not_off")),
        pen.line("access_on_again", _on_again(pen, facts)),
        pen.line("backup", backup),
    )


def _last_finished(facts: Facts) -> str | None:
    """The step finished last. Whoever goes back to the old access has not finished the step they left."""
    trail = facts.trail[:-1] if facts.step in {"going_back", "reverted"} else facts.trail
    finished = [mark.step for mark in trail if mark.step not in _NEVER_FINISHED]
    return finished[-1] if finished else None


def named_step(pen: Pen, step: str) -> str:
    """The step's title with its number, or the bare ID of a step that no longer exists."""
    if step not in STEPS:
        return step
    title, number = pen.guide.say(f"steps.{step}.title"), STEPS[step].number
    return title if number is None else pen.say("values.step", number=number, total=LAST_NUMBER, title=title)


def stands_at(pen: Pen, facts: Facts) -> str:
    """Where the merchant is now."""
    if facts.step is None:
        return pen.say("values.not_known")
    return named_place(pen, facts, facts.step, facts.account_index)


def named_place(pen: Pen, facts: Facts, at_step: str, account: int) -> str:
    """A step with its account, where it is walked once for each of several."""
    step = named_step(pen, at_step)
    if account >= len(facts.accounts) or at_step not in _EACH_ACCOUNT:
        return step
    return pen.say(
        "values.step_account", step=step, position=account + 1, total=len(facts.accounts),
        name=facts.accounts[account].name,
    )  # fmt: skip


def _title(pen: Pen, step: str) -> str:
    return pen.guide.say(f"steps.{step}.title") if step in STEPS else step


def _times(pen: Pen, times: list[StepTime]) -> str:
    if not times:
        return pen.say("values.not_known")
    total = pen.say("values.total_time", time=pen.duration(sum(one.seconds for one in times)))
    slow = [one for one in times if one.seconds >= _WORTH_NAMING]
    each = [pen.say("values.step_time", title=_title(pen, one.step), time=pen.duration(one.seconds)) for one in slow]
    if len(slow) < len(times):
        each.append(pen.say("values.quick_steps", count=len(times) - len(slow)))
    return " · ".join([total, *each])


def _repeated(pen: Pen, facts: Facts, times: list[StepTime]) -> str:
    counts = dict(facts.repeats)
    for one in times:
        counts[one.step] = max(counts.get(one.step, 0), one.times)
    rounds = max(1, min(len(facts.accounts), len(facts.saved) + 1))
    usual = dict.fromkeys((*_EACH_ACCOUNT, "next_account"), rounds)
    said = [
        pen.say("values.step_repeated", title=_title(pen, step), times=count)
        for step, count in counts.items()
        if count > usual.get(step, 1)
    ]
    return " · ".join(said) or pen.say("values.no_step")


def _on_again(pen: Pen, facts: Facts) -> Value:
    if facts.access_on_again_at is not None:
        return facts.access_on_again_at
    return pen.say("values.not_needed" if facts.access_off_at is None else "values.access_still_off")


def fetches(pen: Pen, facts: Facts) -> Section:
    """Every attempt with its time, the procedure's two also when they are still to come, and what failed."""
    expected: list[Fetch | None] = [*facts.fetches[:_EXPECTED_FETCHES]]
    expected += [None] * (_EXPECTED_FETCHES - len(expected))
    more = [pen.line("fetch_more", *_attempt(pen, fetch)) for fetch in facts.fetches[_EXPECTED_FETCHES:]]
    error = "values.error_in_thread" if facts.error_texts else "values.no_error_text"
    return pen.section(
        "fetches",
        *(pen.line(f"fetch_{number}", *_attempt(pen, fetch)) for number, fetch in enumerate(expected, 1)),
        *more,
        pen.line("failed_accounts", _failed(pen, facts)),
        pen.line("error_text", pen.say(error)),
    )


def _failed(pen: Pen, facts: Facts) -> str:
    if all(fetch.worked for fetch in facts.fetches):
        return pen.say("values.no_failure")
    return ", ".join(facts.failed_accounts) or pen.say("values.accounts_not_named")


def _attempt(pen: Pen, fetch: Fetch | None) -> tuple[Value, ...]:
    if fetch is None:
        return pen.values("values.fetch_not_tried")
    return pen.values("values.fetch_worked" if fetch.worked else "values.fetch_failed", at=fetch.at)


def tokens(pen: Pen, facts: Facts) -> Section:
    """What is known of each account's new token. The token itself is known to nobody here."""
    if not facts.accounts:
        return pen.section("tokens", pen.line("token", pen.say("values.not_asked")))
    lines = (Line(account.name, (_token(pen, account.token),)) for account in facts.accounts)
    return pen.section("tokens", *lines)


def _token(pen: Pen, token: TokenMemory | None) -> str:
    if token is None:
        return pen.say("values.token_not_checked")
    repairs = ", ".join(pen.guide.say(f"repairs.{repair}") for repair in token.repairs)
    cleaned = pen.say("values.token_repaired", repairs=repairs) if repairs else pen.say("values.token_not_repaired")
    known = {True: "yes", False: "no", None: "unknown"}
    facts = (
        pen.say("values.token_shape", last4=token.last4),
        cleaned,
        pen.say(f"values.same_as_old.{known[token.same_as_old]}"),
        pen.say(f"values.same_as_first.{known[token.same_as_first]}"),
    )
    return " · ".join(facts)
