"""Records of what agents prepare and begin. Times are aware and in UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

ANSWER_FORM_OPEN = timedelta(minutes=15)
"""So long an agent is taken to have the form of an answer open."""


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """An agent's offer to a merchant to start a walk.

    `answer` is `None` while the merchant may still decide: one such offer a person. "over": a walk began without it.
    `sent` messages of it were posted, the newest is the row `message_key`; at `due_at` the next one is. `list_key` is
    the row in which the agent reads what became of all those who were invited together, empty for a single one.
    """

    id: int = 0
    team_id: str
    agent_id: str
    merchant_id: str
    procedure: str
    message_key: str
    invited_at: datetime
    answer: Literal["accepted", "declined", "withdrawn", "over"] | None = None
    answered_at: datetime | None = None
    sent: int = 1
    due_at: datetime | None = None
    list_key: str = ""


@dataclass(frozen=True, kw_only=True)
class Template:
    """An answer that agents have prepared, without secrets. `id` is 0 until it is stored.

    It is for merchants who read `language`, in tickets of that procedure and category; in all, where both are "".
    `author_id` changed it last; "" once that is long ago, or they are erased.
    """

    id: int = 0
    team_id: str
    procedure: str
    category: str
    language: str
    label: str
    text: str
    author_id: str
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Outage:
    """What agents have told everybody in a workspace about an outage, until `ends_at` at the latest; one at a time.

    `board_key` is the row of its message in the support channel. `ending` is why it ended: an agent said so, nobody
    extended it, or an agent took it back.
    """

    id: int = 0
    team_id: str
    agent_id: str
    text_de: str
    text_en: str
    begun_at: datetime
    ends_at: datetime
    board_key: str
    ended_at: datetime | None = None
    ending: Literal["over", "expired", "taken_back"] | None = None

    def text(self, language: str) -> str:
        """The agents' words for somebody who reads `language`."""
        return self.text_de if language == "de" else self.text_en


@dataclass(frozen=True, kw_only=True)
class OutageRecipient:
    """Somebody who reads of an outage: at their step, or as the answer to the ticket of that `number` (0: none).

    "planned", "changed" and "leaving" are still to be told: that there is one, its new text, and that it has ended.
    `message_id` is the answer in the ticket, once it was sent.
    """

    outage_id: int
    user_id: str
    number: int = 0
    message_id: int | None = None
    state: Literal["planned", "told", "changed", "leaving", "gone"] = "planned"


@dataclass(frozen=True, kw_only=True)
class AnswerForm:
    """An agent has the form open in which the ticket is answered, since then.

    `response_url` is that of the press that opened it; `None` on the Home tab and in a modal.
    """

    number: int
    agent_id: str
    opened_at: datetime
    response_url: str | None = None
