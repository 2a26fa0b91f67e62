"""The generic format: what is taken, what is refused, and in whose words."""

import copy
import json
import timeit
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from wordmouth.catalog.snapshot import ProductSnapshot
from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.generic import parse as generic
from wordmouth.integrations.generic import wire
from wordmouth.integrations.ports import Parsed
from wordmouth.orders.snapshot import Attribution, Line, OrderSnapshot, Refund, RefundLine, Totals
from wordmouth.people.snapshot import CustomerSnapshot

ORDER: dict[str, Any] = {
    "id": "1001",
    "number": "#1001",
    "updated_at": "2026-11-21T10:00:00Z",
    "placed_at": "2026-11-21T09:58:00Z",
    "paid_at": "2026-11-21T11:59:00+02:00",
    "fulfilled_at": None,
    "delivered_at": None,
    "cancelled_at": None,
    "charged_back_at": "2026-11-23T10:00:00Z",
    "currency": "EUR",
    "totals": {
        "items": 5000,
        "discount": 500,
        "shipping": 400,
        "tax": 0,
        "grand": 4900,
        "gift_card": 900,
    },
    "customer": {
        "id": "c-17",
        "email": "friend@example.com",
        "first_name": "Fe",
        "last_name": "Lo",
        "locale": "et",
    },
    "discount_codes": [" ana-7k3q9x ", "ANA-7K3Q9X", ""],
    "lines": [
        {
            "id": "1",
            "product_id": "p-9",
            "sku": "TEA-9",
            "name": "Tea",
            "category": "Drinks",
            "quantity": 2,
            "unit_price": 2500,
            "total": 5000,
            "gift_card": True,
        }
    ],
    "refunds": [
        {
            "id": "r1",
            "amount": 1000,
            "at": "2026-11-22T10:00:00Z",
            "lines": [{"id": " 1 ", "quantity": 1}, {"id": "2", "amount": 300}],
        }
    ],
    "shipping_address": {"line1": "", "postcode": "", "city": "", "country": "ee"},
    "client": {"ip": "192.0.2.7", "user_agent": "..."},
    "attribution": {"token": " abc.def ", "code": "ana-7k3q9x"},
    "is_test": False,
}
LEAST: dict[str, Any] = {
    "id": "1",
    "updated_at": "2026-11-21T10:00:00Z",
    "currency": "EUR",
    "totals": {"grand": 4900},
}


def delivered(data, kind="order.snapshot"):
    return json.dumps({"type": kind, "timestamp": "2026-11-21T10:00:00Z", "data": data}).encode()


def order(data):
    (found,) = generic.parse(delivered(data)).orders
    return found


def changed(path, value):
    """The whole order with the value at a path (`totals.grand`, `lines.0.name`) replaced."""
    data = copy.deepcopy(ORDER)
    *way, last = path.split(".")
    there: Any = data
    for step in way:
        there = there[int(step)] if step.isdigit() else there[step]
    there[int(last) if last.isdigit() else last] = value
    return data


def refused(body):
    with pytest.raises(BadDelivery) as caught:
        generic.parse(body)
    return caught.value


def test_the_contracts_example_becomes_a_snapshot():
    assert order(ORDER) == OrderSnapshot(
        id="1001",
        number="#1001",
        updated_at=datetime(2026, 11, 21, 10, tzinfo=UTC),
        placed_at=datetime(2026, 11, 21, 9, 58, tzinfo=UTC),
        paid_at=datetime(2026, 11, 21, 9, 59, tzinfo=UTC),
        fulfilled_at=None,
        delivered_at=None,
        cancelled_at=None,
        charged_back_at=datetime(2026, 11, 23, 10, tzinfo=UTC),
        currency="EUR",
        totals=Totals(items=5000, discount=500, shipping=400, tax=0, grand=4900, gift_card=900),
        customer=CustomerSnapshot(
            id="c-17", email="friend@example.com", first_name="Fe", last_name="Lo", locale="et"
        ),
        discount_codes=("ANA-7K3Q9X",),
        lines=(
            Line(
                id="1",
                product_id="p-9",
                sku="TEA-9",
                name="Tea",
                category="Drinks",
                quantity=2,
                unit_price=2500,
                total=5000,
                gift_card=True,
            ),
        ),
        refunds=(
            Refund(
                id="r1",
                amount=1000,
                at=datetime(2026, 11, 22, 10, tzinfo=UTC),
                lines=(RefundLine(id="1", quantity=1), RefundLine(id="2", amount=300)),
            ),
        ),
        country="EE",
        attribution=Attribution(token="abc.def", code="ANA-7K3Q9X"),
        is_test=False,
    )


