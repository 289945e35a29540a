"""Every step, variant, form and answer fits into Slack's limits in both languages."""

from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from bot.blocks import entry_messages, escalations, forms, home, invitations, kit, step, tickets
from bot.blocks.actions import Address, SeenTicket
from bot.blocks.fit import TEXT_BYTES, fit, utf8_bytes
from bot.services import home_tab, ticket_lists
from conversations.all_texts import AllTexts
from conversations.amazon_token.facts import Account, Facts
from conversations.amazon_token.forms import FORMS
from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.settings import TokenSettings
from conversations.amazon_token.steps import STEPS
from conversations.engine.formatter import StepTime
from conversations.engine.procedure import HELP
from conversations.engine.texts import LANGUAGES, Language, Texts
from conversations.engine.walkthrough import AnyWalk
from conversations.marketplaces import EUROPEAN_MARKETPLACES
from conversations.ticket.models import Contact, TicketFacts, TicketState
from conversations.ticket.sla import TimerKind
from conversations.ticket.ticket_summary import ticket_summary
from tests.bot.blocks.slack_limits import check_content, check_message, check_view
from tests.conversations.amazon_token.token_walks import ALONE, CONFIGURED, THREE, Answers, at
from tests.guides import CATALOGUE, guide

ADDRESS = Address(10**17, 10**17, "authorize_developer", "f" * 32)
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ABROAD: Answers = {"account_region": ("choose_region", {"choice": "north_america"})}
WIDEST = [Account(name="&" * 58 + f"{number:02}") for number in range(20)]
VARIANTS: list[tuple[str, TokenSettings, Answers]] = [
    *((name, TokenSettings(), THREE) for name in ALONE),
    ("before_start", TokenSettings(mws_notice=False), {}),
    ("authorize_developer", CONFIGURED, ABROAD),
    ("authorize_developer", TokenSettings(), ABROAD),
    ("save_account", CONFIGURED, ABROAD),
    ("second_fetch", TokenSettings(fetch_wait_minutes=0), {}),
    ("with_support", TokenSettings(answer_minutes=120), {}),
    ("cancelled", TokenSettings(), {"authorize_developer": ("cancel", {})}),
]


@pytest.fixture(params=LANGUAGES, scope="module")
def texts(request: pytest.FixtureRequest) -> Texts:
    language: Language = request.param
    return guide(language)


def view(texts: Texts, walk: AnyWalk, *, expanded: bool, notes: tuple[str, ...] = ()) -> dict[str, Any]:
    return step.step_message(
        step.StepView(
            texts=texts, walk=walk, address=ADDRESS, expanded=expanded, ticket=10**9, notes=notes, reminded=True,
            phone_name="&" * 60,
        )
    )  # fmt: skip


def check_parts(content: dict[str, Any]) -> None:
    """Each message in which `content` is sent fits, and the first has its buttons."""
    for part in fit(content):
        check_message(part, label_limit=30)


@pytest.mark.parametrize(("name", "settings", "answers"), VARIANTS)
def test_every_step_fits(texts: Texts, name: str, settings: TokenSettings, answers: Answers) -> None:
    """Buttons are short enough to be seen whole, and the whole instruction is in the top-level text."""
    merchant = at(
        name, settings, {**({"before_start": ("begin_now", {})} if not settings.mws_notice else {}), **answers}
    )
    for expanded in (False, True):
        content = view(texts, merchant.walk, expanded=expanded)
        check_message(content, label_limit=30)
        assert utf8_bytes(content["text"]) < TEXT_BYTES
        labels = [
            e["text"]["text"] for b in content["blocks"] if b["type"] == "actions" for e in b["elements"] if "text" in e
        ]
        assert len(labels) == len(set(labels)), labels
        if name not in PROCEDURE.ends:
            assert texts.say("buttons.help") in labels


@pytest.mark.parametrize("name", ["account_names", "new_token", "next_account", "with_support"])
def test_the_widest_walk_fits(texts: Texts, name: str) -> None:
    """Twenty accounts whose names have to be escaped, and a note above: it continues where Slack would refuse."""
    walk = at(name).walk
    walk.facts.accounts = [
        account.model_copy(update={"saved_at": NOW if i % 2 else None}) for i, account in enumerate(WIDEST)
    ]
    check_parts(view(texts, walk, expanded=True, notes=("<" * 900, "&" * 900)))
    names = ", ".join(account.name for account in WIDEST)
    check_parts(step.summary_message(texts.say("records.name_accounts", names=names)))


