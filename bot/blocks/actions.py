"""Action and callback IDs, and what buttons and modals carry in their values. They are spelled out only here.

What a client sends back can be outdated or forged: the services check it against the store.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

WALK = "walk"
"""`walk:<event>` or `walk:<event>:<choice>`: an event of the walkthrough."""
FORM = "form"
"""`form:<form>`: opens a modal, and is its callback ID; or takes what is in the form's field in the message."""
FIELD = "field"
"""`field:<form>:<field>`: that field. The ID of its block is the address, and what `button_value` puts after it."""
RATE, RATE_IN_WORDS = "rate", f"{FORM}:rating"
"""`rate:<face>` says at the end of a walk how it was; the second one opens the form of a sentence about it.

The value is `<walk>:<key of the message>`.
"""
WHERE, LESS, QUIET = "step:where", "step:less", "step:quiet"
ONE_BY_ONE, TOGETHER = "step:one_by_one", "step:together"
"""Show the steps of a screen in a message each, and together again."""
LATER = "step:later"
"""`step:later:<when>`: the step is put off, and shown again then."""
UNDO, PLAIN = "step:undo", "step:plain"
"""„So war es nicht gemeint“ after an act and before one: the act is taken back; the question goes."""
QUESTION, NOT_MINE = "question", "question_no"
"""`question:<procedure>:<key>` asks for the answer; `question_no:…` says that it answers another question."""
START, GO_ON, RESTART, CANCEL, KEEP = "door:start", "door:go_on", "door:restart", "door:cancel", "door:keep"
BEGIN = "door:begin"
"""`door:begin:<procedure>` starts another procedure than the first, `door:restart:<procedure>` instead of a walk."""
OPEN_DM, SHOW_STEP = "door:open_dm", "door:show_step"
CALL_PERSON = "door:person"
"""Calls a person where no walk is under way; the value is what was typed, without secrets."""
CALL_FOR = "door:call_for"
"""`door:call_for:<walk>` calls a person for the caller of that walk, whose number is the value; `…:own` for oneself."""
ACCEPT, DECLINE, NO_INVITATIONS = "invitation:accept", "invitation:decline", "invitation:quiet"
INVITE_ALL, WITHDRAW_ALL = "invitation:all", "invitation:withdraw_all"
REMIND, WITHDRAW = "invitation:remind", "invitation:withdraw"
CLAIM, RESOLVE, CLOSE, REOPEN = "ticket:claim", "ticket:resolve", "ticket:close", "ticket:reopen"
TAKE, RELEASE = "ticket:take", "ticket:release"
NEXT = "ticket:next"
"""Takes the most urgent ticket; on the Home tab."""
HAND, SORT, STEP, POSTPONE = "ticket:hand", "ticket:sort", "ticket:step", "ticket:postpone"
"""Each opens a modal and is also the modal's callback ID."""
MERGE = "ticket:merge"
"""On the timeline; the value is `<ticket that stays>:<its duplicate>`."""
GO_THERE, STAY = "offer:go", "offer:stay"
"""The merchant's answer to a proposal; the value is `<ticket>:<key of the message>`."""
HISTORY, TURN = "ticket:history", "history:turn"
"""The timeline, and `history:turn:<where>` for another page of it."""
MORE = "ticket:more"
"""The card's menu; the value of an option is `<act>:<number>`."""
PRIVACY, EXPORT, DELETE, ERASE = "privacy:show", "privacy:export", "privacy:delete", "privacy:erase"
ANSWER, CORRECT, TAKE_BACK = "ticket:answer", "talk:correct", "talk:take_back"
"""Messages of an agent to a merchant; the first two are also the callback IDs of their modals."""
NEW_TEMPLATE, TEMPLATE, DELETE_TEMPLATE = "templates:new", "templates:template", "templates:delete"
"""Of the agents' own answers. `TEMPLATE` opens the form of the one in the value; it is its callback ID too."""
OUTAGE, OUTAGE_CONFIRMED = "outage:form", "outage:confirmed"
"""Of an outage that agents announce: the form, and its preview. Both are callback IDs, the first opens the form too."""
OUTAGE_EXTEND, OUTAGE_OVER, OUTAGE_TAKE_BACK = "outage:extend", "outage:over", "outage:take_back"
OUTAGE_OVER_ASKED = "outage:over_asked"
"""The same as `OUTAGE_OVER` in the answer to the command, which it replaces."""
MACRO, TAKE_OVER = "talk:canned", "talk:take_over"
REFUSED = "ticket:refused"
"""The callback ID of the modal that says why an agent's press did nothing."""
SETTLED, UNSETTLED = "talk:settled", "talk:unsettled"
PASS_ON, HOLD_BACK, CLEANED = "talk:pass_on", "talk:hold_back", "talk:pass_on_words"
"""The first two answer the question about pictures; `CLEANED` passes on a held message, whose ID is the value."""
TEXT = "text"
"""Begins the block ID of a modal's text; a number follows, since Slack shows a new text only in a new block."""
LANGUAGE = "home:language"
"""`home:language:<language>`."""
VALUE = "value"
"""The action ID of every input in a modal; its block ID is the form's field."""

