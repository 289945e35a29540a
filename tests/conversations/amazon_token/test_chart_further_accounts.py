"""Further accounts: one list, or their steps one by one; a token need not be shown to the bot."""

import pytest
from token_walks import THREE, at, token


def test_a_further_account_is_confirmed_together_and_saved_by_itself() -> None:
    """Nothing is known of it before; afterwards it is written down that all was confirmed with one press."""
    merchant = at("further_account", answers=THREE)
    assert merchant.walk.items[merchant.walk.state.item].name == "Amazon FR"
    second = merchant.facts.accounts[1]
    assert (second.backup, second.key_set_changed, second.confirmed_together, second.saved_at) == (
        False, False, False, None,
    )  # fmt: skip
    merchant.do("confirm_account")
    second = merchant.facts.accounts[1]
    assert (merchant.step, second.backup, second.key_set_changed, second.confirmed_together) == (
        "save_account", True, True, True,
    )  # fmt: skip
    assert second.saved_at is None
    merchant.do("back")
    assert merchant.step == "further_account"
    merchant.do("step_by_step")
    assert (merchant.step, merchant.facts.accounts[1].confirmed_together) == ("select_account", False)


def test_the_token_of_a_further_account_can_be_checked_and_need_not() -> None:
    """The check stays at the list; a wrong token is refused with its reason."""
    merchant = at("further_account", answers=THREE)
    assert merchant.do("paste_token", token="amzn.mws.1").refusals
    outcome = merchant.do("paste_token", token=token())
    assert (merchant.step, [note.code for note in outcome.notes]) == (
        "further_account", ["token_fine", "token_same_as_first"],
    )  # fmt: skip
    memory = merchant.facts.accounts[1].token
    assert memory is not None
    assert memory.last4 == "1111"


def test_a_merchant_who_sees_steps_one_by_one_gets_no_list() -> None:
    """„Zum nächsten Konto“ then leads to its first step."""
    merchant = at("next_account", answers=THREE)
    merchant.walk.state.one_by_one = True
    merchant.do("turn_to_next")
    assert merchant.step == "select_account"


def test_the_token_need_not_be_shown_to_the_bot() -> None:
    """„Ohne Prüfung weiter“ says what to look out for; nothing is known of the token then, not even a hash."""
    merchant = at("new_token")
    merchant.do("paste_token", token=token("a"))
    merchant.do("back")
    outcome = merchant.do("skip_token_check")
    assert [note.code for note in outcome.notes] == ["token_unchecked"]
    assert merchant.step == "save_account"
    assert (merchant.facts.accounts[0].token, merchant.facts.first_token_hash) == (None, None)
    assert merchant.finish().step == "done"


@pytest.mark.parametrize(
    ("item", "act"),
    [
        ("select_account", ("advance", {})), ("key_set", ("advance", {})), ("backup_token", ("advance", {})),
        ("backup_token", ("remember_token", {"token": token("b")})), ("check_seller_id", ("same_seller_id", {})),
        ("new_token", ("skip_token_check", {})), ("new_token", ("paste_token", {"token": token()})),
    ],
)  # fmt: skip
def test_one_item_of_the_list_by_itself(item: str, act: tuple[str, dict[str, str]]) -> None:
    """Its step leads back to the list, where nothing is ticked by it; the walk ends as usual."""
    merchant = at("further_account")
    merchant.do("open_item", choice=item)
    assert merchant.step == item
    merchant.do(act[0], **act[1])
    assert merchant.step == "further_account"
    assert not merchant.facts.accounts[1].confirmed_together
    merchant.do("back")
    assert merchant.step == item
    merchant.do(act[0], **act[1])
    assert merchant.finish().step == "done"


def test_a_differing_id_of_a_further_account_leads_back_to_the_list() -> None:
    """After the question and the copying; step by step afterwards goes on as ever."""
    merchant = at("further_account")
    merchant.do("open_item", choice="check_seller_id")
    for event in ("seller_id_differs", "both_right", "advance"):
        merchant.do(event)
    assert (merchant.step, merchant.facts.accounts[1].seller_id) == ("further_account", "changed")
    merchant.do("step_by_step")
    merchant.do("advance")
    assert merchant.step == "key_set"
