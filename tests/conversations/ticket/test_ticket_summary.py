import re
from dataclasses import replace
from datetime import datetime

import pytest
from ticket_samples import (
    AT,
    ERROR_TEXT,
    FIRST,
    HASHES,
    OFF,
    SAMPLE_CASE,
    SAMPLE_CONTACT,
    SECOND,
    echo,
    plain,
    sample_walk,
    under,
    walk_of,
    whole,
    write,
)

from conversations.amazon_token.facts import Facts, Fetch
from conversations.amazon_token.settings import TokenSettings
from conversations.engine.formatter import Mention, StepTime
from conversations.engine.walk_state import TrailEntry
from conversations.ticket.ticket_summary import TicketSummary


@pytest.fixture
def sample() -> TicketSummary:
    return write(echo(), walk=sample_walk())


EXPECTED = {
    "reason": ["values.reasons.second_failure", AT.isoformat()],
    "priority": ["values.priorities.P2"],
    "category": ["<token_mismatch name>"],
    "first_answer": ["<token_mismatch answer>"],
    "mws_gone": ["values.mws_gone"],
    "merchant": ["Erika Beispiel", "@U0ERIKA"],
    "reachable": ["values.direct_message", "@U0ERIKA"],
    "origin": ["values.own_start"],
    "workspace": ["values.workspace_only", "Muster Handel GmbH"],
    "language": ["values.languages.de"],
    "permalink": ["values.not_known"],
    "version": ["4.9.24.4"],
    "mask": ["values.masks.key_set"],
    "region": ["<europe>"],
    "key_set": ["values.key_set", "<alternativ> <standard>"],
    "accounts": ["values.accounts_done]1 Amazon.fr, Amazon.it Amazon.de 3"],
    "key_set_changed": ["Amazon.de [values.key_set_changed.yes]", "Amazon.fr, Amazon.it [values.key_set_changed.no]"],
    "developer_id": ["5881-4686-6012", "values.id_sources.documented"],
    "seller_id": [
        "Amazon.de [values.seller_id.same]",
        "Amazon.fr [values.seller_id.changed]",
        "Amazon.it [values.seller_id.not_checked]",
    ],
    "orders_before": ["values.orders.stopped"],
    "last_finished": ["[values.step]15–16 <save_and_next> 17"],
    "stands_at": ["[values.support_next]"],
    "times": [
        "[values.total_time][durations.days]2 3",
        "[values.quick_steps]1",
        "[durations.minutes]3 <way_to_apps>",
        "[durations.days]2 3 [values.support_next]",
    ],
    "repeated": ["4 <way_to_apps>"],
    "access_off": [OFF.isoformat()],
    "access_on_again": ["values.access_still_off"],
    "backup": ["Amazon.de, Amazon.fr [values.backup.yes]", "Amazon.it [values.backup.no]"],
    "fetch_1": ["values.fetch_failed", FIRST.isoformat()],
    "fetch_2": ["values.fetch_failed", SECOND.isoformat()],
    "failed_accounts": ["Amazon.fr"],
    "error_text": ["values.error_in_thread"],
    "versions": ["0.1.0", "abc123def456"],
}


@pytest.mark.parametrize("label", EXPECTED)
def test_every_item_an_agent_needs_is_there(sample: TicketSummary, label: str) -> None:
    """Everything that saves the agent a question has a label of its own."""
    text = under(sample, label)
    assert [part for part in EXPECTED[label] if part not in text] == []


def test_the_head_says_which_ticket_how_urgent_and_what(sample: TicketSummary) -> None:
    """The title holds number, priority and category."""
    assert sample.title == "[ticket.title]<token_mismatch name> 1042 P2"


def test_the_sections_come_in_one_order(sample: TicketSummary) -> None:
    """The cause comes first and the versions last, in every ticket of a walk."""
    names = ("case", "contact", "connect", "amazon", "walk", "fetches", "tokens", "versions")
    assert [section.title for section in sample.sections] == [f"[sections.{name}]" for name in names]


def test_moments_and_people_stay_what_they_are(sample: TicketSummary) -> None:
    """A moment is no text yet, because each agent reads it in another time zone; a person is a mention."""
    values = [value for section in sample.sections for line in section.lines for value in line.value]
    assert {type(value) for value in values} == {str, datetime, Mention}
    assert "" not in values


# Nothing secret


def test_token_facts_by_account(sample: TicketSummary) -> None:
    """Of a token: shape, last four, repairs and the two comparisons, under the account's name."""
    tokens = next(section for section in sample.sections if section.title == "[sections.tokens]")
    text = {line.label: plain(line.value) for line in tokens.lines}
    assert text == {
        "Amazon.de": "[values.token_shape]3f2a · [values.token_repaired]<blanks_around>, <upper_case>"
        " · [values.same_as_old.no] · [values.same_as_first.unknown]",
        "Amazon.fr": "[values.token_shape]9b1c · [values.token_not_repaired]"
        " · [values.same_as_old.no] · [values.same_as_first.no]",
        "Amazon.it": "[values.token_not_checked]",
    }


