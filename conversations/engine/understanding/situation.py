"""Where a typed message is said: what can be pressed and entered there, and what was asked last."""

from dataclasses import dataclass
from typing import Literal

from conversations.engine import screens
from conversations.engine.screens import PlacedOffer
from conversations.engine.texts import Language
from conversations.engine.understanding.intents import OfferedAct
from conversations.engine.understanding.vocabulary import Vocabulary
from conversations.engine.walkthrough import AnyWalk

Asked = Literal["works_now", "press"]
"""The bot's own last question: whether it works now, or whether an act is really meant."""
Speaker = Literal["merchant", "agent"]
TicketStage = Literal["open", "claimed", "answered", "waiting", "resolved"]
"""Filed; claimed by an agent who has not answered yet; answered; an agent waits for the merchant; resolved."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What `understand` needs to know besides the message. `situation_of` builds it from a walk.

    Without a `walk` there are no acts, but questions, errors, commands and persons are understood all the same.
    `asked` is the bot's own last question until it expires.
    """

    vocabulary: Vocabulary
    language: Language
    walk: AnyWalk | None = None
    acts: tuple[OfferedAct, ...] = ()
    ticket: TicketStage | None = None
    last_speaker: Speaker | None = None
    in_ticket_thread: bool = False
    asked: Asked | None = None
    several_acts: bool = False
    """The message shows several acts, so that an "ok" does not say which of them is done."""

    @property
    def procedure(self) -> str | None:
        """The ID of the procedure, `None` without a walk."""
        return self.walk.procedure.id if self.walk is not None else None

    @property
    def step(self) -> str | None:
        """The present step, `None` without a walk."""
        return self.walk.step if self.walk is not None else None

    @property
    def holding(self) -> frozenset[str]:
        """The procedure's conditions that hold here, for questions that are not always true."""
        return self.vocabulary.procedure.holding(self.walk.facts) if self.walk is not None else frozenset()

    @property
    def form(self) -> str | None:
        """The form whose value the step asks for first, `None` when it asks for none."""
        return next((act.form for act in self.acts if act.primary), None)

    @property
    def primary(self) -> OfferedAct | None:
        """The act of the first button."""
        return next((act for act in self.acts if act.primary), None)

    @property
    def danger_zone(self) -> bool:
        """Whether the person cannot wait, or the first button leads there: here nothing is guessed."""
        urgent = self.walk is not None and self.walk.urgency is not None
        return urgent or (self.primary is not None and self.primary.guarded)


def situation_of(
    vocabulary: Vocabulary,
    language: Language,
    walk: AnyWalk | None = None,
    *,
    ticket: TicketStage | None = None,
    last_speaker: Speaker | None = None,
    in_ticket_thread: bool = False,
    asked: Asked | None = None,
) -> Situation:
    """The situation of a message at what is shown of `walk`, whose procedure the vocabulary is about."""
    acts: tuple[OfferedAct, ...] = ()
    several = False
    if walk is not None and not walk.over:
        shown = screens.shown(walk)
        placed_offers = [*shown.offers, *shown.inner_acts()]
        acts = tuple(act for rank, placed in enumerate(placed_offers) for act in _acts(placed, rank, vocabulary))
        several = len(shown.open) > 1
    return Situation(
        vocabulary=vocabulary, language=language, walk=walk, acts=acts, ticket=ticket, last_speaker=last_speaker,
        in_ticket_thread=in_ticket_thread, asked=asked, several_acts=several,
    )  # fmt: skip


def _acts(placed: PlacedOffer, rank: int, vocabulary: Vocabulary) -> list[OfferedAct]:
    offer, step = placed.offer, placed.at
    return [
        OfferedAct(
            event=offer.event, choice=choice, at=step, acts=placed.acts, form=offer.form,
            guarded=offer.guarded or offer.danger, primary=rank == 0 and choice is None,
            words=vocabulary.act_words(step, offer.event, choice),
        )
        for choice in offer.choices or (None,)
    ]  # fmt: skip
