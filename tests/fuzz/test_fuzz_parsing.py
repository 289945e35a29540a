"""What reads payloads takes anything: the right type comes out, never an exception."""

import contextlib
from typing import Any

import hypothesis.strategies as st
from hypothesis import given

from bot.blocks.actions import Address, parse_address, parse_number
from bot.services.commands import MENTION
from bot.slack import payload
from bot.slack.payload import readable
from bot.slack.request_verification import well_shaped
from tests.fuzz.conftest import fuzzed
from tests.fuzz.test_fuzz_http import JUNK, genuine, mutated

ADDRESSES = ["1:2:before_start:" + "0" * 32, "2:2:before_start:" + "1" * 32]
PARTS = ["user", "team", "event", "actions", "view", "type", "container", "event_id"]


def _read(body: Any) -> None:
    action_id, value = payload.action(body)
    assert isinstance(action_id, str)
    assert value is None or isinstance(value, str)
    origin = payload.press_origin(body)
    assert all(part is None or isinstance(part, str) for part in (origin.channel, origin.ts, origin.response_url))
    for name, given_ in payload.fields(body).items():
        assert isinstance(name, str)
        assert isinstance(given_, str) or all(isinstance(one, str) for one in given_)
    assert isinstance(payload.kind(body), str)
    assert isinstance(payload.event_id(body), str | None)
    assert isinstance(well_shaped(body), bool)
    with contextlib.suppress(payload.Unreadable):
        assert all(isinstance(one, str) and one for one in payload.person(body))


@fuzzed
@given(body=st.dictionaries(st.sampled_from(PARTS), JUNK))
def test_any_body_is_read(body: dict[str, Any]) -> None:
    """Parts of any type."""
    _read(body)


@fuzzed
@given(data=st.data())
def test_any_changed_payload_is_read(data: st.DataObject) -> None:
    """Slack's payloads with parts of another type, none, or too many."""
    body = mutated(data.draw(st.sampled_from(genuine(ADDRESSES))), data.draw)
    if isinstance(body, dict):
        _read(body)
        payload.changed_person(body)


@fuzzed
@given(part=JUNK)
def test_an_address_is_read_or_is_none(part: Any) -> None:
    """A value of any type; what is read is spelled as it was."""
    address, number = parse_address(part), parse_number(part)
    assert address is None or str(address) == part
    assert number is None or str(number) == part


@fuzzed
@given(
    st.builds(
        Address, st.integers(1, 10**17), st.integers(1, 10**17), st.from_regex(r"[a-z_]{1,40}", fullmatch=True),
        st.from_regex(r"[0-9a-f]{32}|[k-z]{32}", fullmatch=True),
    )
)  # fmt: skip
def test_an_address_comes_back(address: Address) -> None:
    """What was written into a button is read from it."""
    assert parse_address(str(address)) == address


@fuzzed
@given(
    st.lists(
        st.sampled_from(["<", ">", "|", "@U1", "!here", "#C1", "http://", "mailto:", "&lt;", "&amp;", "x", "^", "\n"])
        | st.text(max_size=5)
    ).map("".join)
)
def test_words_of_an_event_are_readable(text: str) -> None:
    """Any nesting of Slack's marks; a mention is at most Slack's length."""
    assert isinstance(readable(text), str)
    found = MENTION.search(text)
    assert found is None or len(found[1]) <= 21
