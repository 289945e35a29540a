"""People at the real desk over the real store: what they do, and what Slack is to show for it."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot.blocks.actions import Address
from bot.services import commands, people, step_forms, ticket_card, typed_input, walk_start, walkthrough
from bot.services.context import Actor
from bot.services.merchant_messages import MerchantMessage
from bot.services.runner import Services
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Person, WalkRecord
from bot.store.sqlite import SqliteStore
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.procedure import PROCEDURE
from conversations.engine.procedure import AnyProcedure
from conversations.engine.screens import title_key
from conversations.engine.walk_state import WalkState
from tests.bot.blocks.slack_limits import check_content, check_view
from tests.bot.services.marks import all_marked, quoted
from tests.conversations.amazon_token.token_walks import DETOURS, Answers, at

T = TypeVar("T")
Json = dict[str, Any]
TEAM, URL = "T1", "http://127.0.0.1:9/respond"
PLACE = walkthrough.PressOrigin("D0ERIKA", "1700000000.000100", URL)
ERIKA, OLIVER, ANNA, BEN = Actor(TEAM, "U0ERIKA"), Actor(TEAM, "U0OLIVER"), Actor(TEAM, "U0ANNA"), Actor(TEAM, "U0BEN")
PEOPLE = {
    "U0ERIKA": ("Erika Beispiel", "de-DE"),
    "U0OLIVER": ("Oliver Sample", "en-GB"),
    "U0ANNA": ("Anna Support", "de-AT"),
    "U0BEN": ("Ben Support", "fr-FR"),
}
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


class Clock:
    """Moves on by a second with each look."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class Visit:
    """One person. Every answer is held against Slack's limits and against the guides; so are the rows, by `Told`."""

    def __init__(self, services: Services, store: SqliteStore, who: Actor) -> None:
        self.services, self.store = services, store
        self.said = 0
        self.who = Actor(who.team_id, who.user_id, is_agent=who in {ANNA, BEN})

    def meet(self) -> "Visit":
        name, locale = PEOPLE[self.who.user_id]
        self.services.unit_of_work(
            people.meet, Person(team_id=TEAM, user_id=self.who.user_id, name=name, locale=locale, zone="Europe/Berlin")
        )
        return self

    def do(self, case: Callable[[UnitOfWork], T]) -> T:
        return self.services.do(self.who, case)  # type: ignore[return-value]

    # The walk

    @property
    def walk_id(self) -> int:
        last = self.do(lambda unit: unit.tx.last_walk(TEAM, self.who.user_id))
        assert last is not None
        return last.id

    @property
    def record(self) -> WalkRecord:
        walk_id = self.walk_id
        return self.do(lambda unit: _there(unit.tx.walk(walk_id)))

    @property
    def step(self) -> str:
        return self.record.step

    @property
    def facts(self) -> Facts:
        return PROCEDURE.load(self.record.state).facts

    @property
    def address(self) -> Address:
        record = self.record
        return Address(record.id, record.version, record.step, str(record.live_key))

    def begin(self, procedure: AnyProcedure | None = None) -> "Visit":
        self.do(lambda unit: walk_start.begin(unit, procedure))
        return self

    @property
    def state(self) -> WalkState[Any]:
        record = self.record
        return self.services.config.procedures[record.procedure].load(record.state)

    def act(self, event: str, **raw: Any) -> None:
        record = self.record
        self.do(lambda unit: walkthrough.act(unit, record, event, raw))

    def go_to(self, step: str, answers: Answers | None = None) -> "Visit":
        """Begin, and stand at `step` by the usual detour to it; the way is walked once and remembered."""
        self.begin()
        # A ticket is filed by the desk, so the last act before support is done there.
        there = "second_fetch" if step == "with_support" else step
        detour = {**DETOURS.get(step, {}), **(answers or {})}
        state = at(there, answers=detour).walk.state
        walk_id = self.walk_id

        def stand(unit: UnitOfWork) -> None:
            record = _there(unit.tx.walk(walk_id))
            unit.shrink(record, "✓ «de:moved »")
            unit.add_event(record, "moved", there)
            unit.show(record, unit.walk(PROCEDURE, state.model_copy(deep=True)))

        self.do(stand)
        if step == "with_support":
            self.act("fetch_failed")
        return self

    def press(
        self,
        event: str,
        choice: str | None = None,
        *,
        at: Address | None = None,
        place: walkthrough.PressOrigin = PLACE,
    ) -> None:
        where = at or self.address
        self.do(lambda unit: walkthrough.press(unit, where, event, choice, place))

    def form(self, name: str, *, at: Address | None = None, place: walkthrough.PressOrigin = PLACE) -> Json | None:
        where = at or self.address
        view = self.do(lambda unit: step_forms.form(unit, where, name, place))
        return good_view(view)

    def submit(self, name: str, *, at: Address | None = None, **raw: Any) -> Json | None:
        where = at or self.address
        answer = self.do(lambda unit: step_forms.submit(unit, where, name, raw))
        if answer is not None and "view" in answer:
            good_view(answer["view"])
        for text in (answer or {}).get("errors", {}).values():
            all_marked({"text": text})
        return answer

    def type(self, text: str, **more: Any) -> None:
        self.said += 1
        said = MerchantMessage(text=text, channel=f"D{self.who.user_id}", ts=f"170000{self.said:04}.000100", **more)
        self.do(lambda unit: typed_input.message_typed(unit, said))

    def command(self, text: str, invitee: Person | None = None) -> Json:
        answer = self.do(lambda unit: commands.command(unit, text, invitee, "A0SANDBOX"))
        check_content(answer)
        all_marked(answer)
        return answer

    # What Slack is to show

    def rows(self, method: str | None = None, to: str | None = None) -> list[Json]:
        """The rows still in the outbox, oldest first; `content` is decoded."""
        rows = [dict(row) for row in self.store.db.query("SELECT * FROM outbox ORDER BY id")]
        for row in rows:
            row["content"] = json.loads(row["content"]) if row["content"] else {}
        wanted = to or self.who.user_id
        return [row for row in rows if (method is None or row["method"] == method) and row["recipient"] == wanted]

    def newest(self, method: str = "post", to: str | None = None) -> str:
        """The newest row of this method, as text."""
        return json.dumps(self.rows(method, to)[-1]["content"], ensure_ascii=False)

    def live_steps(self) -> int:
        """Posts that no later row shrinks or takes back, of walks under way: what the person could still press."""
        posts = {row["key"] for row in self.rows("post") if row["walk_id"] and row["state"] != "dropped"}
        shrunk = {row["target"] for row in self.rows("update") if _is_summary(row["content"])}
        return len(posts - shrunk)

    def tickets(self) -> list[Any]:
        return self.do(lambda unit: unit.tx.tickets())

    def case(self) -> str:
        """Everything that is known of the newest ticket, as its timeline says it in German."""
        return self.do(lambda unit: str(ticket_card.summary_of(unit, unit.tx.tickets()[0]).sections))

    def events(self) -> list[str]:
        walk_id = self.walk_id
        return self.do(lambda unit: [event.name for event in unit.tx.events(walk_id)])


