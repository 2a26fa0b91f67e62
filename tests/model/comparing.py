"""Reads a store's end state in terms of the outside: order ids, codes and cents, no ids of ours."""

from __future__ import annotations

from tests.model.naive import Naive, Outcome
from tests.world import World
from wordmouth.advocates import queries as advocates
from wordmouth.kit import clock
from wordmouth.orders import queries as orders
from wordmouth.project import audit
from wordmouth.referrals import queries as referrals
from wordmouth.rewards import queries as rewards


def outcomes(world: World) -> dict[str, Outcome]:
    """Every referral that the store keeps, by the order's id.

    A recommendation that an earlier order used up leaves no referral, or, where it was decided
    before that order came to light, one that is rejected as already referred: the same thing.
    """
    with world.read():
        found = [referrals.referral(key) for key in referrals.all_ids()]
        bought = orders.orders(r.order_id for r in found)
        known = advocates.advocates(r.advocate_id for r in found)
    return {
        bought[r.order_id].external_id: Outcome(
            r.status, r.reasons, known[r.advocate_id].code, r.via, r.amount, r.hold_until
        )
        for r in found
    }


def balances(world: World) -> dict[str, tuple[int, int]]:
    """Each code's balance in cents: (available, pending)."""
    with world.read():
        wallets = {facts.code: rewards.wallet(facts.id) for facts in advocates.page(1000)}
    return {
        code: next(((b.available, b.pending) for b in wallet.balances if b.unit == "EUR"), (0, 0))
        for code, wallet in wallets.items()
    }


def assert_agrees(world: World, naive: Naive) -> None:
    """The store came to what the naive telling comes to."""
    now = clock.now()
    expected = naive.outcomes(now)
    mine = outcomes(world)
    extra = {key for key in mine if key not in expected}
    assert all(mine[key].reasons == ("already_referred",) for key in extra), mine
    assert {key: value for key, value in mine.items() if key not in extra} == expected
    assert balances(world) == naive.balances(now)


def assert_proven(world: World) -> None:
    """The store proves its books, and its facts lead to its decisions."""
    assert audit.verify(world.store.id).findings == []
    assert audit.replay(world.store.id).findings == []
