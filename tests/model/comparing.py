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
            status=r.status,
            reasons=r.reasons,
            code=known[r.advocate_id].code,
            via=r.via,
            basis=r.basis,
            amount=r.amount,
            hold_until=r.hold_until,
        )
        for r in found
    }


def balances(world: World) -> dict[str, tuple[int, int]]:
    """Each code's balance in cents: (available less debts, pending)."""
    with world.read():
        wallets = {facts.code: rewards.wallet(facts.id) for facts in advocates.page(1000)}
    euros = {
        code: [one for one in wallet.balances if one.unit == "EUR"]
        for code, wallet in wallets.items()
    }
    return {
        code: (sum(b.available - b.debt for b in some), sum(b.pending for b in some))
        for code, some in euros.items()
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


def referral_of(world: World, external_id: str) -> str:
    """Our id of the referral of the shop's order."""
    with world.read():
        bought = orders.order(external_id)
        assert bought is not None
        (found,) = referrals.page(order=bought.id)
    return found.id


def coupons(world: World) -> list[tuple[str, str, int]]:
    """Every coupon that an advocate was given: its code, the advocate's, its worth in cents."""
    with world.read():
        given = [
            one
            for one in rewards.page(limit=1000)
            if one.party == "advocate" and one.due_at and one.value > one.offset
        ]
        known = advocates.advocates(one.advocate_id for one in given)
    return sorted((one.code, known[one.advocate_id].code, one.value - one.offset) for one in given)
