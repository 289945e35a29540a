"""What is fixed about each step besides its texts: its number, where it happens, and its buttons in the order shown.

Numbers follow the order in which people take the steps. Our own questions have none. Everything from the check of the
entry to the fetch comes once for each „Verkäufertoken“ or account.
"""

from conversations.engine.procedure import Offer, Screen, Step

CONNECT, AMAZON = "connect", "amazon"
PLACES = (CONNECT, AMAZON)

_ADVANCE = (Offer("advance"),)
_FILLED, _EMPTY = Offer("field_filled"), Offer("field_empty")
_FAILED = Offer("fetch_failed", mark="✗")
_AGAIN = Offer("authorize_again", guarded=True)
_KINDS = ("first", "renewal")


def _asks(*offers: Offer, place: str | None = None, variants: tuple[str, ...] = (), names: str = "") -> Step:
    """A question of our own, which a typed „weiter“ does not answer."""
    placeholders = frozenset(names.split())
    return Step(place=place, offers=offers, confirmation=True, variants=variants, placeholders=placeholders)


def _for_each(
    number: int | None,
    place: str,
    *offers: Offer,
    confirmation: bool = False,
    unfinished: bool = False,
    person_first: bool = False,
    variants: tuple[str, ...] = (),
) -> Step:
    """A step that comes again for further accounts, and names the account."""
    return Step(
        number=number, place=place, offers=offers or _ADVANCE, each_item=True, repeated=True,
        confirmation=confirmation, unfinished=unfinished, person_first=person_first, variants=variants,
    )  # fmt: skip


STEPS: dict[str, Step] = {
    "before_authorizing": _asks(Offer("orders_stopped"), Offer("orders_arriving")),
    "accounts_mask": Step(number=1, place=CONNECT, offers=_ADVANCE),
    "which_screen": _asks(Offer("sees_refresh_token"), Offer("sees_old_fields"), place=CONNECT),
    "field_before": _asks(_EMPTY, _FILLED, place=CONNECT),
    "connect_accounts": Step(place=CONNECT, offers=(Offer("name_accounts", form="account_names"),)),
    "seller_tokens": _asks(
        Offer("one_seller"), Offer("group_accounts", form="same_seller"), place=CONNECT, names="account",
        variants=("all_open", "next_open"),
    ),
    "ready_to_authorize": Step(
        place=AMAZON, offers=(Offer("ready_to_go", guarded=True), Offer("not_now", later=True)), confirmation=True,
        support_hours=True, variants=("stopped", "arriving", "arriving_one"),
    ),
    "check_entry": _for_each(2, CONNECT, *_ADVANCE, Offer("entry_differs"), confirmation=True),
    # Nobody changes „Verkäufertoken“ without a person.
    "differing_entry": _for_each(
        None, CONNECT, Offer("entry_corrected"), confirmation=True, unfinished=True, person_first=True
    ),
    "press_button": _for_each(3, CONNECT, Offer("advance", guarded=True)),
    "sign_in_amazon": _for_each(4, AMAZON),
    "give_consent": _for_each(5, AMAZON, Offer("advance", guarded=True)),
    "look_at_field": _for_each(6, CONNECT, *_ADVANCE, _FILLED, _EMPTY, confirmation=True, variants=_KINDS),
    "look_again": _for_each(None, CONNECT, _FILLED, Offer("field_empty", mark="✗"), confirmation=True),
    "save_if_asked": _for_each(7, CONNECT),
    "order_reports": _for_each(
        8, CONNECT, Offer("reports_on"), Offer("reports_activated"), Offer("reports_not_seen"), confirmation=True
    ),
    "fetch_start": _for_each(None, CONNECT, Offer("note_start", form="orders_from"), Offer("start_not_seen")),
    "further_entry": _for_each(None, CONNECT, *_ADVANCE, _FILLED, _EMPTY, confirmation=True, variants=_KINDS),
    "first_fetch": _for_each(9, CONNECT, Offer("fetch_worked"), _FAILED, confirmation=True, unfinished=True),
    "second_fetch": _for_each(9, CONNECT, Offer("fetch_worked"), _FAILED, _AGAIN, confirmation=True, unfinished=True),
    "next_entry": Step(
        number=10, place=CONNECT, repeated=True, confirmation=True, variants=("left", "complete", "complete_one"),
        offers=(Offer("turn_to_next"), Offer("all_working"), Offer("add_accounts", form="more_accounts")),
        placeholders=frozenset({"working", "total"}),
    ),
    "with_support": Step(
        offers=(
            Offer("describe_failure", form="fetch_failure", last=lambda facts: bool(facts.error_texts)),
            Offer("problem_solved"), Offer("try_fetch_again"), _AGAIN,
        ),
        confirmation=True, with_support=True, unfinished=True, variants=("promised", "plain", "described"),
        placeholders=frozenset({"ticket", "answer_minutes"}),
    ),
    "done": Step(end="good", placeholders=frozenset({"due"})),
    "cancelled": Step(end="stopped", variants=("authorized", "unchanged")),
    "transferred": Step(end="transferred"),
}  # fmt: skip

SCREENS: dict[str, Screen] = {"account_and_fields": Screen(("accounts_mask", "which_screen"), pictured="which_screen")}
"""The steps that are shown together. Alone is what is easily done wrong and cannot be taken back: the seller's ID, the
button, the sign-in, the consent, the look at the field, and each fetch. So is saving: in a renewal nobody is asked to
save, and the order reports come without it.
"""
