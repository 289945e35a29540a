"""Which text belongs to a step, and how codes become words; every text has what its placeholders need."""

import pytest
from token_walks import (
    ALONE,
    CONFIGURED,
    DOCUMENTED_ID,
    HANDBOOK_ID,
    OTHER_SELLER_ID,
    READER,
    SELLER_ID,
    START,
    THREE,
    TOO_OLD,
    Merchant,
    at,
    token,
    walk_at,
)

from conversations.amazon_token.facts import Account, Facts
from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.settings import TokenSettings
from conversations.amazon_token.steps import STEPS
from conversations.engine.answers import Notice, Raw, Refusal
from conversations.engine.messages import in_words, notice_text, refusal_text, summary_line
from conversations.engine.texts import LANGUAGES, Language, Texts
from conversations.engine.walkthrough import Walk
from tests.guides import guide

TICKET = 1001
AFTER_THE_FACT = TokenSettings(mws_notice=False, fetch_wait_minutes=0, answer_minutes=30)


@pytest.fixture(scope="module", params=LANGUAGES)
def texts(request: pytest.FixtureRequest) -> Texts:
    language: Language = request.param
    return guide(language)


def _step_text(texts: Texts, walk: Walk[Facts, TokenSettings]) -> str:
    return texts.say(walk.text_key, **walk.text_values(ticket=TICKET))


@pytest.mark.parametrize("settings", [TokenSettings(), AFTER_THE_FACT], ids=["usual", "other"])
@pytest.mark.parametrize("step", ALONE)
def test_every_step_has_its_text_and_every_placeholder_a_value(
    texts: Texts, step: str, settings: TokenSettings
) -> None:
    """However a step is reached, its text is there, filled, and without the word for nothing."""
    begin: dict[str, tuple[str, Raw]] = {"before_start": ("orders_stopped" if settings.mws_notice else "begin_now", {})}
    if step == "still_receiving" and not settings.mws_notice:
        assert not Merchant(settings).walk.can("orders_arriving")
        return
    if step == "cancelled":
        begin["before_start"] = ("cancel", {})
    answers = THREE if step == "still_receiving" else {**begin, **THREE}
    merchant = at(step, settings, answers)

    text = _step_text(texts, merchant.walk)
    assert "None" not in text
    assert "{" not in text


VARIANT_CASES = [
    ("before_start", "notice", Facts(), TokenSettings()),
    ("before_start", "plain", Facts(), TokenSettings(mws_notice=False)),
    ("newer_mask", "screen", Facts(mask="sp_api"), TokenSettings()),
    ("newer_mask", "error", Facts(mask="key_set"), TokenSettings()),
    ("authorize_developer", "documented", Facts(region="europe", key_set="alternativ"), TokenSettings()),
    ("authorize_developer", "configured", Facts(region="north_america", key_set="standard"), CONFIGURED),
    ("authorize_developer", "configured", Facts(region="europe", key_set="standard"), TokenSettings()),
    ("authorize_developer", "handbook", Facts(region="far_east", handbook_developer_id=HANDBOOK_ID), TokenSettings()),
    ("check_seller_id", "first", Facts(accounts=[Account(name="A")]), TokenSettings()),
    (
        "check_seller_id",
        "further",
        Facts(accounts=[Account(name="A", saved_at=START), Account(name="B")]),
        TokenSettings(),
    ),
    ("new_token", "first", Facts(accounts=[Account(name="A")]), TokenSettings()),
    ("new_token", "further", Facts(accounts=[Account(name="A", saved_at=START), Account(name="B")]), TokenSettings()),
    ("save_account", "alternativ", Facts(region="europe", key_set="alternativ"), TokenSettings()),
    ("save_account", "unchanged", Facts(region="europe", key_set="standard"), TokenSettings()),
    ("save_account", "unchanged", Facts(region="north_america", key_set="alternativ"), TokenSettings()),
    ("next_account", "left", Facts(accounts=[Account(name="A")]), TokenSettings()),
    ("next_account", "complete", Facts(accounts=[Account(name="A", saved_at=START)]), TokenSettings()),
    ("further_account", "alternativ", Facts(region="europe", key_set="alternativ"), TokenSettings()),
    ("further_account", "unchanged", Facts(region="europe", key_set="standard"), TokenSettings()),
    ("second_fetch", "wait", Facts(), TokenSettings(fetch_wait_minutes=2)),
    ("second_fetch", "at_once", Facts(), TokenSettings(fetch_wait_minutes=0)),
    ("with_support", "promised", Facts(), TokenSettings(answer_minutes=30)),
    ("with_support", "plain", Facts(), TokenSettings()),
    ("with_support", "described", Facts(error_texts=["Access denied"]), TokenSettings(answer_minutes=30)),
    ("cancelled", "orders_paused", Facts(accounts=[Account(name="A")], access_off_at=START), TokenSettings()),
    ("cancelled", "plain", Facts(), TokenSettings()),
]