QUESTION_PATTERN = re.compile(r"question(?:_no)?:[a-z0-9_]{1,60}:[a-z0-9_]{1,80}", re.ASCII)
WALK_PATTERN = re.compile(r"walk:[a-z0-9_]+(:[a-z0-9_]+)?", re.ASCII)
RATE_PATTERN = re.compile(r"rate:(good|fair|poor)", re.ASCII)
LATER_PATTERN = re.compile(r"step:later:(hour|evening|morning|monday)", re.ASCII)
RESTART_PATTERN = re.compile(r"door:restart(:[a-z0-9_]{1,60})?", re.ASCII)
BEGIN_PATTERN = re.compile(r"door:begin:[a-z0-9_]{1,60}", re.ASCII)
CALL_FOR_PATTERN = re.compile(r"door:call_for:(own|[1-9][0-9]{0,17})", re.ASCII)
TURN_PATTERN = re.compile(r"history:turn:[a-z]+", re.ASCII)
LANGUAGE_PATTERN = re.compile(r"home:language:(de|en)", re.ASCII)
FORM_PATTERN = re.compile(r"form:[a-z0-9_]+", re.ASCII)
FIELD_PATTERN = re.compile(r"field:[a-z0-9_]+:[a-z0-9_]+", re.ASCII)

_KEY = "([k-z]{32}|[0-9a-f]{32})"
"""A row's key; messages of earlier versions carry hex digits."""
_ADDRESS = re.compile(
    rf"([1-9][0-9]{{0,17}}):([1-9][0-9]{{0,17}}):([a-z0-9_]{{1,40}}):{_KEY}(?::([a-z0-9_]{{1,40}}):([1-9]))?"
    r"(?: (.{1,1500}))?",
    re.ASCII | re.DOTALL,
)
SAID_LIMIT = 1500
"""Characters of a message that a button carries: Slack takes 2,000 in its value."""

GROUP_LIMIT = 80
"""How many people a button carries: Slack takes 2,000 characters in its value."""
_GROUP = re.compile(r"([a-z0-9_]{1,40}):([UW][A-Z0-9]{1,20}(?:,[UW][A-Z0-9]{1,20}){0,79})", re.ASCII)
_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_NUMBERED_MESSAGE = re.compile(rf"([1-9][0-9]{{0,17}}):{_KEY}", re.ASCII)
_TIMELINE = re.compile(r"([tw])([1-9][0-9]{0,17}):([0-9]{1,6})", re.ASCII)
_SEEN_TICKET = re.compile(r"([1-9][0-9]{0,17}):([A-Za-z0-9-]{0,40})", re.ASCII)
_PAIR = re.compile(r"([1-9][0-9]{0,17}):([1-9][0-9]{0,17})", re.ASCII)
_ACT = re.compile(r"([a-z]{1,20}):([1-9][0-9]{0,17})", re.ASCII)
_PICTURES = re.compile(
    rf"([1-9][0-9]{{0,17}}):{_KEY}:(F[A-Z0-9]{{1,30}}\.[a-z]{{3,4}}(?:,F[A-Z0-9]{{1,30}}\.[a-z]{{3,4}}){{0,9}})",
    re.ASCII,
)
_DRAFT = re.compile(rf"([1-9][0-9]{{0,17}}):{_KEY}:([0-9]{{1,6}})", re.ASCII)


def _match(pattern: re.Pattern[str], text: object) -> re.Match[str] | None:
    return pattern.fullmatch(text) if isinstance(text, str) else None


@dataclass(frozen=True)
class Address:
    """The walk, and its version and step, to which a button belongs; `key` is that of its message.

    On a screen of several steps a button may belong to a later one: `at`, as it was shown, after that many `acts`.
    `said` is what the person has just typed, without secrets, for a form that the button opens; it is no part of the
    address as text.
    """

    walk_id: int
    version: int
    step: str
    key: str
    at: str = ""
    acts: int = 0
    said: str = ""

    def __str__(self) -> str:
        later = f":{self.at}:{self.acts}" if self.acts else ""
        return f"{self.walk_id}:{self.version}:{self.step}:{self.key}{later}"

    def placed(self, at: str, acts: int) -> "Address":
        """The same message's address of a button that belongs to the step `at`."""
        return replace(self, at=at, acts=acts) if acts else self


def parse_address(text: object) -> Address | None:
    """The address in a button's value or a modal's metadata, or `None` for anything else."""
    match = _match(_ADDRESS, text)
    if match is None:
        return None
    return Address(int(match[1]), int(match[2]), match[3], match[4], match[5] or "", int(match[6] or 0), match[7] or "")


