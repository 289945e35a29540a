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
from conversations.engine.texts import Texts
from conversations.text_schema import AGENT_COMMANDS, COMMANDS


def message(text: str, *buttons: Block, block_id: str = "door") -> Content:
    """A message of one paragraph (mrkdwn) with buttons beneath."""
    blocks = [section(text), *([actions(block_id, *buttons)] if buttons else [])]
    return {"text": read_aloud(text), "blocks": blocks}


def answer(texts: Texts, key: str, *buttons: Block, **values: object) -> Content:
    """An answer of the guide, seen by one person or standing in their direct message."""
    return message(say(texts, f"answers.{key}", **values), *buttons)


def told(texts: Texts, key: str, **values: object) -> Content:
    """A paragraph of the guide that stands under another key than the answers'."""
    return message(say(texts, key, **values))


def dm_button(texts: Texts, team_id: str, app_id: str) -> Block:
    """Opens the direct message with the bot."""
    return link_button(
        ids.OPEN_DM, texts.say("buttons.open_step"), f"slack://app?team={team_id}&id={app_id}&tab=messages"
    )


def introduction(texts: Texts, lead: str = "") -> Content:
    """What the bot does, with a button to start; `lead` is a sentence (mrkdwn) that stands above it."""
    text = say(texts, "answers.introduction")
    start = button(ids.START, texts.say("buttons.start"), style="primary")
    return message(f"{lead}\n\n{text}" if lead else text, start)


def go_on_or_over(texts: Texts, title: str, walk_id: int) -> Content:
    """Somebody with a walk under way has asked for one."""
    return answer(
        texts,
        "walk_under_way",
        button(ids.GO_ON, texts.say("buttons.go_on"), str(walk_id), style="primary"),
        button(
            ids.RESTART, texts.say("buttons.start_over"), str(walk_id), confirm=confirmation(texts, "confirm.restart")
        ),
        title=title,
    )


def ask(texts: Texts, key: str, action_id: str, label: str, walk_id: int) -> Content:
    """Asks before something that ends a walk."""
    return answer(
        texts,
        key,
        button(action_id, texts.say(f"buttons.{label}"), str(walk_id), style="danger"),
        button(ids.KEEP, texts.say("buttons.keep"), str(walk_id)),
    )


def too_late(texts: Texts, sentence: str, walk_id: int | None) -> Content:
    """The answer to an old or foreign press; with a walk of one's own there is a way back to its present step."""
    show = [button(ids.SHOW_STEP, texts.say("buttons.show_step"), str(walk_id))] if walk_id is not None else []
    return message(sentence, *show)


def privacy(texts: Texts, command: str, days: int, *, copies: bool = False) -> Content:
    """What is kept of somebody, why and how long (`days` after its end), and how to get or delete it.

    `copies`: tickets go elsewhere too.
    """
    return answer(
        texts,
        "privacy",
        button(ids.EXPORT, texts.say("buttons.export")),
        button(ids.DELETE, texts.say("buttons.delete")),
        command=command,
        days=days,
        others=texts.say("answers.privacy_copies" if copies else "answers.privacy_no_copies"),
    )


def ask_delete(texts: Texts, owner: str, *warnings: str) -> Content:
    """Asks before everything of `owner` is deleted; `warnings` (mrkdwn) stand below what that means."""
    return message(
        "\n\n".join([say(texts, "answers.ask_delete"), *warnings]),
        button(ids.ERASE, texts.say("buttons.erase"), owner, style="danger"),
        button(ids.KEEP, texts.say("buttons.keep")),
    )


def usage(texts: Texts, command: str, *, agent: bool) -> Content:
    """Every command with a line of explanation."""
    names = (*COMMANDS, *(AGENT_COMMANDS if agent else ()))
    lines = [say(texts, f"commands.{name}", command=command) for name in names]
    key = "answers.usage_agent" if agent else "answers.usage"
    return message("\n".join([say(texts, key, command=command), *(f"•  {line}" for line in lines)]))


def invitation(texts: Texts, agent: str, invitation_id: int) -> Content:
    """An agent's offer to a merchant."""
    return answer(
        texts,
        "invitation",
        button(ids.ACCEPT, texts.say("buttons.accept"), str(invitation_id), style="primary"),
        button(ids.DECLINE, texts.say("buttons.decline"), str(invitation_id)),
        agent=agent,
    )
