"""The people of a kill test."""

from bot.sandbox.world import SandboxUser


def the_crowd(merchants: int) -> list[SandboxUser]:
    """So many merchants, half of them German, and three agents, the last of whom telephones.

    First names differ, so that a mention means one person.
    """
    people = [
        SandboxUser(
            id=f"U0M{n}",
            name=f"Merchant{n} Example",
            role="merchant",
            locale="de-DE" if n % 2 else "en-GB",
            color="#7b3fa0",
        )
        for n in range(1, merchants + 1)
    ]
    agents = [
        SandboxUser(id=f"U0A{n}", name=f"Agent{n} Example", role="agent", locale="de-DE", color="#2e7d4f")
        for n in (1, 2, 3)
    ]
    return [*people, *agents]
