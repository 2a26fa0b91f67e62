"""The three ways from an order to an advocate, from the outside."""

from __future__ import annotations

import pytest

from tests.world import DAY, START, World, at, order, paid
from wordmouth.orders.snapshot import OrderSnapshot
from wordmouth.referrals import queries as referrals
from wordmouth.visits import tokens
from wordmouth.visits.facts import Token


def token(world: World, code: str, day: float = 0) -> str:
    """What the click door gave the friend on that day."""
    return tokens.make(
        Token(store_id=world.store.id, code=code, click="clk_1", at=START + day * DAY)
    )


def with_token(text: str, day: float = 1) -> OrderSnapshot:
    return paid("1", "fe@mail.example", at(day), token=text)


def decided(world: World) -> list[tuple[str, str, str, tuple[str, ...]]]:
    with world.read():
        return [(r.advocate_id, r.via, r.status, r.reasons) for r in referrals.page()]


def test_a_token_alone_is_enough(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    world.tell(with_token(token(world, ana.code)))
    assert decided(world) == [(ana.id, "token", "pending", ("in_hold",))]


def test_a_claimed_address_alone_is_enough(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    world.claim(ana.code, "F.E@gmail.com")
    world.tell(paid("1", "fe@gmail.com", at(1)))
    assert decided(world) == [(ana.id, "claim", "pending", ("in_hold",))]


def test_a_coupon_alone_is_enough_whoever_redeems_it(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    claim = world.claim(ana.code, "fe@mail.example")
    world.tell(
        order(
            "1",
            updated=at(1),
            placed_at=at(1),
            paid_at=at(1),
            email="lo@mail.ee",
            codes=(claim.coupon_code,),
        )
    )
    assert decided(world) == [(ana.id, "code", "pending", ("in_hold",))]


def test_the_token_of_one_goes_before_the_claim_with_another(world: World) -> None:
    ana, bo = world.advocate("ana@shop.example"), world.advocate("bo@shop.example")
    world.claim(ana.code, "fe@mail.example")
    world.tell(with_token(token(world, bo.code)))
    assert decided(world) == [(bo.id, "token", "pending", ("in_hold",))]


@pytest.mark.parametrize("text", ["forged", "a.b", ""])
def test_a_forged_token_is_nothing(world: World, text: str) -> None:
    world.advocate("ana@shop.example")
    world.tell(with_token(text))
    assert decided(world) == []


def test_a_token_of_another_store_is_nothing_here(world: World) -> None:
    other = World(world.clock)
    ana = world.advocate("ana@shop.example")
    other.tell(with_token(token(world, ana.code)))
    other.tell(with_token(token(other, ana.code)))
    assert decided(other) == []


def test_a_token_counts_for_the_programmes_days(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    world.clock.move(91 * DAY)
    world.tell(with_token(token(world, ana.code), 90.5))
    assert decided(world) == [(ana.id, "token", "rejected", ("too_late",))]