def test_only_four_fields_are_required_and_what_is_absent_says_nothing():
    found = order(LEAST)
    assert found.totals == Totals(grand=4900, items=4900)
    assert found.customer is None
    assert found.refunds == ()
    silent = ("number", "placed_at", "paid_at", "delivered_at", "discount_codes", "lines")
    for name in (
        *silent,
        "cancelled_at",
        "charged_back_at",
        "fulfilled_at",
        "country",
        "attribution",
        "is_test",
    ):
        assert getattr(found, name) is UNSET, name


def test_null_says_not_so():
    nothing = dict.fromkeys(
        ["number", "placed_at", "paid_at", "customer", "discount_codes", "lines", "refunds"]
    )
    more = dict.fromkeys(["shipping_address", "attribution", "is_test"])
    found = order({**LEAST, **nothing, **more})
    assert (found.number, found.placed_at, found.paid_at) == ("", None, None)
    assert (found.discount_codes, found.lines, found.refunds) == ((), (), ())
    assert (found.country, found.attribution, found.is_test) == ("", None, UNSET)


def test_items_follow_from_the_other_totals():
    totals = {"grand": 4900, "discount": 500, "shipping": 400, "tax": 100}
    assert order({**LEAST, "totals": totals}).totals.items == 4900 - 400 - 100 + 500
    assert order({**LEAST, "totals": {"grand": 0, "shipping": 400}}).totals.items == 0


@pytest.mark.parametrize(
    ("line", "total"),
    [
        ({"quantity": 3, "unit_price": 250}, 750),
        ({"unit_price": 250}, 250),
        ({"quantity": 3, "unit_price": 250, "total": 0}, 0),
        ({"quantity": 10**9, "unit_price": 10**15}, 10**15),
        ({}, 0),
    ],
)
def test_the_worth_of_a_line_follows_from_quantity_and_price(line, total):
    (found,) = order({**LEAST, "lines": [line]}).lines
    assert (found.total, found.gift_card) == (total, False)


def test_unknown_fields_are_ignored():
    assert order({**LEAST, "future": {"deep": [1]}}) == order(LEAST)


@pytest.mark.parametrize("text", ["", "   ", None])
def test_an_empty_customer_id_or_email_is_none(text):
    found = order({**LEAST, "customer": {"id": text, "email": text}})
    assert found.customer == CustomerSnapshot()


def test_a_customer_and_a_product():
    body = delivered({"id": "c-1", "email": " Mari@Example.com "}, "customer.snapshot")
    assert generic.parse(body) == Parsed(
        customers=(CustomerSnapshot(id="c-1", email="Mari@Example.com"),)
    )
    at = "2026-11-21T10:00:00Z"
    product = {"id": "p-9", "updated_at": at, "name": "Tea", "price": 2500, "currency": "eur"}
    assert generic.parse(delivered(product, "product.snapshot")) == Parsed(
        products=(
            ProductSnapshot(
                id="p-9",
                updated_at=datetime(2026, 11, 21, 10, tzinfo=UTC),
                name="Tea",
                price=2500,
                currency="EUR",
            ),
        )
    )


def test_a_customer_needs_a_key():
    assert "an id or an email" in str(refused(delivered({}, "customer.snapshot")))


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("id", "", "1 to 120 characters"),
        ("id", "   ", "not a space"),
        ("id", "x" * 121, "1 to 120 characters"),
        ("id", "a\nb", "control characters"),
        ("id", 1001, "expected `str`, got `int`"),
        ("updated_at", "2026-11-21T10:00:00", "with a zone"),
        ("updated_at", "yesterday", "RFC 3339"),
        ("updated_at", None, "expected `datetime`, got `null`"),
        ("updated_at", 1795255200, "expected `datetime`, got `int`"),
        ("paid_at", "0001-01-01T00:00:00+14:00", "2000 to 2099"),
        ("paid_at", "9999-12-31T23:59:59-14:00", "2000 to 2099"),
        ("paid_at", "2026-02-30T10:00:00Z", "RFC 3339"),
        ("refunds.0.at", "1970-01-01T00:00:00Z", "2000 to 2099"),
        ("currency", "EUX", "not a currency code of ISO 4217"),
        ("currency", "€", "three letters"),
        ("currency", "", "three letters"),
        ("totals", {}, "is required"),
        ("totals.grand", -1, "not negative"),
        ("totals.discount", -1, "not negative"),
        ("totals.grand", 49.5, "expected `int`, got `float`"),
        ("totals.grand", "4900", "expected `int`, got `str`"),
        ("totals.grand", 10**16, "<= 1000000000000000"),
        ("totals.grand", True, "expected `int`, got `bool`"),
        ("customer.email", "friend.example.com", "must have an @-sign"),
        ("customer.email", "a@b@c", "is not an e-mail address"),
        ("customer.email", "x" * 250 + "@a.ee", "length <= 254"),
        ("customer.first_name", "x" * 121, "length <= 120"),
        ("discount_codes", ["x" * 121], "length <= 120"),
        ("discount_codes", ["x"] * 51, "length <= 50"),
        ("discount_codes", "ANA", "expected `array"),
        ("lines.0.name", "x" * 301, "length <= 300"),
        ("lines.0.quantity", -1, "not negative"),
        ("refunds.0.amount", -1, "not negative"),
        ("refunds.0.id", "", "1 to 120 characters"),
        ("refunds.0.lines.0.id", "", "1 to 120 characters"),
        ("refunds.0.lines.0.quantity", -1, "not negative"),
        ("refunds.0.lines.0.amount", -1, "not negative"),
        ("totals.gift_card", -1, "not negative"),
        ("shipping_address.country", "Estonia", "two letters"),
        ("attribution.token", "x" * 2001, "length <= 2000"),
        ("is_test", "no", "expected `bool"),
    ],
)
def test_what_is_wrong_is_said_with_its_path(path, value, words):
    error = refused(delivered(changed(path, value)))
    ((where, what),) = error.problems
    assert where.startswith("data." + path.replace(".0", "[0]"))
    assert words in what
    assert error.problem()["errors"] == [{"path": where, "message": what}]
    assert error.problem()["status"] == 422


