"""Coupons in Magento's own way: rules of which a code is only a part. What all shops have in common
is tested in `tests/shops/`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from wordmouth.fulfilment.ports import CouponSpec, Refused
from wordmouth.integrations import twins
from wordmouth.integrations.magento import twin_forms as forms
from wordmouth.integrations.magento.coupons import CONDITION, MagentoCoupons
from wordmouth.integrations.magento.tests.shop import shop
from wordmouth.integrations.magento.twin import MagentoTwin
from wordmouth.kit import clock

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENDS = datetime(2026, 3, 31, 12, tzinfo=UTC)
CODE, OTHER = "WM-7K3Q-9XM2P-48RT", "WM-8K3Q-9XM2P-48RT"


@pytest.fixture
def watch() -> Iterator[clock.SetClock]:
    with clock.using(clock.SetClock(START)) as watch:
        assert isinstance(watch, clock.SetClock)
        yield watch


@pytest.fixture
def twin(watch: clock.SetClock) -> Iterator[MagentoTwin]:
    with twins.running(MagentoTwin()) as twin:
        yield twin


def port(twin: MagentoTwin, website: str = "") -> MagentoCoupons:
    return MagentoCoupons(shop(twin, website))


def spec(kind: str = "amount_off", **more: Any) -> CouponSpec:
    told: dict[str, Any] = {
        "code": CODE,
        "kind": kind,
        "value": 1050,
        "currency": "EUR",
        "min_order": None,
        "expires_at": ENDS,
        "usage_limit": 1,
        "customer_email": None,
        "description": "Referral reward rwd_1",
    }
    return CouponSpec(**told | more)


def only(twin: MagentoTwin) -> dict[str, Any]:
    (rule,) = twin.rules.values()
    return rule


def test_terms_are_written_as_a_rule_takes_them(twin: MagentoTwin) -> None:
    port(twin).issue(spec(min_order=3000), "k")
    rule = only(twin)
    assert (rule["simple_action"], rule["discount_amount"]) == ("cart_fixed", 10.5)
    assert (rule["uses_per_coupon"], rule["to_date"]) == (1, "2026-03-31")
    assert rule["website_ids"] == [1], "not the one for the staff"
    assert rule["customer_group_ids"] == [0, 1, 2, 3]
    (least,) = rule["condition"]["conditions"]
    assert (least["condition_type"], least["attribute_name"], least["value"]) == (
        f"{CONDITION}Address",
        "base_subtotal",
        "30.00",
    )


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (spec("percent_off", value=10), ("by_percent", 10, 0, None)),
        (spec("free_shipping", value=0), ("by_percent", 0, 0, "2")),
        (spec("free_product", value=0, product="10"), ("by_percent", 100, 1, None)),
    ],
)
def test_each_kind_is_an_action_of_its_own(
    twin: MagentoTwin, asked: CouponSpec, expected: tuple[object, ...]
) -> None:
    port(twin).issue(asked, "k")
    rule = only(twin)
    names = ("simple_action", "discount_amount", "discount_qty", "simple_free_shipping")
    assert tuple(rule.get(name) for name in names) == expected


def test_a_free_product_is_known_by_its_sku_and_has_nothing_to_choose(twin: MagentoTwin) -> None:
    port(twin).issue(spec("free_product", value=0, product="10"), "k")
    (which,) = only(twin)["action_condition"]["conditions"]
    assert (which["attribute_name"], which["value"]) == ("sku", "TEE-10")
    twin.products[12] = forms.product(12, START, type_id="configurable")
    with pytest.raises(Refused, match="configurable"):
        port(twin).issue(spec("free_product", code=OTHER, product="12"), "k")
    with pytest.raises(Refused, match="no product 99"):
        port(twin).issue(spec("free_product", code=OTHER, product="99"), "k")
    with pytest.raises(Refused, match="has a number"):
        port(twin).issue(spec("free_product", code=OTHER, product="TEE"), "k")


def test_rewards_of_the_same_terms_and_day_share_a_rule(twin: MagentoTwin) -> None:
    port(twin).issue(spec(), "k")
    port(twin).issue(spec(code=OTHER, expires_at=ENDS + timedelta(hours=3)), "k")
    assert (len(twin.rules), len(twin.coupons)) == (1, 2)
    port(twin).issue(spec(code="WM-9", expires_at=ENDS + timedelta(days=1)), "k")
    port(twin).issue(spec(code="WM-A", value=2000), "k")
    assert (len(twin.rules), len(twin.coupons)) == (3, 4)


def test_a_rule_without_a_code_is_used_by_the_next_try(twin: MagentoTwin) -> None:
    port(twin).issue(spec(), "k")
    twin.coupons.clear()
    assert port(twin).find(CODE) is None
    port(twin).issue(spec(), "k")
    assert (len(twin.rules), len(twin.coupons)) == (1, 1)


def test_who_comes_later_is_covered_by_a_rule_of_its_own(twin: MagentoTwin) -> None:
    first = port(twin).issue(spec(), "k")
    twin.groups.append(4)
    assert port(twin).issue(spec(), "k") == first, "what is there stays"
    port(twin).issue(spec(code=OTHER), "k")
    assert [len(rule["customer_group_ids"]) for rule in twin.rules.values()] == [4, 5]


def test_a_coupon_of_one_website_is_not_good_in_another(twin: MagentoTwin) -> None:
    twin.websites[2], twin.views[2] = "tea", 2
    port(twin).issue(spec(), "k")
    port(twin, "tea").issue(spec(code=OTHER), "k")
    assert [rule["website_ids"] for rule in twin.rules.values()] == [[1, 2], [2]]


def test_the_last_day_is_the_websites_own_and_good_to_its_end(
    twin: MagentoTwin, watch: clock.SetClock
) -> None:
    """Half past eleven in the evening in London is the next day in Berlin."""
    late = datetime(2026, 3, 27, 23, 30, tzinfo=UTC)
    port(twin).issue(spec(expires_at=late), "k")
    assert only(twin)["to_date"] == "2026-03-28"
    watch.at = late + timedelta(hours=1)
    assert twin.takes(CODE)
    watch.at = late + timedelta(days=2)
    assert not twin.takes(CODE)
    found = port(twin).find(CODE)
    assert found is not None
    assert found.state == "expired"


def test_a_coupon_without_an_end_is_not_one_for_today(
    twin: MagentoTwin, watch: clock.SetClock
) -> None:
    port(twin).issue(spec(expires_at=None), "k")
    watch.move(timedelta(days=400))
    assert twin.takes(CODE)


def test_what_is_taken_back_keeps_its_code_and_its_neighbours_theirs(twin: MagentoTwin) -> None:
    for code in (CODE, OTHER):
        port(twin).issue(spec(code=code), "k")
    gone = port(twin).revoke(CODE, "r")
    assert gone is not None
    assert (gone.state, twin.takes(CODE), twin.takes(OTHER)) == ("revoked", False, True)
    assert {rule["is_active"] for rule in twin.rules.values()} == {True, False}
    again = port(twin).issue(spec(), "k")
    assert (again.state, twin.takes(CODE)) == ("revoked", False), "once gone, it stays gone"
    port(twin).revoke(OTHER, "r")
    assert len(twin.rules) == 2, "one rule for all that was taken back"


def test_a_rule_that_was_changed_is_the_shops_own(twin: MagentoTwin) -> None:
    port(twin).issue(spec(), "k")
    rule = only(twin)
    rule["description"] = rule["description"].replace("1050", "9050")
    assert port(twin).find(CODE) is None
    with pytest.raises(Refused, match="of the shop's own"):
        port(twin).issue(spec(), "k")


def test_websites_that_count_differently_are_not_served_together(twin: MagentoTwin) -> None:
    with pytest.raises(Refused, match="counts in EUR"):
        port(twin).issue(spec(currency="USD"), "k")
    twin.websites[2], twin.views[2] = "tea", 2
    twin.currencies[2] = "USD"
    with pytest.raises(Refused, match="EUR and USD; connect one of them"):
        port(twin).issue(spec(), "k")
    made = port(twin, "tea").issue(spec(currency="USD"), "k")
    assert made.state == "active"
    assert only(twin)["website_ids"] == [2]


def test_terms_are_legible_for_the_staff(twin: MagentoTwin) -> None:
    port(twin).issue(spec("percent_off", value=10), "k")
    told = only(twin)["description"]
    assert told.startswith("Made by Wordmouth for rewards; do not change it. ")
    terms = msgspec.json.decode(told[told.index("{") :])
    assert (terms["kind"], terms["value"], terms["last_day"]) == ("percent_off", 10, "2026-03-31")
