"""`verify` and `replay` find what is not as it must be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps

from tests.world import World, at, paid
from wordmouth.ledger.facts import Movement
from wordmouth.ledger.services import mirror, post
from wordmouth.project import audit

Harm = Callable[[World], None]


def changed(label: str, **to: object) -> Harm:
    """Rows of a model that are changed behind everybody's back."""

    def harm(world: World) -> None:
        with world.read():
            assert apps.get_model(label)._default_manager.update(**to)

    return harm


def forged_posting(world: World) -> None:
    movement = Movement(
        reference="nothing", source="expense:x", destination="available:x", amount=5, unit="EUR"
    )
    with world.write():
        post(world.store.id, [movement])


def undone_posting(world: World) -> None:
    with world.read():
        reward = apps.get_model("rewards.Reward")._default_manager.get(party="advocate")
    with world.write():
        mirror(world.store.id, [reward.posted["promise"]])


def foreign_advocate(world: World) -> None:
    other = World(world.clock).advocate("eve@shop.example")
    changed("referrals.Referral", advocate_id=other.id)(world)


@pytest.fixture
def proven(world: World) -> World:
    ana = world.advocate("ana@shop.example")
    claim = world.claim(ana.code, "fe@mail.example")
    world.tell(paid("1", "fe@mail.example", at(1), codes=(claim.coupon_code,)))
    world.move(40)
    assert audit.verify(world.store.id).findings == []
    assert audit.replay(world.store.id).findings == []
    return world


@pytest.mark.parametrize(
    "harm",
    [
        changed("rewards.Reward", state="withdrawn"),
        changed("rewards.Reward", value=7),
        changed("rewards.Reward", posted={}),
        forged_posting,
        undone_posting,
        foreign_advocate,
    ],
)
def test_verify_finds_what_the_books_and_references_do_not_say(proven: World, harm: Harm) -> None:
    harm(proven)
    assert audit.verify(proven.store.id).findings != []


@pytest.mark.parametrize(
    "harm",
    [
        changed("referrals.Referral", status="rejected"),
        changed("referrals.Referral", amount=1),
        changed("referrals.Referral", released_at=None),
        changed("orders.Order", cancelled_at=at(2)),
        changed("orders.Order", items=100),
        changed("rewards.Reward", state="pending"),
        changed("visits.Claim", claimed_at=at(0) - timedelta(days=200)),
    ],
)
def test_replay_finds_decisions_that_the_facts_do_not_lead_to(proven: World, harm: Harm) -> None:
    harm(proven)
    assert audit.replay(proven.store.id).findings != []
