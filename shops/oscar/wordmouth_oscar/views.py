"""The one way in: signed requests of the engine about its coupons."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wordmouth_oscar import coupons
from wordmouth_oscar.conf import config
from wordmouth_oscar.coupons import CouponState
from wordmouth_oscar.problems import Problem
from wordmouth_oscar.signing import BadSignature, verify
from wordmouth_oscar.terms import parse_code, parse_terms

LONGEST_BODY = 65_536

_VERBS: dict[str, Callable[[dict[str, Any]], CouponState]] = {
    "coupon.issue": lambda data: coupons.issue(parse_terms(data)),
    "coupon.lookup": lambda data: coupons.lookup(parse_code(data)),
    "coupon.revoke": lambda data: coupons.revoke(parse_code(data)),
}


@csrf_exempt
@require_POST
def coupon_endpoint(request: HttpRequest) -> HttpResponse:
    """Issue, look up or revoke a coupon; the signature proves that the engine asks."""
    try:
        state = _answer(request)
    except Problem as problem:
        return problem.response()
    return JsonResponse(asdict(state))


def _answer(request: HttpRequest) -> CouponState:
    settings = config()
    if not settings.connected:
        raise Problem(503, "not_connected", "this shop is not connected to a referral engine")
    body = request.read(LONGEST_BODY + 1)
    if len(body) > LONGEST_BODY:
        raise Problem(413, "too_large", f"a request has at most {LONGEST_BODY} bytes")
    try:
        verify(settings.keys, request.headers, body, time.time())
    except BadSignature as error:
        raise Problem(401, "bad_signature", str(error)) from error
    verb, data = _parse(body)
    return _VERBS[verb](data)


def _parse(body: bytes) -> tuple[str, dict[str, Any]]:
    try:
        content = json.loads(body)
    except ValueError as error:
        raise Problem(400, "invalid_json", "the body must be JSON in UTF-8") from error
    verb = content.get("type") if isinstance(content, dict) else None
    if verb not in _VERBS:
        allowed = ", ".join(_VERBS)
        raise Problem(400, "unknown_type", f"type must be one of {allowed}; it is {verb!r}")
    data = content.get("data")
    if not isinstance(data, dict):
        raise Problem(400, "invalid_coupon", "data must be an object")
    return verb, data