def test_no_secret_and_no_words_of_people(sample: TicketSummary) -> None:
    """Neither a token nor a hash of one nor the pasted error text gets into the summary."""
    text = whole(sample)
    assert [hidden for hidden in (*HASHES, ERROR_TEXT) if hidden in text] == []
    assert re.search(r"amzn\.mws|[0-9a-f]{16}", text) is None


# State


def test_state_line_of_an_open_ticket(sample: TicketSummary) -> None:
    """An open ticket says since when."""
    assert sample.state_line == ("[states.open]", AT)


@pytest.mark.parametrize(("late", "key"), [(False, "ahead"), (True, "late")])
def test_state_line_says_when_an_answer_is_due(late: bool, key: str) -> None:  # noqa: FBT001
    """Until when support owes it, and in words that the time is over."""
    assert write(echo(), answer_due=OFF, late=late).state_line[2:] == (" · ", f"[due.{key}]", OFF)


def test_state_line_of_a_claimed_ticket() -> None:
    """A claimed ticket says by whom and since when."""
    case = replace(SAMPLE_CASE, state="claimed", claimed_by="U0ANNA", claimed_at=OFF)
    assert write(echo(), case=case).state_line == ("[states.claimed]", Mention("U0ANNA"), " ", OFF)


def test_state_line_of_a_resolved_ticket() -> None:
    """A resolved ticket says by whom and when, and not who had claimed it."""
    case = replace(
        SAMPLE_CASE, state="resolved", claimed_by="U0ANNA", claimed_at=OFF, resolved_by="U0BEN", resolved_at=SECOND
    )
    assert write(echo(), case=case).state_line == ("[states.resolved]", Mention("U0BEN"), " ", SECOND)


def test_state_line_without_a_person() -> None:
    """Who resolved a ticket may be unknown; then it says so."""
    case = replace(SAMPLE_CASE, state="resolved")
    assert plain(write(echo(), case=case).state_line) == "[states.resolved][values.not_known] [values.not_known]"


# The unknown is shown


UNKNOWN = {
    "version": "not_asked",
    "mask": "not_asked",
    "region": "not_asked",
    "key_set": "not_asked",
    "accounts": "not_asked",
    "developer_id": "none_given",
    "seller_id": "not_asked",
    "orders_before": "not_asked",
    "last_finished": "no_step",
    "times": "not_known",
    "repeated": "no_step",
    "access_off": "access_not_off",
    "access_on_again": "not_needed",
    "backup": "not_asked",
    "fetch_1": "fetch_not_tried",
    "fetch_2": "fetch_not_tried",
    "failed_accounts": "no_failure",
    "error_text": "no_error_text",
    "token": "not_asked",
}


@pytest.mark.parametrize("label", UNKNOWN)
def test_the_unknown_is_not_dropped(label: str) -> None:
    """What was not asked yet keeps its line and says so."""
    assert f"[values.{UNKNOWN[label]}]" in under(write(echo(), walk=walk_of(), times=[]), label)


def test_a_walk_that_has_not_begun_stands_at_its_first_step() -> None:
    """Nobody has answered anything; the first question is what comes next."""
    assert under(write(echo(), walk=walk_of(), times=[]), "stands_at") == "<before_start>"


def test_help_outside_a_walk() -> None:
    """Without a walkthrough one line says that nothing was asked; the people and the versions are there."""
    written = write(echo())
    assert under(written, "walk") == "[values.no_walk_all]"
    assert under(written, "origin") == "[values.no_walk]"
    assert "0.1.0" in under(written, "versions")


# Who and where


def test_a_caller_on_the_phone() -> None:
    """On the phone the merchant is the caller, who is reached through the agent."""
    contact = replace(SAMPLE_CONTACT, user_id="U0ANNA", phone_name="Frau Muster")
    written = write(echo(), contact=contact, walk=walk_of())
    assert under(written, "merchant") == "[values.caller]Frau Muster"
    assert under(written, "reachable") == "[values.by_phone]@U0ANNA"
    assert under(written, "origin") == "[values.phone_start]@U0ANNA"


def test_an_invited_merchant() -> None:
    """An invitation names the agent."""
    written = write(echo(), contact=replace(SAMPLE_CONTACT, invited_by="U0BEN"), walk=walk_of())
    assert under(written, "origin") == "[values.invited]@U0BEN"


