"""The Home tab: a merchant's walks and tickets; for agents, above them, the open tickets and walks of everybody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.blocks import actions as ids
from bot.blocks import invitations
from bot.blocks.fit import spread
from bot.blocks.invitations import PendingInvitation
from bot.blocks.kit import (
    VIEW_BLOCKS,
    Block,
    Content,
    actions,
    button,
    confirmation,
    context,
    escape,
    header,
    say,
    section,
    top_level_text,
)
from bot.blocks.kit import link as hyperlink
from conversations.engine.texts import LANGUAGES, Texts

DIVIDER: Block = {"type": "divider"}


@dataclass(frozen=True, kw_only=True)
class OwnWalkthrough:
    """A walk of the viewer's own. `urgent` says why it cannot wait, if so (mrkdwn).

    `done` and `left` are the names of the things for which steps are repeated, where there are several.
    """

    id: int
    heading: str
    title: str
    urgent: str = ""
    done: Sequence[str] = ()
    left: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class ListedTicket:
    """A ticket in a list for agents. `status` is in words and has lasted since `since`; `link` leads to the card.

    `category` is "" while none is known, `words` what the merchant wrote. `due` is until when they are owed an
    answer, or the ticket is postponed. `acts` are the buttons that the viewer may press here; without any there is only
    the timeline.
    """

    number: int
    priority: str
    category: str
    name: str
    status: str
    since: datetime
    words: str = ""
    due: datetime | None = None
    due_kind: Literal["ahead", "late", "postponed"] = "ahead"
    link: str = ""
    acts: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class OpenWalkthrough:
    """Somebody's walk in the list for agents; `text` is mrkdwn."""

    id: int
    text: str


@dataclass(frozen=True)
class MerchantHome:
    """What the Home tab shows about its viewer. A ticket is (number, state, since when).

    `others` are the procedures besides the first that may be started: their IDs and names.
    """

    walks: Sequence[OwnWalkthrough] = ()
    tickets: Sequence[tuple[int, str, datetime]] = ()
    others: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class UndeliveredCards:
    """What support does not see in its channel. `paused`: since when the channel takes nothing, for the reason `why`.

    `count` tickets have had no card there since `since`; `refused`: Slack has refused one of them for good.
    """

    count: int = 0
    since: datetime | None = None
    refused: bool = False
    paused: datetime | None = None
    why: str = ""


@dataclass(frozen=True)
class SupportHome:
    """What the Home tab shows to agents: tickets and walks, the most urgent first, and how many more there are."""

    tickets: Sequence[ListedTicket]
    more_tickets: int
    walks: Sequence[OpenWalkthrough]
    more_walks: int
    undelivered: UndeliveredCards = UndeliveredCards()
    invitations: Sequence[PendingInvitation] = ()


def home_view(
    texts: Texts, own: MerchantHome, support: SupportHome | None = None, *, command: str = ""
) -> dict[str, Any]:
    """The view for `views.publish`; `support` is given for agents only."""
    blocks: list[Block] = []
    if support is not None:
        blocks += [*_support_home(texts, support, command), DIVIDER]
    if support is None or own.walks or own.tickets:  # an agent without any is not asked to start one
        blocks += [
            header(texts.say("home.title")),
            *_own_walks(texts, own),
            DIVIDER,
            *_own_tickets(texts, own),
            DIVIDER,
        ]
    other_languages = [button(f"{ids.LANGUAGE}:{language}", texts.say(f"home.languages.{language}"), language)
                       for language in LANGUAGES if language != texts.language]  # fmt: skip
    blocks.append(actions("home.settings", *other_languages, button(ids.PRIVACY, texts.say("buttons.privacy"))))
    return {"type": "home", "blocks": spread(blocks)[:VIEW_BLOCKS]}


def ticket_list_message(texts: Texts, title: str, tickets: Sequence[ListedTicket], more: int) -> Content:
    """A list of tickets as a message; `title` is mrkdwn."""
    blocks = [section(title), *_ticket_blocks(texts, tickets)]
    if more:
        blocks.append(context(say(texts, "desk.overview.more", count=more)))
    return {"text": top_level_text(title, *(_ticket_line(texts, ticket) for ticket in tickets)), "blocks": blocks}


def taken(texts: Texts, ticket: ListedTicket) -> Content:
    """To an agent: the ticket that they have taken with „Nächstes Ticket“, to be answered here."""
    content = ticket_list_message(texts, say(texts, "desk.overview.taken"), [ticket], 0)
    answer = button(ids.ANSWER, texts.say("ticket.buttons.answer"), str(ticket.number), style="primary")
    return {**content, "blocks": [*content["blocks"], actions("desk.answer", answer)]}


def direct_message(texts: Texts, tickets: Sequence[ListedTicket], more: int) -> Content:
    """To an agent: urgent tickets that have not reached the support channel. A single one can be answered there."""
    content = ticket_list_message(texts, say(texts, "desk.second_way"), tickets, more)
    if len(tickets) > 1:
        return content
    answer = button(ids.ANSWER, texts.say("ticket.buttons.answer"), str(tickets[0].number), style="primary")
    return {**content, "blocks": [*content["blocks"], actions("desk.answer", answer)]}


