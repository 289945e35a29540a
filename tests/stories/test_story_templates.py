"""Agents' own templates over the real connections, and two agents at the same answer."""

import pytest

from bot.app.server import RunningBot
from bot.sandbox.driver import Visitor
from bot.sandbox.driver_words import words
from tests.stories.test_story_desk import card

pytestmark = pytest.mark.story


async def test_a_template_is_made_changed_used_and_deleted(line: RunningBot, oliver: Visitor, anna: Visitor) -> None:
    """In one modal, opened by the command; what cannot be filled in is refused at its field."""
    await oliver.command("/amazon-token support")
    await anna.command("/amazon-token vorlagen")
    await anna.press_in(await anna.modal(title="Vorlagen"), "templates:new")
    view = await anna.modal(title="Neue Vorlage")
    filled = {"label": "Begrüßung", "language": "en", "category": "-", "text": "Hello {name}"}
    errors = await anna.fill_and_submit(view, **filled)
    assert errors == {"text": "{name} ist nicht bekannt. Möglich sind: {merchant}, {agent}, {ticket}"}
    filled["text"] = "Hello {merchant}, I am {agent}."
    assert await anna.fill_and_submit(await anna.modal(title="Neue Vorlage"), **filled) == {}
    view = await anna.modal(shows=lambda top: "Begrüßung" in words(top))
    await anna.press_in(view, "templates:template")
    view = await anna.modal(title="Vorlage ändern")
    assert await anna.fill_and_submit(view, text="Hello {merchant}, my name is {agent}.") == {}
    await anna.modal(shows=lambda top: "my name is" in words(top))
    await anna.close_modal()
    await anna.press("ticket:answer", message=await card(anna), channel="#support")
    view = await anna.modal(title="Antwort an Händler")
    await anna.press_in(view, "talk:canned", "Begrüßung")
    view = await anna.modal(shows=lambda top: "text.1" in str(top))
    assert await anna.fill_and_submit(view) == {}
    await oliver.wait_for("Hello Oliver Sample, my name is Anna Support.")
    await anna.command("/amazon-token templates")
    await anna.press_in(await anna.modal(title="Vorlagen"), "templates:template")
    await anna.press_in(await anna.modal(title="Vorlage ändern"), "templates:delete")
    await anna.modal(shows=lambda top: "noch keine" in words(top))
    assert line.work


async def test_who_opens_an_answer_second_reads_who_has_it_open(
    line: RunningBot, oliver: Visitor, anna: Visitor, ben: Visitor
) -> None:
    """Until the first one closes it."""
    await oliver.command("/amazon-token support")
    message = await card(anna)
    await anna.press("ticket:answer", message=message, channel="#support")
    await anna.modal(title="Antwort an Händler")
    await ben.press("ticket:answer", message=await card(ben), channel="#support")
    await ben.modal(shows=lambda top: "Anna Support* has also had this answer open since" in words(top))
    await anna.wait_for("Ben Support* hat die Antwort zu Ticket 1001 auch geöffnet", "#support")
    await ben.close_modal()
    await anna.close_modal()
    await ben.press("ticket:answer", message=await card(ben), channel="#support")
    assert "also had this answer open" not in words(await ben.modal(title="Answer to merchant"))
    assert line.work
