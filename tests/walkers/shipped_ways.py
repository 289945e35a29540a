"""How somebody walks through the shipped procedures."""

from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.settings import TokenSettings
from conversations.sp_api.procedure import PROCEDURE as SP_API
from conversations.sp_api.settings import SpApiSettings
from tests.walkers.ways import (
    CLIENT_SECRET,
    KEY_ID,
    ONE_OF_EACH,
    REFRESH_TOKEN,
    SECRET_KEY,
    Way,
    bad_answers,
    everyday_words,
    good_answers,
    token,
)

DOCUMENTED_ID, HANDBOOK_ID, CONFIGURED_ID = "5881-4686-6012", "1111-2222-3333", "4444-5555-6666"
MINIMUM = (4, 9, 24, 4)
BEFORE_THE_VERSION = frozenset(
    {"before_start", "still_receiving", "connect_version", "update_required", "cancelled", "transferred"}
)
TOKEN_WAY = Way(
    procedure=PROCEDURE,
    settings=TokenSettings(developer_ids={"north_america:standard": CONFIGURED_ID}, answer_minutes=30),
    good=good_answers(
        PROCEDURE,
        {
            "connect_version": ({"version": "Version 5.0.1.0"},),
            "own_developer_id": ({"developer_id": HANDBOOK_ID},),
            "account_names": ({"names": "Amazon DE"}, {"names": "Amazon DE, Amazon FR\nAmazon IT"}),
            "european_accounts": ({"names": "Amazon DE"}, {"names": "Amazon DE, Amazon FR\nAmazon IT"}),
            "more_accounts": ({"names": "Amazon DE, Amazon NL"},),
            "old_token": ({"token": token("a")},),
            "seller_ids": ({"connect": "A1EXAMPLE12345", "seller_central": "A2EXAMPLE12345"},),
            "new_token": ({"token": token("b")}, {"token": f" {token('b')}\n"}, {"token": token("c")}),
            "fetch_failure": (
                {"accounts": ["Amazon DE"], "error_text": f"AccessDenied for {KEY_ID}\n{REFRESH_TOKEN}"}, {},
            ),
            "help": ({"sentence": f"Where is the menu? {CLIENT_SECRET}"}, {"sentence": ""}),
        },
    ),
    bad=bad_answers(
        PROCEDURE,
        {
            "connect_version": ({"version": "4.9.23.1"},),
            "own_developer_id": ({"developer_id": DOCUMENTED_ID}, {"developer_id": "588146866012"}),
            "account_names": ({"names": token("d")}, {"names": CLIENT_SECRET}, {"names": "x" * 500}),
            "more_accounts": ({"names": "amazon de"}, {}),
            "old_token": ({"token": token("a")[:-4]}, {}),
            "seller_ids": ({"connect": "!", "seller_central": ""},),
            "new_token": (
                {"token": token("a")}, {"token": token("b")[:-1]}, {"token": REFRESH_TOKEN}, {"token": SECRET_KEY},
            ),
            "fetch_failure": ({"accounts": ["Nobody"], "error_text": token("e")},),
            "help": ({"sentence": f"My token is {token('e')}"},),
        },
    ),
    straight_on={
        "newer_mask": ("back", {}),
        "account_region": ("name_accounts", {"names": "Amazon DE"}),
        "current_key_set": ("choose_key_set", {"choice": "standard"}),
        "before_start": ("orders_stopped", {}),
        "first_fetch": ("fetch_worked", {}),
        "with_support": ("problem_solved", {}),
    },
    begins=("before_start", "account_region", "disable_access", "new_token", "save_account", "first_fetch"),
    typed=(
        *everyday_words(PROCEDURE),
        "hello", "", "4.9.24.4", "4.8", "version 5.1.0.2", HANDBOOK_ID, DOCUMENTED_ID, token("b"), token("a")[:-3],
        "password: swordfish", "Error: AccessDenied when fetching", "support", "<!channel> & <@U1>", *ONE_OF_EACH,
        f"look: {SECRET_KEY}!",
        "\n> ".join((REFRESH_TOKEN[:76], REFRESH_TOKEN[76:])),
        f"AccessDenied {KEY_ID} {CLIENT_SECRET}",
    ),
)  # fmt: skip

SP_API_WAY = Way(
    procedure=SP_API,
    settings=SpApiSettings(answer_minutes=30),
    good=good_answers(
        SP_API,
        {
            "account_names": ({"names": "Amazon DE"}, {"names": "Amazon DE, Amazon FR\nAmazon IT"}),
            "more_accounts": ({"names": "Amazon DE, Amazon NL"},),
            "same_seller": ({"accounts": []}, {"accounts": ["Amazon FR", "Amazon IT"]}),
            "orders_from": ({"date": " 01.11.2025 00:00"},),
            "fetch_failure": (
                {"accounts": ["Amazon DE"], "error_text": f"invalid_grant\n{REFRESH_TOKEN}"}, {},
            ),
            "help": ({"sentence": f"Where is the button? {CLIENT_SECRET}"}, {"sentence": ""}),
        },
    ),
    bad=bad_answers(
        SP_API,
        {
            "account_names": ({"names": CLIENT_SECRET}, {"names": "x" * 500}),
            "more_accounts": ({"names": "amazon de"}, {}),
            "orders_from": ({"date": REFRESH_TOKEN}, {"date": "soon"}),
            "fetch_failure": ({"accounts": ["Nobody"], "error_text": token("e")},),
            "help": ({"sentence": f"My token is {token('e')}"},),
        },
    ),
    straight_on={"with_support": ("problem_solved", {})},
    begins=("before_authorizing", "connect_accounts", "give_consent", "look_at_field", "next_entry", "first_fetch"),
    typed=(
        *everyday_words(SP_API), "hello", "", "MD5101", "invalid_grant", "01.11.2025", "DE, FR", "support",
        "QuotaExceeded: You exceeded your quota", REFRESH_TOKEN, f"invalid_client {CLIENT_SECRET}",
    ),
)  # fmt: skip
