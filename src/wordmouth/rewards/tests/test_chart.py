"""Every account in which a reward can stand has its place in an accountant's chart."""

from __future__ import annotations

import inspect

import pytest
from beancount.core.account import is_valid

from wordmouth.kit.ids import derived_id
from wordmouth.rewards import accounts
from wordmouth.rewards.chart import PURSES, Chart

# Fixed ids: the tests are named by them.
PROGRAM, ADVOCATE, FRIEND, PAYOUT = (
    derived_id(prefix, "chart") for prefix in ("prg", "adv", "per", "pay")
)
OTHER = derived_id("adv", "other")
CHART = Chart({PROGRAM: "give-10-get-10"})

PLACES = {
    accounts.expense(PROGRAM): "Expenses:Referral:Give-10-get-10",
    accounts.pending("points", ADVOCATE): "Liabilities:Referral:Promised:Points",
    accounts.pending("credit", ADVOCATE): "Liabilities:Referral:Promised:StoreCredit",
    accounts.pending("cash", ADVOCATE): "Liabilities:Referral:Promised:Cash",
    accounts.pending("coupon", FRIEND): "Liabilities:Referral:Promised:Coupons",
    accounts.available("points", ADVOCATE): "Liabilities:Referral:Earned:Points",
    accounts.available("credit", ADVOCATE): "Liabilities:Referral:Earned:StoreCredit",
    accounts.available("cash", ADVOCATE): "Liabilities:Referral:Earned:Cash",
    accounts.available("coupon", FRIEND): "Liabilities:Referral:Earned:Coupons",
    accounts.redeemed(PROGRAM): "Income:Referral:CouponsRedeemed:Give-10-get-10",
    accounts.debt(ADVOCATE, "amount_off", "EUR"): "Assets:Referral:OwedByAdvocates",
    accounts.debt(ADVOCATE, "free_product", "CPN"): "Assets:Referral:OwedByAdvocates",
    accounts.expired(PROGRAM): "Income:Referral:Expired:Give-10-get-10",
    accounts.spent_points(PROGRAM): "Income:Referral:PointsSpent:Give-10-get-10",
    accounts.converted(PROGRAM): "Income:Referral:CreditSpent:Give-10-get-10",
    accounts.transit(PAYOUT): "Liabilities:Referral:PayoutsUnderWay",
    accounts.BANK: "Assets:Bank",
}


@pytest.mark.parametrize(("name", "place"), PLACES.items())
def test_every_account_has_its_place(name: str, place: str) -> None:
    assert CHART.account(name) == place
    assert is_valid(place)


def test_no_account_was_forgotten_here() -> None:
    kinds = {
        name
        for name, function in inspect.getmembers(accounts, inspect.isfunction)
        if not name.startswith("_") and function.__annotations__["return"] == "str"
    }
    makers = {"expense", "pending", "available", "redeemed", "debt", "expired", "transit"}
    assert kinds == makers | {"spent_points", "converted", "purse_of"}
    assert set(PURSES) == set(accounts.ALL_PURSES)


def test_a_holder_can_have_an_account_of_their_own() -> None:
    chart = Chart({}, by_holder=True)
    for name, other in (
        (accounts.available("cash", ADVOCATE), accounts.available("cash", OTHER)),
        (accounts.available("coupon", ADVOCATE), accounts.available("coupon", FRIEND)),
        (accounts.debt(ADVOCATE, "x", "EUR"), accounts.debt(FRIEND, "x", "EUR")),
    ):
        assert is_valid(chart.account(name))
        assert chart.account(name) != chart.account(other)
    assert chart.account(accounts.available("cash", ADVOCATE)).endswith(
        f":A{ADVOCATE[1:3]}-" + ADVOCATE[4:]
    )


def test_a_programme_that_is_not_known_is_named_by_its_id() -> None:
    name = Chart({}).account(accounts.expense(PROGRAM))
    assert name == "Expenses:Referral:Prg-" + PROGRAM.removeprefix("prg_")
    assert is_valid(name)


@pytest.mark.parametrize("name", ["", "other", "expense", "pending", "savings:adv_1"])
def test_what_is_none_of_our_accounts_has_no_place(name: str) -> None:
    with pytest.raises(LookupError, match="has no place"):
        CHART.account(name)


def test_units_are_written_as_their_currency_has_it() -> None:
    decimals = {"EUR": 2, "JPY": 0, "KWD": 3, "PTS": 0, "CPN": 0}
    assert {unit: CHART.decimals(unit) for unit in decimals} == decimals
    assert [CHART.unit(unit) for unit in ("EUR", "PTS")] == ["", "Points"]
