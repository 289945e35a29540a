"""Agents' own templates: what is saved, what is refused and why, and where they are offered."""

from functools import partial
from typing import Any

import pytest

from bot.blocks.actions import AnswerDraft
from bot.services import agent_messages, privacy, templates
from bot.services.context import Actor
from bot.services.runner import Services
from bot.store.sqlite import SqliteStore
from bot.store.support_models import ANSWER_FORM_OPEN
from tests.bot.blocks.slack_limits import check_view
from tests.bot.services.test_agent_messages import SECRET, draft, form, send
from tests.bot.services.visits import ANNA, TEAM, Clock, Visit
from tests.guides import FIRST

Json = dict[str, Any]
TEXT = "Hello {merchant}, this is {agent} about ticket {ticket}."


def save(agent: Visit, number: int = 0, **changed: str) -> Json:
    raw = {"label": "Greeting", "category": "-", "language": "de", "text": TEXT, **changed}
    answer: Json | None = agent.do(lambda unit: templates.submitted(unit, number, raw))
    assert answer is not None
    if "view" in answer:
        check_view(answer["view"])
    return answer


def stored(agent: Visit) -> list[str]:
    return agent.do(lambda unit: [template.text for template in unit.tx.templates(TEAM)])


def menu(agent: Visit, number: int = 1001) -> dict[str, str]:
    """What the answer form offers, by label."""
    view = agent.do(lambda unit: agent_messages.answer_form(unit, number, None))
    assert view is not None
    (element,) = [block["element"] for block in view["blocks"] if block.get("block_id") == "canned"]
    return {o["text"]["text"]: o["value"] for group in element["option_groups"] for o in group["options"]}


def test_a_template_is_offered_beside_the_guides_and_filled_in(oliver: Visit, erika: Visit, anna: Visit) -> None:
    """In tickets of its category, or in all, and only for merchants who read its language."""
    erika.begin()
    erika.submit("help", sentence="Error: Invalid seller id: X")
    oliver.command("support")
    assert "desk.templates.none" not in str(save(anna)["view"])
    save(anna, label="For seller IDs", category=f"{FIRST}:seller_id")
    save(anna, label="For the English", language="en")
    assert {"Greeting", "For seller IDs"} <= menu(anna).keys()
    assert "For the English" not in menu(anna)
    offered = menu(anna, 1002)
    assert {"For the English"} == offered.keys() & {"Greeting", "For seller IDs", "For the English"}
    case = partial(agent_messages.insert_macro, draft=AnswerDraft(1002, "k" * 32), name=offered["For the English"])
    view = anna.do(partial(case, raw={"text.0": ""}))
    assert "Hello Oliver Sample, this is Anna Support about ticket 1002." in str(view)


def test_a_template_that_is_gone_is_not_chosen_in_silence(oliver: Visit, anna: Visit, ben: Visit) -> None:
    """A colleague has deleted it while the form was open: it says so, with what was typed, and offers what there is."""
    oliver.command("support")
    save(anna, language="en")
    chosen = menu(anna, 1001)["Greeting"]
    ben.do(lambda unit: templates.deleted(unit, int(chosen.removeprefix("own."))))
    case = partial(agent_messages.insert_macro, draft=AnswerDraft(1001, "k" * 32), name=chosen)
    view = anna.do(partial(case, raw={"text.0": "typed so far"}))
    assert view is not None
    check_view(view)
    assert "talk.answer.template_gone" in str(view)
    assert "typed so far" in str(view)
    assert "Greeting" not in str(view)


@pytest.mark.parametrize(
    ("field", "text", "key"),
    [
        ("text", "Hello {name}", "desk.templates.unknown_placeholder {merchant}, {agent}, {ticket} {name}"),
        ("text", "Hello {}", "desk.templates.unknown_placeholder"),
        ("text", " ", "desk.templates.empty"),
        ("label", "\n", "desk.templates.empty"),
        ("text", f"Use {SECRET}", "desk.templates.secret"),
        ("label", SECRET, "desk.templates.secret"),
    ],
)
def test_what_is_refused_and_why(anna: Visit, field: str, text: str, key: str) -> None:
    """At its field; nothing is stored then."""
    answer = save(anna, **{field: text})
    assert key in answer["errors"][field]
    assert not stored(anna)


