"""What of an order counts, told a second time: cent by cent, in fractions, without shared code.

Knows less than the product: lines have ids of their own and a worth above nothing, and the
programme counts all goods but gift cards.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import floor

from wordmouth.orders.snapshot import Line, Refund, Totals


def counted(
    totals: Totals, lines: Iterable[Line], refunds: Iterable[Refund], more_back: int
) -> tuple[int, int, str]:
    """What was paid for goods that count, what is left of it, and why nothing counts if so.
    `more_back` is money that went back without a refund of the shop's own."""
    goods = max((totals.items or 0) - totals.discount, 0)
    told = sorted(lines, key=lambda line: line.id)
    if not told:
        told = [Line(id="", total=1)]
    paid = cents_of(goods, told)
    taken = dict.fromkeys(paid, 0)
    spread = more_back
    beside = 0
    named: dict[str, list[int | None]] = {}
    pieces: dict[str, int] = {}
    quantity = {line.id: line.quantity for line in told}
    for refund in refunds:
        known = [part for part in refund.lines if part.id in paid and part.id]
        if not known:
            spread += refund.amount
            continue
        worth = 0
        for part in known:
            if part.amount is not None:
                named.setdefault(part.id, []).append(part.amount)
                worth += part.amount
            elif part.quantity is not None:
                pieces[part.id] = pieces.get(part.id, 0) + part.quantity
                share = Fraction(min(part.quantity, quantity[part.id]), quantity[part.id])
                worth += nearest(paid[part.id] * share)
            else:
                named.setdefault(part.id, []).append(None)
                worth += paid[part.id]
        beside += max(refund.amount - worth, 0)
    for name in paid:
        amounts = named.get(name, [])
        if None in amounts:
            taken[name] = paid[name]
            continue
        share = Fraction(min(pieces.get(name, 0), quantity[name]), quantity[name])
        back = sum(amount or 0 for amount in amounts) + nearest(paid[name] * share)
        taken[name] = min(back, paid[name])
    spread += max(beside - totals.shipping - totals.tax, 0)
    counts = {line.id for line in told if not line.gift_card}
    basis = sum(paid[name] for name in counts)
    everything = sum(paid[name] - taken[name] for name in paid)
    mine = sum(paid[name] - taken[name] for name in counts)
    left = 0
    if everything > 0:
        left = nearest(Fraction(mine * max(everything - spread, 0), everything))
    return basis, left, why_not(totals, bool(counts), basis)


def cents_of(goods: int, lines: list[Line]) -> dict[str, int]:
    """What was paid for each line: whole cents first, and those that are over to the lines that
    lost most, one after the other."""
    worth = sum(line.total for line in lines)
    exact = {line.id: Fraction(goods * line.total, worth) for line in lines}
    paid = {name: floor(share) for name, share in exact.items()}
    while sum(paid.values()) < goods:
        lost = {name: exact[name] - paid[name] for name in paid}
        most = max(lost.values())
        paid[next(name for name in paid if lost[name] == most)] += 1
    return paid


def nearest(cents: Fraction) -> int:
    """Whole cents, a half upwards."""
    return floor(cents + Fraction(1, 2))


def why_not(totals: Totals, any_counts: bool, basis: int) -> str:
    paid_by_card = totals.gift_card > 0 and totals.gift_card >= totals.grand
    if not any_counts or paid_by_card:
        return "gift_cards_only"
    return "nothing_paid" if basis == 0 else ""
