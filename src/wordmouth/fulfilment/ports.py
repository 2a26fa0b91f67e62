"""What a shop adapter must be able to do with coupons."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec


class CouponSpec(msgspec.Struct, frozen=True, kw_only=True):
    """The coupon we want. `value`: whole percent, or minor units of `currency`, or 0."""

    code: str
    kind: str
    value: int
    currency: str
    min_order: int | None
    expires_at: datetime | None
    usage_limit: int
    customer_email: str | None
    description: str


class CouponState(msgspec.Struct, frozen=True, kw_only=True):
    """The coupon as the shop has it: `active`, `used`, `revoked` or `expired`."""

    code: str
    state: str
    times_used: int = 0
    reference: str = ""


class CouponRefused(Exception):
    """The shop will never take this coupon (other terms under this code, a kind it cannot
    express); trying again is of no use."""


class CouponUnreachable(Exception):
    """The shop could not be asked; trying again later may help. `retry_after` in seconds."""

    def __init__(self, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class CouponPort(Protocol):
    """Coupons in one store's shop. Every call may raise CouponRefused or CouponUnreachable."""

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
