"""What the check of settled orders finds, and that as many deliveries wait as shall."""

from __future__ import annotations

import pytest

from bench import check, inbox
from bench.databases import connected
from bench.traffic import Shop

SHOP = Shop(store="str_1", secret="", back="str_2", codes=10)
_TABLES = """
CREATE TABLE inbox_delivery (seq INTEGER PRIMARY KEY, store_id, key, adapter, received_at, headers,
    body, state, attempts, problem);
CREATE TABLE orders_order (id, store_id, external_id);
CREATE TABLE referrals_referral (store_id, order_id)
"""


@pytest.fixture
def connection(tmp_path):
    """Four deliveries of which three are settled; every second names a code."""
    with connected(f"sqlite:///{tmp_path / 'settled.sqlite3'}") as opened:
        for statement in _TABLES.split(";"):
            opened.change(statement, [()])
        assert inbox.fill(opened, "str_2", 10, 4) == 4
        opened.change("UPDATE inbox_delivery SET state = ? WHERE seq < 4", [("settled",)])
        for number in range(3):
            opened.change(
                "INSERT INTO orders_order VALUES (?, ?, ?)",
                [(f"ord_{number}", "str_2", f"order-{number}")],
            )
        opened.change("INSERT INTO referrals_referral VALUES (?, ?)", [("str_2", "ord_1")])
        yield opened


def test_all_that_was_settled_is_there(connection):
    assert check.settled(connection, SHOP, told=4, done=3) == []


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        (
            "DELETE FROM inbox_delivery WHERE seq = 4",
            "deliveries told to the settled store: 4, and 3 are stored",
        ),
        (
            "DELETE FROM orders_order WHERE id = 'ord_2'",
            "orders acknowledged and lost: 1 (order-2)",
        ),
        (
            "INSERT INTO orders_order VALUES ('ord_9', 'str_2', 'order-0')",
            "orders stored more than once: 1 (order-0)",
        ),
        ("DELETE FROM referrals_referral", "referrals acknowledged and lost: 1 (order-1)"),
        (
            "UPDATE inbox_delivery SET state = 'dead' WHERE seq = 4",
            "deliveries not settled for good: 1 (dlv_order-3 is dead)",
        ),
    ],
)
def test_what_is_not_as_settled_is_found(connection, statement, finding):
    connection.change(statement, [()])
    assert check.settled(connection, SHOP, told=4, done=3) == [finding]


def test_what_settling_said_is_compared_too(connection):
    assert check.settled(connection, SHOP, told=4, done=4) == [
        "deliveries settled: 4, and 3 are stored"
    ]


def test_only_what_is_missing_is_filled_up_with_new_orders(connection):
    assert inbox.fill(connection, "str_2", 10, 1) == 4
    assert inbox.fill(connection, "str_2", 10, 3) == 6
    assert inbox.counts(connection, "str_2") == (6, 3)
    keys = connection.read("SELECT key FROM inbox_delivery ORDER BY seq")
    assert [key for (key,) in keys] == [f"dlv_order-{number}" for number in range(6)]
