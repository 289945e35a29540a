"""Every door through which people's words come in, at a desk with a real store, and everything that came of them."""

import itertools
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot.blocks.actions import TEXT, Address, AnswerDraft, SeenTicket
from bot.services import (
    agent_messages,
    commands,
    merchant_messages,
    people,
    privacy,
    start,
    step_forms,
    ticket_actions,
    triage_form,
    typed_input,
)
from bot.services.context import Actor, AppConfig
from bot.services.merchant_messages import MerchantMessage
from bot.services.runner import Services
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Person
from bot.store.sqlite import open_store
from tests.bytes_written import TypedSecrets, files
from tests.guides import shipped

ERIKA, ANNA = Actor("T1", "U1ERIKA"), Actor("T1", "U3ANNA", is_agent=True)
CHANNEL = "DU1ERIKA"
URL = "https://hooks.invalid/1"
LEASE = timedelta(seconds=30)


@dataclass
class Desk:
    """Erika walks and talks to support, Anna answers. `said` is what was sent since it was last looked at."""

    folder: Path
    secrets: TypedSecrets = field(default_factory=TypedSecrets)
    said: list[str] = field(default_factory=list)
    now: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __post_init__(self) -> None:
        self.store = open_store(f"sqlite:///{self.folder}/bot.db")
        self.store.db.conn.execute("PRAGMA synchronous = OFF")
        self.config = AppConfig(
            all_texts=shipped(), hash_key=b"k" * 32, support_channel="C1SUPPORT", bot_version="0",
            clock=lambda: self.now,
        )  # fmt: skip
        self.services = Services(self.config, self.store)
        self._ts = itertools.count(1)
        for who, name in ((ERIKA, "Erika Beispiel"), (ANNA, "Anna Muster")):
            self.do(who, partial(people.meet, person=Person(team_id="T1", user_id=who.user_id, name=name, locale="de")))
        self.do(ERIKA, start.start_pressed, None)
        self.number = int(str(self.do(ERIKA, typed_input.support_requested)))

    def do(self, who: Actor, case: Callable[..., Any], *args: Any) -> Any:
        """A use case and all that it sends; it is kept in `said` together with the answer to the payload."""
        self.now += timedelta(seconds=40)
        answer = self.services.do(who, lambda unit: case(unit, *args))
        self.said.append(json.dumps(answer, ensure_ascii=False, default=str))
        while (row := self.store.claim(self.now + LEASE, LEASE, frozenset())) is not None:
            self.said.append(json.dumps(row.content, ensure_ascii=False))
            self.store.delivered(row, f"D{row.destination.to}", self.ts())
        return answer

    def ts(self) -> str:
        """A new time stamp of a message."""
        return f"{next(self._ts)}.000100"

    def leaks(self) -> list[str]:
        """What is left of a secret in all that was said since the last look."""
        said, self.said = "\n".join(self.said), []
        return self.secrets.found_in(said)

    def close(self) -> list[str]:
        """The export of everybody, the bytes on the disk: what is left of any secret that was typed here."""
        for who in (ERIKA, ANNA):
            self.do(who, privacy.export)
        left = self.leaks()
        self.store.close()
        return [*left, *self.secrets.leaks(files(self.folder))]

    # What a door needs

    def message(self, text: str, **more: Any) -> MerchantMessage:
        """A message of Erika's."""
        return MerchantMessage(text=text, channel=CHANNEL, ts=self.ts(), **more)

    def address(self) -> Address:
        """Where the forms of Erika's walk belong."""
        with self.store.transaction() as tx:
            walk = tx.open_walks("T1", ERIKA.user_id)[0]
        return Address(walk.id, walk.version, walk.step, str(walk.live_key))

    def answer(self, text: str) -> int:
        """An answer of Anna's; the ID of the message."""
        draft = AnswerDraft(self.number, self.config.new_key())
        self.do(ANNA, agent_messages.answer, draft, {f"{TEXT}.0": text})
        with self.store.transaction() as tx:
            return tx.ticket_messages(self.number)[-1].id


def _typed(desk: Desk, words: str) -> None:
    desk.do(ERIKA, typed_input.message_typed, desk.message(words))


def _in_conversation(desk: Desk, words: str) -> None:
    desk.do(ANNA, ticket_actions.HANDLERS["claim"], desk.number, URL)
    desk.answer("Bitte schreiben Sie uns.")
    desk.do(ERIKA, typed_input.message_typed, desk.message(words))


def _edited(desk: Desk, words: str) -> None:
    desk.answer("Und dann?")
    said = desk.message("Es geht nicht")
    desk.do(ERIKA, typed_input.message_typed, said)
    changed = MerchantMessage(text=words, channel=said.channel, ts=said.ts)
    desk.do(ERIKA, merchant_messages.follow_edit, changed)


