"""Coupons in BigCommerce's own way. What all shops have in common is tested in `tests/shops/`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.harness.patience import PATIENCE
from wordmouth.fulfilment.ports import CouponSpec, Refused
from wordmouth.integrations import twins
from wordmouth.integrations.bigcommerce.calls import BigCalls
from wordmouth.integrations.bigcommerce.coupons import EVERYTHING, OURS, BigCoupons
from wordmouth.integrations.bigcommerce.twin import STORE, BigTwin
from wordmouth.integrations.shop_coupons import digest
from wordmouth.kit.http import Http

HTTP = Http(allow_private=True, total_seconds=PATIENCE)
CODE = "WM-7K3Q-9XM2P-48RT"


@pytest.fixture
def twin() -> Iterator[BigTwin]:
    with twins.running(BigTwin()) as twin:
        yield twin


@pytest.fixture
def port(twin: BigTwin) -> BigCoupons:
    return BigCoupons(BigCalls(HTTP, twin.url + STORE, twin.token))


def spec(kind: str = "amount_off", **more: Any) -> CouponSpec:
    told: dict[str, Any] = {
        "code": CODE,
        "kind": kind,
        "value": 1050,
        "currency": "EUR",
        "min_order": 3000,
        "expires_at": datetime(2099, 3, 31, 12, tzinfo=UTC),
        "usage_limit": 1,
        "customer_email": None,
        "description": "Referral reward rwd_1",
    }
    return CouponSpec(**told | more)


def only(twin: BigTwin) -> dict[str, Any]:
    (coupon,) = twin.coupons.values()
    return coupon


def test_terms_are_written_as_bigcommerce_takes_them(twin: BigTwin, port: BigCoupons) -> None:
    port.issue(spec(), "k")
    made = only(twin)
    assert (made["type"], made["amount"], made["min_purchase"]) == (
        "per_total_discount",
        "10.50",
        "30.00",
    )
    assert (made["max_uses"], made["applies_to"]) == (1, EVERYTHING)
    assert made["expires"] == "Tue, 31 Mar 2099 12:00:00 +0000"
    assert len(made["name"]) <= 100
    assert made["name"].startswith(f"Wordmouth {CODE} ")


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("percent_off", 15, ("percentage_discount", "15")),
        ("free_shipping", 0, ("free_shipping", "0")),
    ],
)
def test_the_other_kinds(
    twin: BigTwin, port: BigCoupons, kind: str, value: int, written: tuple[str, str]
) -> None:
    port.issue(spec(kind, value=value, min_order=None, currency="USD"), "k")
    assert (only(twin)["type"], only(twin)["amount"]) == written


@pytest.mark.parametrize("part", [{}, {"kind": "percent_off", "value": 10}])
def test_an_amount_in_another_currency_is_refused(
    twin: BigTwin, port: BigCoupons, part: dict[str, Any]
) -> None:
    twin.currency = "USD"
    with pytest.raises(Refused, match="counts in USD; a coupon in EUR"):
        port.issue(spec(**part), "k")
    assert twin.coupons == {}


def test_a_coupon_that_is_taken_back_keeps_what_it_applies_to(
    twin: BigTwin, port: BigCoupons
) -> None:
    port.issue(spec(), "k")
    gone = port.revoke(CODE, "r")
    assert gone is not None
    assert gone.state == "revoked"
    assert (only(twin)["enabled"], only(twin)["applies_to"]) == (False, EVERYTHING)


def test_two_tries_at_the_same_moment_make_one_coupon(
    twin: BigTwin, port: BigCoupons, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = port.issue(spec(), "k")
    looks = iter([None, first])
    monkeypatch.setattr(port, "_there", lambda spec: next(looks))
    assert port.issue(spec(), "k") == first, "the shop refuses the second"
    assert len(twin.coupons) == 1


def test_what_the_shop_does_not_take_is_told_in_its_words(twin: BigTwin, port: BigCoupons) -> None:
    twin.own_coupon(CODE)
    with pytest.raises(Refused, match="of the shop's own"):
        port.issue(spec(), "k")
    only(twin)["code"] = "ELSE"
    only(twin)["name"] = f"{OURS} {CODE} {digest(spec())}"
    with pytest.raises(
        Refused, match=r"409: The field 'code' is invalid\. It is already in use\.$"
    ):
        port.issue(spec(), "k")