def _own_walks(texts: Texts, own: MerchantHome) -> Iterator[Block]:
    if not own.walks:
        yield section(say(texts, "home.introduction"))
        if own.others:
            yield section(say(texts, "home.which_button"))
        others = (button(f"{ids.BEGIN}:{procedure}", name) for procedure, name in own.others)
        yield actions("home.start", button(ids.START, texts.say("buttons.start"), style="primary"), *others)
    for position, walk in enumerate(own.walks):
        yield section(say(texts, "home.under_way", heading=walk.heading, title=walk.title))
        marks = [f"✓ {escape(name)}" for name in walk.done] + [f"○ {escape(name)}" for name in walk.left]
        if walk.urgent:
            yield context(walk.urgent)
        if marks:
            yield context("   ".join(marks))
        confirm = confirmation(texts, "confirm.restart")
        style = "primary" if position == 0 else None
        yield actions(
            f"home.walk.{walk.id}",
            button(ids.GO_ON, texts.say("buttons.go_on"), str(walk.id), style=style),
            button(ids.RESTART, texts.say("buttons.start_over"), str(walk.id), confirm=confirm),
        )


def _own_tickets(texts: Texts, own: MerchantHome) -> Iterator[Block]:
    lines = [
        say(texts, "home.ticket", ticket=number, status=texts.say(f"home.ticket_states.{state}"), since=since)
        for number, state, since in own.tickets
    ]
    yield section("\n".join(lines)) if lines else context(say(texts, "home.no_ticket"))
    yield context(say(texts, "home.support_hint"))


def _support_home(texts: Texts, support: SupportHome, command: str) -> Iterator[Block]:
    yield from _undelivered(texts, support.undelivered)
    yield header(texts.say("desk.overview.open"))
    if support.tickets:
        yield actions("home.next", button(ids.NEXT, texts.say("desk.overview.next"), style="primary"))
    yield from _ticket_blocks(texts, support.tickets)
    if support.more_tickets:
        yield context(say(texts, "desk.overview.more_command", count=support.more_tickets, command=command))
    if not support.tickets:
        yield context(say(texts, "desk.overview.none"))
    yield from invitations.pending(texts, support.invitations)
    yield header(texts.say("desk.overview.under_way"))
    for walk in support.walks:
        yield _with_timeline(texts, f"desk.walk.{walk.id}", walk.text, ids.TimelinePage("w", walk.id))
    if support.more_walks:
        yield context(say(texts, "desk.overview.more", count=support.more_walks))
    if not support.walks:
        yield context(say(texts, "desk.overview.none_under_way"))


def _undelivered(texts: Texts, undelivered: UndeliveredCards) -> Iterator[Block]:
    if undelivered.since is not None:
        lines = [say(texts, "desk.undelivered.tickets", count=undelivered.count, since=undelivered.since)]
        if undelivered.refused:
            lines.append(say(texts, "desk.undelivered.refused"))
        yield section("\n".join(lines))
    if undelivered.paused is not None:
        todo = texts.say(f"desk.undelivered.todo.{undelivered.why}")
        yield section(say(texts, "desk.undelivered.paused", since=undelivered.paused, todo=todo))


def _ticket_blocks(texts: Texts, tickets: Sequence[ListedTicket]) -> Iterator[Block]:
    for ticket in tickets:
        number, line, page = ticket.number, _ticket_line(texts, ticket), ids.TimelinePage("t", ticket.number)
        if ticket.acts:
            yield {**section(line), "block_id": f"desk.ticket.{number}"}
            values = {act: str(page if act == "history" else number) for act in ticket.acts}
            buttons = (
                button(f"ticket:{act}", texts.say(f"ticket.buttons.{act}"), value) for act, value in values.items()
            )
            yield actions(f"desk.acts.{number}", *buttons)
        else:
            yield _with_timeline(texts, f"desk.ticket.{number}", line, page)


def _ticket_line(texts: Texts, ticket: ListedTicket) -> str:
    values: dict[str, object] = {"category": ticket.category} if ticket.category else {}
    words = f"{texts.say('ticket.card.words', words=ticket.words)}\n" if ticket.words else ""
    text = say(
        texts, "desk.overview.ticket" if ticket.category else "desk.overview.ticket_bare",
        priority=texts.say(f"desk.priorities.{ticket.priority}"), number=ticket.number, name=ticket.name, words=words,
        status=ticket.status, since=ticket.since, **values,
    )  # fmt: skip
    if ticket.due is not None:
        text = f"{text} · {say(texts, f'ticket.due.{ticket.due_kind}', at=ticket.due)}"
    return f"{text} · {hyperlink(ticket.link, texts.say('desk.overview.card'))}" if ticket.link else text


def _with_timeline(texts: Texts, block_id: str, text: str, page: ids.TimelinePage) -> Block:
    timeline_button = button(ids.HISTORY, texts.say("ticket.buttons.history"), str(page))
    return {**section(text), "block_id": block_id, "accessory": timeline_button}
