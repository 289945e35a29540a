"""Tickets are told to real servers while the bot is killed: what came, what came twice, what never came."""

import contextlib
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.app.bootstrap import app_config, load_texts
from bot.blocks.actions import AnswerDraft
from bot.sandbox.server import Sandbox
from bot.services import agent_messages, people, ticket_actions, typed_input
from bot.services.context import Actor
from bot.services.merchant_messages import MerchantMessage
from bot.services.runner import Services
from bot.settings.core import Settings
from bot.store.models import Person
from bot.store.sqlite import open_store
from tests.bytes_written import TypedSecrets, files
from tests.faults.bot_to_kill import BotToKill
from tests.faults.patient_people import dice
from tests.mirror_places import SECRET, Mailbox, Receiver, mail_server, receiver
from tests.waiting import LIMIT, QUICK, until

ROOT = Path(__file__).parents[2]
KINDS = ("before_send", "after_send", "before_record", "after_record")
TEAM, ANNA = "T0SANDBOX", "U0ANNA"
MERCHANTS = {"U0ERIKA": "Erika Beispiel", "U0OLIVER": "Oliver Sample", "U0MIRA": "Mira Muster"}
Row = tuple[str, str, str]
"""Key, ordering key and content."""


@dataclass
class Count:
    """What is to be counted. `wrong` must be empty; `repeats` are raw ones, before the receiver looks at the key."""

    kills: Counter[str] = field(default_factory=Counter)
    changes: int = 0
    arrived: int = 0
    repeats: int = 0
    wrong: list[str] = field(default_factory=list)


