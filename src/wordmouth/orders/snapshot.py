"""An order as a shop tells it: the whole order as the shop sees it at `updated_at`.

A field that is absent (UNSET) says nothing; a field that is null says "not so".
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from wordmouth.people.snapshot import CustomerSnapshot


class Totals(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Sums in minor units; `items` before `discount`; `gift_card` is the part of `grand` that was
    paid with gift cards."""

    grand: int
    items: int | None = None
    discount: int = 0
    shipping: int = 0
    tax: int = 0
    gift_card: int = 0


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the order; money in minor units."""

    id: str = ""
    product_id: str = ""
    sku: str = ""
    name: str = ""
    category: str = ""
    quantity: int = 1
    unit_price: int = 0
    total: int = 0
    gift_card: bool = False


class RefundLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of a line went back: an `amount` in minor units, else a `quantity`, else all of it."""

    id: str
    quantity: int | None = None
    amount: int | None = None


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """Money given back; known by its own id, so that it counts once."""

    id: str
    amount: int
    at: datetime | None = None
    lines: tuple[RefundLine, ...] = ()


class Attribution(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the shop knows of where the buyer came from."""

    token: str | None = None
    code: str | None = None


class OrderSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """An order at one moment. `customer` goes to `people`; everything else stays here."""

    id: str
    updated_at: datetime
    currency: str
    totals: Totals
    number: str | UnsetType = UNSET
    placed_at: datetime | UnsetType | None = UNSET
    paid_at: datetime | UnsetType | None = UNSET
    fulfilled_at: datetime | UnsetType | None = UNSET
    delivered_at: datetime | UnsetType | None = UNSET
    cancelled_at: datetime | UnsetType | None = UNSET
    charged_back_at: datetime | UnsetType | None = UNSET
    customer: CustomerSnapshot | None = None
    discount_codes: tuple[str, ...] | UnsetType = UNSET
    lines: tuple[Line, ...] | UnsetType = UNSET
    refunds: tuple[Refund, ...] = ()
    country: str | UnsetType = UNSET
    attribution: Attribution | UnsetType | None = UNSET
    is_test: bool | UnsetType = UNSET
