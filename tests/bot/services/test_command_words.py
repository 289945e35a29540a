"""The exact words that the bot knows, typed as a message: whatever the situation, each has a sensible answer."""

from collections.abc import Callable

import pytest

from conversations.engine.charts import CANCEL
from tests.bot.services.test_agent_messages import thread
from tests.bot.services.test_outages import announce, tell
from tests.bot.services.visits import Visit, titled

STEP = "seller_central"
HERE, BEFORE, BEGUN = titled(STEP), titled("backup_token"), titled("before_start")
ALONE = f"steps.{STEP}.title"


def never(_merchant: Visit, _agent: Visit) -> None:
    """Nothing has begun yet."""


def under_way(merchant: Visit, _agent: Visit) -> None:
    merchant.go_to(STEP)


def ended(merchant: Visit, _agent: Visit) -> None:
    merchant.go_to("done")


def cancelled(merchant: Visit, _agent: Visit) -> None:
    merchant.go_to(STEP).act(CANCEL)


def ticket(merchant: Visit, _agent: Visit) -> None:
    """Nobody has answered yet."""
    merchant.go_to(STEP).submit("help", sentence="")


def ticket_alone(merchant: Visit, _agent: Visit) -> None:
    """Nobody has answered yet, and the walk has ended."""
    ticket(merchant, _agent)
    merchant.act(CANCEL)


def held(merchant: Visit, agent: Visit) -> None:
    merchant.go_to(STEP)
    announce(agent)
    tell(agent)


OUTAGE, WHICH, PRIVACY = "notes.outage_held", "answers.language_which", "answers.privacy"
NONE, INTRODUCTION, PERSON, SUPPORT = (
    "answers.no_walk",
    "answers.introduction",
    "heard.person_at_once",
    "receipt_nobody",
)
Situation = Callable[[Visit, Visit], None]
SITUATIONS: tuple[Situation, ...] = (never, under_way, ended, cancelled, ticket, ticket_alone, held)
CANCELS, RESTARTS, LATER, SAYS = "answers.ask_cancel", "answers.ask_restart", "heard.later_when", "answers.language_set"
# What the newest message then contains, in the order of the situations.
TABLE: dict[str, tuple[str, ...]] = {
    "start": (BEGUN, "welcome_back", BEGUN, BEGUN, "welcome_back", BEGUN, OUTAGE),
    "next": (BEGUN, "ready_to_disable", BEGUN, BEGUN, "ready_to_disable", BEGUN, OUTAGE),
    "status": (INTRODUCTION, "answers.status ", NONE, NONE, "answers.status ", NONE, OUTAGE),
    "back": (INTRODUCTION, BEFORE, NONE, NONE, BEFORE, SUPPORT, BEFORE),
    "help": (PERSON, "help_offered", PERSON, PERSON, "help_offered", PERSON, OUTAGE),
    "privacy": (PRIVACY, HERE, PRIVACY, PRIVACY, HERE, PRIVACY, OUTAGE),
    "cancel": (INTRODUCTION, CANCELS, NONE, NONE, CANCELS, SUPPORT, CANCELS),
    "restart": (INTRODUCTION, RESTARTS, NONE, NONE, RESTARTS, SUPPORT, RESTARTS),
    "where": (INTRODUCTION, f"{STEP}.where", NONE, NONE, f"{STEP}.where", SUPPORT, OUTAGE),
    "one_by_one": (INTRODUCTION, ALONE, NONE, NONE, ALONE, SUPPORT, ALONE),
    "language": (WHICH, WHICH, WHICH, WHICH, WHICH, WHICH, WHICH),
    "german": (SAYS, SAYS, SAYS, SAYS, SAYS, SAYS, SAYS),
    "english": (SAYS, SAYS, SAYS, SAYS, SAYS, SAYS, SAYS),
    "later": (INTRODUCTION, LATER, NONE, NONE, SUPPORT, SUPPORT, LATER),
    "later_morning": (INTRODUCTION, "heard.later_planned", NONE, NONE, SUPPORT, SUPPORT, "heard.later_planned"),
}


@pytest.mark.parametrize("place", range(len(SITUATIONS)), ids=lambda place: SITUATIONS[place].__name__)
@pytest.mark.parametrize("word", TABLE)
def test_each_exact_word_is_answered_in_each_situation(
    erika: Visit, oliver: Visit, anna: Visit, word: str, place: int
) -> None:
    """In both languages; whoever has no walk under way is told so, and never asked what it is about."""
    expected = TABLE[word][place]
    merchant, typed = (erika, f"de-{word}") if len(word) % 2 else (oliver, word)
    SITUATIONS[place](merchant, anna)
    before, copied = len(merchant.rows("post")), len(thread(anna))
    merchant.type(typed)
    posted = merchant.rows("post")[before:]
    assert expected in str([row["content"] for row in posted[-1:]])
    assert (len(thread(anna)) > copied) is (expected == SUPPORT)


def test_a_typed_status_says_what_the_command_says(erika: Visit) -> None:
    """After a walk: that none is under way, since when, and the ticket that is open."""
    ended(erika, erika)
    erika.type("status")
    assert erika.rows("post")[-1]["content"] == erika.command("status")
    assert "answers.no_walk_since" in erika.newest()
    assert "home.ticket" not in erika.newest()
    erika.command("support")
    erika.type("status")
    assert erika.rows("post")[-1]["content"] == erika.command("status")
    assert "home.ticket_states.on_its_way" in erika.newest()