def button_value(address: Address, said: str = "") -> str:
    """The value of a button at `address` that opens a form with `said` in it."""
    return f"{address} {said[:SAID_LIMIT]}" if said else str(address)


@dataclass(frozen=True)
class SeenTicket:
    """The ticket of a modal, and who owned it when the modal was opened."""

    number: int
    owner: str | None

    def __str__(self) -> str:
        return f"{self.number}:{self.owner or ''}"


def parse_seen_ticket(text: object) -> SeenTicket | None:
    """The ticket and its owner in a modal's metadata, or `None` for anything else."""
    match = _match(_SEEN_TICKET, text)
    return SeenTicket(int(match[1]), match[2] or None) if match else None


@dataclass(frozen=True)
class TimelinePage:
    """A page of the timeline of a ticket (`kind` "t") or of a walk ("w")."""

    kind: str
    number: int
    page: int = 0

    def __str__(self) -> str:
        return f"{self.kind}{self.number}:{self.page}"

    def at_page(self, page: int) -> "TimelinePage":
        """The same timeline at another page."""
        return TimelinePage(self.kind, self.number, page)


def parse_timeline_page(text: object) -> TimelinePage | None:
    """The timeline and its page in a button's value, or `None` for anything else."""
    match = _match(_TIMELINE, text)
    return TimelinePage(match[1], int(match[2]), int(match[3])) if match else None


def parse_numbered_message(text: object) -> tuple[int, str] | None:
    """A ticket's or walk's number and the message's key in a button's value, or `None` for anything else."""
    match = _match(_NUMBERED_MESSAGE, text)
    return (int(match[1]), match[2]) if match else None


def parse_act(text: object) -> tuple[str, int] | None:
    """The act and the ticket's number in an option of the card's menu, or in what follows a refusal; else `None`."""
    match = _match(_ACT, text)
    return (match[1], int(match[2])) if match else None


@dataclass(frozen=True)
class AnswerDraft:
    """A message to a merchant: its ticket, its key, and how often its modal was redrawn.

    The key is made when the modal opens, so that two submissions of it are one answer.
    """

    number: int
    key: str
    redrawn: int = 0

    def __str__(self) -> str:
        return f"{self.number}:{self.key}:{self.redrawn}"


def parse_answer_draft(text: object) -> AnswerDraft | None:
    """The message in a button's value or a modal's metadata, or `None` for anything else."""
    match = _match(_DRAFT, text)
    return AnswerDraft(int(match[1]), match[2], int(match[3])) if match else None


@dataclass(frozen=True)
class SharedPictures:
    """The question whether pictures may be passed on: its ticket, its key, and the files as `<ID>.<kind>`."""

    number: int
    key: str
    files: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.number}:{self.key}:{','.join(self.files)}"


def parse_pictures(text: object) -> SharedPictures | None:
    """The question in a button's value, or `None` for anything else."""
    match = _match(_PICTURES, text)
    return SharedPictures(int(match[1]), match[2], tuple(match[3].split(","))) if match else None


def parse_number(text: object) -> int | None:
    """The ticket's or invitation's number in a button's value, or `None` for anything else."""
    match = _match(_NUMBER, text)
    return int(match[0]) if match else None


def parse_pair(text: object) -> tuple[int, int] | None:
    """The two tickets in a button's value, or `None` for anything else."""
    match = _match(_PAIR, text)
    return (int(match[1]), int(match[2])) if match else None


def group_value(procedure: str, user_ids: Sequence[str]) -> str:
    """The value of a button that invites these people to a procedure."""
    return f"{procedure}:{','.join(user_ids)}"


def parse_group(text: object) -> tuple[str, list[str]] | None:
    """The ID of the procedure and the people in a button's value, or `None` for anything else."""
    match = _match(_GROUP, text)
    return (match[1], match[2].split(",")) if match else None


@dataclass(frozen=True)
class OutageDraft:
    """What an agent is about to announce, in both languages, and the tickets linked to it; `outage_id` 0: a new one."""

    outage_id: int
    text_de: str
    text_en: str
    tickets: tuple[int, ...] = ()

    def __str__(self) -> str:
        return json.dumps([self.outage_id, self.text_de, self.text_en, self.tickets], ensure_ascii=False)


def parse_outage_draft(text: object) -> OutageDraft | None:
    """The draft in a modal's metadata, or `None` for anything else."""
    try:
        match json.loads(text) if isinstance(text, str) else None:
            case [int(outage_id), str(text_de), str(text_en), [*tickets]]:
                return OutageDraft(outage_id, text_de, text_en, tuple(n for n in tickets if isinstance(n, int)))
    except ValueError:
        pass
    return None
