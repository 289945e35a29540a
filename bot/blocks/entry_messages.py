"""The ways in: introduction, invitation, answers to commands and to presses that came too late."""

from bot.blocks import actions as ids
from bot.blocks.kit import (
    Block,
    Content,
    actions,
    button,
    confirmation,
    link_button,
    read_aloud,
    say,
    section,
)
from conversations.engine.texts import Guide
from conversations.text_schema import AGENT_COMMANDS, COMMANDS


def message(text: str, *buttons: Block, block_id: str = "door") -> Content:
    """A message of one paragraph (mrkdwn) with buttons beneath."""
    blocks = [section(text), *([actions(block_id, *buttons)] if buttons else [])]
    return {"text": read_aloud(text), "blocks": blocks}


def answer(guide: Guide, key: str, *buttons: Block, **values: object) -> Content:
    """An answer of the guide, seen by one person or standing in their direct message."""
    return message(say(guide, f"answers.{key}", **values), *buttons)


def told(guide: Guide, key: str, **values: object) -> Content:
    """A paragraph of the guide that stands under another key than the answers'."""
    return message(say(guide, key, **values))


def dm_button(guide: Guide, team_id: str, app_id: str) -> Block:
    """Opens the direct message with the bot."""
    return link_button(
        ids.OPEN_DM, guide.say("buttons.open_step"), f"slack://app?team={team_id}&id={app_id}&tab=messages"
    )


def introduction(guide: Guide, lead: str = "") -> Content:
    """What the bot does, with a button to start; `lead` is a sentence (mrkdwn) that stands above it."""
    text = say(guide, "answers.introduction")
    start = button(ids.START, guide.say("buttons.start"), style="primary")
    return message(f"{lead}\n\n{text}" if lead else text, start)


def go_on_or_over(guide: Guide, title: str, walk_id: int) -> Content:
    """Somebody with a walk under way has asked for one."""
    return answer(
        guide,
        "walk_under_way",
        button(ids.GO_ON, guide.say("buttons.go_on"), str(walk_id), style="primary"),
        button(
            ids.RESTART, guide.say("buttons.start_over"), str(walk_id), confirm=confirmation(guide, "confirm.restart")
        ),
        title=title,
    )


def ask(guide: Guide, key: str, action_id: str, label: str, walk_id: int) -> Content:
    """Asks before something that ends a walk."""
    return answer(
        guide,
        key,
        button(action_id, guide.say(f"buttons.{label}"), str(walk_id), style="danger"),
        button(ids.KEEP, guide.say("buttons.keep"), str(walk_id)),
    )


def too_late(guide: Guide, key: str, walk_id: int | None) -> Content:
    """The answer to an old or foreign press; with a walk of one's own there is a way back to its present step."""
    show = [button(ids.SHOW_STEP, guide.say("buttons.show_step"), str(walk_id))] if walk_id is not None else []
    return answer(guide, key, *show)


def privacy(guide: Guide, command: str, days: int, *, copies: bool = False) -> Content:
    """What is kept of somebody, why and how long (`days` after its end), and how to get or delete it.

    `copies`: tickets go elsewhere too.
    """
    return answer(
        guide,
        "privacy",
        button(ids.EXPORT, guide.say("buttons.export")),
        button(ids.DELETE, guide.say("buttons.delete")),
        command=command,
        days=days,
        others=guide.say("answers.privacy_copies" if copies else "answers.privacy_no_copies"),
    )


def ask_delete(guide: Guide, owner: str, *warnings: str) -> Content:
    """Asks before everything of `owner` is deleted; `warnings` (mrkdwn) stand below what that means."""
    return message(
        "\n\n".join([say(guide, "answers.ask_delete"), *warnings]),
        button(ids.ERASE, guide.say("buttons.erase"), owner, style="danger"),
        button(ids.KEEP, guide.say("buttons.keep")),
    )


def usage(guide: Guide, command: str, *, agent: bool) -> Content:
    """Every command with a line of explanation."""
    names = (*COMMANDS, *(AGENT_COMMANDS if agent else ()))
    lines = [say(guide, f"commands.{name}", command=command) for name in names]
    key = "answers.usage_agent" if agent else "answers.usage"
    return message("\n".join([say(guide, key, command=command), *(f"•  {line}" for line in lines)]))


def invitation(guide: Guide, agent: str, invitation_id: int) -> Content:
    """An agent's offer to a merchant."""
    return answer(
        guide,
        "invitation",
        button(ids.ACCEPT, guide.say("buttons.accept"), str(invitation_id), style="primary"),
        button(ids.DECLINE, guide.say("buttons.decline"), str(invitation_id)),
        agent=agent,
    )
