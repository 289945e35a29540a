"""The statechart: descaling one coffee machine after the other."""

from datetime import datetime

from statemachine import State

from conversations.engine.charts import WalkChart, staying, ways_back
from conversations.engine.walk_state import WalkState
from tests.toys.coffee_machine.facts import CoffeeFacts, Machine


def _machine(walk: WalkState[CoffeeFacts]) -> Machine:
    """The machine that is being descaled now."""
    return walk.facts.machines[walk.item]


class CoffeeChart(WalkChart):
    """One state for each step. What an event changes is its `on_` action."""

    which_drink = State(initial=True)
    name_machines = State()
    water_filter = State()
    remove_filter = State()
    switch_off = State()
    fill_tank = State()
    rinse_tank = State()
    machine_ready = State()
    first_taste = State()
    with_technician = State()
    done = State(final=True)
    cancelled = State(final=True)
    transferred = State(final=True)

    drinks_coffee = which_drink.to(name_machines)
    drinks_tea = which_drink.to(transferred, cond="goes_on")
    list_machines = name_machines.to(water_filter)
    has_filter = water_filter.to(remove_filter)
    no_filter = water_filter.to(switch_off)
    advance = (
        remove_filter.to(switch_off)
        | switch_off.to(fill_tank)
        | fill_tank.to(machine_ready, cond="small_tank")
        | fill_tank.to(rinse_tank)
        | rinse_tank.to(machine_ready)
    )
    next_machine = machine_ready.to(switch_off, cond="machines_left")
    all_clean = machine_ready.to(first_taste, unless="machines_left")
    tastes_good = first_taste.to(done)
    tastes_bad = first_taste.to(with_technician)
    describe_taste = staying(with_technician)
    taste_again = with_technician.to(first_taste)
    back = ways_back(
        which_drink, name_machines, water_filter, remove_filter, switch_off, fill_tank, rinse_tank, machine_ready,
        first_taste, with_technician,
    )  # fmt: skip
    cancel = cancelled.from_(
        which_drink, name_machines, water_filter, remove_filter, switch_off, fill_tank, rinse_tank, machine_ready,
        first_taste, with_technician,
    )  # fmt: skip

    retracing = frozenset({"back", "taste_again"})

    def machines_left(self, facts: CoffeeFacts) -> bool:
        """Whether a machine is not clean yet."""
        return any(machine.clean_at is None for machine in facts.machines)

    def small_tank(self, walk: WalkState[CoffeeFacts]) -> bool:
        """Whether filling the tank rinses it too: the branch inside the screen."""
        return bool(walk.facts.machines) and "mini" in _machine(walk).name.casefold()

    def on_list_machines(self, facts: CoffeeFacts, answer: tuple[str, ...]) -> None:
        """The machines, in the order in which they are descaled."""
        facts.machines = [Machine(name=name) for name in answer]

    def on_has_filter(self, facts: CoffeeFacts) -> None:
        """The filter has to come out first."""
        facts.has_filter = True

    def on_advance(self, source: State, walk: WalkState[CoffeeFacts], now: datetime) -> None:
        """From switching it off until it is rinsed nobody gets coffee from this machine."""
        if source.id == "switch_off":
            walk.facts.off_since = walk.facts.off_since or now
        elif source.id == "rinse_tank" or (source.id == "fill_tank" and self.small_tank(walk)):
            _machine(walk).clean_at = now

    def on_next_machine(self, walk: WalkState[CoffeeFacts]) -> None:
        """On to the next machine."""
        walk.item += 1

    def on_all_clean(self, facts: CoffeeFacts) -> None:
        """All machines are on again."""
        facts.off_since = None

    def on_describe_taste(self, facts: CoffeeFacts, answer: str) -> None:
        """What is wrong with the coffee."""
        if answer:
            facts.complaints.append(answer)
