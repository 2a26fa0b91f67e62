"""Reading what a merged order holds: its lines, its sums, what went back. Pure."""

from __future__ import annotations

from typing import Any

from wordmouth.orders.facts import LineFacts, OrderContents, RefundedLine, RefundFacts
from wordmouth.orders.merge import Merged
from wordmouth.orders.reading import IMPORTED_REFUND, totals


def contents_of(merged: Merged) -> OrderContents:
    """The order's contents, as all its snapshots together tell them."""
    told = merged.fields["totals"].value
    lines = merged.fields["lines"].value if "lines" in merged.fields else None
    return OrderContents(
        **totals(told),
        gift_card=told.get("gift_card", 0),
        lines=tuple(_line(line) for line in lines or ()),
        refunds=_refunds(merged),
    )


def _line(told: dict[str, Any]) -> LineFacts:
    return LineFacts(
        id=told.get("id", ""),
        product_id=told.get("product_id", ""),
        category=told.get("category", ""),
        quantity=told.get("quantity", 1),
        total=told.get("total", 0),
        gift_card=told.get("gift_card", False),
    )


def _refunds(merged: Merged) -> tuple[RefundFacts, ...]:
    """All refunds, by their ids. Of an imported sum only what the shop's own do not tell."""
    values = {key: register.value for key, register in merged.refunds.items()}
    imported = values.pop(IMPORTED_REFUND, None)
    found = [_refund(key, value) for key, value in sorted(values.items())]
    rest = imported[0] - sum(refund.amount for refund in found) if imported else 0
    if rest > 0:
        found.append(RefundFacts(id=IMPORTED_REFUND, amount=rest, lines=()))
    return tuple(found)


def _refund(key: str, value: list[Any]) -> RefundFacts:
    amount, _, *more = value
    lines = tuple(
        RefundedLine(id=line["id"], quantity=line.get("quantity"), amount=line.get("amount"))
        for line in (more[0] if more else ())
    )
    return RefundFacts(id=key, amount=amount, lines=lines)
