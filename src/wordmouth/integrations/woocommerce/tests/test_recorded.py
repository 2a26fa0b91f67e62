"""What a real WooCommerce 9.9.5 was recorded to send and to answer: the adapter reads it, and the
twin says the same in the same form."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from wordmouth.inbox.ports import FETCHED, Verified
from wordmouth.integrations.ports import CUSTOMER, ORDER, Parsed, Ref
from wordmouth.integrations.woocommerce import twin_forms as forms
from wordmouth.integrations.woocommerce.parse import FULLER, parse
from wordmouth.integrations.woocommerce.verify import WooSignatures
from wordmouth.kit import clock
from wordmouth.kit.signing import BadSignature
from wordmouth.orders.snapshot import Refund, Totals

RECORDED = Path(__file__).parent / "recorded"
DELIVERIES = sorted((RECORDED / "deliveries").glob("*.json"))
NOW = "2026-11-21T18:09:34"
AT = datetime(2026, 11, 21, 18, 9, 34, tzinfo=UTC)


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text())


def delivery(file: Path) -> tuple[bytes, dict[str, str], bytes]:
    """The secret, the headers and the body of a recorded delivery."""
    told = json.loads(file.read_text())
    headers = {name.lower(): text for name, text in told["headers"].items()}
    return told["secret"].encode(), headers, told["body"].encode()


def parsed(name: str) -> Parsed:
    (file,) = [file for file in DELIVERIES if file.stem == name]
    _, headers, body = delivery(file)
    return parse(headers, body)


@pytest.mark.parametrize("file", DELIVERIES, ids=lambda file: file.stem)
def test_every_recorded_signature_verifies_and_another_secret_does_not(file: Path) -> None:
    secret, headers, body = delivery(file)
    found = WooSignatures().verify([b"old", secret], headers, body, clock.now())
    assert isinstance(found, Verified)
    with pytest.raises(BadSignature):
        WooSignatures().verify([b"other"], headers, body, clock.now())
    with pytest.raises(BadSignature):
        WooSignatures().verify([secret], headers, body + b"\n", clock.now())


def test_deliveries_of_one_second_share_their_number_and_are_told_apart_all_the_same() -> None:
    coupons = [delivery(file) for file in DELIVERIES if file.stem.endswith("coupon-created")]
    assert len(coupons) == 4
    assert len({headers["x-wc-webhook-delivery-id"] for _, headers, _ in coupons}) == 1
    known = {
        WooSignatures().verify([secret], headers, body, clock.now()).dedupe  # type: ignore[union-attr]
        for secret, headers, body in coupons
    }
    assert len(known) == 4


@pytest.mark.parametrize("name", ["06-order-updated", "07-order-created"])
def test_a_recorded_order_is_read(name: str) -> None:
    told = parsed(name)
    (order,) = told.orders
    assert (order.id, order.number, order.currency, order.country) == ("25", "#25", "EUR", "DE")
    assert order.totals == Totals(grand=7200, items=8000, discount=800)
    assert order.discount_codes == ("REF-1795284572",)
    assert order.placed_at == datetime(2026, 11, 21, 18, 9, 33, tzinfo=UTC)
    assert (order.paid_at, order.fulfilled_at, order.updated_at) == (AT, AT, AT)
    assert order.cancelled_at is None, "its refunds say that nothing is left"
    assert order.customer is not None
    assert (order.customer.id, order.customer.email) == (None, "friend@example.com")
    (line,) = order.lines  # type: ignore[misc]
    assert (line.id, line.product_id, line.quantity) == ("7", "23", 2)
    assert (line.unit_price, line.total) == (3600, 7200)
    assert order.refunds == (Refund(id="26", amount=3000), Refund(id="27", amount=4200))
    assert told.refetch == (Ref(kind=ORDER, id="25"),), "the lines of its refunds are not told"


def test_the_order_as_it_is_read_by_the_api_is_the_fuller_telling() -> None:
    (order,) = (one for one in recorded("orders") if one["id"] == 25)
    whole = json.dumps({"order": order, "refunds": recorded("refunds")}).encode()
    (read,) = parse({FETCHED: ORDER}, whole).orders
    (told,) = parsed("06-order-updated").orders
    assert read.updated_at == told.updated_at + FULLER
    assert [(one.id, one.amount, one.at) for one in read.refunds] == [
        ("26", 3000, AT),
        ("27", 4200, AT),
    ]
    assert (read.totals, read.lines, read.customer) == (told.totals, told.lines, told.customer)


def test_the_other_recorded_topics() -> None:
    (customer,) = parsed("05-customer-created").customers
    assert (customer.id, customer.email) == ("4", "cust1795284573@example.com")
    refunded = parsed("08-action-woocommerce_order_refunded")
    assert refunded == Parsed(refetch=(Ref(kind=ORDER, id="25"),))
    assert parsed("01-coupon-created") == Parsed()
    assert parsed("04-coupon-created") == Parsed(), "an error in the place of a coupon"
    for told in recorded("customers"):
        (read,) = parse({FETCHED: CUSTOMER}, json.dumps(told).encode()).customers
        assert read.email == told["email"]


def shape(told: Any) -> Any:
    """Which fields there are and of which type; of a list, those of its first."""
    if isinstance(told, dict):
        return {name: shape(value) for name, value in told.items() if name != "_links"}
    if isinstance(told, list):
        return [shape(told[0])] if told else []
    return type(told).__name__


def differences(real: Any, made: Any, at: str = "") -> list[str]:
    """Where the twin's form differs from the real one's; what is null or empty in one of them may
    be anything in the other."""
    if isinstance(real, dict) and isinstance(made, dict):
        found = [f"{at}.{name}" for name in real.keys() ^ made.keys()]
        for name in real.keys() & made.keys():
            found += differences(real[name], made[name], f"{at}.{name}")
        return found
    if isinstance(real, list) and isinstance(made, list):
        return differences(real[0], made[0], f"{at}[]") if real and made else []
    return [] if real == made or "NoneType" in (real, made) else [f"{at}: {real} is {made}"]


def test_the_twin_has_the_form_of_the_recorded_shop() -> None:
    order = forms.order(25, "EUR", NOW)
    order["coupon_lines"] = recorded("orders")[0]["coupon_lines"]
    order["refunds"] = [{"id": 26, "reason": "", "total": "-30.00"}]
    pairs = [
        (recorded("orders")[0], order),
        (recorded("refunds")[0], forms.refund(26, "30.00", NOW, [])),
        (recorded("customers")[0], forms.customer(4, "a@example.com", NOW)),
        (recorded("coupons")[0], forms.coupon(22, "code", NOW)),
    ]
    for real, made in pairs:
        assert differences(shape(real), shape(made)) == []


def test_the_twin_signs_as_the_recorded_shop() -> None:
    body = forms.encoded({"url": "https://shop.example/"})
    assert body == b'{"url":"https:\\/\\/shop.example\\/"}'
    _, headers, _ = delivery(DELIVERIES[5])
    assert {name for name in headers if name.startswith("x-wc-")} == {
        "x-wc-webhook-source",
        "x-wc-webhook-topic",
        "x-wc-webhook-resource",
        "x-wc-webhook-event",
        "x-wc-webhook-signature",
        "x-wc-webhook-id",
        "x-wc-webhook-delivery-id",
    }
