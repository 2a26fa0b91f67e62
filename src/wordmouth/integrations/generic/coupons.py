"""Coupons in a shop that speaks the generic format: one address, signed requests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from wordmouth.fulfilment.ports import CouponRefused, CouponSpec, CouponState, CouponUnreachable
from wordmouth.kit import clock
from wordmouth.kit.http import AddressRefused, Answer, Http, HttpFailed, retry_after
from wordmouth.kit.signing import webhook_headers

STATES = frozenset({"active", "used", "revoked", "expired"})
REFUSALS = frozenset({400, 405, 409, 410, 422})
"""The shop understood and says no; asking again would get the same."""


class _Reply(msgspec.Struct, frozen=True):
    code: str
    state: str
    times_used: int = 0
    reference: str | None = None


class _Problem(msgspec.Struct, frozen=True):
    detail: str | None = None
    title: str | None = None


class GenericCoupons:
    """`kinds` are those the format can express; a shop that cannot answers 422."""

    kinds = frozenset({"percent_off", "amount_off", "free_shipping"})

    def __init__(self, http: Http, url: str, secret: str) -> None:
        self._http = http
        self._url = url
        self._secret = secret

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
        now = clock.now()
        body = msgspec.json.encode({"type": kind, "timestamp": now, "data": data})
        headers = {
            "content-type": "application/json",
            "accept": "application/json, application/problem+json",
            **webhook_headers(self._secret, key, now, body),
        }
        try:
            answer = self._http.post(self._url, body, headers)
        except (AddressRefused, HttpFailed) as error:
            raise CouponUnreachable(f"The shop could not be asked. {error}") from error
        return _understood(answer, now)


def _issue_data(spec: CouponSpec) -> dict[str, Any]:
    customer = {"id": None, "email": spec.customer_email} if spec.customer_email else None
    return {
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


def _understood(answer: Answer, now: datetime) -> CouponState | None:
    if answer.status == 200:
        return _state(answer)
    # A 404 counts as "no such coupon" only where the shop says so as a problem document: an
    # unknown address answers 404 as well, with a page.
    if answer.status == 404 and _is_problem(answer):
        return None
    words = f"The shop answered {answer.status}{_detail(answer)}."
    if answer.status in REFUSALS:
        raise CouponRefused(words)
    raise CouponUnreachable(words, retry_after(answer, now))


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


def _is_problem(answer: Answer) -> bool:
    return "json" in answer.headers.get("content-type", "")


def _detail(answer: Answer) -> str:
    """What the shop says about it, short and in one line."""
    if not _is_problem(answer):
        return ""
    try:
        problem = msgspec.json.decode(answer.body, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    words = " ".join((problem.detail or problem.title or "").replace("\0", "").split())[:300]
    return f": {words.rstrip('.')}" if words else ""
