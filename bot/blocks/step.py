"""The message of a walk's present step, and the line that replaces it once the step is answered."""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks import actions as ids
from bot.blocks.image import ImageReference
from bot.blocks.image import block as picture_block
from bot.blocks.kit import (
    Block,
    Content,
    actions,
    button,
    choice,
    confirmation,
    context,
    escape,
    plain,
    say,
    section,
    top_level_text,
)
from bot.blocks.lead import Lead
from bot.blocks.message_field import NOTHING_TYPED, TypedFields, field_blocks, words_of
from bot.blocks.rating import GivenRating, rating_blocks
from conversations.engine import screens
from conversations.engine.charts import BACK, CANCEL
from conversations.engine.pictures import Illustration
from conversations.engine.procedure import HELP
from conversations.engine.screens import PlacedOffer, ShownScreen
from conversations.engine.texts import Texts
from conversations.engine.walkthrough import AnyWalk


@dataclass(frozen=True, kw_only=True)
class StepView:
    """Everything that the message of a step depends on. The `lead` and `notes` (plain sentences) come above it.

    `below`: they come right above its buttons instead, since only the end of a long message is in sight on a phone.

    `ticket` is given at a step at which support owes the next word; `ticket_arrived`: support has it. `answer_by`: the
    number of a ticket and when its answer is expected. `hours`: a line (mrkdwn) about when support is there, the last
    one of the step. `held`: what is said (plain) instead of what to do, while an outage holds the walk.
    """

    texts: Texts
    walk: AnyWalk
    address: ids.Address
    notes: tuple[str, ...] = ()
    lead: Lead | None = None
    below: bool = False
    expanded: bool = False
    reminded: bool = False
    ticket: int | None = None
    ticket_arrived: bool = False
    answer_by: tuple[int, datetime] | None = None
    hours: str = ""
    held: str = ""
    phone_name: str = ""
    rating: GivenRating | None = None
    """What was said about the walk, which is over."""
    fields: TypedFields = NOTHING_TYPED


def heading(texts: Texts, walk: AnyWalk, screen: ShownScreen | None = None) -> str:
    """Number and place of a step as plain text: the place alone for a question of our own, "" without a place.

    Of a step that is shown with others it is that of all of them. From the second item on, the steps of the item are
    counted, so that the count goes forward.
    """
    procedure, properties = walk.procedure, walk.properties
    place = texts.say(f"frame.places.{properties.place}") if properties.place is not None else ""
    of_item = screens.number_of_item(walk)
    number, total = of_item or ((screen or screens.shown(walk)).numbers, procedure.last_number)
    if not number:
        return place
    key = "frame.heading_item" if of_item is not None and place else "frame.heading"
    several = "_several" if screens.RANGE in number else ""
    return texts.say(f"{key}{several}{'' if place else '_without_place'}", number=number, total=total, place=place)


def step_message(view: StepView) -> Content:
    """The message of the present step: notes, where the walk is, what to do, and the buttons."""
    walk = view.walk
    screen = screens.shown(walk)
    context_lines = _context_lines(view, screen)
    lead = view.lead
    blocks: list[Block] = [] if view.below else [*_said(view), *_divider(view)]
    if context_lines:
        blocks.append(context("  ·  ".join(context_lines)))
    instructions = [f"{_title(view, screen)}\n{escape(view.held)}"] if view.held else _instructions(view, screen)
    blocks += [*map(section, instructions), *([] if view.held else _pictured(view, screen))]
    text_lines = [*([lead.text] if lead is not None else []), *map(escape, view.notes), *context_lines, *instructions]
    if view.expanded and not walk.over and not view.held:
        explanations = _explanations(view, screen)
        blocks += explanations
        text_lines += [block["text"]["text"] for block in explanations if block["type"] == "section"]
    items = _items(view)
    if items:
        blocks.append(context("  ·  ".join(items)))
        text_lines += items
    if view.hours and not view.held:
        blocks.append(section(view.hours))
        text_lines.append(view.hours)
    if view.below:
        asks = view.lead is not None and bool(view.lead.buttons)
        blocks += [*_divider(view), *_said(view), *(_divider(view) if asks else [])]
    fields = _fields(view, screen)
    text_lines += words_of(fields)
    return {"text": top_level_text(*text_lines), "blocks": [*blocks, *fields, *_buttons(view, screen)]}


