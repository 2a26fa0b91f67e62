"""What of an order counts, and what refunds leave of it: exact, and whatever the sequence."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wordmouth.orders.facts import LineFacts, OrderContents, RefundedLine, RefundFacts
from wordmouth.referrals.eligible import (
    Eligible,
    GoodsRules,
    GoodsSet,
    basis_of,
    category,
    rounded,
    shared,
)

ALL = GoodsRules()


def line(name: str, total: int, **told: Any) -> LineFacts:
    given: dict[str, Any] = {
        "product_id": f"p-{name}",
        "category": "Drinks",
        "quantity": 1,
        "gift_card": False,
    }
    return LineFacts(id=name, total=total, **given | told)


def back(name: str, amount: int, *lines: RefundedLine) -> RefundFacts:
    return RefundFacts(id=name, amount=amount, lines=lines)


def of(name: str, quantity: int | None = None, amount: int | None = None) -> RefundedLine:
    return RefundedLine(id=name, quantity=quantity, amount=amount)


def order(*lines: LineFacts, refunds: tuple[RefundFacts, ...] = (), **told: Any) -> OrderContents:
    """An order whose goods are worth its lines, with 400 for shipping."""
    items = told.get("items", sum(max(one.total, 0) for one in lines))
    discount = told.get("discount", 0)
    given: dict[str, Any] = {
        "items": items,
        "discount": discount,
        "shipping": 400,
        "tax": 0,
        "grand": max(items - discount, 0) + 400,
        "gift_card": 0,
    }
    return OrderContents(lines=lines, refunds=refunds, **given | told)


def goods(*products: str, categories: tuple[str, ...] = ()) -> GoodsSet:
    return GoodsSet(products=products, categories=tuple(category(one) for one in categories))


def counted(contents: OrderContents, rules: GoodsRules = ALL) -> tuple[int, int, tuple[str, ...]]:
    found = basis_of(contents, rules)
    return found.basis, found.left, found.reasons


TEA, CAKE, CARD = line("1", 3000, quantity=2), line("2", 2000), line("3", 2500, gift_card=True)


def test_without_rules_all_that_was_paid_for_goods_counts() -> None:
    assert counted(order(TEA, CAKE, discount=500)) == (4500, 4500, ())
    assert counted(order(items=5000, discount=500)) == (4500, 4500, ())


def test_a_discount_on_the_order_is_spread_by_worth_and_gift_cards_do_not_count() -> None:
    assert counted(order(TEA, CAKE, CARD, discount=750)) == (4500, 4500, ())
    cards = GoodsRules(gift_cards=True)
    assert counted(order(TEA, CAKE, CARD, discount=750), cards) == (6750, 6750, ())


def test_lines_that_are_told_after_discounts_are_shared_out_the_same() -> None:
    net = order(line("1", 2700), line("2", 1800), items=5000, discount=500)
    assert counted(net, GoodsRules(include=goods("p-1"))) == (2700, 2700, ())


@pytest.mark.parametrize(
    ("rules", "basis"),
    [
        (GoodsRules(include=goods("p-1")), 3000),
        (GoodsRules(include=goods("p-1", categories=("sweets",))), 5000),
        (GoodsRules(include=goods(categories=(" SWEETS ",))), 2000),
        (GoodsRules(exclude=goods("p-1")), 2000),
        (GoodsRules(exclude=goods(categories=("Sweets",))), 3000),
        (GoodsRules(include=goods("p-1", "p-2"), exclude=goods("p-2")), 3000),
    ],
)
def test_only_the_goods_that_the_programme_names_count(rules: GoodsRules, basis: int) -> None:
    sweets = msgspec.structs.replace(CAKE, category="Sweets")
    assert counted(order(TEA, sweets), rules) == (basis, basis, ())


def test_lines_without_worth_share_by_quantity_and_else_alike() -> None:
    rules = GoodsRules(include=goods("p-1"))
    three, one = line("1", 0, quantity=3), line("2", 0)
    assert counted(order(three, one, items=4000), rules)[0] == 3000
    none, neither = line("1", 0, quantity=0), line("2", 0, quantity=0)
    assert counted(order(none, neither, items=4000), rules)[0] == 2000


def test_a_discount_written_as_a_line_is_no_goods() -> None:
    written = order(TEA, CAKE, line("d", -500), items=4500)
    assert counted(written, GoodsRules(include=goods("p-1"))) == (2700, 2700, ())


@pytest.mark.parametrize(
    ("contents", "rules", "reason"),
    [
        (order(TEA), GoodsRules(include=goods("p-9")), "no_eligible_goods"),
        (order(TEA), GoodsRules(exclude=goods("p-1")), "no_eligible_goods"),
        (order(items=5000), GoodsRules(include=goods("p-1")), "no_eligible_goods"),
        (order(TEA, CARD), GoodsRules(exclude=goods("p-1")), "gift_cards_only"),
        (order(CARD), ALL, "gift_cards_only"),
        (order(CARD), GoodsRules(include=goods("p-9")), "gift_cards_only"),
        (order(TEA, gift_card=3400), ALL, "gift_cards_only"),
        (order(TEA, gift_card=3400, grand=0), ALL, "gift_cards_only"),
        (order(TEA, discount=3000), ALL, "nothing_paid"),
        (order(TEA, line("2", 0)), GoodsRules(include=goods("p-2")), "nothing_paid"),
        (order(items=0), ALL, "nothing_paid"),
    ],
)
def test_why_an_order_does_not_count(
    contents: OrderContents, rules: GoodsRules, reason: str
) -> None:
    assert counted(contents, rules)[2] == (reason,)


@pytest.mark.parametrize(
    ("contents", "rules"),
    [
        (order(items=5000), GoodsRules(exclude=goods("p-1"))),
        (order(CARD), GoodsRules(gift_cards=True)),
        (order(TEA, gift_card=3400), GoodsRules(gift_cards=True)),
        (order(TEA, gift_card=3399), ALL),
        (order(TEA, discount=3000), GoodsRules(free_orders=True)),
    ],
)
def test_what_counts_all_the_same(contents: OrderContents, rules: GoodsRules) -> None:
    assert counted(contents, rules)[2] == ()


@pytest.mark.parametrize(
    ("refunds", "left"),
    [
        ((), 4500),
        ((back("r", 1000),), 3500),
        ((back("r", 4900),), 0),
        ((back("r", 9900),), 0),
        # Half of the tea, for which 27.00 was paid.
        ((back("r", 1350, of("1", quantity=1)),), 3150),
        ((back("r", 1350, of("1", amount=1000)),), 3500),
        ((back("r", 2700, of("1")),), 1800),
        # Twice the same line takes back no more than it.
        ((back("a", 2700, of("1")), back("b", 2700, of("1"))), 1800),
        ((back("a", 1350, of("1", quantity=1)), back("b", 1350, of("1", quantity=5))), 1800),
        # Beyond the line: shipping first, then whatever goods are left.
        ((back("r", 3100, of("1")),), 1800),
        ((back("r", 3400, of("1")),), 1500),
        # A line that the order does not have says nothing of where the money belongs.
        ((back("r", 1000, of("9")),), 3500),
        ((back("r", 1000, of("9", quantity=1), of("2", amount=1000)),), 3500),
    ],
)
def test_what_refunds_leave(refunds: tuple[RefundFacts, ...], left: int) -> None:
    assert counted(order(TEA, CAKE, discount=500, refunds=refunds)) == (4500, left, ())


def test_a_refund_without_lines_is_spread_over_goods_that_count_and_others() -> None:
    rules = GoodsRules(exclude=goods("p-2"))
    assert counted(order(TEA, CAKE, refunds=(back("r", 1000),)), rules) == (3000, 2400, ())


def test_a_refund_of_what_does_not_count_leaves_what_does() -> None:
    refunds = (back("r", 2500, of("3")),)
    assert counted(order(TEA, CARD, refunds=refunds)) == (3000, 3000, ())


def test_lines_that_share_an_id_are_taken_back_together() -> None:
    small, large = line("1", 1000), line("1", 2000, product_id="p-l", quantity=2)
    refunds = (back("r", 1000, of("1", quantity=1)),)
    assert counted(order(small, large, refunds=refunds))[:2] == (3000, 2000)


lines = st.builds(
    line,
    st.sampled_from(["1", "2", "3", ""]),
    st.integers(-500, 5000),
    product_id=st.sampled_from(["p-1", "p-2", ""]),
    category=st.sampled_from(["Drinks", "sweets"]),
    quantity=st.integers(0, 4),
    gift_card=st.booleans(),
)
parts = st.builds(
    of,
    st.sampled_from(["1", "2", "3", "9"]),
    st.none() | st.integers(0, 5),
    st.none() | st.integers(0, 3000),
)
refund_lists = st.lists(
    st.builds(
        RefundFacts,
        id=st.text("abcdef", min_size=1, max_size=3),
        amount=st.integers(0, 6000),
        lines=st.lists(parts, max_size=3).map(tuple),
    ),
    max_size=4,
    unique_by=lambda refund: refund.id,
)
orders = st.builds(
    lambda lines, refunds, items, discount, card: order(
        *lines, refunds=tuple(refunds), items=items, discount=discount, gift_card=card
    ),
    st.lists(lines, max_size=5),
    refund_lists,
    st.integers(0, 9000),
    st.integers(0, 3000),
    st.integers(0, 3000),
)
goods_sets = st.none() | st.builds(
    GoodsSet,
    products=st.lists(st.sampled_from(["p-1", "p-2"])).map(tuple),
    categories=st.lists(st.sampled_from(["drinks", "sweets"])).map(tuple),
)
rule_sets = st.builds(
    GoodsRules,
    include=goods_sets,
    exclude=goods_sets,
    gift_cards=st.booleans(),
    free_orders=st.booleans(),
)


@given(orders, rule_sets)
def test_never_less_than_nothing_nor_more_than_was_paid(
    contents: OrderContents, rules: GoodsRules
) -> None:
    found = basis_of(contents, rules)
    assert 0 <= found.left <= found.basis <= contents.merchandise
    if not contents.refunds:
        assert found.left == found.basis


@given(orders, rule_sets, st.data())
def test_sequence_and_repetition_do_not_matter(
    contents: OrderContents, rules: GoodsRules, data: st.DataObject
) -> None:
    named = [one for one in contents.lines if one.id]
    again = data.draw(st.lists(st.sampled_from(named))) if named else []
    told_lines = data.draw(st.permutations([*contents.lines, *again]))
    refunds = list(contents.refunds)
    repeated = data.draw(st.lists(st.sampled_from(refunds))) if refunds else []
    told_refunds = data.draw(st.permutations([*refunds, *repeated]))
    shuffled = msgspec.structs.replace(
        contents, lines=tuple(told_lines), refunds=tuple(told_refunds)
    )
    assert basis_of(shuffled, rules) == basis_of(contents, rules)


@given(orders, rule_sets)
def test_another_refund_never_leaves_more(contents: OrderContents, rules: GoodsRules) -> None:
    left = -1
    for count in range(len(contents.refunds), -1, -1):
        told = msgspec.structs.replace(contents, refunds=contents.refunds[:count])
        found = basis_of(told, rules)
        assert found.left >= left
        left = found.left


@given(orders, rule_sets)
def test_what_counts_and_what_does_not_are_together_all(
    contents: OrderContents, rules: GoodsRules
) -> None:
    """Exact to the cent: no minor unit is lost or made by sharing out."""
    assume(contents.lines)
    cards = msgspec.structs.replace(rules, gift_cards=True, exclude=None)
    assume(cards.include is not None)
    inside = basis_of(contents, cards)
    outside = basis_of(
        contents, msgspec.structs.replace(cards, include=None, exclude=cards.include)
    )
    whole = basis_of(contents, GoodsRules(gift_cards=True))
    assert inside.basis + outside.basis == whole.basis == contents.merchandise
    # Either side is rounded half up, so a half of a minor unit is there twice at most.
    assert whole.left <= inside.left + outside.left <= whole.left + 1


@given(st.integers(0, 10_000), st.lists(st.integers(0, 900), min_size=1, max_size=8))
def test_shares_are_exact_and_at_most_one_off(total: int, weights: list[int]) -> None:
    assume(any(weights))
    shares = shared(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * sum(weights) - total * weight) < sum(weights)


def test_halves_are_rounded_up() -> None:
    assert [rounded(one, 2) for one in (1, 2, 3)] == [1, 1, 2]


def test_an_answer_is_plain() -> None:
    assert basis_of(order(TEA), ALL) == Eligible(basis=3000, left=3000, reasons=())