class Told:
    """Everything that was ever put into the outbox: delivered rows lose their words, so a trigger keeps a copy."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        store.db.execute("PRAGMA synchronous = OFF")  # no test here pulls the plug
        store.db.execute("CREATE TEMP TABLE told (method TEXT, content TEXT)")
        store.db.execute(
            "CREATE TEMP TRIGGER keep AFTER INSERT ON main.outbox WHEN NEW.method <> 'mirror'"
            " BEGIN INSERT INTO told VALUES (NEW.method, NEW.content); END"
        )

    def contents(self) -> list[Json]:
        rows: Sequence[Json] = list(self.store.db.query("SELECT content FROM told"))
        return [json.loads(row["content"]) for row in rows]

    def check(self) -> None:
        """Everything said was fit for Slack, and every word of it stands in a guide or is somebody's own."""
        words: list[str] = []
        for content in self.contents():
            words += quoted(content)
            check_content(content)
            all_marked(content, *words)


def titled(step: str) -> str:
    """The key of the title above the step: its own, or that of its screen."""
    return title_key(PROCEDURE, step)


def _is_summary(content: Json) -> bool:
    """Whether this is the line that replaces an answered step."""
    return [block["type"] for block in content["blocks"]] == ["context"] and "✓" in str(content["blocks"])


def _there(record: WalkRecord | None) -> WalkRecord:
    assert record is not None
    return record


def good_view(view: Json | None) -> Json | None:
    """The view, held against Slack's limits and the guides."""
    if view is not None:
        check_view(view)
        all_marked(view)
    return view
