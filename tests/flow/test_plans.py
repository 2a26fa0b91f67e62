"""However much a store has, a batch asks for what it is about and for nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.flow.test_settling import delivered
from tests.world import START, World
from wordmouth.project import plans, settle

BATCH = 50
A_FEW = {"programs_program", "programs_programversion", "programs_statuschange", "ledger_head"}
"""Tables of which a store has a handful of rows."""
ASKED_FOR = "json_each"
"""The set of keys itself, which is gone through whole."""

Asked = list[tuple[str, Any]]


@pytest.fixture
def as_started(world: World) -> Iterator[World]:
    """A store in a database as the server leaves it when it starts."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by what it has counted, and a test has nothing to count")
    plans.tell_sizes()
    yield world
    forget_sizes()


def forget_sizes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")


def asked_in_a_batch(world: World) -> Asked:
    """The statements by which a batch is settled: half of its orders came by a friend."""
    code = world.advocate("ana@shop.example").code
    for number in range(BATCH):
        delivered(
            world,
            str(number),
            totals={"grand": 5000},
            customer={"id": f"c-{number}", "email": f"friend{number}@mail.example"},
            placed_at=START.isoformat(),
            paid_at=START.isoformat(),
            discount_codes=[code] if number % 2 else [],
        )
    asked: Asked = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and sql.startswith(("SELECT", "UPDATE", "DELETE")):
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        assert settle.settle_store(world.store.id, BATCH) == BATCH
    assert len(asked) > 20
    return asked


def read_whole(asked: Asked) -> set[str]:
    """The steps that read all rows of a store in a table, or all that there are; not those that
    read in the order of an index until they have enough."""
    found = set()
    with connection.cursor() as cursor:
        for sql, params in asked:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            steps = [step for *_, step in cursor.fetchall()]
            if "LIMIT" in sql and "TEMP B-TREE" not in " ".join(steps):
                continue
            for step in steps:
                whole = step.startswith("SCAN") or step.endswith("(store_id=?)")
                if whole and step.split()[1] not in {*A_FEW, ASKED_FOR}:
                    found.add(step)
    return found


def test_no_batch_reads_a_whole_store(as_started: World) -> None:
    assert read_whole(asked_in_a_batch(as_started)) == set()


def test_without_sizes_it_would(as_started: World) -> None:
    forget_sizes()
    assert read_whole(asked_in_a_batch(as_started)) != set()


def test_what_is_told_again_is_told_once(as_started: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx")
        before = cursor.fetchall()
        plans.tell_sizes()
        cursor.execute("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx")
        assert cursor.fetchall() == before
    told = {index: stat for _, index, stat in before}
    assert told["person_by_root"] == "1000000 100000 20"
    assert told["sqlite_autoindex_orders_order_1"] == "1000000 1"
    assert told["sqlite_autoindex_people_personkey_1"] == "1000000 100000 10000 1"
