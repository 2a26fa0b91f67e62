"""Rows written at once are as the web framework would have written them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import Error, connection
from django.test.utils import CaptureQueriesContext

from tests.world import START
from wordmouth.kit import clock
from wordmouth.outbox.models import Effect
from wordmouth.people.models import Person, PersonKey
from wordmouth.stores import services as stores
from wordmouth.stores import tables
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_write

pytestmark = [pytest.mark.django_db, pytest.mark.database]

MOMENTS = (START, datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC))


@pytest.fixture
def store() -> StoreFacts:
    return stores.create_store("Tea & Co", slug="tables").store


def effects(store: StoreFacts, *, first: int = 0, kind: str = "try") -> list[Effect]:
    """Effects with everything that is stored otherwise by each database."""
    payload = {"text": "ŠÕ \u2028 \"'%s", "numbers": [1, None, True], "deep": {"x": 1.5}}
    return [
        Effect(
            id=f"eff_{number}",
            store_id=store.id,
            key=f"key-{number}",
            kind=kind,
            payload=payload,
            due_at=at,
            created_at=at,
        )
        for number, at in enumerate(MOMENTS, first)
    ]


def raw() -> list[tuple[object, ...]]:
    """The rows as the database holds them, but for their ids and keys; JSON is read back apart,
    for its spaces mean nothing."""
    left_out = ("id", "key", "payload", "result")
    columns = ", ".join(
        str(one.column) for one in Effect._meta.concrete_fields if one.name not in left_out
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM outbox_effect ORDER BY id")
        return list(cursor.fetchall())


def test_they_are_as_the_web_framework_writes_them(store: StoreFacts) -> None:
    with store_write(store.id):
        Effect.objects.bulk_create(effects(store))
        before = raw()
        Effect.objects.all().delete()
        tables.insert_rows(effects(store))
        assert raw() == before
        told = [(one.payload, one.result) for one in effects(store)]
        assert [(one.payload, one.result) for one in Effect.objects.order_by("id")] == told
        deep = Effect.objects.filter(payload__deep__x=1.5, payload__text=told[0][0]["text"])
        assert deep.count() == len(told), "the framework finds what is inside"


def test_any_number_of_rows_is_one_statement(store: StoreFacts) -> None:
    with store_write(store.id):
        for count in (1, 700):
            made = [
                Person(
                    id=f"per_{count}_{number}",
                    store_id=store.id,
                    root_id=f"per_{count}_{number}",
                    created_at=clock.now(),
                )
                for number in range(count)
            ]
            with CaptureQueriesContext(connection) as asked:
                tables.insert_rows(made)
            assert len(asked) == 1
        assert Person.objects.count() == 701
        with CaptureQueriesContext(connection) as asked:
            tables.insert_rows([])
        assert len(asked) == 0


def test_what_is_there_is_left_or_written_over(store: StoreFacts) -> None:
    with store_write(store.id):
        tables.insert_rows(effects(store))
        tables.insert_rows(effects(store, kind="other"), ignore=True)
        assert {one.kind for one in Effect.objects.all()} == {"try"}
        later = effects(store, kind="other")
        for one in later:
            one.due_at = START + timedelta(days=1)
        tables.insert_rows(later, unique=("store", "key"), update=("kind",))
        assert {one.kind for one in Effect.objects.all()} == {"other"}
        assert {one.due_at for one in Effect.objects.all()} == set(MOMENTS), "told to keep it"


def test_what_is_there_is_refused_otherwise(store: StoreFacts) -> None:
    with store_write(store.id):
        tables.insert_rows(effects(store))
    with pytest.raises(Error), store_write(store.id):
        tables.insert_rows(effects(store))


def test_a_column_that_cannot_hold_a_value_refuses_all(store: StoreFacts) -> None:
    person = Person(id="per_1", store_id=store.id, root_id="per_1", created_at=clock.now())
    keys = [
        PersonKey(store_id=store.id, kind=kind, value="a@mail.example", person_id="per_1")
        for kind in ("email", "customer")
    ]
    keys[1].person_id = None  # type: ignore[assignment]
    with store_write(store.id):
        tables.insert_rows([person])
    with pytest.raises(Error), store_write(store.id):
        tables.insert_rows(keys)
    with store_write(store.id):
        assert not PersonKey.objects.exists()


def test_plain_values_are_written_with_the_defaults_of_what_they_leave_out(
    store: StoreFacts,
) -> None:
    named = ("id", "store_id", "key", "kind", "payload", "due_at", "created_at")
    with store_write(store.id):
        Effect.objects.bulk_create(effects(store))
        before = raw()
        Effect.objects.all().delete()
        plain = [{name: getattr(row, name) for name in named} for row in effects(store)]
        tables.insert_values(Effect, plain)
        assert raw() == before
        tables.insert_values(Effect, plain, ignore=True)
        tables.insert_values(Effect, [])
        assert raw() == before
