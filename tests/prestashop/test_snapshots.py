"""What the engine is told of an order: read from the shop's state, to the cent and the second."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.prestashop.driver import HERE, Receiver, Shop, coupon
from wordmouth.integrations.generic.parse import order_from, parse
from wordmouth.kit import clock

RECORDED = HERE / "recorded"
# Of each recorded entity, the shop's table and what its rows belong to.
TABLES = {
    "order": ("orders", "id_order"),
    "order_slip": ("order_slip", "id_order_slip"),
    "order_cart_rule": ("order_cart_rule", "id_order_cart_rule"),
    "order_state": ("order_state", "id_order_state"),
    "customer": ("customer", "id_customer"),
    "cart_rule": ("cart_rule", "id_cart_rule"),
}


def rows_of(file: Path) -> list[tuple[str, dict[str, str]]]:
    """The tables and rows that a recorded answer stands for."""
    found = []
    for tag, (table, key) in TABLES.items():
        for node in ElementTree.parse(file).getroot().iter(tag):
            row = {key: text_of(node, "id")}
            for child in node:
                if child.tag not in ("id", "associations"):
                    row[child.tag] = (child.findtext("language") or child.text or "").strip()
            if node.find("secure_key") is None and tag in ("order", "customer"):
                continue
            found.append((table, row))
            found += parts_of(node, row[key])
    return found


def parts_of(node: ElementTree.Element, owner: str) -> list[tuple[str, dict[str, str]]]:
    """Lines of an order, or of a slip."""
    found = []
    for line in node.iter("order_row"):
        row = {child.tag: (child.text or "").strip() for child in line if child.tag != "id"}
        row |= {"id_order_detail": text_of(line, "id"), "id_order": owner}
        # The webservice leaves the sum of a line out.
        row["total_price_tax_excl"] = f"{float(row['unit_price_tax_excl']) * 2:.6f}"
        found.append(("order_detail", row))
    for line in node.iter("order_slip_detail"):
        row = {child.tag: (child.text or "").strip() for child in line if child.tag != "id"}
        row |= {"id_order_slip_detail": text_of(line, "id"), "id_order_slip": owner}
        found.append(("order_slip_detail", row))
    return found


def text_of(node: ElementTree.Element, name: str) -> str:
    return (node.findtext(name) or "").strip()


@pytest.fixture
def recorded(shop: Shop) -> Shop:
    """A thirty bees shop with the rows that a real one answered with."""
    shop.sql("DELETE FROM ps_order_state")
    for file in sorted(RECORDED.glob("*.xml")):
        for table, row in rows_of(file):
            assert shop.act("insert", table=table, row=row) is True, (table, row)
    history = [(9, "2026-11-21 19:10:01"), (1, "2026-11-21 19:10:05"), (6, "2026-11-21 19:12:00")]
    for state, at in history:
        row = {"id_order": "7", "id_order_state": str(state), "date_add": at}
        assert shop.act("insert", table="order_history", row=row) is True
    return shop


def test_the_recorded_order_adds_up(recorded: Shop) -> None:
    order = recorded.order(7)
    totals = order["totals"]
    assert totals == {
        "items": 3300,
        "discount": 330,
        "shipping": 500,
        "wrapping": 0,
        "tax": 139,
        "grand": 3609,
    }
    paid = totals["items"] - totals["discount"] + totals["shipping"] + totals["tax"]
    assert paid == totals["grand"]
    assert (order["id"], order["number"], order["currency"]) == ("7", "HPZUYLANY", "EUR")
    (line,) = order["lines"]
    assert line == {
        "id": "17",
        "product_id": "1",
        "sku": "demo_1",
        "name": "Candle - Size : 12 oz, Scent : Honey",
        "category": "Drinks",
        "quantity": 2,
        "unit_price": 1650,
        "total": 3300,
    }


def test_the_recorded_refund_is_told_once_with_its_line(recorded: Shop) -> None:
    (refund,) = recorded.order(7)["refunds"]
    assert refund == {
        "id": "slip-2",
        "amount": 1650,
        # Tallinn is two hours ahead in November.
        "at": "2026-11-21T17:10:01Z",
        "lines": [{"id": "17", "quantity": 1}],
    }


def test_the_recorded_states_say_what_became_of_it(recorded: Shop) -> None:
    order = recorded.order(7)
    assert order["placed_at"] == "2026-11-21T17:10:01Z"
    assert order["paid_at"] == "2026-11-21T17:10:05Z"
    # State 6 is "Refund" in thirty bees and "Canceled" in PrestaShop: it is asked for by name.
    assert order["cancelled_at"] == "2026-11-21T17:12:00Z"
    assert order["delivered_at"] is None
    # The order itself says it is not valid; that is its present state, not its life.
    assert recorded.sql("SELECT valid FROM ps_orders WHERE id_order = 7") == [{"valid": "0"}]


def test_the_engine_takes_what_is_told(any_shop: Shop, receiver: Receiver) -> None:
    """Order, customer and product pass the parser of the engine whole."""
    any_shop.buy("PAYMENT")
    any_shop.act("save", what="Product", id=1, values={"price": "24.990000"})
    any_shop.flush()
    told = [parse(body) for _, _, body in receiver.requests]
    (order,) = [one for part in told for one in part.orders]
    assert (order.totals.grand, order.totals.tax, order.paid_at is not None) == (6600, 1100, True)
    (customer,) = [one for part in told for one in part.customers]
    assert (customer.email, customer.locale) == ("mari@example.com", "et")
    (product,) = [one for part in told for one in part.products]
    assert (product.id, product.price, product.sku) == ("1", 2499, "TEA-9")
    (told_product,) = receiver.told("product")
    assert told_product["image_url"] == "https://shop.example/1-7/tea-9.jpg"
    assert told_product["url"] == "https://shop.example/1-tea-9.html"


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("36.090000", "EUR", 3609),
        ("1.005000", "EUR", 101),
        ("0.004999", "EUR", 0),
        ("36.090000", "JPY", 36),
        ("36.500000", "JPY", 37),
        ("36.090500", "KWD", 36091),
        ("-3.430000", "EUR", -343),
        ("0.000000", "EUR", 0),
        ("1234567890.120000", "EUR", 123456789012),
        (19.99, "EUR", 1999),
        (1.0e-7, "EUR", 0),
        ("1.5E+1", "EUR", 1500),
        (None, "EUR", 0),
        (12, "EUR", 1200),
    ],
)
def test_amounts_become_minor_units(
    amounts: Callable[[Any, str], int], amount: Any, currency: str, minor: int
) -> None:
    assert amounts(amount, currency) == minor


@pytest.fixture
def amounts(shop: Shop) -> Callable[[Any, str], int]:
    return lambda amount, currency: int(shop.act("minor", amount=amount, currency=currency))


def test_currencies_without_and_with_three_decimals(shop: Shop) -> None:
    for currency, iso, grand in ((2, "JPY", 66), (3, "KWD", 66000)):
        number = shop.buy(cart=shop.cart(shop.customer(), currency=currency))
        order = shop.order(number)
        assert (order["currency"], order["totals"]["grand"]) == (iso, grand)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-15 12:00:00", "2026-01-15T10:00:00Z"),
        ("2026-07-15 12:00:00", "2026-07-15T09:00:00Z"),
        ("0000-00-00 00:00:00", None),
        ("", None),
        (None, None),
    ],
)
def test_moments_are_told_in_utc(shop: Shop, text: str | None, moment: str | None) -> None:
    assert shop.act("utc", text=text) == moment


def test_the_zone_is_that_of_the_orders_shop(shop: Shop) -> None:
    shop.act("configure", values={"PS_TIMEZONE": "America/New_York"}, shop=2)
    number = shop.buy(id_shop=2, date_add="2026-01-15 12:00:00")
    assert shop.order(number)["placed_at"] == "2026-01-15T17:00:00Z"


def test_an_order_lives_through_its_states(any_shop: Shop) -> None:
    number = any_shop.buy()
    told = any_shop.order(number)
    milestones = ("paid_at", "fulfilled_at", "delivered_at", "cancelled_at", "charged_back_at")
    assert [told[name] for name in milestones] == [None] * 5
    for state, known in (("PAYMENT", 1), ("SHIPPING", 2), ("DELIVERED", 3)):
        any_shop.act("state", order=number, state=state)
        told = any_shop.order(number)
        assert [told[name] is not None for name in milestones] == [n < known for n in range(5)]


def test_a_state_that_is_left_again_counts_no_more(any_shop: Shop) -> None:
    number = any_shop.buy("PAYMENT")
    any_shop.act("state", order=number, state="CANCELED")
    assert any_shop.order(number)["cancelled_at"] is not None
    any_shop.act("state", order=number, state="PREPARATION")
    told = any_shop.order(number)
    assert told["cancelled_at"] is None
    assert told["paid_at"] is not None


def test_the_merchant_says_which_state_means_what(shop: Shop) -> None:
    shop.act(
        "configure", values={"WORDMOUTH_STATES_CHARGED_BACK": "7", "WORDMOUTH_STATES_CANCELLED": ""}
    )
    number = shop.buy("PAYMENT")
    shop.act("state", order=number, state="ERROR")
    told = shop.order(number)
    assert told["charged_back_at"] is not None
    assert told["cancelled_at"] is None


def test_an_imported_order_has_a_state_and_no_history(shop: Shop) -> None:
    number = shop.buy("PAYMENT", date_add="2026-01-15 12:00:00")
    shop.sql("DELETE FROM ps_order_history")
    assert shop.order(number)["paid_at"] == "2026-01-15T10:00:00Z"


def test_an_order_of_zero_is_paid(shop: Shop) -> None:
    number = shop.buy("CHEQUE", total_paid_tax_incl="0.000000", total_paid_tax_excl="0.000000")
    order = shop.order(number)
    assert order["paid_at"] == order["placed_at"]
    assert order["totals"]["grand"] == 0


def test_a_guest_has_an_address_and_no_id(any_shop: Shop) -> None:
    guest = any_shop.customer("guest@example.com", is_guest=1)
    order = any_shop.order(any_shop.buy(cart=any_shop.cart(guest)))
    assert (order["customer"]["id"], order["customer"]["email"]) == (None, "guest@example.com")
    assert any_shop.act("snapshot", kind="customer", id=guest) is None


def test_shipping_that_a_coupon_frees_is_no_discount_on_goods(shop: Shop) -> None:
    shop.ask("coupon.issue", coupon("SHIP-FREE-1234", kind="free_shipping", value=0))
    cart = shop.cart(shop.customer())
    (rule,) = shop.rules("SHIP-FREE-1234")
    shop.sql(f"UPDATE ps_cart SET rules = '[{rule['id_cart_rule']}]' WHERE id_cart = {cart}")
    number = shop.buy(
        cart=cart,
        total_discounts_tax_excl="5.000000",
        total_paid_tax_excl="50.000000",
        total_paid_tax_incl="60.000000",
    )
    order = shop.order(number)
    totals = order["totals"]
    assert (totals["items"], totals["discount"], totals["shipping"]) == (5000, 0, 0)
    assert order["discount_codes"] == ["SHIP-FREE-1234"]


def test_the_code_of_a_deleted_coupon_is_still_known(shop: Shop) -> None:
    shop.ask("coupon.issue", coupon("GONE-1234"))
    (rule,) = shop.rules("GONE-1234")
    cart = shop.cart(shop.customer())
    shop.sql(f"UPDATE ps_cart SET rules = '[{rule['id_cart_rule']}]' WHERE id_cart = {cart}")
    number = shop.buy(cart=cart)
    shop.sql("DELETE FROM ps_cart_rule")
    assert shop.order(number)["discount_codes"] == ["GONE-1234"]


def test_a_coupon_that_staff_took_off_does_not_count(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop("prestashop8")
    shop.ask("coupon.issue", coupon("OFF-1234"))
    (rule,) = shop.rules("OFF-1234")
    cart = shop.cart(shop.customer())
    shop.sql(f"UPDATE ps_cart SET rules = '[{rule['id_cart_rule']}]' WHERE id_cart = {cart}")
    number = shop.buy(cart=cart)
    shop.sql("UPDATE ps_order_cart_rule SET deleted = 1")
    assert shop.order(number)["discount_codes"] == []


SLIPS: list[tuple[str, dict[str, Any], int]] = [
    # What is in `amount` is without tax where customers see prices without it.
    (
        "without tax in amount",
        {
            "amount": "25.000000",
            "total_products_tax_excl": "25.000000",
            "total_products_tax_incl": "30.000000",
        },
        3000,
    ),
    (
        "with shipping",
        {
            "amount": "25.000000",
            "total_products_tax_excl": "25.000000",
            "total_products_tax_incl": "30.000000",
            "total_shipping_tax_excl": "5.000000",
            "total_shipping_tax_incl": "6.000000",
            "shipping_cost_amount": "5.000000",
            "order_slip_type": 2,
        },
        3600,
    ),
    (
        "from before there were totals",
        {"amount": "30.000000", "shipping_cost_amount": "6.000000"},
        3600,
    ),
    (
        "an amount that staff chose",
        {
            "amount": "12.500000",
            "total_products_tax_excl": "25.000000",
            "total_products_tax_incl": "30.000000",
            "order_slip_type": 2,
        },
        1250,
    ),
]


@pytest.mark.parametrize(("case", "told", "amount"), SLIPS, ids=[case for case, _, _ in SLIPS])
def test_slips_say_what_went_back(shop: Shop, case: str, told: dict[str, Any], amount: int) -> None:
    number = shop.buy("PAYMENT")
    (line,) = shop.order(number)["lines"]
    part = {"id_order_detail": line["id"], "product_quantity": 1, "amount_tax_excl": "25.000000"}
    shop.act("slip", order=number, told=told, lines=[part])
    (refund,) = shop.order(number)["refunds"]
    assert refund["amount"] == amount
    assert refund["lines"] == [{"id": line["id"], "quantity": 1}]


def test_a_line_that_came_back_for_another_price_says_so(shop: Shop) -> None:
    number = shop.buy("PAYMENT")
    (line,) = shop.order(number)["lines"]
    part = {"id_order_detail": line["id"], "product_quantity": 1, "amount_tax_excl": "10.000000"}
    told = {"amount": "10.000000", "total_products_tax_excl": "10.000000"}
    shop.act(
        "slip", order=number, told={**told, "total_products_tax_incl": "12.000000"}, lines=[part]
    )
    (refund,) = shop.order(number)["refunds"]
    assert refund["amount"] == 1200
    assert refund["lines"] == [{"id": line["id"], "quantity": 1, "amount": 1000}]


def test_what_changed_later_is_told_with_a_later_moment(shop: Shop) -> None:
    number = shop.buy()
    first, second = shop.order(number)["updated_at"], shop.order(number)["updated_at"]
    assert first < second
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", first)
    assert (
        abs(
            (
                order_from(json.dumps(shop.order(number)).encode()).updated_at - clock.now()
            ).total_seconds()
        )
        < 60
    )
