"""Descaling coffee machines: a procedure with everything that one can have."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from conversations.engine.answers import Checked, Interpretation, Raw, Reader, Refusal, list_of, text_of
from conversations.engine.checks import Refused, clean_names
from conversations.engine.examples import Act, Examples, Stage
from conversations.engine.formatter import Formatter, Section, StepTime
from conversations.engine.pictures import Illustration, Pictures
from conversations.engine.priority import Priority
from conversations.engine.procedure import (
    UNKNOWN,
    Attempts,
    Field,
    Form,
    Handover,
    Item,
    Measures,
    Offer,
    Option,
    Procedure,
    ProcedureTexts,
    Screen,
    Step,
    TicketEffect,
    TicketRules,
    Urgency,
)
from conversations.engine.reminders import ReminderWaits
from conversations.engine.texts import Text, Texts, Tree, text_group
from conversations.engine.walk_state import WalkState
from conversations.engine.walkthrough import Walk
from conversations.secrets.credentials import SecretKind
from conversations.ticket import progress
from tests.toys.coffee_machine.chart import CoffeeChart
from tests.toys.coffee_machine.facts import CoffeeFacts, CoffeeSettings, Machine

PACKAGE = "tests.toys.coffee_machine"

_DONE = (Offer("advance"),)
STEPS = {
    "which_drink": Step(offers=(Offer("drinks_coffee"), Offer("drinks_tea")), confirmation=True),
    "name_machines": Step(offers=(Offer("list_machines", form="machine_names"),)),
    "water_filter": Step(place="at_machine", offers=(Offer("no_filter"), Offer("has_filter")), confirmation=True),
    "remove_filter": Step(number=1, place="at_machine", offers=_DONE),
    "switch_off": Step(number=2, place="at_machine", offers=_DONE, each_item=True, repeated=True),
    "fill_tank": Step(
        number=3, place="at_machine", offers=_DONE, each_item=True, repeated=True, placeholders=frozenset({"minutes"})
    ),
    "rinse_tank": Step(
        number=4, place="at_machine", offers=(*_DONE, Offer("cancel", danger=True)), each_item=True, repeated=True
    ),
    "machine_ready": Step(
        number=5, offers=(Offer("next_machine"), Offer("all_clean")), confirmation=True, repeated=True,
        variants=("left", "complete"),
    ),
    "first_taste": Step(
        number=6, offers=(Offer("tastes_good"), Offer("tastes_bad", mark="✗")), confirmation=True, unfinished=True
    ),
    "with_technician": Step(
        offers=(
            Offer("describe_taste", form="taste_report", last=lambda facts: bool(facts.complaints)),
            Offer("taste_again"),
        ),
        confirmation=True, with_support=True, unfinished=True, placeholders=frozenset({"ticket"}),
    ),
    "done": Step(end="good"),
    "cancelled": Step(end="stopped"),
    "transferred": Step(end="transferred"),
}  # fmt: skip


def _no_secret(_text: str, kind: SecretKind | None) -> bool:
    return kind is None


def _machines(_texts: Texts, facts: CoffeeFacts) -> Sequence[Option] | None:
    return [Option(machine.name, machine.name) for machine in facts.machines] or None


FORMS = {
    "machine_names": Form(fields=(Field(name="names", paragraph=True),), typed="names", looks_like=_no_secret),
    "taste_report": Form(
        fields=(Field(name="machines", optional=True, options=_machines), Field(name="words", paragraph=True))
    ),
}


def _names(raw: Raw, _facts: CoffeeFacts, _reader: Reader) -> Interpretation:
    checked = clean_names(text_of(raw, "names").replace(",", "\n").split("\n"))
    if isinstance(checked, Refused):
        return (Refusal("names", checked.reason, checked.details),)
    if not checked.value:
        return (Refusal("names", "no_machines"),)
    return Checked(checked.value, {"names": ", ".join(checked.value)})


def _complaint(raw: Raw, _facts: CoffeeFacts, reader: Reader) -> Interpretation:
    words = ", ".join(filter(None, (*list_of(raw, "machines"), text_of(raw, "words"))))
    return Checked(reader.error_text(words))


def _variant(_step: str, facts: CoffeeFacts, _settings: CoffeeSettings) -> str:
    return "left" if any(machine.clean_at is None for machine in facts.machines) else "complete"


def _values(_step: str, _facts: CoffeeFacts, settings: CoffeeSettings) -> Mapping[str, object]:
    return {"minutes": settings.soak_minutes}


def _items(facts: CoffeeFacts) -> list[Item]:
    return [Item(machine.name, done=machine.clean_at is not None) for machine in facts.machines]


def _urgency(facts: CoffeeFacts) -> Urgency | None:
    if facts.off_since is None:
        return None
    dirty = tuple(machine.name for machine in facts.machines if machine.clean_at is None)
    return Urgency(facts.off_since, dirty, len(facts.machines))


def _wait(walk: WalkState[CoffeeFacts], sent: int, waits: ReminderWaits) -> timedelta | None:
    """The descaler must not stay in the tank: one reminder after an hour; anywhere else the usual one."""
    if walk.step == "rinse_tank":
        return timedelta(hours=1) if sent == 0 else None
    return waits.idle if sent == 0 else None


def _effect(step: str, event: str) -> TicketEffect | None:
    if (step, event) == ("first_taste", "tastes_bad"):
        return "file"
    return "add" if event == "describe_taste" else None


def _priority(walk: WalkState[CoffeeFacts] | None, _reason: str) -> Priority:
    return "P2" if walk is not None and walk.facts.machines else "P3"


def _triage(text: str) -> str:
    return "tastes_sour" if "sour" in text.casefold() else UNKNOWN


def _sections(
    formatter: Formatter, walk: Walk[CoffeeFacts, CoffeeSettings], times: Sequence[StepTime]
) -> Mapping[str, Section]:
    names = ", ".join(machine.name for machine in walk.facts.machines) or formatter.say("values.none")
    return {
        "machines": formatter.section("machines", formatter.line("machines", names)),
        "walk": formatter.section(
            "walk", progress.last_finished(formatter, walk), progress.stands_at(formatter, walk),
            *progress.taken(formatter, walk, times),
        ),
    }  # fmt: skip


def _picture(step: str, _facts: CoffeeFacts, settings: CoffeeSettings) -> Illustration | None:
    return Illustration("tank", (("minutes", str(settings.soak_minutes)),)) if step == "fill_tank" else None


MORE: Tree = {
    "frame": {"places": {"at_machine": Text(limit=60)}},
    "ticket": {"sections": text_group("machines", limit=60), "labels": text_group("machines", limit=40)},
}

PICTURES: Pictures[CoffeeFacts, CoffeeSettings] = Pictures(
    package=PACKAGE,
    names=("tank",),
    by_step={"fill_tank": "tank"},
    of=_picture,
    labels=("tank_label",),
    places=("at_machine",),
    alt_values={"tank": frozenset({"minutes"})},
    examples={"tank": (("minutes", "20"),)},
    beforehand=lambda _settings: [CoffeeFacts()],
)


def _carry(handover: Handover) -> WalkState[CoffeeFacts]:
    """Whoever comes back is asked again what to drink, and need not name the machines twice."""
    facts = handover.earlier.facts.model_copy(deep=True) if handover.earlier is not None else CoffeeFacts()
    return PROCEDURE.begin(facts)


async def happy(stage: Stage) -> None:
    """Two machines: the second is a small one, whose tank need not be rinsed."""
    me = stage.merchant
    await me.start("/amazon-token coffee")
    await me.press("walk:drinks_coffee")
    await me.say("Kitchen, Mini")
    for event in ("no_filter", "advance", "advance", "next_machine", "advance", "advance", "all_clean"):
        await me.press(f"walk:{event}")
    end = await me.press("walk:tastes_good")
    stage.expect(end["text"], stage.titled("done"))


def _two(_dice: object) -> Raw:
    return {"names": "Kitchen, Hall"}


_WAY = (
    Act("which_drink", "drinks_coffee"),
    Act("name_machines", "list_machines", form="machine_names", answer=_two),
    Act("water_filter", "has_filter"),
    Act("remove_filter", "advance"),
    Act("switch_off", "advance"),
    Act("fill_tank", "advance"),
    Act("rinse_tank", "advance"),
    Act("machine_ready", "next_machine"),
    Act("switch_off", "advance"),
    Act("fill_tank", "advance"),
    Act("rinse_tank", "advance"),
    Act("machine_ready", "all_clean"),
    Act("first_taste", "tastes_bad"),
    Act("with_technician", "taste_again"),
    Act("first_taste", "tastes_good"),
)

PROCEDURE: Procedure[CoffeeFacts, CoffeeSettings] = Procedure(
    id="coffee_machine",
    chart=CoffeeChart,
    facts=CoffeeFacts,
    settings=CoffeeSettings,
    steps=STEPS,
    screens={"descale_machine": Screen(("fill_tank", "rinse_tank"), pictured="fill_tank")},
    forms=FORMS,
    readers={"list_machines": _names, "describe_taste": _complaint},
    texts=ProcedureTexts(
        package=PACKAGE,
        records={
            **dict.fromkeys(
                (
                    "drinks_coffee", "drinks_tea", "has_filter", "no_filter", "next_machine", "all_clean",
                    "tastes_good", "tastes_bad", "taste_again",
                ),
                "",
            ),
            "list_machines": "names",
        },
        reasons={"no_machines": ""},
        words={"tasty": "tastes_good"},
        more=MORE,
    ),
    pictures=PICTURES,
    tickets=TicketRules(
        effect=_effect, reason="bad_taste", describe="describe_taste",
        description=lambda _facts, text: {"words": text}, error_texts=lambda facts: facts.complaints,
        priority=_priority, categories=("tastes_sour", UNKNOWN), triage=_triage,
        is_error_message=lambda text: "error" in text.casefold(), own_answers=(UNKNOWN,), sections=_sections,
    ),
    measures=Measures(
        funnel=("which_drink", "switch_off", "first_taste", "done"),
        attempts=Attempts(("first_taste",), {"tastes_good": True, "tastes_bad": False}),
        counted=("drinks_tea",),
    ),
    examples=Examples(
        answers={
            "machine_names": (_two, lambda _dice: {"names": "Mini"}),
            "taste_report": (lambda _dice: {"words": "It is sour"},),
        },
        refused={"machine_names": (lambda _dice: {"names": ""},)},
        way=_WAY, likely={"drinks_coffee": 9}, seconds={"rinse_tank": 1200}, given_up={"fill_tank": 0.05},
        plays={"happy": happy}, main_play="happy",
    ),
    variant=_variant,
    values=_values,
    conditions={"machine_off": lambda facts: facts.off_since is not None},
    items=_items,
    urgency=_urgency,
    wait=_wait,
    jumps=("taste_again",),
    restarted=lambda facts: CoffeeFacts(machines=[Machine(name=machine.name) for machine in facts.machines]),
    transfers={"drinks_tea": "tea_kettle"},
    carry=_carry,
)  # fmt: skip
