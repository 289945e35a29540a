"""Invitations as their merchants see them, and what agents see of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import actions as ids
from bot.blocks.entry_messages import answer, message
from bot.blocks.kit import Block, Content, actions, button, confirmation, header, say, section
from conversations.engine.texts import Texts

STATES = ("planned", "asked", "accepted", "finished", "declined", "withdrawn", "over")
"""What becomes of an invitation, in the order in which the agent reads it."""


@dataclass(frozen=True, kw_only=True)
class PendingInvitation:
    """An unanswered invitation in the list for agents. `can_remind`: a reminder may be sent now."""

    id: int
    name: str
    agent: str
    since: datetime
    can_remind: bool


def invitation(
    texts: Texts, agent: str, invitation_id: int, *, key: str = "invitation", quiet: bool = False
) -> Content:
    """An agent's invitation to a merchant to begin a walkthrough; with `quiet`, a button against reminders."""
    number = str(invitation_id)
    buttons = [
        button(ids.ACCEPT, texts.say("buttons.accept"), number, style="primary"),
        button(ids.DECLINE, texts.say("buttons.decline"), number),
    ]
    if quiet:
        buttons.append(button(ids.NO_INVITATIONS, texts.say("buttons.quiet"), number))
    return answer(texts, key, *buttons, agent=agent)


def preview(
    texts: Texts, procedure: str, invited: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]]
) -> Content:
    """Who would be invited, as (ID, name), and who would not, as (name, end of the key of the reason)."""
    if not invited:
        return begun(texts, 0, others)
    asked = say(texts, "answers.invitations_ask", count=len(invited), names=", ".join(name for _, name in invited))
    value = ids.group_value(procedure, [user_id for user_id, _ in invited])
    return message(
        "\n".join([asked, *_not_invited(texts, others)]),
        button(ids.INVITE_ALL, texts.say("buttons.invite_all"), value, style="primary"),
        button(ids.KEEP, texts.say("buttons.invite_nobody")),
    )


def begun(texts: Texts, count: int, others: Sequence[tuple[str, str]]) -> Content:
    """That so many are being invited, or nobody; and who is not, as above."""
    said = say(texts, "answers.invitations_begun", count=count) if count else say(texts, "answers.invitations_none")
    return message("\n".join([said, *_not_invited(texts, others)]))


def _not_invited(texts: Texts, others: Sequence[tuple[str, str]]) -> list[str]:
    return [f"•  {say(texts, f'answers.invitation_{why}', merchant=name)}" for name, why in others]


def progress(
    texts: Texts, names: Mapping[str, Sequence[str]], withdraw: int | None, sent_from: datetime | None = None
) -> Content:
    """What has become of a list: names by state. `withdraw` is an invitation of it, while any may be withdrawn.

    `sent_from` is when the first of those not sent yet follows, where that is not at once.
    """
    lines = [say(texts, "answers.invitations_list", count=sum(map(len, names.values())))]
    lines += [
        say(texts, f"answers.invitations_{state}", count=len(names[state]), names=", ".join(names[state]))
        for state in STATES
        if state in names
    ]
    if sent_from is not None:
        lines.append(say(texts, "answers.invitations_from", at=sent_from))
    if withdraw is None:
        return message("\n".join(lines))
    ask = confirmation(texts, "confirm.withdraw_all")
    return message(
        "\n".join(lines), button(ids.WITHDRAW_ALL, texts.say("buttons.withdraw_all"), str(withdraw), confirm=ask)
    )


def pending(texts: Texts, invitations: Sequence[PendingInvitation]) -> Iterator[Block]:
    """The unanswered invitations on an agent's Home tab; nothing without any."""
    if invitations:
        yield header(texts.say("desk.overview.invitations"))
    for one in invitations:
        yield section(say(texts, "desk.overview.invitation", name=one.name, agent=one.agent, since=one.since))
        buttons = [button(ids.WITHDRAW, texts.say("buttons.withdraw"), str(one.id))]
        if one.can_remind:
            buttons.insert(0, button(ids.REMIND, texts.say("buttons.remind"), str(one.id)))
        yield actions(f"desk.invitation.{one.id}", *buttons)
