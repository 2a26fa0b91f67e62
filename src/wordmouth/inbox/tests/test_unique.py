"""The unique key of deliveries carries "each fact once": without it the test below would fail."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection

from tests.world import World
from wordmouth.inbox import services
from wordmouth.inbox.models import Delivery

pytestmark = pytest.mark.django_db(transaction=True)


def stored_when_told_by_ten(world: World) -> int:
    """How many rows the same delivery makes that ten connections tell at once."""
    failures: list[DatabaseError] = []

    def tell() -> None:
        try:
            with world.write():
                services.receive(world.store.id, "generic", "msg_1", {}, b"{}")
        except DatabaseError as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=tell) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with world.read():
        return Delivery.objects.count()


def test_a_delivery_told_by_many_at_once_is_one_row(world: World) -> None:
    assert stored_when_told_by_ten(world) == 1


@pytest.fixture
def without_unique_key() -> Iterator[None]:
    kept = Delivery._meta.constraints
    (key,) = (constraint for constraint in kept if constraint.name == "delivery_once")
    Delivery._meta.constraints = [constraint for constraint in kept if constraint is not key]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Delivery, key)
    yield
    Delivery._base_manager.all().delete()
    Delivery._meta.constraints = kept
    with connection.schema_editor() as editor:
        editor.add_constraint(Delivery, key)


def test_a_dropped_unique_key_is_caught(world: World, without_unique_key: None) -> None:
    assert stored_when_told_by_ten(world) > 1
