"""Every kind of message, form, card and Home that people are shown, as Slack would get it, without pictures."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any, Literal, get_args

from bot.blocks import (
    entry_messages,
    escalations,
    forms,
    home,
    invitations,
    outages,
    talk,
    templates,
    tickets,
    timeline,
)
from bot.blocks.actions import Address, AnswerDraft, OutageDraft, SeenTicket, SharedPictures, TimelinePage
from bot.blocks.fit import fit
from bot.blocks.image import reference_in
from bot.blocks.kit import Content, escape, section
from bot.blocks.step import StepView, step_message
from bot.settings.core import Settings
from conversations.all_texts import AllTexts
from conversations.engine import screens
from conversations.engine.answers import Reader
from conversations.engine.procedure import TRANSFERRED, AnyProcedure
from conversations.engine.texts import LANGUAGES, Language, Texts, filled
from conversations.engine.walkthrough import AnyWalk, Walk
from conversations.registry import PROCEDURES, first_of
from conversations.ticket.macros import macro_names, macro_text
from conversations.ticket.models import Contact, TicketFacts, TicketState
from conversations.ticket.sla import TO_SUPPORT
from conversations.ticket.ticket_summary import ticket_summary

_NUMBER = 1001
_KEY = "f" * 32
_NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_SHOWN = "…"
"""What is shown where a person, a file or a number would be."""
_USER = "U0EXAMPLE1"
_COMMAND = "/amazon-token"
_ANSWERS = "answers."
_TOGETHER = 20
"""So many sentences are one message, as each call of Slack takes its time."""


@dataclass(frozen=True)
class AnyScreen:
    """One thing that people are shown: its name, which of the arguments of `blocks.validate` it is, and what it is."""

    name: str
    language: Language
    kind: Literal["message", "view"]
    payload: dict[str, Any]


def every_screen(settings: Settings, all_texts: AllTexts) -> Iterator[AnyScreen]:
    """Of every procedure and in each language: steps, forms, cards, conversations with support, and Home tabs.

    A screen whose content depends on people comes with examples for it.
    """
    for procedure in PROCEDURES.values():
        walks = _walks(procedure, settings)
        for language in LANGUAGES:
            texts = all_texts.of(language, procedure.id)
            for step, walk in walks.items():
                yield from _step(texts, f"{procedure.id} step {step}", walk)
            last = list(walks.values())[-1]
            for name, form in procedure.forms.items():
                if not form.in_message:
                    view = forms.form_view(texts, name, form, last.facts, _address(last))
                    yield _view(texts, f"{procedure.id} form {name}", view)
            yield from _desk(texts, procedure)
            yield from _cards(texts, last, settings)
    for language in LANGUAGES:
        texts = all_texts.of(language, first_of(PROCEDURES).id)
        yield from _entries(texts)
        yield from _between(texts)
        yield from _waiting(texts)
        yield from _homes(texts)


def _view(texts: Texts, name: str, view: dict[str, Any]) -> AnyScreen:
    return AnyScreen(name, texts.language, "view", view)


def _messages(texts: Texts, name: str, content: Content) -> Iterator[AnyScreen]:
    for part in fit(content):
        # Slack checks the blocks of a message; a picture has no file before it is sent.
        blocks = [block for block in part["blocks"] if reference_in(block) is None]
        yield AnyScreen(name, texts.language, "message", {"blocks": blocks})


def _walks(procedure: AnyProcedure, settings: Settings) -> dict[str, AnyWalk]:
    """A walk at each step of the procedure. Where the examples do not lead, it knows what the others know."""
    walk: AnyWalk = Walk(procedure, procedure.begin(), settings.of(procedure), PROCEDURES.keys())
    reader, walks, latest = Reader(b"k" * 32, str), {walk.step: walk.copy()}, walk.copy()
    for act in procedure.examples.way:
        walks[walk.step] = latest = walk.copy()
        made = act.answer(Random(1)) if act.answer is not None else {}  # noqa: S311 - it makes an example
        walk.act(act.event, made or ({"choice": act.choice} if act.choice else {}), reader, _NOW)
    walks.setdefault(walk.step, walk)
    for step in procedure.steps:
        if step not in walks and procedure.steps[step].end != TRANSFERRED:
            state = latest.state.model_copy(deep=True, update={"step": step})
            walks[step] = Walk(procedure, state, latest.settings, PROCEDURES.keys())
    return walks


def _address(walk: AnyWalk) -> Address:
    return Address(1, 1, walk.step, _KEY)


def _step(texts: Texts, name: str, walk: AnyWalk) -> Iterator[AnyScreen]:
    """The step with and without its explanation, in a message with its neighbours and alone."""
    alone = walk.copy()
    alone.state.one_by_one = True
    for shown in (walk, alone) if screens.shown(walk).several else (walk,):
        for expanded in (False, True):
            view = StepView(texts=texts, walk=shown, address=_address(walk), expanded=expanded, ticket=_NUMBER)
            yield from _messages(texts, name, step_message(view))


def _cards(texts: Texts, walk: AnyWalk, settings: Settings) -> Iterator[AnyScreen]:
    procedure = walk.procedure
    contact = Contact(_SHOWN, _USER, _SHOWN, texts.language)
    for state in get_args(TicketState):
        facts = TicketFacts(_NUMBER, "help", state, "unknown", "P2", _NOW)
        summary = ticket_summary(
            texts, facts, contact, procedure, settings.of(procedure), walk, [], bot_version="-", guide_version="-"
        )
        yield from _messages(texts, f"{procedure.id} card {state}", tickets.card(texts, summary, facts))


def _desk(texts: Texts, procedure: AnyProcedure) -> Iterator[AnyScreen]:
    """The forms with which agents answer and sort a ticket, and each prepared answer as the merchant reads it."""
    rules, seen, draft = procedure.tickets, SeenTicket(_NUMBER, None), AnswerDraft(_NUMBER, _KEY)
    category = next(iter(rules.categories))
    yield _view(texts, f"{procedure.id} form sort", forms.sort_view(texts, seen, "P2", category, [*rules.categories]))
    steps = [(texts.say(f"steps.{name}.title")[:75], name) for name in procedure.steps if name not in procedure.ends]
    yield _view(texts, f"{procedure.id} form step", forms.step_view(texts, seen, _SHOWN, steps[:100]))
    view = talk.answer_view(
        texts, rules, draft, merchant=_SHOWN, language=texts.language, category=category, text=_SHOWN, last=_SHOWN
    )
    yield _view(texts, f"{procedure.id} form answer", view)
    for name in macro_names(rules):
        text = macro_text(texts, rules, name) or _SHOWN
        told = talk.to_merchant(texts, _SHOWN, 1, text, first=True)
        yield from _messages(texts, f"{procedure.id} answer {name}", told)


def _entries(texts: Texts) -> Iterator[AnyScreen]:
    """What is said outside of a walk: answers to commands and presses, questions, invitations."""
    values: defaultdict[str, str] = defaultdict(lambda: _SHOWN)
    keys = [key for key in texts.texts if key.startswith(_ANSWERS)]
    for first in range(0, len(keys), _TOGETHER):
        some = keys[first : first + _TOGETHER]
        blocks = [section(escape(filled(texts.texts[key], values))) for key in some]
        yield from _messages(texts, f"{some[0]} to {some[-1]}", {"text": _SHOWN, "blocks": blocks})
    one = (_USER, _SHOWN)
    for name, content in {
        "introduction": entry_messages.introduction(texts),
        "usage": entry_messages.usage(texts, _COMMAND, agent=False),
        "usage agent": entry_messages.usage(texts, _COMMAND, agent=True),
        "privacy": entry_messages.privacy(texts, _COMMAND, 365),
        "under way": entry_messages.continue_or_restart(texts, _SHOWN, 1),
        "another under way": entry_messages.continue_or_restart(texts, _SHOWN, 1, ("other", _SHOWN)),
        "cancel": entry_messages.ask(texts, "ask_cancel", "door:cancel", "cancel", 1),
        "delete": entry_messages.ask_delete(texts, f"T0EXAMPLE1:{_USER}"),
        "invitation": invitations.invitation(texts, _SHOWN, 1, quiet=True),
        "invitations": invitations.preview(texts, next(iter(PROCEDURES)), [one], []),
        "invited": invitations.progress(texts, {state: [_SHOWN] for state in invitations.STATES}, 1),
    }.items():
        yield from _messages(texts, name, content)


def _between(texts: Texts) -> Iterator[AnyScreen]:
    """What goes between merchant and support, and the forms for it."""
    draft, seen = AnswerDraft(_NUMBER, _KEY), SeenTicket(_NUMBER, None)
    pictures = SharedPictures(_NUMBER, _KEY, ("F0EXAMPLE1.png",))
    for name, content in {
        "heard": talk.heard_copy(texts, _NUMBER, _SHOWN, _SHOWN, owner=_USER),
        "sent": talk.sent_copy(texts, 1, _SHOWN, _SHOWN, _SHOWN, "sent", talk.Undelivered("refused", _SHOWN)),
        "taken back": talk.taken_back(texts, _SHOWN),
        "solved": talk.settled_question(texts, draft, _SHOWN),
        "picture": talk.question(texts, pictures),
        "held back": talk.held_question(texts, 1, _SHOWN, _SHOWN),
        "outage": outages.board(
            texts,
            1,
            agent=_SHOWN,
            text_de=_SHOWN,
            text_en=_SHOWN,
            begun_at=_NOW,
            ends_at=_NOW,
            ending=None,
            told=1,
            count=1,
            tickets=[_NUMBER],
        ),
        "outage ends soon": outages.ends_soon(texts, 1, _NOW),
        "outage over": outages.over_question(texts, 1, 1),
        "refused": talk.refusal_below(talk.refused_view(texts, _SHOWN, ("answer", _NUMBER))),
        "proposal": forms.step_proposal(texts, _NUMBER, _KEY, _SHOWN, _SHOWN, confirm=None),
    }.items():
        yield from _messages(texts, name, content)
    about = TimelinePage("t", _NUMBER)
    entries = [timeline.TimelineEntry(_NOW, _SHOWN, _SHOWN)] * (2 * timeline.PAGE)
    everything = timeline.Timeline(about, _SHOWN, _SHOWN, [_SHOWN], [_SHOWN], entries)
    own = [
        templates.ListedTemplate(
            id=number, label=_SHOWN, category=_SHOWN, language="de", text=_SHOWN, author=_SHOWN, changed_at=_NOW
        )
        for number in range(1, 41)
    ]
    for name, view in {
        "hand over": forms.hand_view(texts, seen, _SHOWN, [(_SHOWN, _USER)]),
        "correct": talk.correct_view(texts, 1, merchant=_SHOWN, text=_SHOWN),
        "not sent": talk.not_sent_view(texts, _SHOWN, _SHOWN),
        "refused": talk.refused_view(texts, _SHOWN, ("answer", _NUMBER)),
        "help": forms.help_view(texts, Address(1, 1, _SHOWN, _KEY)),
        "timeline": timeline.timeline_view(texts, everything),
        "outage": outages.form_view(texts, 1, _SHOWN, _SHOWN, [(_SHOWN, _NUMBER)]),
        "preview of an outage": outages.preview_view(
            texts, OutageDraft(0, _SHOWN, _SHOWN, (_NUMBER,)), count=2, held=1, cannot_wait=1, corrected=1
        ),
        "templates": templates.list_view(texts, own),
        "template": templates.form_view(
            texts, 1, [(_SHOWN, templates.EVERY)], label=_SHOWN, language="de", text=_SHOWN
        ),
    }.items():
        yield _view(texts, f"form {name}", view)


def _waiting(texts: Texts) -> Iterator[AnyScreen]:
    """What is said of tickets that wait."""
    for kind in TO_SUPPORT:
        warning = escalations.warning(texts, kind, [_USER], number=_NUMBER, since=_NOW, opened=_NOW, owned=False)
        yield from _messages(texts, f"warning {kind}", warning)
    entry = escalations.DigestEntry(
        number=_NUMBER, link="https://slack.com/", priority="P2", category=_SHOWN, since=_NOW, owner=_USER
    )
    digest = escalations.digest(texts, {name: [entry] * 60 for name in ("late", "support", "merchant")})
    yield from _messages(texts, "digest", digest)


def _homes(texts: Texts) -> Iterator[AnyScreen]:
    own = home.MerchantHome(
        [home.OwnWalkthrough(id=1, heading=_SHOWN, title=_SHOWN)],
        [(_NUMBER, state, _NOW) for state in get_args(TicketState)],
    )
    ticket = home.ListedTicket(
        number=_NUMBER,
        priority="P2",
        category=_SHOWN,
        name=_SHOWN,
        status=_SHOWN,
        since=_NOW,
        acts=("claim", "answer", "history"),
    )
    invited = invitations.PendingInvitation(id=1, name=_SHOWN, agent=_SHOWN, since=_NOW, can_remind=True)
    walks = [home.OpenWalkthrough(id=1, text=_SHOWN)]
    support = home.SupportHome([ticket], 1, walks, 1, invitations=[invited])
    for name, shown, desk in (
        ("empty", home.MerchantHome(), None), ("merchant", own, None), ("agent", own, support),
    ):  # fmt: skip
        yield _view(texts, f"home {name}", home.home_view(texts, shown, desk, command=_COMMAND))
    yield from _messages(texts, "second way", home.direct_message(texts, [ticket], 0))
