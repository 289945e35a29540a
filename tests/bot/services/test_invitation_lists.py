"""Lists of people to invite, as spreadsheets write them."""

import re

import pytest

from bot.services import invitation_lists as lists
from bot.services import invitations, pleas
from tests.bot.services.test_merchant_messages import delivered
from tests.bot.services.visits import Visit
from tests.guides import GUIDES


@pytest.mark.parametrize(
    ("text", "user_ids", "unclear"),
    [
        ("U0ERIKA\nU0OLIVER\n", ("U0ERIKA", "U0OLIVER"), ()),
        ("\ufeffname;id\r\nErika;U0ERIKA\r\n\r\nOliver;<@U0OLIVER>\r\n", ("U0ERIKA", "U0OLIVER"), ()),
        ('id,name\n<@U0ERIKA|erika>,"Beispiel, Erika"\nU0ERIKA,again\n', ("U0ERIKA",), ()),
        ("id\tname\nU0ERIKA\tErika\nsomebody\tOtto\n", ("U0ERIKA",), (3,)),
        ("U0ERIKA,U0OLIVER\n", ("U0ERIKA",), (1,)),
        ("erika@example.org\n", (), ()),
        ("", (), ()),
    ],
)
def test_a_list_is_read(text: str, user_ids: tuple[str, ...], unclear: tuple[int, ...]) -> None:
    """Each person once, whatever the separator; a line that does not name exactly one is reported, not skipped."""
    assert lists.read(text) == lists.PeopleList(user_ids, unclear)


def test_who_can_be_invited_is_known_before(anna: Visit, erika: Visit, oliver: Visit) -> None:
    """With the reason for everybody else; nobody is dropped silently, and nothing is sent yet."""
    oliver.begin()
    checked = anna.do(lambda unit: lists.checked(unit, ["U0ERIKA", "U0OLIVER", "U0NOBODY", "U0ANNA"]))
    assert [one.user_id for one in checked.invited] == ["U0ERIKA"]
    assert [(one.user_id, why) for one, why in checked.others] == [("U0OLIVER", "running")]
    assert checked.unknown == ("U0NOBODY", "U0ANNA")
    assert erika.rows() == []
    anna.do(lambda unit: invitations.confirmed(unit, "amazon_token", ["U0ERIKA"], None))
    assert [one.user_id for one, _ in anna.do(lambda unit: lists.checked(unit, ["U0ERIKA"])).others] == ["U0ERIKA"]


@pytest.mark.parametrize("key", ["answers.invitations_ask", "answers.invitations_begun", "ticket.values.quick_steps"])
def test_one_is_not_several(key: str) -> None:
    """The number stands where no plural follows it."""
    for texts in GUIDES.values():
        said = texts.say(key, count=1, names="Erika")
        assert re.search(r"1 (?!min\b)\w", said) is None, said


def test_the_plea_to_delete_the_list_goes_when_it_is_deleted(anna: Visit, erika: Visit) -> None:
    """It is above the preview, whose button goes on working; that of another list stays."""
    for ts in ("1", "2"):
        people = lists.PeopleList((erika.who.user_id,))
        anna.do(lambda unit: lists.uploaded(unit, people, f"D0ANNA:{ts}.000100"))  # noqa: B023 - called at once
    first, preview, second, _ = anna.rows("post")
    assert ["list_not_kept" in str(row["content"]) for row in (first, preview, second)] == [True, False, True]
    for row in (first, second):
        delivered(anna, row["key"])
    anna.do(lambda unit: pleas.message_deleted(unit, "D0ANNA:1.000100"))
    (changed,) = anna.rows("update")
    assert changed["target"] == first["key"]
    assert "answers.secret_message_deleted" in str(changed["content"])
