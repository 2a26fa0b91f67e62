"""Vouchers: worth something only after their second call, and in channels of the right currency."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wordmouth.fulfilment.ports import CouponSpec, Refused, Unreachable
from wordmouth.integrations import twins
from wordmouth.integrations.saleor import twin_forms as forms
from wordmouth.integrations.saleor.calls import SaleorCalls
from wordmouth.integrations.saleor.coupons import SaleorCoupons
from wordmouth.integrations.saleor.twin import SaleorTwin
from wordmouth.integrations.saleor.twin_vouchers import channel
from wordmouth.kit import clock
from wordmouth.kit.http import Http

AT = datetime(2026, 11, 22, 9, 0, 0, tzinfo=UTC)
CODE = "WM-7K3Q-9XM2P-48RT"
HTTP = Http(allow_private=True, max_answer_bytes=1 << 20)


@pytest.fixture
def twin() -> Iterator[SaleorTwin]:
    """A shop with a channel in euros and one in dollars, at a time that stands."""
    with clock.using(clock.SetClock(AT)), twins.running(SaleorTwin()) as twin:
        yield twin


@pytest.fixture
def port(twin: SaleorTwin) -> SaleorCoupons:
    """Its coupons."""
    return SaleorCoupons(SaleorCalls(HTTP, twin.url, twin.token))


def spec(kind: str = "percent_off", value: int = 10, **more: Any) -> CouponSpec:
    told: dict[str, Any] = {
        "code": CODE,
        "kind": kind,
        "value": value,
        "currency": "EUR",
        "min_order": None,
        "expires_at": None,
        "usage_limit": 1,
        "customer_email": None,
        "description": "Referral reward rwd_1",
        "product": None,
    }
    return CouponSpec(**told | more)


def made(twin: SaleorTwin) -> dict[str, Any]:
    """The one voucher."""
    (voucher,) = twin.vouchers.values()
    return voucher


def worth(twin: SaleorTwin) -> list[tuple[str, float, float | None]]:
    """What it is worth in each channel, from which amount on."""
    return [
        (
            each["channel"]["slug"],
            each["discountValue"],
            each["minSpent"]["amount"] if each["minSpent"] else None,
        )
        for each in made(twin)["channelListings"]
    ]


def test_a_crash_between_the_two_calls_is_made_good(twin: SaleorTwin, port: SaleorCoupons) -> None:
    twin.faults.extend([None] * 4 + ["reset"])
    with pytest.raises(Unreachable):
        port.issue(spec(), "k")
    assert (twin.usable(CODE), len(twin.vouchers)) == (0, 1)
    assert port.find(CODE) is None, "it is worth nothing yet"
    assert port.issue(spec(), "k").state == "active"
    assert (twin.usable(CODE), len(twin.vouchers)) == (1, 1)


def test_a_half_made_one_with_other_terms_makes_room(twin: SaleorTwin, port: SaleorCoupons) -> None:
    twin.faults.extend([None] * 4 + ["reset"])
    with pytest.raises(Unreachable):
        port.issue(spec(), "k")
    port.issue(spec(value=20), "k")
    assert worth(twin) == [("eu", 20.0, None), ("us", 20.0, None)]


def test_a_voucher_that_the_merchant_makes_meanwhile_is_left_alone(
    twin: SaleorTwin, port: SaleorCoupons, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(port, "look_up", lambda code: None)
    twin.own_coupon(CODE)
    before = worth(twin)
    with pytest.raises(Refused, match="since a moment ago"):
        port.issue(spec(), "k")
    assert worth(twin) == before


def test_an_amount_is_worth_something_in_channels_of_its_currency_alone(
    twin: SaleorTwin, port: SaleorCoupons
) -> None:
    port.issue(spec("amount_off", 1050), "k")
    assert worth(twin) == [("eu", 10.5, None)]
    assert made(twin)["discountValueType"] == "FIXED"


def test_so_is_a_least_amount(twin: SaleorTwin, port: SaleorCoupons) -> None:
    port.issue(spec(min_order=3000), "k")
    assert worth(twin) == [("eu", 10.0, 30.0)]


def test_amounts_have_the_decimals_of_their_currency(twin: SaleorTwin, port: SaleorCoupons) -> None:
    twin.channels = [channel(1, "jp", "JPY")]
    port.issue(spec("amount_off", 500, currency="JPY"), "k")
    assert worth(twin) == [("jp", 500.0, None)]


def test_a_currency_that_no_channel_has_is_refused_in_words(
    twin: SaleorTwin, port: SaleorCoupons
) -> None:
    with pytest.raises(Refused, match="EUR, USD; a coupon in GBP"):
        port.issue(spec("amount_off", 500, currency="GBP"), "k")
    twin.channels[0]["isActive"] = False
    with pytest.raises(Refused, match="counts in USD"):
        port.issue(spec("amount_off", 500), "k")
    twin.channels = []
    with pytest.raises(Refused, match="no active channel"):
        port.issue(spec(), "k")
    assert twin.vouchers == {}


def test_a_free_product_is_one_piece_by_number_or_by_id(
    twin: SaleorTwin, port: SaleorCoupons
) -> None:
    product = forms.name_of("Product", 10)
    for code, given in (("WM-ONE", "10"), ("WM-TWO", product)):
        port.issue(spec("free_product", 0, code=code, product=given), "k")
    for voucher in twin.vouchers.values():
        assert (voucher["type"], voucher["applyOncePerOrder"]) == ("SPECIFIC_PRODUCT", True)
        assert voucher["products"] == [product]
    with pytest.raises(Refused, match="Product"):
        port.issue(spec("free_product", 0, product="tea"), "k")


def test_the_mark_stays_whole_in_a_long_name(twin: SaleorTwin, port: SaleorCoupons) -> None:
    port.issue(spec(description="x" * 400), "k")
    assert len(made(twin)["name"]) == 255
    assert port.find(CODE) is not None


def test_what_the_merchant_ends_early_is_taken_back_and_what_ran_out_is_not(
    twin: SaleorTwin, port: SaleorCoupons
) -> None:
    ends = AT + timedelta(days=30)
    port.issue(spec(expires_at=ends), "k")
    made(twin)["endDate"] = forms.time(AT + timedelta(days=1))
    found = port.find(CODE)
    assert found is not None
    assert found.state == "revoked"
    made(twin)["endDate"] = forms.time(ends)
    with clock.using(clock.SetClock(ends + timedelta(seconds=1))):
        found = port.find(CODE)
        assert found is not None
        assert found.state == "expired"


def test_codes_that_contain_the_code_are_others(twin: SaleorTwin, port: SaleorCoupons) -> None:
    twin.own_coupon(f"{CODE}-2")
    twin.own_coupon(CODE.lower())
    assert port.find(CODE) is None
    assert port.issue(spec(), "k").state == "active"


def test_a_voucher_that_is_gone_when_it_is_to_end_is_none(
    twin: SaleorTwin, port: SaleorCoupons, monkeypatch: pytest.MonkeyPatch
) -> None:
    port.issue(spec(), "k")
    known = port.look_up(CODE)
    monkeypatch.setattr(port, "look_up", lambda code: known)
    twin.vouchers.clear()
    assert port.revoke(CODE, "r") is None
