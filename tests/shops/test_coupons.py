"""Every adapter: coupons are made once, found, taken back, and never mistaken."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain, repeat
from typing import Any, get_args

import pytest

from tests.shops.conftest import Tried
from wordmouth.fulfilment.ports import CouponPort, CouponSpec, Refused, Unreachable
from wordmouth.integrations.shop_coupons import ShopCoupons
from wordmouth.integrations.twins import RETRY_SECONDS
from wordmouth.kit import clock
from wordmouth.programs.document import Kind

CODE = "WM-7K3Q-9XM2P-48RT"
VALUES = {"percent_off": 10, "amount_off": 1000}
FAULTS = ("reset", "500", "503", "html", "garbage", "truncated", "redirect", "lost_reply")


def spec(kind: str = "percent_off", **more: Any) -> CouponSpec:
    told: dict[str, Any] = {
        "code": CODE,
        "kind": kind,
        "value": VALUES.get(kind, 0),
        "currency": "EUR",
        "min_order": None,
        "expires_at": None,
        "usage_limit": 1,
        "customer_email": None,
        "description": "Referral reward rwd_1",
        "product": "10" if kind == "free_product" else None,
    }
    return CouponSpec(**told | more)


@pytest.fixture
def port(tried: Tried) -> CouponPort:
    """The coupons of the shop on the bench."""
    return tried.bench.coupons(tried.connection)


def state(port: CouponPort) -> str:
    found = port.find(CODE)
    return found.state if found else "none"


def test_every_kind_is_made_or_refused_in_words(tried: Tried, port: CouponPort) -> None:
    assert port.kinds == tried.bench.adapter().kinds(tried.connection)
    for number, kind in enumerate(sorted(set(get_args(Kind)) - {"early_access"})):
        asked = spec(kind, code=f"WM-KIND-{number:05}-48RT")
        if kind in port.kinds:
            assert port.issue(asked, f"coupon.issue:{number}").state == "active"
            assert tried.bench.usable(asked.code) == 1
        else:
            with pytest.raises(Refused, match=kind):
                port.issue(asked, f"coupon.issue:{number}")
            assert tried.bench.usable(asked.code) == 0


def test_a_coupon_is_found_by_its_code_and_others_are_not(port: CouponPort) -> None:
    assert port.find(CODE) is None
    made = port.issue(spec(), "k")
    assert made.code == CODE
    assert port.find(CODE) == made
    assert port.find("WM-0000-00000-0000") is None


def test_the_same_coupon_asked_for_again_is_the_one_that_is_there(
    tried: Tried, port: CouponPort
) -> None:
    first = port.issue(spec(min_order=3000, expires_at=clock.now() + timedelta(days=30)), "k")
    again = port.issue(spec(min_order=3000, expires_at=clock.now() + timedelta(days=30)), "k")
    assert first == again
    assert tried.bench.usable(CODE) == 1


def test_other_terms_under_the_same_code_are_refused(tried: Tried, port: CouponPort) -> None:
    port.issue(spec(), "k")
    with pytest.raises(Refused, match="terms"):
        port.issue(spec(value=50), "k")
    assert tried.bench.usable(CODE) == 1


@pytest.mark.parametrize("fault", ["lost_reply", "html_after", "truncated"])
def test_a_crash_between_making_and_knowing_ends_with_one_coupon(
    tried: Tried, port: CouponPort, fault: str
) -> None:
    for _ in range(3):
        tried.bench.faults.extend([None, fault])
        try:
            port.find(CODE) or port.issue(spec(), "k")
        except Unreachable:
            continue
    tried.bench.faults.clear()
    made = port.find(CODE) or port.issue(spec(), "k")
    assert made.state == "active"
    assert tried.bench.usable(CODE) == 1


def test_a_code_that_the_shop_has_of_its_own_is_refused_and_left_alone(
    tried: Tried, port: CouponPort
) -> None:
    tried.bench.own_coupon(CODE)
    with pytest.raises(Refused):
        port.issue(spec(), "k")
    assert tried.bench.usable(CODE) == 1
    if tried.bench.adapter().capabilities.coupons_by_api:
        assert port.find(CODE) is None
        assert port.revoke(CODE, "r") is None
        assert tried.bench.usable(CODE) == 1, "what is not ours is never taken back"


def test_a_second_coupon_of_a_code_is_refused_by_the_shop_itself_where_it_is_said_to(
    tried: Tried, port: CouponPort, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two tries at the same moment both look before either has made it."""
    if not isinstance(port, ShopCoupons):
        pytest.skip("its plug-in makes the coupon and answers for the code")
    first = port.issue(spec(), "k")
    looks = chain([None], repeat(port.look_up))
    monkeypatch.setattr(port, "look_up", lambda code: look(code) if (look := next(looks)) else None)
    assert port.issue(spec(), "k").state == "active"
    is_unique = tried.bench.adapter().capabilities.unique_codes
    assert tried.bench.usable(CODE) == (1 if is_unique else 2)
    if is_unique:
        assert port.issue(spec(), "k") == first


