"""Rows looked up by their keys are as the web framework would have told them."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope, scopes_disabled
from django_scopes.exceptions import ScopeError

from tests.world import START
from wordmouth.outbox.models import Effect
from wordmouth.stores import rows
from wordmouth.stores import services as stores
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.models import Store

pytestmark = [pytest.mark.django_db, pytest.mark.database]

MOMENTS = (START, datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC))
PAYLOAD: dict[str, object] = {
    "text": "ŠÕ \u2028 \"'%s",
    "numbers": [1, None, True],
    "deep": {"x": 1.5},
}


class EffectFacts(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    due_at: datetime
    payload: dict[str, object]


@pytest.fixture
def store() -> StoreFacts:
    return stores.create_store("Tea & Co", slug="rows").store


@pytest.fixture(autouse=True)
def effects(store: StoreFacts) -> None:
    """Two effects of a store, with everything that each database tells otherwise, and another
    store with one that is like the first."""
    other = stores.create_store("Coffee & Co", slug="other").store
    owners = [(store, 0), (store, 1), (other, 0)]
    with scopes_disabled():
        Effect.objects.bulk_create(
            Effect(
                id=f"eff_{owner.slug}_{number}",
                store_id=owner.id,
                key=f"key-{number}",
                kind="try",
                payload=PAYLOAD,
                attempts=number,
                due_at=MOMENTS[number],
                leased_until=MOMENTS[number] if number else None,
                created_at=START,
            )
            for owner, number in owners
        )


def test_records_are_as_the_web_framework_reads_them(store: StoreFacts) -> None:
    with scope(store=store.id):
        by_us = rows.read_records(Effect, order_by=("id",), key__in=["key-0", "key-1", "none"])
        by_it = list(Effect.objects.order_by("id"))
    names = [field.attname for field in Effect._meta.concrete_fields]
    assert len(by_us) == 2
    assert [[getattr(row, name) for name in names] for row in by_us] == [
        [getattr(row, name) for name in names] for row in by_it
    ]
    assert not by_us[0]._state.adding


def test_facts_are_made_of_the_columns_of_their_fields(store: StoreFacts) -> None:
    with scope(store=store.id):
        found = rows.read_facts(Effect, EffectFacts, kind="try", key="key-1")
    assert found == [EffectFacts(id="eff_rows_1", due_at=MOMENTS[1], payload=PAYLOAD)]


def test_what_is_empty_is_asked_for_by_none(store: StoreFacts) -> None:
    with scope(store=store.id):
        assert rows.read(Effect, ("key",), leased_until=None) == [("key-0",)]


def test_moments_are_compared_as_they_are_stored(store: StoreFacts) -> None:
    with scope(store=store.id):
        until = rows.read(Effect, ("key",), order_by=("key",), due_at__lte=MOMENTS[1])
        before = rows.read(Effect, ("key",), due_at__lt=MOMENTS[1])
    assert (until, before) == ([("key-0",), ("key-1",)], [("key-0",)])


def test_sums_are_by_the_value_of_a_column(store: StoreFacts) -> None:
    with scope(store=store.id):
        found = rows.read_sums(Effect, "attempts", "kind", key__in=["key-0", "key-1"])
    assert found == {"try": 1}
    assert type(found["try"]) is int


def test_a_statement_is_the_same_however_many_keys_there_are(store: StoreFacts) -> None:
    with CaptureQueriesContext(connection) as asked, scope(store=store.id):
        for count in (1, 3):
            rows.read(Effect, ("id",), key__in=[f"key-{number}" for number in range(count)])
    assert len(asked) == 2
    if connection.vendor == "sqlite":
        few, many = (one["sql"].partition("json_each")[0] for one in asked)
        assert few == many


def test_nothing_is_asked_about_nobody(store: StoreFacts, django_assert_num_queries) -> None:
    with django_assert_num_queries(0), scope(store=store.id):
        assert rows.read(Effect, ("id",), key__in=[]) == []
        assert rows.read_sums(Effect, "attempts", "kind", key__in=iter(())) == {}


def test_rows_are_of_one_store_only(store: StoreFacts) -> None:
    with pytest.raises(ScopeError):
        rows.read(Effect, ("id",), key="key-0")
    with scopes_disabled(), pytest.raises(ScopeError):
        rows.read_sums(Effect, "attempts", "kind", key="key-0")
    assert len(rows.read_everywhere(Store, ("slug",), slug__in=["rows", "other"])) == 2
