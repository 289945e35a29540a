"""Anything may knock at the bot's door over HTTP: no 500, no traceback, and nothing changes that nobody asked for."""

import json
from typing import Any
from urllib.parse import urlencode

import hypothesis.strategies as st
from hypothesis import given

from bot.sandbox.world import TEAM_ID
from tests.bytes_written import KINDS, made_up
from tests.fuzz.conftest import Edge, fuzzed

ANSWERS = {200, 400, 401, 404, 413}
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
TYPES = st.sampled_from(
    [FORM, JSON, "application/json; charset=utf-16", "text/plain", "multipart/form-data", "", "x/ä"]
)
LEAF = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20),
    st.sampled_from(["", "\ud800", "\x00", "9" * 5000, "x" * 5000, "walk:back", "form:new_token", "../..", "<!channel>",
                     10**400, -1, 1.5]),
)  # fmt: skip
JUNK = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
WHO = {"user": {"id": "U0ERIKA", "team_id": TEAM_ID}, "team": {"id": TEAM_ID}, "trigger_id": "1.1.1"}


def press(address: str, action_id: str) -> Any:
    """A press as Slack sends it."""
    pressed = {"type": "button", "action_id": action_id, "block_id": "b", "value": address}
    place = {"type": "message", "message_ts": "1.1", "channel_id": "D0ERIKA"}
    return {"type": "block_actions", **WHO, "container": place, "channel": {"id": "D0ERIKA"}, "actions": [pressed]}


def submission(address: str, name: str) -> Any:
    """A submitted form as Slack sends it, with a value that is refused."""
    values = {field: {"value": {"type": "plain_text_input", "value": "4.9"}} for field in ("version", "token")}
    view = {"id": "V1", "type": "modal", "callback_id": name, "private_metadata": address, "state": {"values": values}}
    return {"type": "view_submission", **WHO, "view": view}


def event(kind: str) -> Any:
    """An event as Slack sends it."""
    happened = {"type": kind, "channel_type": "im", "channel": "D0ERIKA", "user": "U0ERIKA", "text": "Hallo"}
    happened |= {"ts": "1.1", "tab": "home", "files": [{"id": "F1"}]}
    return {"type": "event_callback", "team_id": TEAM_ID, "event_id": "Ev1", "event": happened,
            "authorizations": [{"team_id": TEAM_ID, "user_id": "U0BOT"}]}  # fmt: skip


def genuine(addresses: list[str]) -> list[Any]:
    """What Slack sends: Erika at a step that is over, at somebody else's step, and as she looks and chats."""
    mine, others = addresses
    stale = mine.replace(":2:", ":1:")
    actions = (
        "walk:back",
        "walk:choose_region:europe",
        "form:connect_version",
        "step:where",
        "ticket:claim",
        "door:go_on",
    )
    forms = ("form:connect_version", "form:new_token", "form:fetch_failure", "form:help")
    events = ("message", "app_home_opened", "user_change", "member_joined_channel")
    return [
        *(press(address, action) for address in (stale, others, "7") for action in actions),
        *(submission(address, name) for address in (stale, others) for name in forms),
        *map(event, events),
        {"type": "view_closed", **WHO, "view": {"id": "V1", "type": "modal", "callback_id": "form:help"}},
        {"type": "url_verification", "challenge": "x"},
    ]  # fmt: skip