def _fields(view: StepView, screen: ShownScreen) -> list[Block]:
    """The fields of the forms that are in the message."""
    if view.held or view.walk.over:
        return []
    forms = view.walk.procedure.forms
    return [
        block
        for placed in screen.offers
        if placed.offer.form is not None and forms[placed.offer.form].in_message
        for block in field_blocks(
            view.texts, placed.offer.form, forms[placed.offer.form],
            view.address.placed(placed.at, placed.acts), view.fields,
        )
    ]  # fmt: skip


def _said(view: StepView) -> list[Block]:
    """The notes and the lead; below the step, a divider keeps its buttons apart from those of the step."""
    lead = view.lead.blocks(view.address) if view.lead is not None else []
    notes = [section(escape(note)) for note in view.notes]
    return [*notes, *lead] if view.below else [*lead, *notes]


def _divider(view: StepView) -> list[Block]:
    return [{"type": "divider"}] if view.notes or view.lead is not None else []


def _instructions(view: StepView, screen: ShownScreen) -> list[str]:
    """What to do at each open step; on a screen of several, below its title and after what is done already."""
    texts, title = view.texts, _title(view, screen)
    what = [say(texts, walk.text_key, **walk.text_values(ticket=view.ticket)).strip() for walk in screen.open]
    if not screen.several:
        return [f"{title}\n{what[0]}"]
    done = "\n".join(f"✓ {escape(texts.say(f'steps.{name}.title'))}" for name in screen.done)
    acts = [f"*{number}.* {text}" for number, text in enumerate(what, len(screen.done) + 1)]
    return [f"{title}\n{done}" if done else title, *acts]


def _title(view: StepView, screen: ShownScreen) -> str:
    return f"*{escape(view.texts.say(screen.title_key))}*"


def _explanations(view: StepView, screen: ShownScreen) -> list[Block]:
    """Where to find what each open act is about, with its picture unless the message shows it already."""
    blocks: list[Block] = []
    numbered, shown = screen.several, screen.picture()
    shown_picture = shown[1] if shown is not None else None
    for number, walk in enumerate(screen.open, len(screen.done) + 1):
        where = say(view.texts, f"steps.{walk.step}.where")
        blocks.append(section(f"*{number}.* {where}" if numbered else where))
        picture = walk.picture()
        if picture is not None and picture != shown_picture:
            blocks.append(_picture(view, picture))
    return blocks


def _pictured(view: StepView, screen: ShownScreen) -> list[Block]:
    """The picture of the message. Beside several acts it says which one it shows: it has numbers of its own."""
    shown = screen.picture()
    if shown is None:
        return []
    number, picture = shown
    title = {"title": plain(view.texts.say("frame.picture_of", number=number))} if screen.several else {}
    return [{**_picture(view, picture), **title}]


def _picture(view: StepView, picture: Illustration) -> Block:
    """A picture of the screen of a step. It only shows what the text says too."""
    procedure = view.walk.procedure
    reference = ImageReference(f"{procedure.id}.{picture.name}", view.texts.language, picture.values)
    return picture_block(reference, procedure.pictures.alt_text(view.texts, picture))


def summary_message(text: str, mark: str = "✓") -> Content:
    """What replaces the message of an answered step: a short record (plain text) after a mark."""
    escaped = escape(text)
    return {"text": top_level_text(escaped), "blocks": [context(f"{mark} {escaped}")]}


def _context_lines(view: StepView, screen: ShownScreen) -> list[str]:
    texts, walk = view.texts, view.walk
    step_heading = heading(texts, walk, screen)
    lines = [f"*{escape(step_heading)}*"] if step_heading else []
    if view.ticket is not None:
        key = "frame.ticket_arrived" if view.ticket_arrived else "frame.ticket_on_its_way"
        lines.append(say(texts, key, ticket=view.ticket))
    if view.answer_by is not None:
        number, at = view.answer_by
        lines.append(say(texts, "frame.answer_by", ticket=number, at=at))
    if view.phone_name:
        lines.append(say(texts, "frame.on_the_phone", name=view.phone_name))
    items, position = walk.items, walk.state.item
    if walk.properties.each_item and len(items) > 1 and position < len(items):
        lines.append(say(texts, "frame.item", position=position + 1, total=len(items), name=items[position].name))
    if walk.urgency is not None and not walk.over:
        lines.append(say(texts, "frame.urgent"))
    return lines


