"""Whatever somebody does to the rows of the ledger, past the product, `verify` finds it."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from django.db import connection

from tests.ledger import tampering
from tests.ledger.books import keep_books
from tests.ledger.hands import rounds
from tests.world import World
from wordmouth.ledger import chain, queries
from wordmouth.ledger.facts import Finding
from wordmouth.ledger.verify import verify_store

ROUNDS = {"sqlite": 1000, "postgresql": 200}
PARTS = 4
SEED = 20_260_301


@pytest.fixture
def books(transactional_db: None, world: World) -> list[World]:
    """Some two hundred postings of one store, and a few of another."""
    other = World(world.clock)
    keep_books(world, Random(SEED))
    keep_books(other, Random(SEED + 1), sets=3)
    return [world, other]


def found(worlds: list[World]) -> list[Finding]:
    findings: list[Finding] = []
    for world in worlds:
        with world.read():
            findings += verify_store()
    return findings


@pytest.mark.parametrize("part", range(PARTS))
def test_a_thousand_tamperings_are_all_found(books: list[World], tmp_path: Path, part: int) -> None:
    draw, there = Random(SEED + part), rounds(tmp_path)
    with there.round():
        assert found(books) == []
    with books[0].read():
        assert 180 <= queries.count() <= 260
    for number in range(ROUNDS[connection.vendor] // PARTS):
        with there.round() as hands:
            told = tampering.tamper(hands, draw, number)
            assert found(books), f"round {number} was not found: {told}"
    assert found(books) == []


@pytest.mark.parametrize(
    ("field", "column", "nothing"),
    [("at", "at", 0), ("amount", "amount", 1), ("reference", "reference", "")],
)
def test_a_hash_that_leaves_something_out_is_caught(
    transactional_db: None,
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    field: str,
    column: str,
    nothing: object,
) -> None:
    """A planted bug: were it not stamped, tampering with it would go unnoticed in some round."""
    whole = chain.Stamp.posting
    monkeypatch.setattr(
        chain.Stamp, "posting", lambda self, link: whole(self, link._replace(**{field: nothing}))
    )
    keep_books(world, Random(SEED))
    draw, there = Random(SEED), rounds(tmp_path)
    unseen = 0
    for _ in range(20):
        with there.round() as hands:
            tampering.change_one(hands, draw, column)
            unseen += not found([world])
    assert unseen
