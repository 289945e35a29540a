"""Lists of people to invite, as spreadsheets write them."""

import pytest

from bot.services import invitation_lists as lists
from bot.services import invitations
from tests.bot.services.visits import Visit


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
