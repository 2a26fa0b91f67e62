"""The ledger: double entry, append-only, provable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.world import START, World
from wordmouth.kit import clock
from wordmouth.ledger import queries
from wordmouth.ledger.errors import NothingToMirror
from wordmouth.ledger.facts import Movement
from wordmouth.ledger.services import mirror, post
from wordmouth.ledger.verify import verify_store


def movement(reference: str, amount: int = 100, unit: str = "EUR") -> Movement:
    return Movement(
        reference=reference, source="expense", destination="owed", amount=amount, unit=unit
    )


@pytest.fixture
def books(world: World) -> Iterator[str]:
    with world.write():
        yield world.store.id


def test_what_goes_out_of_one_account_comes_into_another(books: str) -> None:
    post(books, [movement("a"), movement("b", 50), movement("c", 7, "CPN")])
    assert queries.all_balances() == {
        ("expense", "EUR"): -150,
        ("owed", "EUR"): 150,
        ("expense", "CPN"): -7,
        ("owed", "CPN"): 7,
    }
    assert verify_store() == []


def test_a_past_balance_can_be_rebuilt(books: str) -> None:
    post(books, [movement("a")])
    watch = clock.SetClock(START + timedelta(days=2))
    with clock.using(watch):
        post(books, [movement("b", 50)])
        mirror(books, ["a"])
    assert queries.balances(["owed"], START + timedelta(days=1)) == {("owed", "EUR"): 100}
    assert queries.balances(["owed"]) == {("owed", "EUR"): 50}


def test_postings_of_one_moment_are_told_apart_by_their_numbers(books: str) -> None:
    post(books, [movement("a"), movement("b", 50), movement("c", 7)])
    assert queries.balances(["owed"], START) == {("owed", "EUR"): 157}
    assert queries.balances(["owed"], START - timedelta(microseconds=1)) == {("owed", "EUR"): 0}
    assert queries.balances(["owed"], before=3) == {("owed", "EUR"): 150}
    newest = queries.entries(["owed"], 2)
    assert [(entry.seq, entry.reference) for entry in newest] == [(3, "c"), (2, "b")]
    older = queries.entries(["owed"], 2, before=newest[-1].seq)
    assert [(entry.seq, entry.reference) for entry in older] == [(1, "a")]


def test_balances_of_a_kind_of_account_are_found_by_its_beginning(books: str) -> None:
    post(books, [movement("a"), movement("b", 7, "CPN")])
    assert queries.balances_under("ow") == {("owed", "EUR"): 100, ("owed", "CPN"): 7}
    assert queries.balances_under("w") == {}


def test_a_reference_is_posted_once(books: str) -> None:
    post(books, [movement("a")])
    with pytest.raises(IntegrityError), transaction.atomic():
        post(books, [movement("a")])


def test_a_posting_is_undone_once(books: str) -> None:
    post(books, [movement("a")])
    mirror(books, ["a"])
    assert queries.balances(["owed"]) == {("owed", "EUR"): 0}
    assert queries.references(["a"]) == {"a": False}
    with pytest.raises(IntegrityError), transaction.atomic():
        mirror(books, ["a"])
    with pytest.raises(NothingToMirror, match="'nothing'"):
        mirror(books, ["nothing"])


@pytest.mark.parametrize("amount", [0, -1])
def test_only_amounts_above_zero_move(books: str, amount: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        post(books, [movement("a", amount)])


def test_a_movement_needs_two_accounts(books: str) -> None:
    same = Movement(reference="a", source="owed", destination="owed", amount=1, unit="EUR")
    with pytest.raises(IntegrityError), transaction.atomic():
        post(books, [same])


@pytest.mark.parametrize("table", ["ledger_posting", "ledger_account"])
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "UPDATE {} SET unit = 'USD'"])
def test_the_database_itself_refuses_changes(books: str, table: str, verb: str) -> None:
    post(books, [movement("a")])
    statement = verb.format(table)
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
