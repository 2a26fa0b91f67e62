"""Arithmetic of prices and amounts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordmouth_demo import money, pricing
from wordmouth_demo.pricing import CouponTerms

TERMS = st.one_of(
    st.none(),
    st.builds(CouponTerms, st.just("A"), st.just("percent_off"), st.integers(1, 100)),
    st.builds(CouponTerms, st.just("A"), st.just("amount_off"), st.integers(1, 10**6)),
    st.builds(CouponTerms, st.just("A"), st.just("free_shipping"), st.just(0)),
)


@given(items=st.integers(1, 10**6), terms=TERMS)
def test_a_discount_never_exceeds_the_goods_and_the_sums_add_up(
    items: int, terms: CouponTerms | None
) -> None:
    sums = pricing.totals(items, terms)
    assert 0 <= sums.discount <= sums.items == items
    assert sums.grand == items - sums.discount + sums.shipping
    assert sums.shipping in (0, pricing.SHIPPING)


@pytest.mark.parametrize(
    ("items", "terms", "discount", "shipping"),
    [
        (2980, None, 0, 400),
        (5000, None, 0, 0),
        (2980, CouponTerms("A", "percent_off", 10), 298, 400),
        (2985, CouponTerms("A", "percent_off", 10), 299, 400),
        (5200, CouponTerms("A", "percent_off", 10), 520, 400),
        (2980, CouponTerms("A", "amount_off", 1000), 1000, 400),
        (980, CouponTerms("A", "amount_off", 1000), 980, 400),
        (2980, CouponTerms("A", "free_shipping", 0), 0, 0),
    ],
)
def test_what_a_coupon_takes_off(
    items: int, terms: CouponTerms | None, discount: int, shipping: int
) -> None:
    sums = pricing.totals(items, terms)
    assert (sums.discount, sums.shipping) == (discount, shipping)


def test_an_empty_basket_costs_nothing() -> None:
    assert pricing.totals(0, None).grand == 0


@given(st.integers(0, 10**8))
def test_an_amount_written_for_a_form_is_read_back(minor: int) -> None:
    assert money.parse(money.plain(minor)) == minor


@pytest.mark.parametrize(
    ("text", "minor"), [("12", 1200), ("12,5", 1250), (" €3.05 ", 305), ("0.01", 1)]
)
def test_amounts_as_people_type_them(text: str, minor: int) -> None:
    assert money.parse(text) == minor


@pytest.mark.parametrize("text", ["", "-1", "1.234", "ten", "1e3", "12 00", "99999999999"])
def test_what_is_no_amount_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="is not an amount"):
        money.parse(text)


def test_amounts_for_people() -> None:
    assert [money.show(n) for n in (1490, -500, 123456789)] == [
        "€14.90",
        "−€5.00",
        "€1,234,567.89",
    ]
