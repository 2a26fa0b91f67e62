"""Lists are read in sets: more rows, not more queries."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.world import World

LISTS = ["advocates", "referrals", "rewards", "rewards?status=pending", "deliveries", "effects"]


def queries(world: World, path: str) -> tuple[int, int]:
    """How many rows a list has and how many queries it takes."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = world.api.get(path)
    assert answer.status == 200
    return len(answer.data["data"]), len(captured)


def busy(world: World, numbers: range) -> None:
    for number in numbers:
        world.refer(number)
        email = f"other{number}@acme.example.com"
        world.api.post("advocates", {"email": email})
        world.public.post("claims", {"code": world.code, "email": email})


@pytest.mark.parametrize("path", LISTS)
def test_a_list_takes_the_same_queries_however_long(world: World, path: str) -> None:
    busy(world, range(1, 3))
    few, queries_for_few = queries(world, path)
    busy(world, range(3, 6))
    many, queries_for_many = queries(world, path)
    assert many > few
    assert queries_for_many == queries_for_few <= 10


def test_one_of_each_takes_few_queries(world: World) -> None:
    referral = world.refer()
    counts: dict[str, Any] = {}
    for path in (
        f"referrals/{referral}",
        f"advocates/{world.advocate}",
        f"advocates/{world.advocate}/wallet",
        f"orders/{world.order}",
        f"programs/{world.program}",
    ):
        with CaptureQueriesContext(connection) as captured:
            assert world.api.get(path).status == 200
        counts[path] = len(captured)
    assert max(counts.values()) <= 9, counts
