"""What is done again and again is one effect, asked for anew under the same key."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.world import World
from wordmouth.outbox import queries, services, states
from wordmouth.outbox.facts import EffectFacts, EffectRequest, LeasedEffect

ASKED = EffectRequest(key="shop.poll:woo:order", kind="shop.poll", payload={"kind": "order"})


def ask(world: World) -> None:
    with world.write():
        services.again([ASKED])


def leased(world: World) -> LeasedEffect:
    (effect,) = services.lease(world.store.id, 1)
    return effect


def known(world: World) -> EffectFacts:
    with world.read():
        (effect,) = queries.by_keys([ASKED.key]).values()
    return effect


def test_a_done_effect_is_due_anew_and_stays_one(world: World) -> None:
    for turn in range(3):
        ask(world)
        effect = leased(world)
        assert (effect.attempts, effect.fence) == (1, turn + 1)
        with world.write():
            services.finish(effect, {"turn": turn})
        assert (known(world).state, known(world).result) == (states.DONE, {"turn": turn})
    assert services.lease(world.store.id, 1) == []


@pytest.mark.parametrize("ended", ["fail", "hopeless"])
def test_one_that_failed_or_was_given_up_is_due_at_once_with_all_its_tries(
    world: World, ended: str
) -> None:
    ask(world)
    for _ in range(4):
        effect = leased(world)
        with world.write():
            getattr(services, ended)(effect, "The shop is away.")
        if known(world).state == states.DEAD:
            break
        world.clock.move(timedelta(hours=1))
    ask(world)
    assert known(world).due_at == world.clock.now()
    assert leased(world).attempts == 1


def test_one_that_is_under_way_goes_on(world: World) -> None:
    ask(world)
    effect = leased(world)
    ask(world)
    assert known(world).state == states.LEASED
    with world.write():
        assert services.finish(effect, {})
    assert known(world).state == states.DONE
