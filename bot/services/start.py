"""Starting a walkthrough, continuing, restarting and ending it; the language."""

from dataclasses import replace

from bot.blocks import actions as ids
from bot.blocks import entry_messages
from bot.blocks.kit import Content
from bot.services import home_tab, ticket_filing, too_late, walk_start, walkthrough
from bot.services.too_late import TooLate
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Person, WalkRecord
from conversations.engine.answers import Notice
from conversations.engine.charts import CANCEL
from conversations.engine.texts import Language
from conversations.engine.walkthrough import NotOffered

PHONE_NAME_LIMIT = 60


def own(unit: UnitOfWork, walk_id: int | None) -> WalkRecord | None:
    """The user's open walkthrough of this ID."""
    record = unit.tx.walk(walk_id) if walk_id is not None else None
    if record is None or record.ended_at is not None:
        return None
    return record if (record.team_id, record.worker_id) == (unit.user.team_id, unit.user.user_id) else None


def start_pressed(unit: UnitOfWork, response_url: str | None, procedure: str | None = None) -> None:
    """„Starten“: a new walk, or the one under way once more. A procedure that is not offered any more is the first."""
    walks = unit.tx.open_walks(unit.user.team_id, unit.user.user_id)
    open_walks = [walk for walk in walks if not walk.for_name]
    if open_walks:
        unit.show_again(open_walks[0], Notice("welcome_back"))
    else:
        walk_start.begin(unit, unit.config.offered.get(procedure) if procedure is not None else None)
    _replace_message(unit, response_url, entry_messages.answer(unit.texts, "going_on" if open_walks else "started"))


def go_on_pressed(unit: UnitOfWork, walk_id: int | None, response_url: str | None) -> None:
    """„Weitermachen“: the present step as the newest message."""
    record = own(unit, walk_id)
    if record is None:
        too_late.answer(unit, TooLate("answers.ended"), response_url)
        return
    unit.show_again(record, Notice("welcome_back"))
    _replace_message(unit, response_url, entry_messages.answer(unit.texts, "going_on"))


def restart_pressed(
    unit: UnitOfWork, walk_id: int | None, response_url: str | None, procedure: str | None = None
) -> None:
    """End the walkthrough and start a new one: of the same procedure, or of another one that is offered."""
    record = own(unit, walk_id)
    if record is None:
        too_late.answer(unit, TooLate("answers.ended"), response_url)
        return
    walk = unit.open(record)
    unit.shrink(record, unit.texts.say("records.restarted"))
    walk.act(CANCEL, {}, unit.config.reader(unit.user.language), unit.now)
    unit.add_event(record, "restarted", walk.step)
    ended = replace(
        record, step=walk.step, state=walk.state.model_dump_json(), live_key=None, updated_at=unit.now,
        ended_at=unit.now,
    )  # fmt: skip
    ticket_filing.refresh_for_walk(unit, unit.tx.save_walk(ended), walk)
    unit.tx.forget_reminder(record.id)
    chosen = unit.config.offered.get(procedure or "", walk.procedure)
    is_same = chosen.id == walk.procedure.id
    known = chosen.restarted(walk.facts) if is_same and chosen.restarted is not None else None
    walk_start.begin(unit, chosen, state=chosen.begin(known), for_name=record.for_name, invited_by=record.invited_by)
    _replace_message(unit, response_url, entry_messages.answer(unit.texts, "started"))


def cancel_pressed(unit: UnitOfWork, walk_id: int | None, response_url: str | None) -> None:
    """The walk ends; the direct message says what that means."""
    record = own(unit, walk_id)
    try:
        if record is None:
            raise NotOffered(CANCEL)
        walkthrough.act(unit, record, CANCEL, {})
    except NotOffered:
        too_late.answer(unit, TooLate("answers.ended"), response_url)
        return
    _replace_message(unit, response_url, None)


def kept_pressed(unit: UnitOfWork, response_url: str | None) -> None:
    """A question was answered with „no“: nothing changes."""
    _replace_message(unit, response_url, entry_messages.answer(unit.texts, "kept"))


def _replace_message(unit: UnitOfWork, response_url: str | None, content: Content | None) -> None:
    """Replace the question that was pressed, so that it cannot be answered twice."""
    if response_url is None:
        return
    if content is None:
        unit.respond(response_url, {"delete_original": True})
    else:
        unit.respond(response_url, {**content, "replace_original": True})


# Language


def choose_language(unit: UnitOfWork, language: Language) -> None:
    """Set the user's language, which overrides Slack's locale, and show the live step in it."""
    person_before = unit.tx.person(unit.user.team_id, unit.user.user_id)
    person = person_before or Person(team_id=unit.user.team_id, user_id=unit.user.user_id, name=unit.user.name)
    unit.tx.save_person(replace(person, language=language))
    unit.user = replace(unit.user, language=language)
    for record in unit.tx.open_walks(unit.user.team_id, unit.user.user_id):
        unit.show_again(record)
    home_tab.refresh(unit, unit.user.user_id)


def restart_question(unit: UnitOfWork, record: WalkRecord) -> Content:
    """Asks before a walk begins anew."""
    return entry_messages.ask(unit.texts, "ask_restart", ids.RESTART, "restart", record.id)


def keep_question(unit: UnitOfWork, record: WalkRecord) -> Content:
    """Asks before a walk is cancelled."""
    key = "ask_cancel_urgent" if unit.open(record).urgency is not None else "ask_cancel"
    return entry_messages.ask(unit.texts_about(record), key, ids.CANCEL, CANCEL, record.id)
