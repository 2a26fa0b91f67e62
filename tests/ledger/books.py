"""A ledger to tamper with: some two hundred postings of several units, some of them undone."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from tests.world import START, World
from wordmouth.kit import clock
from wordmouth.ledger.facts import Movement
from wordmouth.ledger.services import mirror, post

UNITS = ("EUR", "JPY", "PTS", "CPN")
HOLDERS = ("ana", "ben", "eve")


def keep_books(world: World, draw: Random, sets: int = 40) -> None:
    """Post in sets of one to seven, hours apart, and undo some of it."""
    standing: list[str] = []
    with clock.using(clock.SetClock(START)) as watch, world.write():
        assert isinstance(watch, clock.SetClock)
        for number in range(sets):
            moves = [_movement(f"m{number}-{n}", draw) for n in range(draw.randint(2, 7))]
            post(world.store.id, moves)
            standing += [move.reference for move in moves]
            watch.move(timedelta(seconds=draw.randint(0, 9999), microseconds=draw.randint(0, 9)))
            if number % 3 == 0:
                draw.shuffle(standing)
                mirror(world.store.id, [standing.pop() for _ in range(draw.randint(1, 2))])


def _movement(reference: str, draw: Random) -> Movement:
    holder, unit = draw.choice(HOLDERS), draw.choice(UNITS)
    source, destination = draw.choice(
        [
            ("expense:give-10", f"pending:{holder}"),
            (f"pending:{holder}", f"available:{holder}"),
            (f"available:{holder}", "redeemed:give-10"),
        ]
    )
    return Movement(
        reference=reference,
        source=source,
        destination=destination,
        amount=draw.randint(1, 5000),
        unit=unit,
    )
