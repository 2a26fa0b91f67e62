"""Reading a merged order: the columns that queries and other rooms need. Pure."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from wordmouth.orders.merge import MILESTONES, Merged

IMPORTED_REFUND = "import"
"""The id under which an imported file's refunded sum is kept."""


@lru_cache(maxsize=4096)
def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def columns(merged: Merged) -> dict[str, Any]:
    """The order's columns, by name. `placed_at` falls back to the first news of the order."""
    values = {name: register.value for name, register in merged.fields.items()}
    times = {name: _moment(values.get(name)) for name in MILESTONES}
    times["placed_at"] = times["placed_at"] or datetime.fromisoformat(merged.earliest)
    attribution = values.get("attribution") or {}
    codes = {code.strip().upper() for code in values.get("discount_codes") or [] if code.strip()}
    newest = max(register.stamp.at for register in merged.fields.values())
    return {
        "number": values.get("number") or "",
        "currency": values["currency"],
        **totals(values["totals"]),
        "refunded": _refunded(merged),
        **times,
        "updated_at": datetime.fromisoformat(newest),
        "is_test": bool(values.get("is_test")),
        "country": values.get("country") or "",
        "codes": tuple(sorted(codes)),
        "token": attribution.get("token") or "",
        "code": (attribution.get("code") or "").strip().upper(),
    }


def _refunded(merged: Merged) -> int:
    """The sum of the shop's refunds. What an imported file says of an order's refunds is one sum
    under one id: the same money as the shop's own refunds, not more."""
    amounts: dict[str, int] = {key: told.value[0] for key, told in merged.refunds.items()}
    imported = amounts.pop(IMPORTED_REFUND, 0)
    return max(sum(amounts.values()), imported)


def totals(told: dict[str, Any]) -> dict[str, int]:
    """The sums; where the shop does not tell the goods' sum, it follows from the others."""
    discount = told.get("discount", 0)
    shipping = told.get("shipping", 0)
    tax = told.get("tax", 0)
    items = told.get("items")
    if items is None:
        items = told["grand"] - shipping - tax + discount
    return {
        "items": items,
        "discount": discount,
        "shipping": shipping,
        "tax": tax,
        "grand": told["grand"],
    }