@pytest.mark.parametrize("form", [name for name, form in FORMS.items() if not form.in_message])
@pytest.mark.parametrize("accounts", [[], WIDEST[:1], WIDEST])
@pytest.mark.parametrize("region", ["europe", "far_east"])
def test_every_form_fits(texts: Texts, form: str, accounts: list[Account], region: str) -> None:
    """With no account, one and twenty: ten choices as checkboxes, more as a select."""
    made = forms.form_view(texts, form, FORMS[form], Facts(region=region, accounts=accounts), ADDRESS)
    check_view(made)
    chosen = [block["element"]["type"] for block in made["blocks"] if block.get("block_id") == "accounts"]
    assert chosen == (
        [["checkboxes"], ["multi_static_select"]][len(accounts) > 1] if form == "fetch_failure" and accounts else []
    )


def test_the_form_that_calls_a_person_fits(texts: Texts) -> None:
    """It is the same in every procedure, and its one field may be left empty."""
    made = forms.help_view(texts, ADDRESS)
    check_view(made)
    assert made["callback_id"].endswith(f":{HELP}")
    assert [block.get("optional") for block in made["blocks"] if block["type"] == "input"] == [True]


def test_every_answer_fits(texts: Texts) -> None:
    """Answers to commands and presses, the introduction, the invitation, the usage and the questions."""
    start = entry_messages.dm_button(texts, "T1", "A1")
    filled = dict.fromkeys(
        (
            "title",
            "heading",
            "names",
            "name",
            "merchant",
            "agent",
            "ticket",
            "number",
            "kind",
            "command",
            "days",
            "file",
            "tickets",
            "status",
            "count",
            "step",
            "others",
            "words",
            "query",
            "into",
            "lines",
        ),
        "&" * 60,
    )
    for key in answer_keys():
        check_content(
            entry_messages.answer(texts, key, start, started=NOW, at=NOW, since=NOW, **filled), label_limit=30
        )
        check_view(forms.sentence_view(texts, f"answers.{key}", started=NOW, at=NOW, since=NOW, **filled))
    for content in (
        entry_messages.introduction(texts),
        entry_messages.continue_or_restart(texts, "&" * 60, 1),
        entry_messages.continue_or_restart(texts, "&" * 60, 1, ("sp_api", "&" * 30)),
        entry_messages.ask(texts, "ask_cancel", "door:cancel", "cancel", 1),
        entry_messages.too_late(texts, kit.say(texts, "answers.stale"), 1),
        entry_messages.too_late(texts, kit.say(texts, "answers.foreign"), None),
        entry_messages.usage(texts, "/amazon-token", agent=True, others=[("sp-api", "x" * 60)] * 3),
        entry_messages.usage(texts, "/amazon-token", agent=False), invitations.invitation(texts, "&" * 60, 1),
        entry_messages.privacy(texts, "/amazon-token", 3650),
        entry_messages.ask_delete(
            texts, "T0123456789:U0123456789", entry_messages.say(texts, "answers.delete_urgent"),
            entry_messages.say(texts, "answers.delete_tickets", tickets="Ticket 1001, " * 10),
        ),
    ):  # fmt: skip
        check_content(content, label_limit=30)


def answer_keys() -> list[str]:
    answers = CATALOGUE["answers"]
    assert isinstance(answers, dict)
    return list(answers)


def test_the_home_tab_fits(texts: Texts) -> None:
    """With nothing at all, and with as much as there may be, of one's own and of everybody."""
    names = ["&" * 60] * 20
    walks = [
        home.OwnWalkthrough(
            id=n, heading="&" * 100, title="&" * 60, urgent=kit.say(texts, "home.urgent"), done=names, left=names
        )
        for n in range(1, home_tab.WALKS + 1)
    ]
    tickets = [(n, "waiting_for_support", NOW) for n in range(home_tab.TICKETS)]
    cases = [
        home.ListedTicket(
            number=n, priority="P1", category="&" * 60, name="&" * 80, status="&" * 200, since=NOW, link="h" * 200
        )
        for n in range(1, ticket_lists.CASES + 1)
    ]
    under_way = [
        home.OpenWalkthrough(
            id=n,
            text=kit.say(
                texts, f"desk.overview.{('walk', 'walk_urgent')[n % 2]}", name="&" * 80, step="&" * 90, since=NOW
            ),
        )
        for n in range(1, ticket_lists.WALKS + 1)
    ]
    for own in (home.MerchantHome(), home.MerchantHome(walks, tickets)):
        trouble = home.UndeliveredCards(count=500, since=NOW, refused=True, paused=NOW, why="channel_not_found")
        for services in (None, home.SupportHome([], 0, [], 0), home.SupportHome(cases, 9, under_way, 9, trouble)):
            check_view(home.home_view(texts, own, services, command="/amazon-token"), label_limit=30)


