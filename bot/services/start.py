"""Starting a walkthrough, continuing, restarting and ending it; invitations; the language."""

from dataclasses import replace
from datetime import datetime

from bot.blocks import actions as ids
from bot.blocks import entry_messages
from bot.blocks.kit import Content
from bot.services import home_tab, ticket_filing, too_late, walkthrough
from bot.services.too_late import TooLate
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Destination, Invitation, Person, WalkRecord
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.interpret import Notice
from conversations.amazon_token.messages import notice_text
from conversations.amazon_token.walk import NotOffered, Walk
from conversations.engine.texts import Language

PHONE_NAME_LIMIT = 60


def begin(
    unit: UnitOfWork,
    *,
    for_name: str = "",
    invited_by: str | None = None,
    notes: tuple[str, ...] = (),
    access_off_at: datetime | None = None,
) -> WalkRecord:
    """Start a walkthrough of the user and post its first step. None for the same person may be open.

    `access_off_at`: the walk before it was left in the danger zone, and the new one knows that orders are paused.
    """
    walk = Walk(Facts(access_off_at=access_off_at), unit.config.policy)
    record = WalkRecord(
        team_id=unit.user.team_id, worker_id=unit.user.user_id, for_name=for_name, invited_by=invited_by,
        step=walk.step, facts="", guide_version=unit.config.guide_version, started_at=unit.now, updated_at=unit.now,
    )  # fmt: skip
    stored = unit.show(record, walk, notes)
    unit.add_event(replace(stored, version=0), "started", walk.step, {"invited_by": invited_by} if invited_by else None)
    home_tab.refresh(unit, unit.user.user_id)
    return stored


def own(unit: UnitOfWork, walk_id: int | None) -> WalkRecord | None:
    """The user's open walkthrough of this ID."""
    record = unit.tx.walk(walk_id) if walk_id is not None else None
    if record is None or record.ended_at is not None:
        return None
    return record if (record.team_id, record.worker_id) == (unit.user.team_id, unit.user.user_id) else None


def start_pressed(unit: UnitOfWork, response_url: str | None) -> None:
    """„Starten“: a new walk, or the one under way once more."""
    walks = unit.tx.open_walks(unit.user.team_id, unit.user.user_id)
    open_walks = [walk for walk in walks if not walk.for_name]
    if open_walks:
        unit.show_again(open_walks[0], Notice("welcome_back"))
    else:
        begin(unit)
    _replace_message(unit, response_url, entry_messages.answer(unit.texts, "going_on" if open_walks else "started"))


def go_on_pressed(unit: UnitOfWork, walk_id: int | None, response_url: str | None) -> None:
    """„Weitermachen“: the present step as the newest message."""
    record = own(unit, walk_id)
    if record is None:
        too_late.answer(unit, TooLate("answers.ended"), response_url)
        return
    unit.show_again(record, Notice("welcome_back"))
    _replace_message(unit, response_url, entry_messages.answer(unit.texts, "going_on"))


def restart_pressed(unit: UnitOfWork, walk_id: int | None, response_url: str | None) -> None:
    """End the walkthrough and start a new one."""
    record = own(unit, walk_id)
    if record is None:
        too_late.answer(unit, TooLate("answers.ended"), response_url)
        return
    walk = unit.open(record)
    unit.shrink(record, unit.texts.say("records.restarted"))
    walk.act("cancel", {}, unit.config.reader(unit.user.language), unit.now)
    unit.add_event(record, "restarted", walk.step)
    ended = replace(
        record, step=walk.step, facts=walk.facts.model_dump_json(), live_key=None, updated_at=unit.now,
        ended_at=unit.now,
    )  # fmt: skip
    ticket_filing.refresh_for_walk(unit, unit.tx.save_walk(ended), walk)
    unit.tx.forget_reminder(record.id)
    off_at = walk.facts.access_off_at if walk.facts.in_danger_zone else None
    begin(unit, for_name=record.for_name, invited_by=record.invited_by, access_off_at=off_at)
    _replace_message(unit, response_url, entry_messages.answer(unit.texts, "started"))


def cancel_pressed(unit: UnitOfWork, walk_id: int | None, response_url: str | None) -> None:
    """The walk ends; the direct message says what that means."""
    record = own(unit, walk_id)
    try:
        if record is None:
            raise NotOffered("cancel")
        walkthrough.act(unit, record, "cancel", {})
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


# Invitations


def invite(unit: UnitOfWork, merchant: Person) -> Content:
    """An agent offers a walk to a merchant, who is asked first."""
    under_way = [w for w in unit.tx.open_walks(merchant.team_id, merchant.user_id) if not w.for_name]
    if under_way:
        return entry_messages.answer(unit.texts, "invitation_running", merchant=merchant.name)
    key = unit.config.new_key()
    stored = unit.tx.add_invitation(
        Invitation(
            team_id=unit.user.team_id, agent_id=unit.user.user_id, merchant_id=merchant.user_id, message_key=key,
            invited_at=unit.now,
        )
    )  # fmt: skip
    language = unit.config.language_of(merchant)
    unit.post(
        Destination(merchant.team_id, merchant.user_id),
        entry_messages.invitation(unit.config.all_texts[language], unit.user.name, stored.id),
        key=key,
    )
    return entry_messages.answer(unit.texts, "invited", merchant=merchant.name)


def invitation_pressed(
    unit: UnitOfWork, invitation_id: int | None, response_url: str | None, *, accepted: bool
) -> None:
    """The merchant decides. The agent hears of it; a second press changes nothing."""
    invitation = unit.tx.invitation(invitation_id) if invitation_id is not None else None
    merchant = (unit.user.team_id, unit.user.user_id)
    if invitation is None or (invitation.team_id, invitation.merchant_id) != merchant:
        too_late.answer(unit, TooLate("answers.foreign"), response_url)
        return
    if invitation.answer is not None:
        return
    unit.tx.save_invitation(replace(invitation, answer="accepted" if accepted else "declined", answered_at=unit.now))
    answer = "started" if accepted else "invitation_declined"
    unit.update(
        invitation.message_key,
        unit.direct_message,
        entry_messages.answer(unit.texts, answer),
        response_url=response_url,
    )
    texts = unit.texts_for(invitation.agent_id)
    notice = "invitation_accepted_agent" if accepted else "invitation_declined_agent"
    agent = Destination(invitation.team_id, invitation.agent_id)
    unit.post(agent, entry_messages.answer(texts, notice, merchant=unit.user.name))
    if accepted:
        _begin_or_go_on(unit, invitation.agent_id)


def _begin_or_go_on(unit: UnitOfWork, agent_id: str) -> None:
    open_walks = [w for w in unit.tx.open_walks(unit.user.team_id, unit.user.user_id) if not w.for_name]
    if open_walks:
        unit.show_again(open_walks[0], Notice("welcome_back"))
    else:
        invited = notice_text(unit.texts, Notice("invited", {"agent": unit.name_of(agent_id)}))
        begin(unit, invited_by=agent_id, notes=(invited,))


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


def keep_question(unit: UnitOfWork, record: WalkRecord) -> Content:
    """Asks before a walk is cancelled."""
    paused = unit.open(record).facts.in_danger_zone
    key = "ask_cancel_orders_paused" if paused else "ask_cancel"
    return entry_messages.ask(unit.texts, key, ids.CANCEL, "cancel", record.id)
