"""Use cases around a walk: begin, go on, start over, end, invite; and the language to do it in."""

from dataclasses import replace
from datetime import datetime

from bot.blocks import actions as ids
from bot.blocks import entry_messages
from bot.blocks.kit import Content
from bot.services import home_tab, ticket_filing, walkthrough
from bot.services.unit_of_work import Unit
from bot.services.walkthrough import Place, TooLate, say_too_late
from bot.store.models import Invitation, Person, WalkRecord
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.interpret import Note
from conversations.amazon_token.messages import note_text
from conversations.amazon_token.walk import NotOffered, Walk
from conversations.engine.texts import Language

PHONE_NAME_LIMIT = 60


def begin(
    unit: Unit,
    *,
    for_name: str = "",
    invited_by: str | None = None,
    notes: tuple[str, ...] = (),
    access_off_at: datetime | None = None,
) -> WalkRecord:
    """A new walk of the caller, its first step posted. The caller has none for the same person under way.

    `access_off_at`: the walk before it was left in the danger zone, and the new one knows that orders are paused.
    """
    walk = Walk(Facts(access_off_at=access_off_at), unit.house.policy)
    record = WalkRecord(
        team_id=unit.caller.team_id, worker_id=unit.caller.user_id, for_name=for_name, invited_by=invited_by,
        step=walk.step, facts="", guide_version=unit.house.guide_version, started_at=unit.now, updated_at=unit.now,
    )  # fmt: skip
    stored = unit.show(record, walk, notes)
    unit.remember(replace(stored, version=0), "started", walk.step, {"invited_by": invited_by} if invited_by else None)
    home_tab.refresh(unit, unit.caller.user_id)
    return stored


def own(unit: Unit, walk_id: int | None) -> WalkRecord | None:
    """The caller's walk of this ID, if it is under way."""
    record = unit.tx.walk(walk_id) if walk_id is not None else None
    if record is None or record.ended_at is not None:
        return None
    return record if (record.team_id, record.worker_id) == (unit.caller.team_id, unit.caller.user_id) else None


def start_pressed(unit: Unit, response_url: str | None) -> None:
    """„Starten“: a new walk, or the one under way once more."""
    walks = unit.tx.open_walks(unit.caller.team_id, unit.caller.user_id)
    mine = [walk for walk in walks if not walk.for_name]
    if mine:
        unit.show_again(mine[0], Note("welcome_back"))
    else:
        begin(unit)
    _put_away(unit, response_url, entry_messages.answer(unit.guide, "going_on" if mine else "started"))


def go_on_pressed(unit: Unit, walk_id: int | None, response_url: str | None) -> None:
    """„Weitermachen“: the present step as the newest message."""
    record = own(unit, walk_id)
    if record is None:
        say_too_late(unit, TooLate("ended"), Place(response_url=response_url))
        return
    unit.show_again(record, Note("welcome_back"))
    _put_away(unit, response_url, entry_messages.answer(unit.guide, "going_on"))


def restart_pressed(unit: Unit, walk_id: int | None, response_url: str | None) -> None:
    """The walk ends and a new one begins, in one breath."""
    record = own(unit, walk_id)
    if record is None:
        say_too_late(unit, TooLate("ended"), Place(response_url=response_url))
        return
    walk = unit.open(record)
    unit.retire(record, unit.guide.say("records.restarted"))
    walk.act("cancel", {}, unit.house.reader(unit.caller.language), unit.now)
    unit.remember(record, "restarted", walk.step)
    ended = replace(
        record, step=walk.step, facts=walk.facts.model_dump_json(), live_key=None, updated_at=unit.now,
        ended_at=unit.now,
    )  # fmt: skip
    ticket_filing.refresh(unit, unit.tx.save_walk(ended), walk)
    unit.tx.forget_reminder(record.id)
    off_at = walk.facts.access_off_at if walk.facts.in_danger_zone else None
    begin(unit, for_name=record.for_name, invited_by=record.invited_by, access_off_at=off_at)
    _put_away(unit, response_url, entry_messages.answer(unit.guide, "started"))


