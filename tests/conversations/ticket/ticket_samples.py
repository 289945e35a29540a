"""A walk, its ticket and its people for the summary's tests, and texts that are their own keys."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from conversations.amazon_token.facts import Account, Facts, Fetch, TokenMemory
from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.settings import TokenSettings
from conversations.amazon_token.steps import SCREENS, STEPS
from conversations.engine.formatter import Mention, StepTime, Value
from conversations.engine.texts import Text, Texts
from conversations.engine.walk_state import TrailEntry
from conversations.engine.walkthrough import Walk
from conversations.ticket.models import Contact, TicketFacts
from conversations.ticket.ticket_summary import TicketSummary, ticket_summary
from tests.guides import CATALOGUE

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OFF, SAVED, FIRST, SECOND = (AT + timedelta(minutes=minutes) for minutes in (20, 30, 40, 45))
HASHES = ("c0ffee" * 10, "decade" * 10, "facade" * 10)
ERROR_TEXT = "AuthToken is not valid, said the screen"


def echo() -> Texts:
    """Texts that consist of their key and, after it, their placeholders in alphabetical order."""
    texts = {f"steps.{step}.title": f"<{step}>" for step in STEPS}
    texts |= {f"screens.{name}.title": f"<{name}>" for name in SCREENS}
    for category in ("unknown", "token_mismatch"):
        texts |= {f"categories.{category}.{part}": f"<{category} {part}>" for part in ("name", "answer")}
    texts |= {f"choices.choose_region.{region}": f"<{region}>" for region in ("europe", "far_east")}
    texts |= {f"choices.choose_key_set.{key_set}": f"<{key_set}>" for key_set in ("standard", "alternativ")}
    texts |= {f"repairs.{repair}": f"<{repair}>" for repair in ("blanks_around", "upper_case")}
    return Texts("de", texts | dict(_echoes(CATALOGUE["ticket"], "ticket")), {})


def _echoes(tree: Any, prefix: str) -> Iterator[tuple[str, str]]:
    for key, node in tree.items():
        if isinstance(node, Text):
            places = " ".join(f"{{{name}}}" for name in sorted(node.placeholders))
            yield f"{prefix}.{key}", f"[{prefix.removeprefix('ticket.')}.{key}]{places}"
        elif not hasattr(node, "items"):
            raise TypeError(f"{prefix}.{key} is neither a text nor a section")
        else:
            yield from _echoes(node, f"{prefix}.{key}")


def walk_of(
    facts: Facts | None = None, step: str | None = None, settings: TokenSettings | None = None, **state: Any
) -> Walk[Facts, TokenSettings]:
    """A walk that knows these facts; `state` is the rest of its `WalkState`."""
    return Walk(
        PROCEDURE, PROCEDURE.state_type(step=step, facts=facts or Facts(), **state), settings or TokenSettings()
    )


def sample_walk() -> Walk[Facts, TokenSettings]:
    """A walk over three accounts whose second fetch has failed for one of them."""
    return walk_of(
        sample_facts(),
        "with_support",
        trail=[
            TrailEntry(step=step, item=2) for step in ("save_account", "next_account", "first_fetch", "second_fetch")
        ],
        repeats={"authorize_developer": 1, "new_token": 3, "user_permissions": 2},
        item=2,
    )


def sample_facts() -> Facts:
    """What that walk knows."""
    token = TokenMemory(last4="3f2a", repairs=("blanks_around", "upper_case"), same_as_old=False)
    other = TokenMemory(last4="9b1c", same_as_old=False, same_as_first=False)
    return Facts(
        orders_arriving=False,
        version="4.9.24.4",
        mask="key_set",
        region="europe",
        key_set_before="standard",
        key_set="alternativ",
        accounts=[
            Account(
                name="Amazon.de", backup=True, key_set_changed=True, seller_id="same", token=token,
                old_token_hash=HASHES[0], saved_at=SAVED,
            ),
            Account(name="Amazon.fr", backup=True, seller_id="changed", token=other, old_token_hash=HASHES[1]),
            Account(name="Amazon.it"),
        ],
        first_token_hash=HASHES[2],
        credentials_shown=True,
        access_off_at=OFF,
        fetches=[Fetch(at=FIRST, worked=False), Fetch(at=SECOND, worked=False)],
        failed_accounts=["Amazon.fr"],
        error_texts=[ERROR_TEXT],
    )  # fmt: skip


SAMPLE_CASE = TicketFacts(
    number=1042, reason="second_failure", state="open", category="token_mismatch", priority="P2", opened_at=AT
)
SAMPLE_CONTACT = Contact(name="Erika Beispiel", user_id="U0ERIKA", workspace="Muster Handel GmbH", language="de")
SAMPLE_TIMES = [
    StepTime("before_start", 45, 1),
    StepTime("user_permissions", 185, 4),
    StepTime("with_support", 2 * 86400 + 3 * 3600, 1),
]


def write(
    texts: Texts,
    *,
    case: TicketFacts = SAMPLE_CASE,
    contact: Contact = SAMPLE_CONTACT,
    walk: Walk[Facts, TokenSettings] | None = None,
    times: list[StepTime] | None = None,
    settings: TokenSettings | None = None,
    **due: Any,
) -> TicketSummary:
    """The sample's summary, with what is given in place of the sample's. Without `walk`: no walkthrough."""
    return ticket_summary(
        texts,
        case,
        contact,
        PROCEDURE,
        settings or TokenSettings(),
        walk,
        SAMPLE_TIMES if times is None else times,
        bot_version="0.1.0",
        guide_version="abc123def456",
        **due,
    )


def plain(values: tuple[Value, ...]) -> str:
    """The values as text: people as @ID, moments in ISO 8601."""
    return "".join(_plain(value) for value in values)


def _plain(value: Value) -> str:
    if isinstance(value, Mention):
        return f"@{value.user_id}"
    return value.isoformat() if isinstance(value, datetime) else value


def whole(written: TicketSummary) -> str:
    """Everything that a summary says."""
    lines = (f"{line.label}: {plain(line.value)}" for section in written.sections for line in section.lines)
    return "\n".join((written.title, plain(written.state_line), *lines))


def under(written: TicketSummary, label: str) -> str:
    """What an echoed summary says under the label of this key; several lines of one label are joined."""
    full_label = f"[labels.{label}]"
    values = [plain(line.value) for section in written.sections for line in section.lines if line.label == full_label]
    if not values:
        raise LookupError(f"no line is labelled {label}")
    return "\n".join(values)
