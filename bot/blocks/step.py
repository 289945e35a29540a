"""The one live message of a walk, and what it shrinks to."""

from dataclasses import dataclass

from bot.blocks import actions as ids
from bot.blocks.image import Reference
from bot.blocks.image import block as picture_block
from bot.blocks.kit import (
    Block,
    Content,
    actions,
    button,
    confirmation,
    context,
    escape,
    read_aloud,
    say,
    section,
)
from conversations.amazon_token import variants
from conversations.amazon_token.illustrations import alt_text, picture_for
from conversations.amazon_token.steps import CHOICES, LAST_NUMBER, STEPS, Offer
from conversations.amazon_token.walk import Walk
from conversations.engine.texts import Guide

_PER_ACCOUNT = frozenset({"select_account", "key_set", "backup_token", "seller_id", "token", "save"})


@dataclass(frozen=True, kw_only=True)
class StepView:
    """Everything the live message of a walk depends on. `notes` are plain sentences that stand above the step."""

    guide: Guide
    walk: Walk
    address: ids.Address
    notes: tuple[str, ...] = ()
    expanded: bool = False
    reminded: bool = False
    ticket: int | None = None
    phone_name: str = ""


def heading(guide: Guide, step: str) -> str:
    """Number and place of a step (plain text): the place alone for a question of our own, or nothing."""
    known = STEPS[step]
    place = guide.say(f"frame.places.{known.place}") if known.place is not None else ""
    if known.number is None:
        return place
    return guide.say("frame.heading", number=known.number, total=LAST_NUMBER, place=place)


def step_message(view: StepView) -> Content:
    """One act a message: notes, where we are, what to do, and the buttons."""
    guide, walk = view.guide, view.walk
    frame = _frame(view)
    title = f"*{escape(guide.say(f'steps.{walk.step}.title'))}*"
    values = variants.values(walk.step, walk.facts, walk.policy, view.ticket)
    text = say(guide, variants.text_key(walk.step, walk.facts, walk.policy), **values)
    blocks: list[Block] = [section(escape(note)) for note in view.notes]
    if blocks:
        blocks.append({"type": "divider"})
    if frame:
        blocks.append(context("  ·  ".join(frame)))
    blocks += [section(f"{title}\n{text}"), *_picture(view)]
    spoken = [*map(escape, view.notes), *frame, title, text]
    if view.expanded and not walk.over:
        where = say(guide, f"steps.{walk.step}.where")
        blocks.append(section(where))
        spoken.append(where)
    accounts = _accounts(view)
    if accounts:
        blocks.append(context("  ·  ".join(accounts)))
        spoken += accounts
    return {"text": read_aloud(*spoken), "blocks": [*blocks, *_buttons(view)]}


def _picture(view: StepView) -> list[Block]:
    """The screen of this step. Whoever does not see it misses nothing: the text says it all."""
    picture = picture_for(view.walk)
    if picture is None:
        return []
    reference = Reference(picture.name, view.guide.language, picture.values)
    return [picture_block(reference, alt_text(view.guide, picture))]


def record_message(text: str, mark: str = "✓") -> Content:
    """What a used message shrinks to: a short record of what was chosen (plain text), behind a mark."""
    shown = escape(text)
    return {"text": read_aloud(shown), "blocks": [context(f"{mark} {shown}")]}


def _frame(view: StepView) -> list[str]:
    guide, facts = view.guide, view.walk.facts
    lines = [f"*{escape(known)}*"] if (known := heading(guide, view.walk.step)) else []
    if view.phone_name:
        lines.append(say(guide, "frame.on_the_phone", name=view.phone_name))
    if view.walk.step in _PER_ACCOUNT and len(facts.accounts) > 1 and facts.account is not None:
        position, total = facts.account_index + 1, len(facts.accounts)
        lines.append(say(guide, "frame.account", position=position, total=total, name=facts.account.name))
    if facts.in_danger_zone and not view.walk.over:
        lines.append(say(guide, "frame.orders_paused"))
    return lines


def _accounts(view: StepView) -> list[str]:
    guide, facts = view.guide, view.walk.facts
    if len(facts.accounts) < 2 or view.walk.over:  # noqa: PLR2004 - one account needs no list
        return []
    lines = []
    if facts.saved:
        lines.append(say(guide, "frame.accounts_saved", names=", ".join(a.name for a in facts.saved)))
    if facts.left:
        lines.append(say(guide, "frame.accounts_left", names=", ".join(a.name for a in facts.left)))
    return lines


def _buttons(view: StepView) -> list[Block]:
    if view.walk.over:
        return []
    guide, value = view.guide, str(view.address)
    unique = f"{view.address.key[:12]}.{view.address.version}{'.where' if view.expanded else ''}"
    main = [element for offer in view.walk.offers() for element in _offer(view, offer, value)]
    if main and main[0].get("style") is None:
        main[0]["style"] = "primary"
    ways = [button(f"{ids.WALK}:back", guide.say("buttons.back"), value)] if view.walk.can("back") else []
    ways.append(
        button(ids.LESS, guide.say("buttons.less"), value)
        if view.expanded
        else button(ids.WHERE, guide.say("buttons.where"), value)
    )
    ways.append(button(f"{ids.FORM}:help", guide.say("buttons.help"), value))
    if view.reminded:
        ways.append(button(ids.QUIET, guide.say("buttons.quiet"), value))
    rows = [actions(f"main.{unique}", *main)] if main else []
    return [*rows, actions(f"ways.{unique}", *ways)]


def _offer(view: StepView, offer: Offer, value: str) -> list[Block]:
    guide, step = view.guide, view.walk.step
    if offer.event in CHOICES:
        return [
            button(f"{ids.WALK}:{offer.event}:{choice}", guide.say(f"choices.{offer.event}.{choice}"), value)
            for choice in CHOICES[offer.event]
        ]
    action = f"{ids.FORM}:{offer.form}" if offer.form is not None else f"{ids.WALK}:{offer.event}"
    label = guide.say(f"steps.{step}.buttons.{offer.event}")
    if not offer.danger:
        return [button(action, label, value)]
    return [button(action, label, value, style="danger", confirm=confirmation(guide, f"confirm.{offer.event}"))]