async def run(folder: Path, kills: int, seed: int) -> Count:
    """Let changes of three tickets wait, serve, kill `kills` times, serve to the end, and count."""
    chance, secrets, count = dice(seed), TypedSecrets(), Count()
    async with mail_server() as mailbox, receiver() as place, Sandbox(ROOT / "manifest.yml", **QUICK) as sandbox:
        more = _environment(mailbox, place)
        bot = BotToKill(sandbox, folder, settings=more)
        expected = _happen(bot.database, more, secrets, turns=max(2, kills // 3))
        for number in range(kills):
            kind = KINDS[number % len(KINDS)]
            await bot.start(f"{kind}:{chance.randint(1, 4)}")
            if await bot.died(LIMIT if _waiting(bot.database) else 2.0):
                count.kills[kind] += 1
            else:
                await bot.kill()
        await bot.start()
        await bot.connected()
        await until(lambda: not _waiting(bot.database), "everything to be told")
        assert await bot.stop() == 0
        _reckon(count, expected, _came(mailbox, place))
        written = [*files(folder), *mailbox.written(), *place.written()]
        count.wrong += secrets.leaks(written)
    return count


def _environment(mailbox: Mailbox, place: Receiver) -> dict[str, str]:
    return {
        "TICKET_SYNC_SMTP_HOST": "127.0.0.1", "TICKET_SYNC_SMTP_PORT": str(mailbox.port),
        "TICKET_SYNC_SMTP_TLS": "none", "TICKET_SYNC_SMTP_FROM": "bot@example.com",
        "TICKET_SYNC_SMTP_TO": "desk@example.com", "TICKET_SYNC_WEBHOOK_URL": place.url,
        "TICKET_SYNC_WEBHOOK_SECRET": SECRET,
    }  # fmt: skip


def _happen(database: Path, more: dict[str, str], secrets: TypedSecrets, turns: int) -> list[Row]:
    """Three tickets from their filing to their end, at the real desk; every word of people has a secret in it.

    What Slack is to be told is dropped, so that each kill strikes at a mirror.
    """
    known: dict[str, Any] = {name.lower(): value for name, value in more.items()}
    settings = Settings(
        _env_file=None, slack_bot_token=Sandbox.token, slack_app_token=Sandbox.app_token,
        support_channel_id="C0SUPPORT", database_url=f"sqlite:///{database}", **known,
    )  # fmt: skip
    store = open_store(settings.database_url)
    services = Services(app_config(settings, load_texts(None), "Sandbox"), store)
    services.unit_of_work(people.meet, Person(team_id=TEAM, user_id=ANNA, name="Anna Support"))
    for number, (user_id, name) in enumerate(MERCHANTS.items(), 1001):
        services.unit_of_work(people.meet, Person(team_id=TEAM, user_id=user_id, name=name))
        _one_ticket(services, number, user_id, secrets, turns)
    slack = [key for (key,) in store.db.execute("SELECT key FROM outbox WHERE method <> 'mirror'").fetchall()]
    for key in slack:
        store.drop_unsent(key)
    query = "SELECT key, ordering_key, content FROM outbox WHERE method = 'mirror' ORDER BY id"
    rows: list[Row] = store.db.execute(query).fetchall()
    store.close()
    return rows


def _one_ticket(services: Services, number: int, user_id: str, secrets: TypedSecrets, turns: int) -> None:
    merchant, anna = Actor(TEAM, user_id), Actor(TEAM, ANNA, is_agent=True)

    def press(act: str) -> None:
        services.do(anna, lambda unit: ticket_actions.HANDLERS[act](unit, number, None))

    def write(at: int) -> None:
        said = MerchantMessage(
            text=f"So geht es nicht: {secrets.new()}", channel=f"D{user_id}", ts=f"170000{at:04}.0001"
        )
        services.do(merchant, lambda unit: typed_input.message_typed(unit, said))

    services.do(merchant, typed_input.support_requested)
    press("claim")
    for turn in range(turns):
        text = {"text.0": f"Bitte dieses Token prüfen: {secrets.new('aws_secret_key')}"}
        draft = AnswerDraft(number, f"{number:04}{turn:04}" * 4)
        services.do(anna, lambda unit, draft=draft, text=text: agent_messages.answer(unit, draft, text))  # type: ignore[misc]
        write(turn)
    for act in ("resolve", "reopen", "resolve", "close"):
        press(act)


def _waiting(database: Path) -> int:
    with contextlib.closing(sqlite3.connect(database)) as conn:
        query = "SELECT count(*) FROM outbox WHERE method = 'mirror' AND state IN ('pending', 'running')"
        return int(conn.execute(query).fetchone()[0])


def _came(mailbox: Mailbox, place: Receiver) -> Iterator[tuple[str, dict[str, Any]]]:
    """What arrived, each place in its own order: the key by which a repeat is known, and what it says."""
    for mail in mailbox.mails:
        text = mail.get_content().replace("\r\n", "\n")
        yield str(mail["Message-ID"])[1:].partition("@")[0], {"subject": str(mail["Subject"]), "text": text}
    yield from zip(place.keys, place.tickets, strict=True)


def _reckon(count: Count, expected: list[Row], came: Iterator[tuple[str, dict[str, Any]]]) -> None:
    ordered: dict[str, list[str]] = defaultdict(list)
    for key, ordering_key, _ in expected:
        ordered[ordering_key].append(key)
    ordering_key_of, content_of = (
        {key: ordering_key for key, ordering_key, _ in expected},
        {key: json.loads(text) for key, _, text in expected},
    )
    places: dict[str, list[int]] = defaultdict(list)
    for key, told in came:
        count.arrived += 1
        if key not in ordering_key_of:
            count.wrong.append(f"{key}: nobody sent this")
            continue
        content = {name: value for name, value in content_of[key].items() if name in told}
        if told != content:
            count.wrong.append(f"{key}: it came changed")
        places[ordering_key_of[key]].append(ordered[ordering_key_of[key]].index(key))
    for ordering_key, keys in ordered.items():
        order = places[ordering_key]
        if order != sorted(order):
            count.wrong.append(f"{ordering_key}: out of order {order}")
        count.wrong += [f"{ordering_key}: {key} never came" for n, key in enumerate(keys) if n not in order]
        count.repeats += len(order) - len(set(order))
    count.changes = len(expected)
