"""Rewards of an older version come through the migrations, and back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.harness.migrations import Migrate
from tests.world import GIVE_10_GET_10, START, World
from wordmouth.kit import clock
from wordmouth.programs import queries as programs
from wordmouth.project import audit
from wordmouth.rewards.promises import promised_since

BEFORE = [("rewards", "0005_redemptions_stand_again")]
FRIEND = {"kind": "amount_off", "value": 500, "expires_days": 10}


@pytest.fixture
def world(migrate: Migrate) -> World:
    """Friends have claims of two different hours, and one of them ran out."""
    offers = [{**GIVE_10_GET_10["offers"][0], "friend": FRIEND}]
    with clock.using(clock.SetClock(START)) as watch:
        assert isinstance(watch, clock.SetClock)
        made = World(watch, {**GIVE_10_GET_10, "offers": offers})
        ana = made.advocate("ana@mail.example")
        made.claim(ana.code, "early@mail.example")
        made.move(11)
        for name in ("a", "b"):
            made.claim(ana.code, f"{name}@mail.example")
        watch.move(timedelta(minutes=50))
        made.claim(ana.code, "c@mail.example")
    return made


def test_what_was_promised_is_summed(world: World, migrate: Migrate) -> None:
    migrate(BEFORE)
    migrate()
    with world.read():
        program = programs.program("give-10-get-10").id
        assert promised_since(program, START - timedelta(days=1)) == 1500
    assert audit.verify(world.store.id).findings == []
