"""What the kill tests count as a fault."""

from tests.faults.reckoning import reminded_too_often

DUE = {1: ["12:00", "14:00"]}


def test_a_reminder_that_is_sent_twice_is_noticed() -> None:
    """Each time a walk is due it may be reminded of once, or not at all where somebody went on before."""
    assert reminded_too_often({}, DUE) == []
    assert reminded_too_often({1: ["12:00", "14:01"]}, DUE) == []
    assert reminded_too_often({1: ["14:01"]}, DUE) == []
    assert reminded_too_often({1: ["12:00", "12:01"]}, DUE) == ["walk 1: 2 after 1 times due"]
    assert reminded_too_often({1: ["14:01", "14:02"]}, DUE) == ["walk 1: 2 after 2 times due"]


def test_a_reminder_that_was_not_due_is_noticed() -> None:
    """Nor may anybody be reminded before that."""
    assert reminded_too_often({1: ["11:59"]}, DUE) == ["walk 1: 1 after 0 times due"]
    assert reminded_too_often({2: ["12:00"]}, DUE) == ["walk 2: 1 after 0 times due"]
