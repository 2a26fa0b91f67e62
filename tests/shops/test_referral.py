"""Every adapter: one recommendation from the friend's coupon to the advocate's and back, by the
product's own ways in a shop of that kind. A coupon is made once, however long the shop is away."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.shops.bench import Sale
from tests.shops.conftest import Tried
from tests.world import GIVE_10_GET_10
from wordmouth.advocates import services as advocates
from wordmouth.fulfilment import queries as fulfilment
from wordmouth.fulfilment import registry
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.programs import services as programs
from wordmouth.programs.parse import parse_data
from wordmouth.project.audit import replay, verify
from wordmouth.project.worker import run_until_idle
from wordmouth.rewards import queries as rewards
from wordmouth.stores.transactions import store_read, store_write
from wordmouth.visits import services as visits

PROGRAMME: dict[str, Any] = {
    **GIVE_10_GET_10,
    "hold": {"after": "paid", "days": 14, "fallback_days": 30},
}


@pytest.fixture
def code(tried: Tried) -> str:
    """A live programme, and the friend's coupon in the shop, made for an advocate's friend."""
    registry.install(tried.bench.coupons)
    with store_write(tried.store_id):
        programs.apply_document(parse_data(PROGRAMME), by="test")
        ana = advocates.enrol(tried.store_id, CustomerSnapshot(email="ana@example.com"))
    with store_write(tried.store_id):
        friend = CustomerSnapshot(email="ben@example.com")
        claim = visits.claim(tried.store_id, ana.code, friend)
    run_until_idle()
    assert tried.bench.usable(claim.coupon_code) == 1
    return claim.coupon_code


def bought(tried: Tried, code: str) -> Sale:
    """The friend buys with the coupon, and pays."""
    sale = Sale(email="ben@example.com", code=code, paid=True, total=Decimal(80))
    tried.bench.save(sale)
    tried.bench.use(code)
    tried.tell()
    return sale


def reward(tried: Tried) -> str:
    """The code of the advocate's coupon, in the shop or on its way."""
    with store_read(tried.store_id):
        (found,) = [one for one in rewards.page() if one.party == "advocate"]
        coupon = fulfilment.coupon(found.id)
    assert coupon is not None
    return coupon.code


def later(tried: Tried, **time: float) -> None:
    """Time passes, and what is due is done."""
    tried.watch.move(timedelta(**time))
    run_until_idle()


def is_proven(tried: Tried) -> bool:
    """The books are right, and the same facts lead to the same decisions."""
    return not verify(tried.store_id).findings and not replay(tried.store_id).findings


def test_from_the_friends_coupon_to_the_advocates_and_back(tried: Tried, code: str) -> None:
    sale = bought(tried, code)
    run_until_idle()
    later(tried, days=15)
    assert tried.bench.usable(reward(tried)) == 1
    sale.refunds = [sale.total]
    tried.bench.save(sale)
    tried.tell()
    run_until_idle()
    assert tried.order(sale.id).undone == "refunded"
    assert tried.bench.usable(reward(tried)) == 0
    assert is_proven(tried)


def test_a_coupon_that_was_used_before_the_refund_stays_used(tried: Tried, code: str) -> None:
    sale = bought(tried, code)
    later(tried, days=15)
    tried.bench.use(reward(tried))
    sale.cancelled = True
    tried.bench.save(sale)
    tried.tell()
    run_until_idle()
    found = tried.bench.coupons(tried.connection).find(reward(tried))
    assert found is not None
    assert found.state == "used"
    assert is_proven(tried)


def test_a_shop_that_is_away_for_two_days_gets_its_coupon_once(tried: Tried, code: str) -> None:
    bought(tried, code)
    run_until_idle()
    tried.watch.move(timedelta(days=15))
    for look in range(12):
        # What is asked for fails before it is done, or is done and not heard of.
        tried.bench.faults.extend([("reset", "lost_reply", "503", "html_after")[look % 4]] * 8)
        run_until_idle()
        tried.bench.faults.clear()
        tried.watch.move(timedelta(hours=4))
    for _ in range(6):
        later(tried, hours=4)
    assert tried.bench.usable(reward(tried)) == 1
    assert is_proven(tried)
