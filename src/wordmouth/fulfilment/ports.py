"""What those outside must be able to do: the shop with coupons, an issuer with gift cards, the
merchant's own program with what it calls a reward.

Every call may raise `Refused` (never) or `Unreachable` (not now). Every `issue` may be repeated:
the same key is the same thing, however often it is asked for.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

import msgspec


class Refused(Exception):
    """They will never do it (other terms under this code, a kind that they cannot express);
    trying again is of no use. The text says why."""


class Unreachable(Exception):
    """They could not be asked; trying again later may help. `retry_after` in seconds."""

    def __init__(self, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


CouponRefused = Refused
CouponUnreachable = Unreachable


class CouponSpec(msgspec.Struct, frozen=True, kw_only=True):
    """The coupon we want. `value`: whole percent, or minor units of `currency`, or 0.

    `product` is the shop's id of the product that free_product gives away. `access` is what
    early_access opens before `until`: `{"name", "until", "products", "category"}`.
    """

    code: str
    kind: str
    value: int
    currency: str
    min_order: int | None
    expires_at: datetime | None
    usage_limit: int
    customer_email: str | None
    description: str
    product: str | None = None
    access: dict[str, Any] | None = None


class CouponState(msgspec.Struct, frozen=True, kw_only=True):
    """The coupon as the shop has it: `active`, `used`, `revoked` or `expired`."""

    code: str
    state: str
    times_used: int = 0
    reference: str = ""


class CouponPort(Protocol):
    """Coupons in one store's shop."""

    kinds: frozenset[str]

    def find(self, code: str) -> CouponState | None:
        """The coupon as the shop has it, or None."""
        ...

    def issue(self, spec: CouponSpec, key: str) -> CouponState:
        """Make the coupon; the same spec again gives the one that is there."""
        ...

    def revoke(self, code: str, key: str) -> CouponState | None:
        """Make the coupon unusable; a used one stays used; None when there is none."""
        ...


class GiftCardSpec(msgspec.Struct, frozen=True, kw_only=True):
    """The gift card we want: `value` minor units of `currency`, for the person with this address.

    `key` names the card for ever: what is asked for under it again is the same card.
    """

    key: str
    value: int
    currency: str
    email: str
    name: str
    message: str


class GiftCardState(msgspec.Struct, frozen=True, kw_only=True):
    """The card as the issuer has it: `pending` (being made), `active`, `used` or `cancelled`.

    `code`, `url` and `text` (how to use it) are for the holder alone; any may be empty.
    """

    reference: str
    state: str
    code: str = ""
    url: str = ""
    text: str = ""


class GiftCardPort(Protocol):
    """Gift cards of one store's account with an issuer."""

    def find(self, key: str) -> GiftCardState | None:
        """The card that was ordered under this key, or None."""
        ...

    def issue(self, spec: GiftCardSpec) -> GiftCardState:
        """Order the card; the same key again gives the one that was ordered."""
        ...

    def cancel(self, key: str) -> GiftCardState | None:
        """Make the card worthless; a used one stays used; None when there is none."""
        ...


class CustomSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A reward that the merchant's own program carries out. `id` is the reward's: the same id
    again is the same reward. `email` is None where no address is known."""

    id: str
    name: str
    party: str
    email: str | None
    first_name: str
    locale: str
    program: str
    offer: str
    value: int
    currency: str
    count: int | None


class CustomState(msgspec.Struct, frozen=True, kw_only=True):
    """What the program says of it: `pending` (ask again later), `issued`, `used` or `revoked`;
    `code`, `text` and `url` are for the holder, any may be empty."""

    state: str
    reference: str = ""
    code: str = ""
    text: str = ""
    url: str = ""


class CustomPort(Protocol):
    """One store's own program for rewards."""

    def issue(self, spec: CustomSpec, key: str) -> CustomState:
        """Have it carried out; the same id again tells how it stands."""
        ...

    def revoke(self, reward_id: str, key: str) -> CustomState | None:
        """Have it taken back; a used one stays used; None when the program knows none."""
        ...