@pytest.mark.parametrize(("step", "variant", "facts", "settings"), VARIANT_CASES)
def test_variant_follows_from_what_is_known(step: str, variant: str, facts: Facts, settings: TokenSettings) -> None:
    """The text of a step that depends on the facts is the one that fits them."""
    assert PROCEDURE.text_key(step, facts, settings) == f"steps.{step}.text.{variant}"


def test_every_variant_has_a_case() -> None:
    """No text is kept for a case that cannot happen."""
    declared = {(step, variant) for step, properties in STEPS.items() for variant in properties.variants}
    assert {(step, variant) for step, variant, _, _ in VARIANT_CASES} == declared


def test_step_without_variants_has_one_text() -> None:
    """Whatever is known, the same words."""
    assert PROCEDURE.text_key("licence_terms", Facts(), TokenSettings()) == "steps.licence_terms.text"


def test_values_are_those_that_the_step_may_name() -> None:
    """A step is supplied with its own placeholders and no others."""
    for step in STEPS:
        assert walk_at(step).text_values(ticket=TICKET).keys() == STEPS[step].placeholders


def test_authorize_developer_says_the_id_it_may(texts: Texts) -> None:
    """The ID in the text is the one of this walk: documented, configured or typed."""
    for merchant, expected in (
        (at("authorize_developer"), DOCUMENTED_ID),
        (
            at("authorize_developer", CONFIGURED, {"account_region": ("choose_region", {"choice": "north_america"})}),
            None,
        ),
        (at("authorize_developer", answers={"account_region": ("choose_region", {"choice": "far_east"})}), HANDBOOK_ID),
    ):
        developer_id = expected or CONFIGURED.developer_ids["north_america:standard"]
        text = _step_text(texts, merchant.walk)
        assert developer_id in text
        assert (DOCUMENTED_ID in text) == (expected == DOCUMENTED_ID)


def test_documented_id_stands_in_no_text(texts: Texts) -> None:
    """The ID comes from the facts of a walk only; no text of either language contains it."""
    assert all(DOCUMENTED_ID not in text for text in texts.texts.values())


def test_every_note_that_a_walk_makes_has_words(texts: Texts) -> None:
    """Whatever the merchant does, the note about it has a text in both languages."""
    acts = [
        at("connect_version").do("enter_version", version="4,9,24,4"),
        at("update_required").do("enter_version", version=TOO_OLD),
        at("ready_to_disable").do("not_now"),
        at("backup_token").do("remember_token", token=token()),
        at("new_token").do("paste_token", token=token()),
        at("new_token").do("paste_token", token=f" {token()}\n"),
        at("check_seller_id").do("compare_seller_id", connect=SELLER_ID, seller_central=SELLER_ID),
        at("next_account").do("add_accounts", names="Amazon FR"),
    ]
    for outcome in acts:
        assert outcome.notes
        for note in outcome.notes:
            text = notice_text(texts, note)
            assert "{" not in text
            assert note.code in PROCEDURE.texts.notes


