"""Books that stood before the chain are chained when the database is brought to this version."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps as live
from django.db import DatabaseError, connection, transaction
from django_scopes import scopes_disabled

from tests.harness.migrations import Migrate
from tests.world import START, World
from wordmouth.kit import clock
from wordmouth.ledger import queries
from wordmouth.ledger.facts import Movement
from wordmouth.ledger.services import mirror, post
from wordmouth.ledger.verify import verify_store

BEFORE = [("ledger", "0002_append_only")]


def movement(reference: str, amount: int) -> Movement:
    return Movement(
        reference=reference, source="expense", destination="owed", amount=amount, unit="EUR"
    )


def old_books(apps, store_id: str) -> None:
    """What an older version left: accounts opened a little early, and one that nobody used."""
    account = apps.get_model("ledger", "Account")
    posting = apps.get_model("ledger", "Posting")
    early = START - timedelta(microseconds=7)
    names = {"a": "expense", "b": "owed", "c": "unused"}
    for key, name in names.items():
        account(id=f"acc_{key}", store_id=store_id, name=name, unit="EUR", opened_at=early).save()
    given = {"store_id": store_id, "unit": "EUR", "amount": 5}
    there = {"source_id": "acc_a", "destination_id": "acc_b"}
    back = {"source_id": "acc_b", "destination_id": "acc_a"}
    posting(id="ent_b", reference="one", at=START, **there, **given).save()
    posting(
        id="ent_a", reference="mirror:one", at=START, mirrors_id="ent_b", **back, **given
    ).save()
    posting(id="ent_c", reference="two", at=START + timedelta(days=1), **there, **given).save()


def test_books_of_an_older_version_are_chained(migrate: Migrate, world: World) -> None:
    store = world.store.id
    old = migrate(BEFORE)
    old_books(old, store)
    migrate()
    with world.write():
        assert verify_store() == []
        assert queries.head().seq == 3
        lines = queries.entries(["owed"])
        assert [line.id for line in reversed(lines)] == ["ent_b", "ent_a", "ent_c"]
        assert set(queries.all_balances().values()) == {-5, 5}
        post(store, [movement("three", 1)])
        assert verify_store() == []


def test_the_chain_can_be_taken_back_and_made_anew(migrate: Migrate, world: World) -> None:
    store = world.store.id
    with clock.using(world.clock), world.write():
        post(store, [movement("a", 10), movement("b", 20)])
        mirror(store, ["a"])
        before = queries.all_balances()
    migrate(BEFORE)
    assert_append_only()
    migrate()
    assert_append_only()
    with world.read():
        assert verify_store() == []
        assert queries.all_balances() == before


def assert_append_only() -> None:
    statement = "UPDATE ledger_posting SET amount = amount + 1"
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_head_only_moves_on(world: World) -> None:
    with world.write():
        post(world.store.id, [movement("a", 10), movement("b", 20)])
    with scopes_disabled():
        heads = live.get_model("ledger.Head").objects.all()
        for harm in (lambda: heads.update(seq=1), heads.delete):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                harm()