def test_contact_as_far_as_it_is_known() -> None:
    """Company and link are shown when known; a person without a name is a mention; any language is named."""
    contact = replace(
        SAMPLE_CONTACT, name="", workspace="", language="fr", company="Muster KG", permalink="https://x.test/1"
    )
    written = write(echo(), contact=contact)
    assert under(written, "merchant") == "@U0ERIKA"
    assert under(written, "workspace") == "[values.workspace_company]Muster KG [values.not_known]"
    assert (under(written, "language"), under(written, "permalink")) == ("fr", "https://x.test/1")


# Single lines


def test_the_reminder_goes_with_the_operators_notice() -> None:
    """An operator who switched the MWS notice off gets tickets without the reminder."""
    with pytest.raises(LookupError):
        under(write(echo(), settings=TokenSettings(mws_notice=False)), "mws_gone")


def test_an_id_that_was_never_shown_was_not_given() -> None:
    """The developer ID counts as given only once its step was shown."""
    walk = sample_walk()
    del walk.state.repeats["authorize_developer"]
    assert under(write(echo(), walk=walk), "developer_id") == "[values.none_given]"


def test_an_id_from_the_handbook() -> None:
    """An ID that the merchant has read in the handbook is shown as theirs."""
    walk = walk_of(Facts(region="far_east", key_set="standard", handbook_developer_id="1234-5678-9012"))
    text = under(write(echo(), walk=walk), "developer_id")
    assert text == "[values.developer_id]1234-5678-9012 [values.id_sources.handbook]"


def test_a_key_set_that_stays() -> None:
    """Where the key set is not to be changed, no account is shown as lacking the change."""
    walk = sample_walk()
    walk.facts.key_set = "standard"
    text = under(write(echo(), walk=walk), "key_set_changed")
    assert text == "[values.group]Amazon.de, Amazon.fr, Amazon.it [values.key_set_changed.stays]"


def test_a_failure_without_named_accounts() -> None:
    """When fetches failed and nobody named the accounts, the summary says so."""
    walk = sample_walk()
    walk.facts.failed_accounts = []
    walk.facts.key_set_before = None
    written = write(echo(), walk=walk)
    assert under(written, "failed_accounts") == "[values.accounts_not_named]"
    assert "[values.not_known]" in under(written, "key_set")


def test_where_it_stands_names_the_account() -> None:
    """At a step that is walked for each account, the account is named."""
    walk = sample_walk()
    walk.state.step, walk.state.item = "save_account", 1
    text = under(write(echo(), walk=walk), "stands_at")
    assert text == "[values.step_item]Amazon.fr 2 [values.step]15–16 <save_and_next> 17 3"


def test_going_back_does_not_finish_the_step_it_left() -> None:
    """Going back to the old access does not finish the step at which the merchant decided it."""
    trail = [TrailEntry(step="disable_access", item=0), TrailEntry(step="new_developer", item=0)]
    walk = walk_of(step="going_back", trail=trail)
    assert under(write(echo(), walk=walk), "last_finished") == "[values.step]9 <disable_access> 17"


def test_one_round_for_each_account_is_no_repetition() -> None:
    """Three accounts have three tokens; the fourth time is a repetition."""
    walk = sample_walk()
    for account in walk.facts.accounts:
        account.saved_at = AT
    walk.state.repeats = {"new_token": 3, "save_account": 4}
    assert under(write(echo(), walk=walk, times=[]), "repeated") == "[values.step_repeated]4 <save_and_next>"


def test_the_old_access_is_back() -> None:
    """When it was enabled again, the time is shown."""
    walk = sample_walk()
    walk.facts.access_on_again_at = SECOND
    assert under(write(echo(), walk=walk), "access_on_again") == SECOND.isoformat()


def test_further_fetches() -> None:
    """A third attempt gets a line of its own, also when it worked."""
    walk = sample_walk()
    walk.facts.fetches.append(Fetch(at=AT, worked=True))
    assert under(write(echo(), walk=walk), "fetch_more") == f"[values.fetch_worked]{AT.isoformat()}"


def test_a_step_of_a_former_version() -> None:
    """A step that no longer exists is shown by its ID instead of failing."""
    walk = walk_of(sample_walk().facts, "former_step")
    written = write(echo(), walk=walk, times=[StepTime("former_step", 3900, 1)])
    assert under(written, "stands_at") == "former_step"
    assert "[values.step_time][durations.hours]1 5 former_step" in under(written, "times")


def test_an_erased_merchant_leaves_a_bare_case() -> None:
    """The card says that the data is deleted, and offers no way to somebody who cannot be reached any more."""
    gone = replace(SAMPLE_CONTACT, name="erased-1", user_id="erased-1", permalink="", erased=True)
    written = write(echo(), contact=gone, walk=None, times=[])
    assert "values.erased" in under(written, "merchant")
    assert under(written, "reachable") == "[values.erased_reachable]"
    assert under(written, "walk") == "[values.erased_walk]"
    assert "direct_message" not in whole(written)
    assert "no_walk" not in whole(written)
