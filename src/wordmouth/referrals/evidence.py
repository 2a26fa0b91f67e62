"""What a decision is made from. Pure data."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec

from wordmouth.orders.facts import OrderContents
from wordmouth.referrals.eligible import GoodsRules


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Whose recommendation an order may have come from, and how that is known.

    `via` is code, token or claim; `seen_at` the first touch; `live` whether the programme ran at
    that moment; `same_human` whether advocate and buyer are one; `email_hosts` those of all
    addresses the buyer is known by.
    """

    advocate_id: str
    via: str
    seen_at: datetime
    claim_id: str | None
    version_id: str
    offer: str
    live: bool
    same_human: bool
    email_hosts: tuple[str, ...]


class OrderEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """An order in its buyer's history. `contents` are there where somebody recommended it;
    `ruling` is the merchant's newest word: approve, restore or reject."""

    order_id: str
    external_id: str
    currency: str
    fully_refunded: bool
    placed_at: datetime
    paid_at: datetime | None
    fulfilled_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    charged_back_at: datetime | None
    is_test: bool
    candidate: Candidate | None
    contents: OrderContents | None
    ruling: str | None
    released_at: datetime | None

    @property
    def counts(self) -> bool:
        """Whether this order made its buyer a customer: paid, and neither cancelled nor charged
        back nor refunded; or the merchant lets it count all the same."""
        return self.ruling == "restore" or (
            self.paid_at is not None
            and self.cancelled_at is None
            and self.charged_back_at is None
            and not self.fully_refunded
            and not self.is_test
        )


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a programme version demands of an order; money in minor units of `currency`."""

    currency: str
    new_customers: bool
    min_order: int
    attribution_days: int
    hold_after: str
    hold_days: int
    fallback_days: int
    preset: str
    goods: GoodsRules


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What follows for one order. `hold_until` is when the hold ends, None while unpaid; `basis`
    and `amount` are what counts of the order, before and after refunds, in minor units."""

    status: str
    reasons: tuple[str, ...]
    basis: int
    amount: int
    hold_until: datetime | None
    released_at: datetime | None


def digest(order: OrderEvidence, terms: Terms, rank: tuple[bool, bool]) -> str:
    """The fingerprint of a decision's inputs, kept with the decision."""
    content = msgspec.json.encode([order, terms, rank], order="sorted")
    return hashlib.sha256(content).hexdigest()
