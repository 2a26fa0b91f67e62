"""Coupons by the API of a shop: what is the same whatever the platform.

A coupon of ours carries a mark with the digest of its terms, where the platform has room for one.
One without that mark is the shop's own, whatever its code: neither taken for ours nor touched.
A platform says how a coupon is looked up, made and ended (`ShopCoupons`).
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

import msgspec

from wordmouth.fulfilment.ports import CouponSpec, CouponState, Refused
from wordmouth.integrations.shop_calls import SaidNo, final
from wordmouth.kit import clock


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A coupon as the shop has it: `terms` is the digest in our mark (empty: the shop's own),
    `ended` says that it was taken back or switched off, and at `ends` it runs out by itself."""

    id: str
    terms: str
    uses: int
    ended: bool = False
    ends: datetime | None = None

    def runs_out(self) -> bool:
        """Whether its time is over."""
        return self.ends is not None and self.ends <= clock.now()


class ShopCoupons(ABC):
    """See `fulfilment.ports.CouponPort`. What a platform writes may raise SaidNo, which is then
    the shop's final word, besides Unreachable and Refused."""

    who: ClassVar[str]
    """The platform in words."""
    kinds: frozenset[str]
    locks: ClassVar[bool] = False
    """Whether a coupon can be made for one customer alone."""

    @abstractmethod
    def look_up(self, code: str) -> Known | None:
        """The shop's coupon of that code, whoever made it; platforms that do not tell capitals
        apart give it for any."""

    @abstractmethod
    def make(self, spec: CouponSpec) -> Known:
        """Make it. Raises SaidNo where there is one of that code already, and Refused for what the
        platform cannot express."""

    @abstractmethod
    def end(self, code: str, known: Known) -> Known | None:
        """Make a coupon of ours unusable that nobody used; None where it is gone."""

    @abstractmethod
    def currency(self) -> str:
        """What the shop counts in: a coupon has no currency of its own."""

    def ours(self, code: str) -> Known | None:
        """Our coupon of that code."""
        found = self.look_up(code)
        return found if found and found.terms else None

    def find(self, code: str) -> CouponState | None:
        """Our coupon of that code, or None. Raises CouponRefused, CouponUnreachable."""
        with final():
            found = self.ours(code)
        return _state(code, found) if found else None

    def issue(self, spec: CouponSpec, key: str) -> CouponState:
        """Make the coupon; the same spec again gives the one that is there."""
        self._check(spec)
        with final():
            if known := self._there(spec):
                return known
            if spec.kind == "amount_off" or spec.min_order is not None:
                self._check_currency(spec)
            try:
                return _state(spec.code, self.make(spec))
            except SaidNo:
                # Another try of ours may have come first.
                if known := self._there(spec):
                    return known
                raise

    def revoke(self, code: str, key: str) -> CouponState | None:
        """Make the coupon unusable; it stays in the shop's list, with how often it was used up to
        that moment. None when there is none of ours."""
        with final():
            found = self.ours(code)
            if found is None or found.uses or found.ended:
                return _state(code, found) if found else None
            try:
                done = self.end(code, found)
            except SaidNo as no:
                if no.status != 404:
                    raise
                done = None
        return _state(code, done) if done else None

    def _check(self, spec: CouponSpec) -> None:
        if spec.kind not in self.kinds:
            makes = ", ".join(sorted(self.kinds))
            raise Refused(f"{self.who} makes no {spec.kind}; it makes {makes}.")
        if spec.customer_email and not self.locks:
            raise Refused(f"{self.who} makes no coupon for one customer alone.")

    def _there(self, spec: CouponSpec) -> CouponState | None:
        """The coupon with this very spec, if it is there. Raises Refused: it is another one."""
        found = self.look_up(spec.code)
        if found is None:
            return None
        if found.terms != digest(spec):
            whose = "with other terms" if found.terms else "of the shop's own"
            raise Refused(f"There is a coupon {spec.code} {whose} already.")
        return _state(spec.code, found)

    def _check_currency(self, spec: CouponSpec) -> None:
        theirs = self.currency()
        if theirs != spec.currency:
            raise Refused(
                f"The shop counts in {theirs}; a coupon in {spec.currency} would be worth "
                "something else there."
            )


def digest(spec: CouponSpec) -> str:
    """Of what makes the coupon another one; the words about it do not."""
    terms = msgspec.json.encode(msgspec.structs.replace(spec, description=""), order="sorted")
    return hashlib.sha256(terms).hexdigest()[:32]


def end_of(text: str | None, read: Callable[[str], datetime]) -> datetime | None:
    """When a coupon runs out, by the platform's way to write a time; None where it never does, or
    what is written is no time."""
    try:
        return read(text) if text else None
    except ValueError:
        return None


def _state(code: str, known: Known) -> CouponState:
    state = "active"
    if known.uses > 0:
        state = "used"
    elif known.ended:
        state = "revoked"
    elif known.runs_out():
        state = "expired"
    return CouponState(code=code, state=state, times_used=known.uses, reference=known.id)