def cancel_pressed(unit: Unit, walk_id: int | None, response_url: str | None) -> None:
    """The walk ends; the direct message says what that means."""
    record = own(unit, walk_id)
    try:
        if record is None:
            raise NotOffered("cancel")
        walkthrough.act(unit, record, "cancel", {})
    except NotOffered:
        say_too_late(unit, TooLate("ended"), Place(response_url=response_url))
        return
    _put_away(unit, response_url, None)


def kept_pressed(unit: Unit, response_url: str | None) -> None:
    """A question was answered with „no“: nothing changes."""
    _put_away(unit, response_url, entry_messages.answer(unit.guide, "kept"))


def _put_away(unit: Unit, response_url: str | None, content: Content | None) -> None:
    """Replace the question that was pressed, so that it cannot be answered twice."""
    if response_url is None:
        return
    if content is None:
        unit.respond(response_url, {"delete_original": True})
    else:
        unit.respond(response_url, {**content, "replace_original": True})


# Invitations


def invite(unit: Unit, merchant: Person) -> Content:
    """An agent offers a walk to a merchant, who is asked first."""
    under_way = [w for w in unit.tx.open_walks(merchant.team_id, merchant.user_id) if not w.for_name]
    if under_way:
        return entry_messages.answer(unit.guide, "invitation_running", merchant=merchant.name)
    key = unit.house.new_key()
    stored = unit.tx.add_invitation(
        Invitation(
            team_id=unit.caller.team_id, agent_id=unit.caller.user_id, merchant_id=merchant.user_id, message_key=key,
            invited_at=unit.now,
        )
    )  # fmt: skip
    language = unit.house.language_of(merchant)
    unit.post(
        merchant.user_id, entry_messages.invitation(unit.house.guides[language], unit.caller.name, stored.id), key=key
    )
    return entry_messages.answer(unit.guide, "invited", merchant=merchant.name)


def invitation_pressed(unit: Unit, invitation_id: int | None, response_url: str | None, *, accepted: bool) -> None:
    """The merchant decides. The agent hears of it; a second press changes nothing."""
    invitation = unit.tx.invitation(invitation_id) if invitation_id is not None else None
    me = (unit.caller.team_id, unit.caller.user_id)
    if invitation is None or (invitation.team_id, invitation.merchant_id) != me:
        say_too_late(unit, TooLate("foreign"), Place(response_url=response_url))
        return
    if invitation.answer is not None:
        return
    unit.tx.save_invitation(replace(invitation, answer="accepted" if accepted else "declined", answered_at=unit.now))
    said = "started" if accepted else "invitation_declined"
    unit.update(
        invitation.message_key, unit.caller.user_id, entry_messages.answer(unit.guide, said), response_url=response_url
    )
    guide = unit.guide_for(invitation.agent_id)
    told = "invitation_accepted_agent" if accepted else "invitation_declined_agent"
    unit.post(invitation.agent_id, entry_messages.answer(guide, told, merchant=unit.caller.name))
    if accepted:
        _begin_or_go_on(unit, invitation.agent_id)


def _begin_or_go_on(unit: Unit, agent_id: str) -> None:
    mine = [w for w in unit.tx.open_walks(unit.caller.team_id, unit.caller.user_id) if not w.for_name]
    if mine:
        unit.show_again(mine[0], Note("welcome_back"))
    else:
        invited = note_text(unit.guide, Note("invited", {"agent": unit.name_of(agent_id)}))
        begin(unit, invited_by=agent_id, notes=(invited,))


# Language


def choose_language(unit: Unit, language: Language) -> None:
    """The caller's own choice over Slack's locale; the live step is shown again in it."""
    known = unit.tx.person(unit.caller.team_id, unit.caller.user_id)
    person = known or Person(team_id=unit.caller.team_id, user_id=unit.caller.user_id, name=unit.caller.name)
    unit.tx.save_person(replace(person, language=language))
    unit.caller = replace(unit.caller, language=language)
    for record in unit.tx.open_walks(unit.caller.team_id, unit.caller.user_id):
        unit.show_again(record)
    home_tab.refresh(unit, unit.caller.user_id)


def keep_question(unit: Unit, record: WalkRecord) -> Content:
    """Asks before a walk is cancelled."""
    paused = unit.open(record).facts.in_danger_zone
    key = "ask_cancel_orders_paused" if paused else "ask_cancel"
    return entry_messages.ask(unit.guide, key, ids.CANCEL, "cancel", record.id)