@pytest.mark.parametrize("name", ["id", "updated_at", "currency", "totals"])
def test_what_is_required_is_named(name):
    data = {key: value for key, value in ORDER.items() if key != name}
    assert refused(delivered(data)).problems == [(f"data.{name}", "is required")]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"\x00",
        b"[" * 200_000,
        b'{"type": "order.snapshot"}',
        b'{"type": "order.snapshot", "data": null}',
        b'{"type": "order.snapshot", "data": []}',
        b'{"type": "order.snapshot", "data": {}} trailing',
        b'{"type": "order.snapshot", "data": {"id": "\xff"}}',
        b'{"type": "order.snapshot", "data": {"id": "\\ud800"}}',
        b'{"type": "order.snapshot", "data": {"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        b'{"type": "order.deleted", "data": {}}',
        b'{"type": 7, "data": {}}',
        b'{"data": {}}',
    ],
)
def test_a_body_that_is_nothing_we_know_is_refused(body):
    assert str(refused(body))


def test_the_character_that_no_database_stores():
    error = refused(delivered(changed("number", "a\0b")))
    assert "U+0000" in str(error)
    assert order(changed("number", "C:\\u0000")).number == "C:\\u0000", "only the text of it"


def test_an_order_by_the_other_door_is_told_its_own_path():
    data = json.dumps({**LEAST, "currency": "EUX"}).encode()
    with pytest.raises(BadDelivery) as caught:
        generic.order_from(data)
    assert caught.value.problems[0][0] == "currency"


def test_a_snapshot_in_an_envelope_is_a_delivery():
    data = json.dumps(ORDER).encode()
    at = datetime(2026, 11, 21, 10, tzinfo=UTC)
    body = generic.enveloped("order.snapshot", data, at)
    assert generic.parse(body).orders == (generic.order_from(data),)
    assert json.loads(body)["timestamp"] == "2026-11-21T10:00:00Z"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
PATHS = [
    *ORDER,
    *(f"totals.{name}" for name in ORDER["totals"]),
    *(f"customer.{name}" for name in ORDER["customer"]),
    *(f"lines.0.{name}" for name in ORDER["lines"][0]),
    "refunds.0.id",
    "refunds.0.amount",
    "refunds.0.at",
    "discount_codes.0",
    "attribution.token",
    "attribution.code",
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PATHS), JSON)
def test_anything_anywhere_is_either_taken_or_refused_in_words(path, value):
    try:
        found = order(changed(path, value))
    except BadDelivery as refusal:
        problems = refusal.problems
    else:
        problems = []
        _is_sound(found)
    assert all(what for _, what in problems)


def _is_sound(found):
    assert 0 <= found.totals.grand <= wire.MAX_MINOR
    assert found.updated_at.tzinfo is UTC
    assert found.currency.isupper()
    assert found.id == found.id.strip() != ""


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_break_the_parser(body):
    with pytest.raises(BadDelivery):
        generic.parse(body)


def test_a_delivery_of_three_kilobytes_is_parsed_in_a_moment():
    body = delivered(changed("lines", ORDER["lines"] * 15))
    assert len(body) > 2800
    seconds = min(timeit.repeat(lambda: generic.parse(body), number=50, repeat=5)) / 50
    assert seconds < 0.001, f"{seconds * 1e6:.0f} us; on an idle core it is about 60"
