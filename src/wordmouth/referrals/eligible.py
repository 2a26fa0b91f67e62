"""What of an order counts, and what is left of it after refunds. Pure, and exact to the cent.

The order's totals say how much was paid for goods; its lines only say how that is shared out. So
a discount on the whole order is spread over all lines by their worth, whether the shop tells
lines before or after discounts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from wordmouth.orders.facts import LineFacts, OrderContents, RefundedLine, RefundFacts


class GoodsSet(msgspec.Struct, frozen=True, kw_only=True):
    """Some goods: products by the shop's ids, categories by name, capitals or not."""

    products: tuple[str, ...]
    categories: tuple[str, ...]


class GoodsRules(msgspec.Struct, frozen=True, kw_only=True):
    """Which goods count: those of `include` (None: all) that are not of `exclude`. Gift cards,
    and orders for which nothing was paid, only where the programme says so."""

    include: GoodsSet | None = None
    exclude: GoodsSet | None = None
    gift_cards: bool = False
    free_orders: bool = False


class Eligible(msgspec.Struct, frozen=True, kw_only=True):
    """`basis` is what was paid for the goods that count, `left` what is left of it after refunds,
    in minor units. `reasons` say why the order does not count, if it does not."""

    basis: int
    left: int
    reasons: tuple[str, ...]


class _Line(msgspec.Struct):
    """A line with its share of what was paid, what of it went back, and whether it counts."""

    told: LineFacts
    paid: int
    counts: bool
    back: int = 0


def basis_of(contents: OrderContents, rules: GoodsRules) -> Eligible:
    """What of an order counts by the rules. The order of lines and refunds does not matter, nor
    does telling one of them twice."""
    told = _lines(contents)
    shares = shared(contents.merchandise, _weights(told))
    wanted = [_is_wanted(line, rules) for line in told]
    lines = [
        _Line(line, paid, counts and (rules.gift_cards or not line.gift_card))
        for line, paid, counts in zip(told, shares, wanted, strict=True)
    ]
    basis = sum(line.paid for line in lines if line.counts)
    reason = _why_not(contents, lines, basis, rules, any(wanted))
    left = _left(lines, set(contents.refunds), contents.shipping + contents.tax)
    return Eligible(basis=basis, left=left, reasons=(reason,) if reason else ())


def shared(total: int, weights: Sequence[int]) -> list[int]:
    """`total` shared out by weights that are not all 0, exact in sum (largest remainders; of
    equal ones the first)."""
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    places = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for place in places[: total - sum(shares)]:
        shares[place] += 1
    return shares


def rounded(numerator: int, denominator: int) -> int:
    """A quotient of numbers that are not negative as a whole number, half rounded up."""
    return (2 * numerator + denominator) // (2 * denominator)


def _lines(contents: OrderContents) -> list[LineFacts]:
    """The lines, each once, always in the same sequence; an order without lines is one line that
    nothing is known of but its worth."""
    once: dict[object, LineFacts] = {}
    for place, line in enumerate(contents.lines):
        once[line if line.id else place] = line
    if not once:
        unknown = LineFacts(id="", product_id="", category="", quantity=1, total=1, gift_card=False)
        return [unknown]
    return sorted(once.values(), key=msgspec.structs.astuple)


def _weights(lines: Sequence[LineFacts]) -> list[int]:
    """By worth; where no line tells one, by quantity; else all alike. A line of negative worth is
    a discount, which the order's totals hold already."""
    by_worth = [max(line.total, 0) for line in lines]
    by_quantity = [max(line.quantity, 0) for line in lines]
    return next((some for some in (by_worth, by_quantity) if any(some)), [1] * len(lines))


def _is_wanted(line: LineFacts, rules: GoodsRules) -> bool:
    """Whether a line is among the goods that the programme names, gift card or not."""
    included = rules.include is None or _is_of(line, rules.include)
    return included and not (rules.exclude is not None and _is_of(line, rules.exclude))


def _is_of(line: LineFacts, goods: GoodsSet) -> bool:
    return line.product_id in goods.products or category(line.category) in goods.categories


def category(name: str) -> str:
    """A category's name as it is compared."""
    return name.strip().casefold()


def _why_not(
    contents: OrderContents,
    lines: Sequence[_Line],
    basis: int,
    rules: GoodsRules,
    any_wanted: bool,
) -> str:
    if not any(line.counts for line in lines):
        only_cards = all(line.told.gift_card for line in lines)
        return "gift_cards_only" if any_wanted or only_cards else "no_eligible_goods"
    if contents.gift_card > 0 and contents.gift_card >= contents.grand and not rules.gift_cards:
        return "gift_cards_only"
    return "nothing_paid" if basis == 0 and not rules.free_orders else ""


def _left(lines: Sequence[_Line], refunds: Iterable[RefundFacts], beside_goods: int) -> int:
    """What refunds leave of the lines that count.

    What names lines reduces them, at most to nothing. What such refunds give back beyond their
    lines is shipping and tax first; the rest, and whatever names no line, is spread over all that
    is left, by worth.
    """
    loose, beyond = _take_back(lines, refunds)
    loose += max(beyond - beside_goods, 0)
    left = sum(line.paid - line.back for line in lines)
    counting = sum(line.paid - line.back for line in lines if line.counts)
    return rounded(counting * max(left - loose, 0), left) if left else 0


def _take_back(lines: Sequence[_Line], refunds: Iterable[RefundFacts]) -> tuple[int, int]:
    """Set what of each line went back; the money of refunds that name no known line, and what the
    others give back beyond their lines."""
    known: dict[str, list[_Line]] = defaultdict(list)
    for line in lines:
        if line.told.id:
            known[line.told.id].append(line)
    named: dict[str, list[RefundedLine]] = defaultdict(list)
    loose = beyond = 0
    for refund in refunds:
        parts = [part for part in refund.lines if part.id in known]
        if not parts:
            loose += refund.amount
            continue
        beyond += max(refund.amount - sum(_worth([p], known[p.id]) for p in parts), 0)
        for part in parts:
            named[part.id].append(part)
    for line_id, parts in named.items():
        _reduce(known[line_id], _worth(parts, known[line_id]))
    return loose, beyond


def _worth(parts: Sequence[RefundedLine], lines: Sequence[_Line]) -> int:
    """What the refunded parts of a line are worth; several lines may share an id."""
    paid = sum(line.paid for line in lines)
    quantity = sum(max(line.told.quantity, 0) for line in lines)
    if any(part.amount is None and part.quantity is None for part in parts):
        return paid
    pieces = sum(part.quantity or 0 for part in parts if part.amount is None)
    by_pieces = rounded(paid * min(pieces, quantity), quantity) if quantity else paid * bool(pieces)
    return by_pieces + sum(part.amount for part in parts if part.amount is not None)


def _reduce(lines: Sequence[_Line], worth: int) -> None:
    for line in lines:
        line.back = min(line.paid, worth)
        worth -= line.back
