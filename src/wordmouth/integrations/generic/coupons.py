"""Coupons in a shop that speaks the generic format: one address, signed requests."""

from __future__ import annotations

from typing import Any

import msgspec

from wordmouth.fulfilment.ports import CouponRefused, CouponSpec, CouponState, CouponUnreachable
from wordmouth.integrations.signed import Sender, is_json
from wordmouth.kit.http import Answer, Http

KINDS = frozenset({"percent_off", "amount_off", "free_shipping", "free_product", "early_access"})
"""The kinds that the format can express."""
STATES = frozenset({"active", "used", "revoked", "expired"})
REFUSALS = frozenset({400, 405, 409, 410, 422})
"""The shop understood and says no; asking again would get the same."""


class _Reply(msgspec.Struct, frozen=True):
    code: str
    state: str
    times_used: int = 0
    reference: str | None = None


class GenericCoupons:
    """`kinds` are those that this shop makes; to any other it answers 422."""

    def __init__(self, http: Http, url: str, secret: str, kinds: frozenset[str] = KINDS) -> None:
        self.kinds = kinds
        self._sender = Sender(http, "The shop", url, secret)

    def find(self, code: str) -> CouponState | None:
        """The coupon as the shop has it, or None. Raises CouponRefused, CouponUnreachable."""
        return self._ask("coupon.lookup", {"code": code}, f"coupon.lookup:{code}")

    def issue(self, spec: CouponSpec, key: str) -> CouponState:
        """Make the coupon, or get the one that is there under the same code and terms."""
        made = self._ask("coupon.issue", _issue_data(spec), key)
        if made is None:
            raise CouponUnreachable("The shop answered 404 to coupon.issue: check its address.")
        if made.code != spec.code:
            raise CouponUnreachable("The shop answered about another code than it was asked for.")
        return made

    def revoke(self, code: str, key: str) -> CouponState | None:
        """Make the coupon unusable; None when the shop has none."""
        return self._ask("coupon.revoke", {"code": code}, key)

    def _ask(self, kind: str, data: dict[str, Any], key: str) -> CouponState | None:
        answer = self._sender.ask(kind, data, key)
        if answer.status == 200:
            return _state(answer)
        # A 404 counts as "no such coupon" only where the shop says so as a problem document: an
        # unknown address answers 404 as well, with a page.
        if answer.status == 404 and is_json(answer):
            return None
        if answer.status in REFUSALS:
            raise CouponRefused(self._sender.words(answer))
        raise self._sender.unreachable(answer)


def _issue_data(spec: CouponSpec) -> dict[str, Any]:
    """The terms as they are sent; what belongs to one kind alone is sent with that kind alone."""
    customer = {"id": None, "email": spec.customer_email} if spec.customer_email else None
    data = {
        "code": spec.code,
        "kind": spec.kind,
        "value": spec.value,
        "currency": spec.currency,
        "min_order": spec.min_order,
        "expires_at": spec.expires_at,
        "usage_limit": spec.usage_limit,
        "customer": customer,
        "description": spec.description,
    }
    if spec.kind == "free_product":
        data["product"] = spec.product
    if spec.kind == "early_access":
        data["access"] = spec.access
    return data


def _state(answer: Answer) -> CouponState:
    try:
        reply = msgspec.json.decode(answer.body, type=_Reply)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CouponUnreachable(f"The shop's answer is not as agreed: {error}") from error
    if reply.state not in STATES:
        allowed = ", ".join(sorted(STATES))
        raise CouponUnreachable(
            f"The shop's answer has the state {reply.state[:40]!r}; allowed are {allowed}."
        )
    return CouponState(
        code=reply.code,
        state=reply.state,
        times_used=reply.times_used,
        reference=(reply.reference or "")[:200].replace("\0", ""),
    )