def _help_form(desk: Desk, words: str) -> None:
    desk.do(ERIKA, step_forms.submit, desk.address(), "help", {"sentence": words})


def _version_form(desk: Desk, words: str) -> None:
    desk.do(ERIKA, step_forms.submit, desk.address(), "connect_version", {"version": words})


def _slash(desk: Desk, words: str) -> None:
    for who in (ERIKA, ANNA):
        desk.do(who, commands.command, words, None, "A1")
        desk.do(who, commands.command, f"for {words}", None, "A1")


def _phone_name(desk: Desk, words: str) -> None:
    desk.do(ANNA, commands.command, f"phone {words}", None, "A1")


def _person_s_name(desk: Desk, words: str) -> None:
    desk.do(ERIKA, lambda unit: people.meet(unit, Person(team_id="T1", user_id="U1ERIKA", name=words, locale="de")))


def _agent_s_answer(desk: Desk, words: str) -> None:
    number = desk.answer(words)
    desk.do(ANNA, agent_messages.correct, number, {f"{TEXT}.0": f"{words}."})


def _handover_note(desk: Desk, words: str) -> None:
    raw = {"to": ANNA.user_id, "note": words}
    desk.do(ANNA, triage_form.handover_submitted, SeenTicket(desk.number, None), raw, frozenset({ANNA.user_id}))


def _unread_words(desk: Desk, words: str) -> None:
    """What no door of today knows: words that a use case posts, answers and keeps as they came."""

    def case(unit: UnitOfWork) -> dict[str, Any]:
        unit.post(unit.direct_message, {"text": words, "blocks": [_section(words)]})
        unit.post(unit.support_channel, {"text": "", "blocks": [{"type": "context", "elements": [_plain(words)]}]})
        unit.upload(unit.direct_message, "{}", filename=f"{words}.json", title=words, comment=words)
        unit.sync("webhook", {"dossier": [{"label": "x", "value": words}]}, key="", ordering_key="m")
        return {"response_action": "errors", "errors": {"field": words}}

    desk.do(ERIKA, case)


def _section(words: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


def _plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


DOORS: Mapping[str, Callable[[Desk, str], None]] = {
    "direct message": _typed,
    "in conversation": _in_conversation,
    "edit": _edited,
    "help form": _help_form,
    "version form": _version_form,
    "slash command": _slash,
    "phone name": _phone_name,
    "person's name": _person_s_name,
    "agent's answer": _agent_s_answer,
    "handover note": _handover_note,
    "unread words": _unread_words,
}

# What a secret wears

_FORMAT = ("*", "_", "~", "`", "**", "```", "*_", "\u200b", "\u00ad", "*\u2060")


def _between(secret: str, chance: random.Random) -> str:
    """Formatting between one to five pairs of characters."""
    letters = list(secret)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(1, len(letters))
        letters[at] = chance.choice(_FORMAT) + letters[at]
    return "".join(letters)


def _around_a_part(secret: str, chance: random.Random) -> str:
    start, end = sorted(chance.sample(range(len(secret) + 1), 2))
    mark = chance.choice(_FORMAT[:6])
    return f"{secret[:start]}{mark}{secret[start:end]}{mark}{secret[end:]}"


def _linked(secret: str, chance: random.Random) -> str:
    """Slack makes a link of a part that looks like an address."""
    start, end = sorted(chance.sample(range(len(secret) + 1), 2))
    return f"{secret[:start]}<https://shop.example/{chance.randint(1, 99)}|{secret[start:end]}>{secret[end:]}"


def _wrapped(secret: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(secret))
    return f"{secret[:at]}{chance.choice((chr(10), chr(13) + chr(10), chr(10) + '> ', chr(10) + '&gt; '))}{secret[at:]}"


DRESSES: Mapping[str, Callable[[str, random.Random], str]] = {
    "plain": lambda secret, _: secret,
    "bold": lambda secret, _: f"*{secret}*",
    "struck": lambda secret, _: f"~_{secret}_~",
    "code": lambda secret, _: f"`{secret}`",
    "code block": lambda secret, _: f"```\n{secret}\n```",
    "formatting between": _between,
    "formatting around a part": _around_a_part,
    "formatting on each": lambda secret, chance: chance.choice(_FORMAT[:4]).join(secret),
    "link": lambda secret, _: f"<https://shop.example/|{secret}>",
    "linked in part": _linked,
    "wrapped": _wrapped,
    "quoted": lambda secret, _: f"&gt; {secret}",
    "forwarded": lambda secret, _: f"> *Von:* Erika\n> *Text:* {secret}\n> Grüße",
    "zero width": lambda secret, _: "\u200b".join(secret),
    "mixed case": lambda secret, chance: "".join(chance.choice((c.upper(), c.lower())) for c in secret),
}
