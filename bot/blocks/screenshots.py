"""The question about a merchant's pictures, and what support reads beside them."""

from bot.blocks import actions as ids
from bot.blocks.kit import Content, actions, button, entity, read_aloud, say, section
from bot.blocks.talk import sentence
from conversations.guide import Guide
from conversations.ticket.case import Mention


def question(guide: Guide, pictures: ids.Pictures) -> Content:
    """„Ist ein Token zu sehen?“ with two answers, neither of which is proposed."""
    text = say(guide, "talk.screenshots.ask_many" if len(pictures.files) > 1 else "talk.screenshots.ask")
    clear = button(ids.PASS_ON, guide.say("talk.screenshots.clear"), str(pictures))
    unsure = button(ids.HOLD_BACK, guide.say("talk.screenshots.unsure"), str(pictures))
    return {"text": read_aloud(text), "blocks": [section(text), actions("talk.pictures", clear, unsure)]}


def line(guide: Guide, key: str) -> Content:
    """A small sentence about pictures to the merchant."""
    return sentence(say(guide, f"talk.screenshots.{key}"))


def passed_on(guide: Guide, name: str, file_id: str, filename: str, owner: Mention | None) -> Content:
    """An upload: the file in Slack, what is said beside it (mrkdwn, it names the file), and what if it is gone."""
    ping = f"{entity(owner)} " if owner is not None else ""
    return {
        "file": file_id,
        "filename": filename,
        "title": guide.say("talk.screenshots.title"),
        "text": ping + say(guide, "talk.screenshots.comment", name=name, file=filename).strip(),
        "instead": say(guide, "talk.screenshots.lost").strip(),
    }