def test_a_coupon_is_taken_back_and_once_more_is_no_error(tried: Tried, port: CouponPort) -> None:
    port.issue(spec(), "k")
    for _ in range(2):
        gone = port.revoke(CODE, "r")
        assert gone is not None
        assert (gone.state, gone.times_used) == ("revoked", 0)
        assert tried.bench.usable(CODE) == 0
    assert state(port) == "revoked"


def test_a_coupon_that_was_used_stays_used(tried: Tried, port: CouponPort) -> None:
    port.issue(spec(), "k")
    tried.bench.use(CODE)
    assert state(port) == "used"
    kept = port.revoke(CODE, "r")
    assert kept is not None
    assert (kept.state, kept.times_used) == ("used", 1)


def test_a_coupon_that_nobody_made_cannot_be_taken_back(port: CouponPort) -> None:
    assert port.revoke(CODE, "r") is None


def test_a_coupon_can_be_made_for_one_customer_or_it_is_said_that_it_cannot(
    tried: Tried, port: CouponPort
) -> None:
    if tried.bench.adapter().capabilities.customer_lock:
        assert port.issue(spec(customer_email="ana@example.com"), "k").state == "active"
    else:
        with pytest.raises(Refused, match="customer"):
            port.issue(spec(customer_email="ana@example.com"), "k")


@pytest.mark.parametrize(
    ("fault", "pause"), [("429", RETRY_SECONDS), ("429_plain", None), ("503", None)]
)
def test_a_shop_that_is_busy_is_asked_later(
    tried: Tried, port: CouponPort, fault: str, pause: float | None
) -> None:
    tried.bench.faults.append(fault)
    with pytest.raises(Unreachable) as caught:
        port.find(CODE)
    if pause is None:
        assert caught.value.retry_after is None
    else:
        assert caught.value.retry_after is not None
        assert caught.value.retry_after >= RETRY_SECONDS
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_goes_wrong_is_told_as_to_be_tried_later(
    tried: Tried, port: CouponPort, fault: str
) -> None:
    for act in (
        lambda: port.find(CODE),
        lambda: port.issue(spec(), "k"),
        lambda: port.revoke(CODE, "r"),
    ):
        tried.bench.faults.append(fault)
        with pytest.raises(Unreachable):
            act()


def test_a_key_that_does_not_open_the_shop_is_told_as_to_be_tried_later(
    tried: Tried, port: CouponPort
) -> None:
    if not tried.bench.adapter().capabilities.coupons_by_api:
        pytest.skip("its coupons are asked for with the secret of its deliveries")
    tried.bench.change_key()
    with pytest.raises(Unreachable, match="401"):
        port.issue(spec(), "k")
    tried.bench.change_key(back=True)
    assert port.issue(spec(), "k").state == "active"


def test_a_coupon_runs_out_by_itself(tried: Tried, port: CouponPort) -> None:
    ends: datetime = clock.now() + timedelta(days=30)
    port.issue(spec(expires_at=ends), "k")
    assert state(port) == "active"
    tried.pass_time(days=31)
    if tried.bench.adapter().capabilities.coupons_by_api:
        assert state(port) == "expired"
        assert tried.bench.usable(CODE) == 0
