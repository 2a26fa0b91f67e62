"""What the engine is told of orders and customers, whatever happens in between."""

from __future__ import annotations

import time
from itertools import count
from pathlib import Path

import pytest

from tests.harness.server import free_port
from tests.oscar.running import eventually
from tests.vendure.people import Shopper, Staff
from tests.vendure.running import Shops, built, command, place, shop_program

pytestmark = [pytest.mark.database, pytest.mark.timeout(1800)]

_numbers = count(1)


def shopper(shop: str) -> Shopper:
    return Shopper(shop, f"buyer-{next(_numbers)}@example.com")


def bought(shop: str, method: str = "card") -> str:
    """The code of an order of two packets of tea."""
    buyer = shopper(shop)
    buyer.fill_cart()
    return str(buyer.buy(method)["code"])


def test_an_order_as_it_is_told(shops: Shops) -> None:
    told = shops.order(bought(shops.shop))
    assert told["currency"] == "EUR"
    totals = {"items": 4167, "discount": 0, "shipping": 500, "tax": 833, "grand": 5500}
    assert {name: told["totals"][name] for name in totals} == totals
    (line,) = told["lines"]
    assert (line["sku"], line["name"], line["quantity"]) == ("TEA-9", "Tea, 100 g", 2)
    assert told["shipping_address"]["country"] == "EE"


def test_money_that_comes_later_is_paid_later(shops: Shops, staff: Staff) -> None:
    code = bought(shops.shop, "invoice")
    assert not shops.order(code).get("paid_at")
    staff.settle_payment(code)
    shops.told(code, lambda seen: seen.get("paid_at"))


@pytest.mark.parametrize("first", ["refund", "cancel"])
def test_a_piece_that_goes_back_is_told_once(shops: Shops, staff: Staff, first: str) -> None:
    code = bought(shops.shop)
    steps = {
        "refund": lambda: staff.settle_refund(staff.begin_refund(code, 2500, quantity=1)),
        "cancel": lambda: staff.cancel(code, 1),
    }
    steps.pop(first)()
    if first == "cancel":
        shops.told(code, lambda seen: seen["totals"]["grand"] == 3000)
    (second,) = steps.values()
    second()
    told = shops.told(code, lambda seen: seen["refunds"] and seen["totals"]["grand"] == 5500)
    (refund,) = told["refunds"]
    assert (refund["amount"], [one["quantity"] for one in refund["lines"]]) == (2500, [1])
    time.sleep(2)
    assert shops.order(code)["totals"] == told["totals"], "nor is it told again otherwise"


def test_a_cancelled_order_is_cancelled(shops: Shops, staff: Staff) -> None:
    code = bought(shops.shop)
    staff.cancel(code, 2)
    shops.told(code, lambda seen: seen.get("cancelled_at"))


def test_an_engine_that_is_away_is_told_afterwards(shops: Shops) -> None:
    shops.server.kill()
    try:
        code = bought(shops.shop)
    finally:
        shops.server.start()
    assert shops.order(code)["totals"]["grand"] == 5500


def test_the_past_is_told(shops: Shops, tmp_path: Path) -> None:
    """A shop that sold before it was connected: its history follows."""
    with place(tmp_path) as database:
        kept = {"VENDURE_DB": database or str(tmp_path / "shop.sqlite")}
        port = free_port()
        with shop_program(tmp_path / "before", kept, port=port):
            codes = [bought(f"http://localhost:{port}") for _ in range(2)]
        connected = {**kept, **shops.settings}
        config = str(built("shop", "config.js"))
        marked = command(connected, "backfill", config)
        assert marked["marked"] == {"product": 1, "customer": 2, "order": 2}
        with shop_program(tmp_path / "after", connected, port=port):
            for code in codes:
                assert shops.order(code)["totals"]["grand"] == 5500
            eventually(
                "nothing to wait any more",
                lambda: command(connected, "status", config)["pending"],
                lambda seen: seen == {"count": 0, "oldest": 0, "lastError": ""},
            )
