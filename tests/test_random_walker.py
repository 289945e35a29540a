"""Random walks through every procedure: what holds after every act, whatever the procedure is."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant

from bot.store.models import Event, WalkRecord
from conversations.amazon_token.procedure import PROCEDURE
from conversations.engine.charts import first_step
from conversations.engine.procedure import AnyProcedure
from conversations.sp_api.procedure import PROCEDURE as SP_API
from tests.toys.coffee_machine.procedure import PROCEDURE as COFFEE
from tests.toys.tea_kettle.procedure import PROCEDURE as TEA
from tests.walkers.machine import RandomWalker
from tests.walkers.shipped_ways import BEFORE_THE_VERSION, DOCUMENTED_ID, MINIMUM, SP_API_WAY, TOKEN_WAY
from tests.walkers.ways import Way, bad_answers, everyday_words, good_answers


class TokenWalker(RandomWalker):
    """The renewal of the authorization, which goes over into that over SP-API."""

    ways = (TOKEN_WAY, SP_API_WAY)

    def files_a_ticket(self, _walk: WalkRecord, event: Event) -> bool:
        return (event.name, event.step) in {("fetch_failed", "second_fetch"), ("field_empty", "look_again")}

    @invariant()
    def documented_id_is_shown_to_european_accounts_on_alternativ_only(self) -> None:
        fits = {walk.id: walk.procedure == PROCEDURE.id and self._fits(walk) for walk in self.walks()}
        cards = {ticket.card_key: ticket.walk_id for ticket in self.tickets()}
        for row in self.rows(f"id > {self.looked_at}"):
            self.looked_at = row["id"]
            if DOCUMENTED_ID in self.in_own_words(row["content"]):
                walk = row["walk_id"] or cards.get(row["target"] or row["key"])
                assert fits[walk] if walk is not None else any(fits.values()), row["content"]

    def _fits(self, walk: WalkRecord) -> bool:
        facts = PROCEDURE.load(walk.state).facts
        return (facts.region, facts.key_set) == ("europe", "alternativ")

    @invariant()
    def no_step_past_the_version_without_one_that_is_new_enough(self) -> None:
        for walk in self.walks():
            if walk.procedure == PROCEDURE.id and walk.step not in BEFORE_THE_VERSION:
                version = PROCEDURE.load(walk.state).facts.version
                assert version is not None
                assert tuple(map(int, version.split("."))) >= MINIMUM


class SpApiWalker(TokenWalker):
    """The authorization over SP-API, begun by itself."""

    ways = (SP_API_WAY, TOKEN_WAY)

    @invariant()
    def an_account_works_only_after_consent_for_its_seller(self) -> None:
        for walk in self.walks():
            if walk.procedure != SP_API.id:
                continue
            facts = SP_API.load(walk.state).facts
            assert all(facts.sellers[account.seller].consent_at for account in facts.working)
            assert walk.step != "done" or not facts.left


def toy_way(procedure: AnyProcedure) -> Way:
    """By the examples of the procedure and nothing else."""
    return Way(
        procedure=procedure, settings=procedure.settings(), good=good_answers(procedure, {}),
        bad=bad_answers(procedure, {}), straight_on={}, begins=(first_step(procedure.chart),),
        typed=("hello", *everyday_words(procedure)),
    )  # fmt: skip


class ToyWalker(RandomWalker):
    """Procedures that the bot does not have, of which each goes over into the other."""

    ways = (toy_way(COFFEE), toy_way(TEA))


def _bounded(max_examples: int) -> settings:
    return settings(
        max_examples=max_examples, stateful_step_count=30, deadline=None, derandomize=True, database=None,
        phases=[Phase.explicit, Phase.generate],  # to shrink a failure takes minutes; without this line it is shorter
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )  # fmt: skip


TestRandomWalker = pytest.mark.long(TokenWalker.TestCase)
TestRandomWalker.settings = _bounded(25)
TestRandomSpApi = pytest.mark.long(SpApiWalker.TestCase)
TestRandomSpApi.settings = _bounded(15)
TestRandomToys = pytest.mark.long(ToyWalker.TestCase)
TestRandomToys.settings = _bounded(10)
