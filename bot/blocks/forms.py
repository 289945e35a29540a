"""The modals: one for each form, opened at once and checked again when they come back."""

from typing import Any

from bot.blocks import actions as ids
from bot.blocks.kit import Block, field, modal, plain, section, text_input
from bot.blocks.kit import say as mrkdwn
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.regions import EUROPEAN_MARKETPLACES
from conversations.amazon_token.steps import FORM_FIELDS
from conversations.guide import Guide

_LONG = frozenset({("failure", "error_text"), ("help", "sentence"), ("accounts", "names"), ("more_accounts", "names")})
_OPTIONAL = _LONG | {("failure", "accounts"), ("accounts", "marketplaces"), ("more_accounts", "marketplaces")}
INPUT_LIMIT = 3000
CHECKBOX_LIMIT = 10


def form_view(guide: Guide, form: str, facts: Facts, address: ids.Address) -> dict[str, Any]:
    """The modal of `form`; its metadata is the address it was opened from."""
    fields = [_field(guide, form, name, facts) for name in FORM_FIELDS[form]]
    title, submit, close = (guide.say(f"forms.{form}.{part}") for part in ("title", "submit", "close"))
    blocks = [section(mrkdwn(guide, f"forms.{form}.intro")), *(block for block in fields if block is not None)]
    return modal(title, close, blocks, submit=submit, callback_id=f"{ids.FORM}:{form}", private_metadata=str(address))


def sentence_view(guide: Guide, key: str, **values: object) -> dict[str, Any]:
    """A modal that holds nothing but a sentence: what a form turns into when it came too late."""
    return stale_view(guide, section(mrkdwn(guide, key, **values)))


def stale_view(guide: Guide, *blocks: Block) -> dict[str, Any]:
    """What a form turns into that has no effect any more."""
    return modal(guide.say("answers.stale_title"), guide.say("buttons.close"), blocks)


def _field(guide: Guide, form: str, name: str, facts: Facts) -> Block | None:
    element = _element(guide, form, name, facts)
    if element is None:
        return None
    return field(guide, name, f"forms.{form}.{name}", element, optional=(form, name) in _OPTIONAL)


def _element(guide: Guide, form: str, name: str, facts: Facts) -> Block | None:
    if name == "marketplaces":
        return _marketplaces(guide, form, facts)
    if (form, name) == ("failure", "accounts"):
        names = [account.name for account in facts.accounts]
        return _choices([(account, account) for account in names]) if names else None
    return text_input(INPUT_LIMIT, multiline=(form, name) in _LONG)


def _marketplaces(guide: Guide, form: str, facts: Facts) -> Block | None:
    if facts.region != "europe":
        return None
    labels = [(guide.say(f"marketplaces.{market}"),) * 2 for market in EUROPEAN_MARKETPLACES]
    known = {account.name.casefold() for account in facts.accounts}
    free = [pair for pair in labels if form == "accounts" or pair[0].casefold() not in known]
    if not free:
        return None
    element = _choices(free)
    chosen = [option for option in element["options"] if option["value"].casefold() in known]
    if form == "accounts" and chosen:
        element["initial_options"] = chosen
    return element


def _choices(pairs: list[tuple[str, str]]) -> Block:
    kind = "checkboxes" if len(pairs) <= CHECKBOX_LIMIT else "multi_static_select"
    options = [{"text": plain(text[:75]), "value": value[:75]} for value, text in pairs]
    return {"type": kind, "action_id": ids.VALUE, "options": options}