def _items(view: StepView) -> list[str]:
    texts, items = view.texts, view.walk.items
    if len(items) < 2 or view.walk.over:  # noqa: PLR2004 - one item needs no list
        return []
    lines = []
    done, left = ([item.name for item in items if item.done is wanted] for wanted in (True, False))
    if done:
        lines.append(say(texts, "frame.items_done", names=", ".join(done)))
    if left:
        lines.append(say(texts, "frame.items_left", names=", ".join(left)))
    return lines


def _buttons(view: StepView, screen: ShownScreen) -> list[Block]:
    if view.walk.over:
        # An agent who did it for a caller is not asked.
        return [] if view.phone_name else rating_blocks(view.texts, view.address, view.rating)
    if view.held:
        return [actions(f"held.{view.address.key[:12]}.{view.address.version}", *_ways_out(view))]
    texts, value = view.texts, str(view.address)
    unique = f"{view.address.key[:12]}.{view.address.version}{'.where' if view.expanded else ''}"
    main = [element for placed in screen.offers for element in _offer_buttons(view, placed)]
    leading = any(one.style is not None for one in view.lead.buttons) if view.lead is not None else False
    said = view.lead.said_for(f"{ids.FORM}:{HELP}") if view.lead is not None else ""
    person = button(f"{ids.FORM}:{HELP}", texts.say("buttons.help"), ids.button_value(view.address, said))
    if view.walk.properties.person_first:
        main.insert(0, person)
    if main and main[0].get("style") is None and not leading:
        main[0]["style"] = "primary"
    secondary = [button(f"{ids.WALK}:{BACK}", texts.say("buttons.back"), value)] if view.walk.can(BACK) else []
    asked = view.walk.properties.asks and len(screen.offers) > 1 and not screen.several
    secondary.append(
        button(ids.LESS, texts.say("buttons.less"), value)
        if view.expanded
        else button(ids.WHERE, texts.say(f"buttons.{'how_to_tell' if asked else 'where'}"), value)
    )
    if screens.groups(view.walk, screen):
        together = view.walk.state.one_by_one
        action_id, key = (ids.TOGETHER, "together") if together else (ids.ONE_BY_ONE, "one_by_one")
        secondary.append(button(action_id, texts.say(f"buttons.{key}"), value))
    if not view.walk.properties.person_first:
        secondary.append(person)
    if view.reminded:
        secondary.append(button(ids.QUIET, texts.say("buttons.quiet"), value))
    rows = [actions(f"main.{unique}", *main)] if main else []
    return [*rows, actions(f"ways.{unique}", *secondary)]


def _ways_out(view: StepView) -> list[Block]:
    """What somebody who is held can do: go back, end the walk where the step offers it, and call a person."""
    texts, value = view.texts, str(view.address)
    back = [button(f"{ids.WALK}:{BACK}", texts.say("buttons.back"), value)] if view.walk.can(BACK) else []
    ends = [
        element
        for placed in screens.shown(view.walk).offers
        if placed.offer.event == CANCEL
        for element in _offer_buttons(view, placed)
    ]
    return [*ends, *back, button(f"{ids.FORM}:{HELP}", texts.say("buttons.help"), value)]


def _menu(view: StepView, event: str, options: list[tuple[str, str]], address: str) -> Block:
    """A menu of the choices of an event; each option carries the address, and the choice behind it."""
    menu = choice([(label, f"{address} {one}") for label, one in options])
    placeholder = plain(view.texts.say("buttons.show_one"))
    return {**menu, "action_id": f"{ids.WALK}:{event}", "placeholder": placeholder}


def _offer_buttons(view: StepView, placed: PlacedOffer) -> list[Block]:
    texts, offer = view.texts, placed.offer
    value = str(view.address.placed(placed.at, placed.acts))
    if offer.choices:
        unshown = offer.unshown(view.walk.facts) if offer.unshown is not None else ()
        if offer.menu:
            options = [(texts.say(f"choices.{offer.event}.{one}"), one) for one in offer.choices if one not in unshown]
            return [_menu(view, offer.event, options, value)]
        return [
            button(f"{ids.WALK}:{offer.event}:{choice}", texts.say(f"choices.{offer.event}.{choice}"), value)
            for choice in offer.choices
            if choice not in unshown
        ]
    action = f"{ids.FORM}:{offer.form}" if offer.form is not None else f"{ids.WALK}:{offer.event}"
    label = texts.say(f"steps.{placed.at}.buttons.{offer.event}")
    if not offer.danger:
        return [button(action, label, value)]
    return [button(action, label, value, style="danger", confirm=confirmation(texts, f"confirm.{offer.event}"))]
