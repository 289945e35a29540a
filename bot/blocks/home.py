"""The Home tab: where somebody is and what is theirs; for agents the support desk above it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.blocks import actions as ids
from bot.blocks.kit import (
    TEXT_LIMIT,
    Block,
    Content,
    actions,
    button,
    confirmation,
    context,
    escape,
    header,
    read_aloud,
    say,
    section,
)
from bot.blocks.kit import link as hyperlink
from conversations.engine.texts import LANGUAGES, Guide

DIVIDER: Block = {"type": "divider"}


@dataclass(frozen=True, kw_only=True)
class OwnWalk:
    """A walk that the viewer works. `saved` and `left` are the names of its accounts, where there are several."""

    id: int
    heading: str
    title: str
    paused: bool = False
    saved: Sequence[str] = ()
    left: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Case:
    """A ticket in a list of the desk. `status` is worded and holds since `since`; `link` leads to the card."""

    number: int
    priority: str
    category: str
    name: str
    status: str
    since: datetime
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class UnderWay:
    """Somebody's walk in the list of the desk; `since` is when it came to its step."""

    id: int
    name: str
    step: str
    since: datetime
    paused: bool = False


@dataclass(frozen=True)
class Own:
    """What a person's Home tab shows of themselves. A ticket is (number, state, since when)."""

    walks: Sequence[OwnWalk] = ()
    tickets: Sequence[tuple[int, str, datetime]] = ()


@dataclass(frozen=True)
class DeskSide:
    """What an agent sees of the desk, the most urgent first, and how many more there are."""

    cases: Sequence[Case]
    more_cases: int
    walks: Sequence[UnderWay]
    more_walks: int


def home_view(guide: Guide, own: Own, desk: DeskSide | None = None, *, command: str = "") -> dict[str, Any]:
    """The Home tab."""
    blocks: list[Block] = []
    if desk is not None:
        blocks += [*_desk(guide, desk, command), DIVIDER]
    if desk is None or own.walks or own.tickets:  # an agent without any is not asked to start one
        blocks += [header(guide.say("home.title")), *_walks(guide, own), DIVIDER, *_tickets(guide, own), DIVIDER]
    other = [button(f"{ids.LANGUAGE}:{one}", guide.say(f"home.languages.{one}"), one)
             for one in LANGUAGES if one != guide.language]  # fmt: skip
    blocks.append(actions("home.settings", *other, button(ids.PRIVACY, guide.say("buttons.privacy"))))
    return {"type": "home", "blocks": blocks}


def cases_message(guide: Guide, title: str, cases: Sequence[Case], more: int) -> Content:
    """A list of tickets as an answer; `title` is mrkdwn."""
    blocks = [section(title), *_cases(guide, cases)]
    spoken = [title]
    for case in cases:  # a line is read out whole or not at all: half a moment would be gibberish
        line = _case_text(guide, case)
        if len("\n".join([*spoken, line])) <= TEXT_LIMIT:
            spoken.append(line)
    if more:
        blocks.append(context(say(guide, "desk.overview.more", count=more)))
    return {"text": read_aloud(*spoken), "blocks": blocks}


def _walks(guide: Guide, own: Own) -> Iterator[Block]:
    if not own.walks:
        yield section(say(guide, "home.introduction"))
        yield actions("home.start", button(ids.START, guide.say("buttons.start"), style="primary"))
    for position, walk in enumerate(own.walks):
        yield section(say(guide, "home.under_way", heading=walk.heading, title=walk.title))
        marks = [f"✓ {escape(name)}" for name in walk.saved] + [f"○ {escape(name)}" for name in walk.left]
        if walk.paused:
            yield context(say(guide, "home.orders_paused"))
        if marks:
            yield context("   ".join(marks))
        confirm = confirmation(guide, "confirm.restart")
        style = "primary" if position == 0 else None
        yield actions(
            f"home.walk.{walk.id}",
            button(ids.GO_ON, guide.say("buttons.go_on"), str(walk.id), style=style),
            button(ids.RESTART, guide.say("buttons.start_over"), str(walk.id), confirm=confirm),
        )


def _tickets(guide: Guide, own: Own) -> Iterator[Block]:
    lines = [
        say(guide, "home.ticket", ticket=number, status=guide.say(f"home.ticket_states.{state}"), since=since)
        for number, state, since in own.tickets
    ]
    yield section("\n".join(lines)) if lines else context(say(guide, "home.no_ticket"))
    yield context(say(guide, "home.support_hint"))


def _desk(guide: Guide, desk: DeskSide, command: str) -> Iterator[Block]:
    yield header(guide.say("desk.overview.open"))
    yield from _cases(guide, desk.cases)
    if desk.more_cases:
        yield context(say(guide, "desk.overview.more_command", count=desk.more_cases, command=command))
    if not desk.cases:
        yield context(say(guide, "desk.overview.none"))
    yield header(guide.say("desk.overview.under_way"))
    for walk in desk.walks:
        key = "walk_paused" if walk.paused else "walk"
        text = say(guide, f"desk.overview.{key}", name=walk.name, step=walk.step, since=walk.since)
        yield _with_timeline(guide, f"desk.walk.{walk.id}", text, ids.About("w", walk.id))
    if desk.more_walks:
        yield context(say(guide, "desk.overview.more", count=desk.more_walks))
    if not desk.walks:
        yield context(say(guide, "desk.overview.none_under_way"))


def _cases(guide: Guide, cases: Sequence[Case]) -> list[Block]:
    return [
        _with_timeline(guide, f"desk.ticket.{case.number}", _case_text(guide, case), ids.About("t", case.number))
        for case in cases
    ]


def _case_text(guide: Guide, case: Case) -> str:
    text = say(
        guide, "desk.overview.ticket",
        priority=guide.say(f"desk.priorities.{case.priority}"), number=case.number, category=case.category,
        name=case.name, status=case.status, since=case.since,
    )  # fmt: skip
    return f"{text} · {hyperlink(case.link, guide.say('desk.overview.card'))}" if case.link else text


def _with_timeline(guide: Guide, block_id: str, text: str, about: ids.About) -> Block:
    look = button(ids.HISTORY, guide.say("ticket.buttons.history"), str(about))
    return {**section(text), "block_id": block_id, "accessory": look}