def test_every_refusal_that_a_walk_makes_has_words(texts: Texts) -> None:
    """Whatever is refused, the reason has a text in both languages, without repeating what was typed."""
    old_known = {"backup_token": ("remember_token", {"token": token("a")})}
    acts = [
        *[at("connect_version").do("enter_version", version=text) for text in ("", "4.9", "four", "9" * 400)],
        *[at("no_developer_id").do("enter_developer_id", developer_id=text) for text in ("", "12", DOCUMENTED_ID)],
        *[
            at("account_names").do("name_accounts", names=text)
            for text in ("", "x" * 2000, token(), "a\n" * 3 + "b" * 99)
        ],
        at("next_account").do("add_accounts", names="Amazon DE"),
        *[at("new_token").do("paste_token", token=text) for text in ("", token()[:-2], SELLER_ID, "Atzr|abc", "x y z")],
        at("new_token", answers=old_known).do("paste_token", token=token("a")),
        *[
            at("check_seller_id").do("compare_seller_id", connect=text, seller_central=text)
            for text in ("", "!", token())
        ],
    ]
    for outcome in acts:
        for refusal in outcome.refusals:
            text = refusal_text(texts, refusal)
            assert "{" not in text
            assert token() not in text
    assert sum(bool(outcome.refusals) for outcome in acts) >= 12


def test_codes_become_words(texts: Texts) -> None:
    """Codes of repairs, kinds and categories, and keys of answers, are replaced by their texts; all else stays."""
    repairs = tuple(key.removeprefix("repairs.") for key in texts.texts if key.startswith("repairs."))
    spoken = in_words(
        texts, {"repairs": repairs, "version": "4.9.24.4", "category": "unknown", "answer": "advice.network"}
    )
    assert spoken["version"] == "4.9.24.4"
    assert spoken["category"] == texts.say("categories.unknown.name")
    assert spoken["answer"] == texts.say("advice.network")
    assert all(texts.say(f"repairs.{repair}") in str(spoken["repairs"]) for repair in repairs)


def test_unknown_code_is_noticed(texts: Texts) -> None:
    """A code without words raises instead of showing itself to people."""
    with pytest.raises(KeyError):
        notice_text(texts, Notice("nonsense"))
    with pytest.raises(KeyError):
        refusal_text(texts, Refusal("token", "nonsense"))


def test_every_event_leaves_a_record_in_words(texts: Texts) -> None:
    """From every step, for every event that leads on, there is a text for the line that replaces the message."""
    left = set()
    for step, answers in [*((step, THREE) for step in ALONE), ("next_account", {})]:
        for offer in at(step, answers=answers).walk.offers():
            outcome = at(step, answers=answers).do(offer.event, **_ANSWERS.get(offer.event, {}))
            if outcome.moved:
                text = summary_line(texts, outcome)
                assert text.strip()
                assert "{" not in text
            left.add(offer.event)
    for event in ("back", "cancel", "sp_api_error"):
        assert summary_line(texts, at("account_region").do(event))
    assert summary_line(texts, Merchant(AFTER_THE_FACT).do("begin_now"))
    assert PROCEDURE.events - left == {"back", "begin_now", "sp_api_error"}


_ANSWERS: dict[str, dict[str, str]] = {
    "enter_version": {"version": "4.9.24.4"},
    "choose_region": {"choice": "near_europe"},
    "choose_key_set": {"choice": "alternativ"},
    "open_item": {"choice": "backup_token"},
    "enter_developer_id": {"developer_id": HANDBOOK_ID},
    "name_accounts": {"names": "Amazon DE, Amazon FR"},
    "add_accounts": {"names": "Amazon ES"},
    "remember_token": {"token": token("a")},
    "paste_token": {"token": token("b")},
    "compare_seller_id": {"connect": SELLER_ID, "seller_central": OTHER_SELLER_ID},
    "describe_failure": {"error_text": "AccessDenied"},
}


def test_record_names_the_choice_in_words(texts: Texts) -> None:
    """A pressed choice is recorded by its label, not by its code."""
    text = summary_line(texts, at("account_region").do("choose_region", choice="near_europe"))
    assert texts.say("choices.choose_region.near_europe") in text
    assert "near_europe" not in text


def test_record_of_a_token_names_four_characters(texts: Texts) -> None:
    """Of a token a record shows the last four and nothing else."""
    text = summary_line(texts, at("new_token").do("paste_token", token=token("b")))
    assert "bbbb" in text
    assert token("b")[9:] not in text


def test_redaction_is_said_in_words(texts: Texts) -> None:
    """Every kind of secret has a label that replaces it."""
    kinds = [key.removeprefix("kinds.") for key in texts.texts if key.startswith("kinds.")]
    assert kinds
    for kind in kinds:
        assert texts.say(f"kinds.{kind}") in texts.say("redacted", kind=texts.say(f"kinds.{kind}"))
    assert READER.error_text("nothing to hide") == "nothing to hide"
