"""However many stores there are, the doors look up those that are asked for."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.world import World
from wordmouth.api import codes
from wordmouth.visits import links

pytestmark = pytest.mark.database


@pytest.mark.parametrize("question", [links._LINKS, codes._OWNERS])
def test_no_door_reads_all_stores(world: World, question: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite looks everything up row by row")
    code = world.advocate("ana@shop.example").code
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stores_store (id, slug, name, currency, locale, shop_url, host, lands_on, "
            "brand, created_at) SELECT 'str_' || n, 'store-' || n, 'One of many', 'EUR', 'en', '', "
            "'', 'friend_page', '{}', now() FROM generate_series(1, 2000) AS n"
        )
        cursor.execute("ANALYZE stores_store, stores_storeversion")
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(f"PREPARE asked (text[]) AS {question.format(in_set='= ANY($1)')}")
        # Prepared, it has one plan for all sets; what is planned for this one alone says nothing.
        cursor.execute(f"EXPLAIN EXECUTE asked (ARRAY['{code}'])")
        steps = "\n".join(step for (step,) in cursor.fetchall())
        cursor.execute("DEALLOCATE asked")
    assert "Seq Scan on stores_" not in steps, steps
