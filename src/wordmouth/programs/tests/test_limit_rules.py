"""Tiers beside each other, and limits that leave room: refused with the nearest that works."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordmouth.programs.errors import ProgramInvalid
from wordmouth.programs.parse import parse_data

OPTION = {"key": "a", "price": 5, "kind": "free_shipping"}


def document(*rewards: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Plain data of a document whose offer gives these rewards for cash of 5.00 EUR."""
    friend = more.pop("friend", None)
    given = [{"kind": "cash", "value": 500, **reward} for reward in rewards]
    return {
        "slug": "a",
        "name": "A",
        "eligibility": {"currency": "EUR"},
        "offers": [{"key": "a", "friend": friend, "advocate": given}],
        **more,
    }


def accepted(data: dict[str, Any]) -> None:
    """The document is valid; a problem would be raised."""
    assert parse_data(data).slug == "a"


def tier(first: int, to: int | None = None, **more: Any) -> dict[str, Any]:
    return {"schedule": "tier", "from": first, "to": to, "recurring": True, **more}


def problem_of(data: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(ProgramInvalid) as caught:
        parse_data(data)
    (problem,) = caught.value.problems
    return problem.path, problem.message


@pytest.mark.parametrize(
    ("tiers", "place", "message"),
    [
        (
            [tier(1, 3), tier(3, 5)],
            1,
            (
                "tier 3 to 5 overlaps tier 1 to 3 (advocate[0]); "
                "the nearest range that fits is from = 4, to = 5"
            ),
        ),
        (
            [tier(1, 5), tier(2, 3)],
            1,
            (
                "tier 2 to 3 overlaps tier 1 to 5 (advocate[0]); "
                "the nearest range that fits is from = 6, to = 7"
            ),
        ),
        (
            [tier(1, 3), tier(6, 9), tier(2)],
            2,
            (
                "tier from 2 overlaps tier 1 to 3 (advocate[0]); "
                "the nearest range that fits is from = 4, to = 5"
            ),
        ),
        (
            [tier(1, 3), tier(4, 9), tier(3)],
            2,
            (
                "tier from 3 overlaps tier 1 to 3 (advocate[0]); "
                "the nearest range that fits is from = 10, without to"
            ),
        ),
        (
            [tier(1), tier(4, 5)],
            1,
            "tier 4 to 5 overlaps tier from 1 (advocate[0]); end it with to = 3 at the latest",
        ),
        (
            [tier(5), tier(2)],
            1,
            (
                "tier from 2 overlaps tier from 5 (advocate[0]); "
                "the nearest range that fits is from = 2, to = 4"
            ),
        ),
        (
            [tier(5), tier(5, 8)],
            1,
            (
                "tier 5 to 8 overlaps tier from 5 (advocate[0]); "
                "nothing fits after a tier without end: give tier from 5 an end"
            ),
        ),
        (
            [tier(1, 3), tier(4), tier(3, 5)],
            2,
            (
                "tier 3 to 5 overlaps tier 1 to 3 (advocate[0]); "
                "nothing fits after a tier without end: give tier from 4 an end"
            ),
        ),
        (
            [tier(7, 7), tier(7, 9)],
            1,
            (
                "tier 7 to 9 overlaps tier 7 (advocate[0]); "
                "the nearest range that fits is from = 8, to = 9"
            ),
        ),
    ],
)
def test_tiers_that_overlap(tiers: list[dict[str, Any]], place: int, message: str) -> None:
    assert problem_of(document(*tiers)) == (f"offers[0].advocate[{place}].from", message)


def test_a_tier_has_at_most_two_rewards() -> None:
    shipping = {"kind": "free_shipping", "value": 0}
    points = {"kind": "points", "value": 5}
    accepted(document(tier(1, 3), tier(1, 3, **shipping), tier(4)))
    path, message = problem_of(document(tier(1, 3), tier(1, 3, **shipping), tier(1, 3, **points)))
    assert path == "offers[0].advocate[2]"
    assert message == "tier 1 to 3 has 2 rewards already, the most that a tier has; leave one out"


def test_no_reward_stands_twice() -> None:
    nth = {"schedule": "every_nth", "n": 5}
    path, message = problem_of(document(nth, {**nth, "value": 100}))
    assert (path, message) == (
        "offers[0].advocate[1]",
        "a second reward cash with schedule every_nth; join the two into one",
    )
    one_off = {"recurring": False}
    accepted(document(tier(1, 3), tier(1, 3, **one_off)))
    accepted(document({}, {"value": 0, "percent": 5}, nth, {**nth, "n": 10}))


ranges = st.tuples(st.integers(1, 30), st.none() | st.integers(0, 9))


@given(st.lists(ranges, min_size=2, max_size=5))
def test_the_range_that_is_proposed_fits(given_ranges: list[tuple[int, int | None]]) -> None:
    """Whoever does what each message says comes to tiers that are accepted."""
    tiers = [tier(first, None if more is None else first + more) for first, more in given_ranges]
    for _ in range(60):
        try:
            parse_data(document(*tiers))
        except ProgramInvalid as error:
            problem = error.problems[0]
            index = int(problem.path.split("advocate[")[1].split("]")[0])
            if "nearest range that fits is " not in problem.message:
                del tiers[index]
                continue
            fits = problem.message.split("fits is ")[1]
            first, *end = (int(part) for part in fits.replace(",", "").split() if part.isdigit())
            tiers[index] = tier(first, end[0] if end else None)
        else:
            return
    pytest.fail("the proposals lead nowhere")


@pytest.mark.parametrize(
    ("reward", "key", "count", "needed"),
    [
        ({"schedule": "milestone", "n": 25}, "n", 20, 25),
        ({"schedule": "every_nth", "n": 5}, "n", 4, 5),
        (tier(8, 9), "from", 7, 8),
    ],
)
def test_a_schedule_that_can_never_pay(
    reward: dict[str, Any], key: str, count: int, needed: int
) -> None:
    limits = {"per_advocate_total": {"count": count}}
    path, message = problem_of(document(reward, limits=limits))
    assert path == f"offers[0].advocate[0].{key}"
    assert message == (
        f"{needed} is never reached: limits.per_advocate_total.count is {count}, and no friend "
        f"after that counts; {key} may be {count} at most"
    )
    limits = {"per_advocate_total": {"count": needed}}
    accepted(document(reward, limits=limits))


def test_a_cap_within_a_period_only_makes_it_take_longer() -> None:
    limits = {"per_advocate": {"count": 20, "days": 365}}
    accepted(document({"schedule": "milestone", "n": 25}, limits=limits))


@pytest.mark.parametrize("name", ["per_advocate", "per_advocate_total"])
def test_a_limit_below_one_reward(name: str) -> None:
    days = {"days": 30} if name == "per_advocate" else {}
    path, message = problem_of(document({}, limits={name: {"value": 499, **days}}))
    assert path == f"limits.{name}.value"
    assert message == (
        "499 is below one reward of offers[0].advocate[0], which is 500 and would never be given; "
        "write 500 or more"
    )
    accepted(document({}, limits={name: {"value": 500, **days}}))
    accepted(document({"value": 0, "percent": 5}, limits={name: {"value": 1, **days}}))
    path, message = problem_of(document({}, limits={name: days}))
    assert path == f"limits.{name}"
    assert message.startswith("limits nothing: add count, value or both")


def test_a_budget_below_what_one_friend_costs() -> None:
    friend = {"kind": "free_product", "product": "p-9", "cost": 300}
    dearer = {"schedule": "milestone", "n": 3, "value": 2000}

    def budget(amount: int) -> dict[str, Any]:
        limits = {"budget": {"amount": amount, "days": 30}}
        return document({}, dearer, friend=friend, limits=limits)

    assert problem_of(budget(2299)) == (
        "limits.budget.amount",
        "2299 is below what offers[0] promises for one friend, which is 2300; write 2300 or more",
    )
    accepted(budget(2300))


@pytest.mark.parametrize(
    ("more", "needs"),
    [
        ({"friend": {"kind": "gift_card", "value": 5}}, "offers[0].friend.value"),
        ({"friend": {"kind": "points", "value": 5, "cost": 5}}, "offers[0].friend.cost"),
        ({"limits": {"per_advocate": {"value": 5, "days": 1}}}, "limits.per_advocate.value"),
        ({"limits": {"per_advocate_total": {"value": 5}}}, "limits.per_advocate_total.value"),
        ({"payouts": {"threshold": 5}}, "payouts.threshold"),
        ({"payouts": {"tax_hold": 5}}, "payouts.tax_hold"),
        (
            {
                "wallet": {
                    "redemptions": [{"key": "a", "price": 1, "kind": "gift_card", "value": 5}]
                }
            },
            "wallet.redemptions[0].value",
        ),
        (
            {"wallet": {"redemptions": [{**OPTION, "pay_with": "store_credit"}]}},
            "wallet.redemptions[0].price",
        ),
    ],
)
def test_every_amount_needs_a_currency(more: dict[str, Any], needs: str) -> None:
    points = {"kind": "points", "value": 5}
    data = {**document(points, **more), "eligibility": {}}
    path, message = problem_of(data)
    assert (path, message) == (
        "eligibility",
        f'currency is missing: {needs} is an amount; add for instance currency = "EUR"',
    )
    share = {"kind": "cash", "value": 0, "percent": 5}
    _, message = problem_of({**document(share), "eligibility": {}})
    assert "offers[0].advocate[0].percent is an amount" in message


@pytest.mark.parametrize(
    ("eligibility", "path", "words"),
    [
        ({"include": {}}, "include", "names no goods: add products, categories or both"),
        ({"exclude": {"products": ["a", "a"]}}, "exclude.products[1]", "in the list already"),
        (
            {"include": {"products": ["a", "b"]}, "exclude": {"products": ["c", "b"]}},
            "exclude.products[1]",
            "'b' is included as well; leave it out in one of the two",
        ),
        (
            {"include": {"categories": ["Tea"]}, "exclude": {"categories": ["Tea"]}},
            "exclude.categories[0]",
            "'Tea' is included as well",
        ),
    ],
)
def test_goods_that_contradict_each_other(
    eligibility: dict[str, Any], path: str, words: str
) -> None:
    found, message = problem_of(
        {**document({"kind": "free_shipping", "value": 0}), "eligibility": eligibility}
    )
    assert found == f"eligibility.{path}"
    assert words in message


@pytest.mark.parametrize(
    ("option", "path", "words"),
    [
        ({"price": 0}, ".price", "from 1 to"),
        ({"value": 0}, ".value", "amount_off takes an amount in minor units greater than 0"),
        ({"kind": "percent_off", "value": 101}, ".value", "from 1 to 100"),
        ({"kind": "free_shipping", "value": 5}, ".value", "takes no value"),
        ({"kind": "free_product", "value": 0}, "", "needs product"),
        ({"product": "p"}, ".product", "belongs to free_product"),
        ({"kind": "cash"}, ".kind", "is not possible here"),
        ({"pay_with": "cash"}, ".pay_with", "is not possible here"),
    ],
)
def test_what_a_wallet_cannot_buy(option: dict[str, Any], path: str, words: str) -> None:
    right = {"key": "a", "price": 5, "kind": "amount_off", "value": 5}
    data = document({}, wallet={"redemptions": [{**right, **option}]})
    found, message = problem_of(data)
    assert found == f"wallet.redemptions[0]{path}"
    assert words in message


def test_options_are_told_apart_by_their_keys() -> None:
    path, message = problem_of(document({}, wallet={"redemptions": [OPTION, OPTION]}))
    assert path == "wallet.redemptions[1].key"
    assert message == "the key a is taken by an option above; every option has its own"
