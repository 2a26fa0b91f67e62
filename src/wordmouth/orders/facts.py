"""What other rooms are told about an order."""

from __future__ import annotations

from datetime import datetime

import msgspec


class OrderFacts(msgspec.Struct, frozen=True, kw_only=True):
    """An order as all its snapshots together tell it; money in minor units of `currency`.

    `items` is before `discount`; `refunded` is the sum of all refunds; `codes` are the discount
    codes in capitals; `token` and `code` are what the shop said about where the buyer came from.
    """

    id: str
    external_id: str
    number: str
    person_id: str | None
    currency: str
    items: int
    discount: int
    shipping: int
    tax: int
    grand: int
    refunded: int
    placed_at: datetime
    paid_at: datetime | None
    fulfilled_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    charged_back_at: datetime | None
    updated_at: datetime
    is_test: bool
    country: str
    codes: tuple[str, ...]
    token: str
    code: str

    @property
    def merchandise(self) -> int:
        """What was paid for goods: after discounts, without shipping and tax."""
        return max(self.items - self.discount, 0)

    @property
    def fully_refunded(self) -> bool:
        """Whether everything that was paid was given back."""
        return self.refunded > 0 and self.refunded >= self.grand

    @property
    def undone(self) -> str:
        """Why nothing came of the order after all: `charged_back`, `cancelled` or `refunded`;
        empty where it stands."""
        if self.charged_back_at is not None:
            return "charged_back"
        if self.cancelled_at is not None:
            return "cancelled"
        return "refunded" if self.fully_refunded else ""


class LineFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A line of an order. `total` is its worth in minor units, after its own discounts."""

    id: str
    product_id: str
    category: str
    quantity: int
    total: int
    gift_card: bool


class RefundedLine(msgspec.Struct, frozen=True, kw_only=True):
    """What of a line went back: an `amount`, else a `quantity`, else all of it."""

    id: str
    quantity: int | None
    amount: int | None


class RefundFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Money given back, and for which lines where the shop said so."""

    id: str
    amount: int
    lines: tuple[RefundedLine, ...]


class OrderContents(msgspec.Struct, frozen=True, kw_only=True):
    """What an order holds. `items` is before `discount`; `gift_card` is the part of `grand` that
    was paid with gift cards; all in minor units of the order's currency."""

    items: int
    discount: int
    shipping: int
    tax: int
    grand: int
    gift_card: int
    lines: tuple[LineFacts, ...]
    refunds: tuple[RefundFacts, ...]

    @property
    def merchandise(self) -> int:
        """What was paid for goods: after discounts, without shipping and tax."""
        return max(self.items - self.discount, 0)


class ImportFacts(msgspec.Struct, frozen=True, kw_only=True):
    """How far the import of a file has come: `position` counts its records from the start."""

    id: str
    position: int
    taken: int
    refused: int
    finished_at: datetime | None
