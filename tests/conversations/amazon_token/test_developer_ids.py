"""Which developer ID is valid where."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from conversations.amazon_token.developer_ids import DOCUMENTED_FOR, DOCUMENTED_ID, KEY_SETS, REGIONS, digits
from conversations.amazon_token.settings import TokenSettings

OTHER_ID = "4444-5555-6666"
OTHERS = [(region, key_set) for region in REGIONS for key_set in KEY_SETS if (region, key_set) != DOCUMENTED_FOR]
SPELLINGS = (
    DOCUMENTED_ID,
    "588146866012",
    "5881 4686 6012",
    "5881–4686–6012",
    "５８８１-４６８６-６０１２",
    " 5881-4686-6012\n",
)


def test_the_documented_id_is_given_where_it_is_documented() -> None:
    """A European account with „Alternativ“ gets it without any configuration."""
    assert TokenSettings().developer_id("europe", "alternativ") == DOCUMENTED_ID


@pytest.mark.parametrize(("region", "key_set"), OTHERS)
def test_nothing_is_given_elsewhere(region: str, key_set: str) -> None:
    """Without configuration every other combination has no ID."""
    assert TokenSettings().developer_id(region, key_set) is None


@pytest.mark.parametrize(("region", "key_set"), OTHERS)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_documented_id_never_comes_out_elsewhere(region: str, key_set: str, spelling: str) -> None:
    """Not even if somebody configures it there, in whatever spelling."""
    assert TokenSettings(developer_ids={f"{region}:{key_set}": spelling}).developer_id(region, key_set) is None


@pytest.mark.parametrize(("region", "key_set"), OTHERS)
def test_a_configured_id_is_valid_for_its_combination_only(region: str, key_set: str) -> None:
    """It comes out for exactly its region and key set."""
    settings = TokenSettings(developer_ids={f"{region}:{key_set}": OTHER_ID})
    given_ids = {(r, k): settings.developer_id(r, k) for r, k in OTHERS}
    assert {combination for combination, given_id in given_ids.items() if given_id is not None} == {(region, key_set)}
    assert given_ids[region, key_set] == OTHER_ID


@pytest.mark.parametrize(("region", "key_set"), [(None, None), ("europe", None), (None, "alternativ")])
def test_without_both_there_is_no_id(region: str | None, key_set: str | None) -> None:
    """As long as region or key set is not known, nothing is given, whatever is configured."""
    assert TokenSettings(developer_ids={f"{region}:{key_set}": OTHER_ID}).developer_id(region, key_set) is None


@given(
    st.sampled_from([*REGIONS, "", "Europe"]),
    st.sampled_from([*KEY_SETS, "", "Alternativ"]),
    st.dictionaries(
        st.sampled_from([f"{r}:{k}" for r in REGIONS for k in KEY_SETS]), st.sampled_from([*SPELLINGS, OTHER_ID])
    ),
)
def test_documented_digits_mean_the_documented_combination(
    region: str, key_set: str, configured: dict[str, str]
) -> None:
    """Whenever the documented digits come out, it is for a European account with „Alternativ“."""
    given_id = TokenSettings(developer_ids=configured).developer_id(region, key_set)
    if given_id is not None and digits(given_id) == digits(DOCUMENTED_ID):
        assert (region, key_set) == DOCUMENTED_FOR
