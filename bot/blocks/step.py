"""The message of a walk's present step, and the line that replaces it once the step is answered."""

from dataclasses import dataclass

from bot.blocks import actions as ids
from bot.blocks.image import ImageReference
from bot.blocks.image import block as picture_block
from bot.blocks.kit import Block, Content, actions, button, confirmation, context, escape, say, section, top_level_text
from conversations.amazon_token import variants
from conversations.amazon_token.illustrations import alt_text, illustration_for
from conversations.amazon_token.steps import CHOICES, LAST_NUMBER, STEPS, Offer
from conversations.amazon_token.walk import Walk
from conversations.engine.texts import Texts

_PER_ACCOUNT = frozenset({"select_account", "key_set", "backup_token", "seller_id", "token", "save"})


@dataclass(frozen=True, kw_only=True)
class StepView:
    """Everything that the message of a step depends on. `notes` are plain sentences above the step."""

    texts: Texts
    walk: Walk
    address: ids.Address
    notes: tuple[str, ...] = ()
    expanded: bool = False
    reminded: bool = False
    ticket: int | None = None
    phone_name: str = ""


def heading(texts: Texts, step: str) -> str:
    """Number and place of a step as plain text: the place alone for a question of our own, "" without a place."""
    properties = STEPS[step]
    place = texts.say(f"frame.places.{properties.place}") if properties.place is not None else ""
    if properties.number is None:
        return place
    return texts.say("frame.heading", number=properties.number, total=LAST_NUMBER, place=place)


def step_message(view: StepView) -> Content:
    """The message of the present step: notes, where the walk is, what to do, and the buttons."""
    texts, walk = view.texts, view.walk
    context_lines = _context_lines(view)
    title = f"*{escape(texts.say(f'steps.{walk.step}.title'))}*"
    values = variants.values(walk.step, walk.facts, walk.policy, view.ticket)
    text = say(texts, variants.text_key(walk.step, walk.facts, walk.policy), **values)
    blocks: list[Block] = [section(escape(note)) for note in view.notes]
    if blocks:
        blocks.append({"type": "divider"})
    if context_lines:
        blocks.append(context("  ·  ".join(context_lines)))
    blocks += [section(f"{title}\n{text}"), *_picture(view)]
    text_lines = [*map(escape, view.notes), *context_lines, title, text]
    if view.expanded and not walk.over:
        where = say(texts, f"steps.{walk.step}.where")
        blocks.append(section(where))
        text_lines.append(where)
    accounts = _accounts(view)
    if accounts:
        blocks.append(context("  ·  ".join(accounts)))
        text_lines += accounts
    return {"text": top_level_text(*text_lines), "blocks": [*blocks, *_buttons(view)]}


def _picture(view: StepView) -> list[Block]:
    """A picture of the screen of this step. It only shows what the text says too."""
    picture = illustration_for(view.walk)
    if picture is None:
        return []
    reference = ImageReference(picture.name, view.texts.language, picture.values)
    return [picture_block(reference, alt_text(view.texts, picture))]


def summary_message(text: str, mark: str = "✓") -> Content:
    """What replaces the message of an answered step: a short record (plain text) after a mark."""
    escaped = escape(text)
    return {"text": top_level_text(escaped), "blocks": [context(f"{mark} {escaped}")]}


def _context_lines(view: StepView) -> list[str]:
    texts, facts = view.texts, view.walk.facts
    step_heading = heading(texts, view.walk.step)
    lines = [f"*{escape(step_heading)}*"] if step_heading else []
    if view.phone_name:
        lines.append(say(texts, "frame.on_the_phone", name=view.phone_name))
    if view.walk.step in _PER_ACCOUNT and len(facts.accounts) > 1 and facts.account is not None:
        position, total = facts.account_index + 1, len(facts.accounts)
        lines.append(say(texts, "frame.account", position=position, total=total, name=facts.account.name))
    if facts.in_danger_zone and not view.walk.over:
        lines.append(say(texts, "frame.orders_paused"))
    return lines


def _accounts(view: StepView) -> list[str]:
    texts, facts = view.texts, view.walk.facts
    if len(facts.accounts) < 2 or view.walk.over:  # noqa: PLR2004 - one account needs no list
        return []
    lines = []
    if facts.saved:
        lines.append(say(texts, "frame.accounts_saved", names=", ".join(a.name for a in facts.saved)))
    if facts.left:
        lines.append(say(texts, "frame.accounts_left", names=", ".join(a.name for a in facts.left)))
    return lines


def _buttons(view: StepView) -> list[Block]:
    if view.walk.over:
        return []
    texts, value = view.texts, str(view.address)
    unique = f"{view.address.key[:12]}.{view.address.version}{'.where' if view.expanded else ''}"
    main = [element for offer in view.walk.offers() for element in _offer_buttons(view, offer, value)]
    if main and main[0].get("style") is None:
        main[0]["style"] = "primary"
    secondary = [button(f"{ids.WALK}:back", texts.say("buttons.back"), value)] if view.walk.can("back") else []
    secondary.append(
        button(ids.LESS, texts.say("buttons.less"), value)
        if view.expanded
        else button(ids.WHERE, texts.say("buttons.where"), value)
    )
    secondary.append(button(f"{ids.FORM}:help", texts.say("buttons.help"), value))
    if view.reminded:
        secondary.append(button(ids.QUIET, texts.say("buttons.quiet"), value))
    rows = [actions(f"main.{unique}", *main)] if main else []
    return [*rows, actions(f"ways.{unique}", *secondary)]


def _offer_buttons(view: StepView, offer: Offer, value: str) -> list[Block]:
    texts, step = view.texts, view.walk.step
    if offer.event in CHOICES:
        return [
            button(f"{ids.WALK}:{offer.event}:{choice}", texts.say(f"choices.{offer.event}.{choice}"), value)
            for choice in CHOICES[offer.event]
        ]
    action = f"{ids.FORM}:{offer.form}" if offer.form is not None else f"{ids.WALK}:{offer.event}"
    label = texts.say(f"steps.{step}.buttons.{offer.event}")
    if not offer.danger:
        return [button(action, label, value)]
    return [button(action, label, value, style="danger", confirm=confirmation(texts, f"confirm.{offer.event}"))]