def test_a_template_is_changed_and_deleted_by_any_agent(anna: Visit, ben: Visit) -> None:
    """One that a colleague has deleted meanwhile is stored anew; so nothing that was typed is lost."""
    save(anna)
    (number,) = anna.do(lambda unit: [template.id for template in unit.tx.templates(TEAM)])
    shown = ben.do(lambda unit: templates.form(unit, number))
    assert TEXT in str(shown)
    check_view(shown)
    save(ben, number, text="Shorter")
    assert stored(anna) == ["Shorter"]
    anna.do(lambda unit: templates.deleted(unit, number))
    assert not stored(anna)
    save(ben, number, text="Kept")
    assert stored(anna) == ["Kept"]


def test_templates_are_for_agents_and_stay_in_bounds(erika: Visit, anna: Visit) -> None:
    """A merchant sees, saves and deletes nothing; what is forged is refused; there is an upper limit."""
    save(anna)
    (number,) = anna.do(lambda unit: [template.id for template in unit.tx.templates(TEAM)])
    assert "answers.agents_only" in str(erika.do(lambda unit: templates.deleted(unit, number)))
    assert "answers.agents_only" in str(erika.do(templates.form))
    assert "answers.agents_only" in str(save(erika))
    assert "answers.agents_only" in str(erika.command("templates"))
    assert "answers.form_outdated" in str(save(anna, category="nothing:of_the_kind"))
    assert stored(anna) == [TEXT]
    for _ in range(templates.MOST - 1):
        save(anna)
    assert "desk.templates.full 40" in str(anna.do(templates.form))
    assert "desk.templates.full 40" in str(save(anna))
    check_view(anna.do(templates.listed))
    assert len(stored(anna)) == templates.MOST


def test_templates_of_another_workspace_are_out_of_reach(services: Services, store: SqliteStore, anna: Visit) -> None:
    """Neither listed nor changed nor deleted."""
    save(anna)
    other = Visit(services, store, Actor("T2", "U0ANNA"))
    other.who = Actor("T2", "U0ANNA", is_agent=True)
    other.do(lambda unit: templates.deleted(unit, 1))
    save(other, 1, text="Theirs")
    assert stored(anna) == [TEXT]


def test_export_and_erasure_know_who_wrote_a_template(anna: Visit, ben: Visit) -> None:
    """Their file has it; after the erasure it stays, by nobody."""
    save(anna)
    kept = anna.do(lambda unit: unit.tx.export_person(TEAM, ANNA.user_id))
    assert [template["text"] for template in kept["templates"]] == [TEXT]
    anna.do(privacy.forget)
    assert "changed_long_ago" in str(ben.do(templates.listed))
    assert stored(ben) == [TEXT]


def test_who_has_opened_an_answer_from_home_is_told_of_the_second(erika: Visit, anna: Visit, ben: Visit) -> None:
    """Once, in their direct messages: on the Home tab there is nothing to answer below."""
    erika.command("support")
    for agent in (anna, ben, ben):
        agent.do(lambda unit: agent_messages.answer_form(unit, 1001, None))
    (told,) = anna.rows("post")
    assert "«de:talk.answer.opened_too Ben Support 1001»" in str(told["content"])
    assert ben.rows("post") == []


def test_two_agents_with_the_same_answer_open_read_of_each_other(
    clocked: Services, erika: Visit, anna: Visit, ben: Visit
) -> None:
    """The second at once, the first with the next template they choose; until it is sent, closed or long ago."""
    erika.command("support")
    first = form(anna)
    assert "talk.answer.others" not in str(first)
    assert "talk.answer.others Anna Support" in str(form(ben))
    form(ben)
    assert ["talk.answer.opened_too Ben Support 1001" in str(row) for row in anna.rows("respond")] == [True], "once"
    chosen = partial(agent_messages.insert_macro, draft=draft(first), name="general.looking", raw={"text.0": ""})
    assert "talk.answer.others Ben Support" in str(anna.do(chosen))
    ben.do(partial(agent_messages.answer_form_closed, draft=AnswerDraft(1001, "k" * 32)))
    assert "talk.answer.others" not in str(anna.do(chosen))
    assert "talk.answer.others Anna Support" in str(form(ben))
    clock = clocked.config.clock
    assert isinstance(clock, Clock)
    clock.now += ANSWER_FORM_OPEN
    assert "talk.answer.others" not in str(form(anna))
    send(anna, "An answer")
    assert anna.do(lambda unit: unit.tx.answer_forms(1001)) == []