def paths(payload: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a payload."""
    inside = payload.items() if isinstance(payload, dict) else enumerate(payload) if isinstance(payload, list) else ()
    found = [before] if before else []
    for name, part in inside:
        found += paths(part, (*before, name))
    return found


def mutated(payload: Any, draw: Any) -> Any:
    """A copy of `payload` with up to three parts taken away, replaced, doubled or wrapped."""
    copy = json.loads(json.dumps(payload))
    for _ in range(draw(st.integers(0, 3))):
        options = paths(copy)
        if not options:
            break
        *way, last = draw(st.sampled_from(options))
        holder = copy
        for name in way:
            holder = holder[name]
        how = draw(st.sampled_from(["drop", "junk", "junk", "junk", "wrap", "empty"]))
        if how == "drop":
            del holder[last]
        else:
            holder[last] = {"junk": lambda: draw(JUNK), "wrap": lambda: [holder[last]], "empty": dict}[how]()  # noqa: B023
    return copy


def test_what_was_once_found(edge: Edge) -> None:
    """An ID that is no text, a press or a view without its name, a body that says it is compressed: refused."""
    form, pressed = submission(edge.addresses[0], "form:connect_version"), press(edge.addresses[0], "walk:back")
    nameless = {**pressed, "actions": [{"type": "button", "value": "x"}]}
    untyped = {**form, "view": {name: part for name, part in form["view"].items() if name != "type"}}
    assert edge.post(urlencode({"payload": json.dumps(untyped)}).encode(), {"Content-Type": FORM}, sign=True) == 400
    for payload in ({**form, "user": {"id": ["U0ERIKA"], "team_id": TEAM_ID}}, nameless, {**pressed, "actions": []}):
        body = urlencode({"payload": json.dumps(payload)}).encode()
        assert edge.post(body, {"Content-Type": FORM}, sign=True) == 400
    for coding in ("GZIP", "gzip", "br", "x"):
        assert edge.post(b"a=b", {"Content-Type": FORM, "Content-Encoding": coding}, sign=True) == 400


@fuzzed
@given(data=st.data())
def test_payloads_like_slacks(edge: Edge, data: st.DataObject) -> None:
    """Genuine payloads, signed, with parts that are missing, of another type, absurd or secret."""
    payload = mutated(data.draw(st.sampled_from(genuine(edge.addresses))), data.draw)
    body = json.dumps(payload)
    if not isinstance(payload, dict) or payload.get("type") != "event_callback":
        body = urlencode({"payload": body})
    kind = data.draw(st.sampled_from([JSON if body.startswith("{") else FORM, FORM, JSON]))
    assert edge.post(body.encode(), {"Content-Type": kind}, sign=True) in ANSWERS


@fuzzed
@given(data=st.data())
def test_commands_like_slacks(edge: Edge, data: st.DataObject) -> None:
    """Fields of a command that are missing, doubled, strange or secret."""
    secret = edge.secrets.type(made_up(data.draw(st.sampled_from(KINDS)), data.draw(st.randoms(use_true_random=False))))
    words = st.sampled_from(
        ["", "status", "help", "language xx", f"language {secret}", "for <@U0BEN>", "for nobody", "phone", secret,
         f"phone {secret}", "back", "<@U1|x> for", "\u0000", "restart"]
    ) | st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=60).map("? {}".format)  # fmt: skip
    fields = {"command": "/amazon-token", "text": data.draw(words), "team_id": TEAM_ID, "user_id": "U0ERIKA"}
    if fields["text"] in {"back", secret, "<@U1|x> for", "\u0000"}:  # the rest is heard like a typed message
        fields["user_id"] = "U0BEN"
    for name in data.draw(st.lists(st.sampled_from(["command", "team_id", "api_app_id", "trigger_id"]), max_size=2)):
        fields[name] = data.draw(st.text(alphabet=st.characters(codec="utf-8"), max_size=30))
    pairs = [*fields.items(), *data.draw(st.lists(st.tuples(st.sampled_from(["a", "token", "ssl_check"]), st.text(
        alphabet=st.characters(codec="utf-8"), max_size=9)), max_size=3))]  # fmt: skip
    assert edge.post(urlencode(pairs).encode(), {"Content-Type": FORM}, sign=True) in ANSWERS


@fuzzed
@given(
    body=st.one_of(
        st.binary(max_size=300),
        st.text(alphabet=st.characters(codec="utf-8"), max_size=200).map(str.encode),
        JUNK.map(lambda junk: json.dumps(junk).encode()),
        JUNK.map(lambda junk: urlencode({"payload": json.dumps(junk)}).encode()),
        st.lists(st.tuples(st.binary(max_size=9), st.binary(max_size=30)), max_size=6).map(
            lambda pairs: b"&".join(b"=".join(pair) for pair in pairs)
        ),
        st.integers(1, 20_000).map(lambda deep: b'{"type":' * deep + b"1" + b"}" * deep),
    ),
    kind=TYPES,
    sign=st.booleans(),
)
def test_any_bytes(edge: Edge, body: bytes, kind: str, sign: bool) -> None:  # noqa: FBT001
    """Whatever the bytes, the content type and the encoding are, signed or not."""
    assert edge.post(body, {"Content-Type": kind} if kind else {}, sign=sign) in ANSWERS


@fuzzed
@given(
    headers=st.dictionaries(
        st.sampled_from(
            ["X-Slack-Signature", "X-Slack-Request-Timestamp", "X-Slack-Retry-Num", "X-Slack-Bolt-Lazy-Only",
             "X-Slack-Bolt-Lazy-Function-Name", "Content-Encoding", "Expect"]
        ),
        st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=80)
        | st.sampled_from(["1", "0", "v0=", "v0=" + "0" * 64, "9" * 40, "1e9", "-1", "\u0664", "gzip", "_open"]),
    )
)  # fmt: skip
def test_any_headers(edge: Edge, headers: dict[str, str]) -> None:
    """Signatures and times of any shape, and headers that mean something to Bolt: never let in."""
    latin = {name: value.encode("utf-8", "replace").decode("latin-1") for name, value in headers.items()}
    body = urlencode({"payload": json.dumps(press(edge.addresses[0], "walk:back"))}).encode()
    assert edge.post(body, {"Content-Type": FORM, **latin}, sign=False) in ANSWERS - {200} | {417}