@pytest.mark.parametrize("state", get_args(TicketState))
def test_the_card_fits(texts: Texts, state: Any) -> None:
    """With everything known, twenty accounts and each step visited, and with nothing known at all."""
    case = TicketFacts(1001, "second_failure", state, "unknown", "P1", NOW, "U1", NOW, "U2", NOW)
    contact = Contact("&" * 80, "U1", "&" * 80, "de", "&" * 60, "U2", "&" * 80, "https://slack.com/" + "x" * 200)
    full = at("with_support", answers=THREE).walk
    full.facts.accounts = list(WIDEST)
    times = [StepTime(name, 90.0, 9) for name in STEPS]
    for walk, spent in ((full, times), (None, [])):
        summary = ticket_summary(
            texts, case, contact, PROCEDURE, TokenSettings(), walk, spent, bot_version="1.2.3", guide_version="a" * 17
        )
        check_parts(tickets.card(texts, summary, case))


def test_the_forms_of_the_card_fit(texts: Texts) -> None:
    """More colleagues than Slack takes, with the longest names."""
    people = [("&" * 80, f"U{number}") for number in range(120)]
    for owner in ("", "&" * 80):
        check_view(forms.hand_view(texts, SeenTicket(1001, "U1"), owner, people))
    check_view(forms.step_view(texts, SeenTicket(1001, "U1"), "&" * 60, people))
    check_message(
        forms.step_proposal(texts, 1001, "f" * 32, "&" * 60, "&" * 90, confirm="restore_old_access"), label_limit=30
    )
    check_view(forms.sort_view(texts, SeenTicket(1001, None), "P2", "unknown", PROCEDURE.tickets.categories))


def test_words_in_a_thread_fit(texts: Texts) -> None:
    """The longest words that are kept, all of them to be escaped; and none at all."""
    check_message(tickets.in_thread(texts, "ticket.thread.words", "&" * 3000, name="&" * 80))
    check_message(tickets.in_thread(texts, "ticket.thread.call_again", "", name="x"))


def test_a_form_without_anything_to_choose_leaves_the_choice_out(texts: Texts) -> None:
    """Slack refuses a choice without options."""
    names = [Account(name=texts.say(f"marketplaces.{market}")) for market in EUROPEAN_MARKETPLACES]
    made = forms.form_view(
        texts, "more_accounts", FORMS["more_accounts"], Facts(region="europe", accounts=names), ADDRESS
    )
    assert [block.get("block_id") for block in made["blocks"]] == [None, "names"]


def test_values_cannot_smuggle_entities(marked_guides: AllTexts) -> None:
    """Moments and people become Slack's markup; text that looks like it, or like our placeholders, stays text."""
    text = kit.say(marked_guides["de"], "answers.status", heading="\x000\x00", title="<@U1>", started=NOW)
    assert text.count("<") == 1
    assert "&lt;@U1&gt;" in text
    assert kit.say(marked_guides["de"], "answers.invited", merchant="\x007\x00")


def test_the_morning_list_and_every_word_about_waiting_fit(texts: Texts) -> None:
    """A full list with the widest names, and each warning with five people."""
    entries = [
        escalations.DigestEntry(
            number=n, link="https://slack.com/app_redirect?" + "&" * 90, priority="P1", category="&" * 60, since=NOW,
            owner="U1", owner_name="&" * 60 if n % 2 else None,
        )
        for n in range(1000, 1030)
    ]  # fmt: skip
    check_parts(escalations.digest(texts, {"late": entries, "support": entries, "merchant": entries}))
    for kind in get_args(TimerKind)[:4]:
        for people in ((), ("U1", "U2", "U3", "U4", "U5")):
            check_content(escalations.warning(texts, kind, people, number=1001, since=NOW, opened=NOW, owned=False))
