"""The door by which the engine makes, looks up and revokes coupons in this shop."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from wordmouth_demo import config, coupons, signing
from wordmouth_demo.coupons import CouponProblem
from wordmouth_demo.models import Coupon

MAX_BODY = 64 * 1024


@csrf_exempt
def coupon_door(request: HttpRequest) -> JsonResponse:
    """Carry out one signed request; answers the coupon, or problem+json."""
    try:
        kind, data = _read(request)
        coupon = _VERBS[kind](data)
    except CouponProblem as problem:
        return _problem(problem)
    return JsonResponse(
        {
            "code": coupon.code,
            "state": coupon.state_at(config.get().now()),
            "times_used": coupon.times_used,
            "reference": coupon.reference,
        }
    )


def _read(request: HttpRequest) -> tuple[str, dict[str, Any]]:
    if request.method != "POST":
        raise CouponProblem(405, "method_not_allowed", "Coupon requests are sent by POST.")
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
        raise CouponProblem(413, "too_large", f"A coupon request is at most {MAX_BODY} bytes.")
    shop = config.get()
    try:
        signing.verify(shop.webhook_secret, request.headers, request.body, shop.now())
    except signing.BadSignature as bad:
        raise CouponProblem(401, "bad_signature", str(bad)) from None
    try:
        message = json.loads(request.body)
    except ValueError:
        raise CouponProblem(400, "not_json", "The body is not JSON.") from None
    kind = message.get("type") if isinstance(message, dict) else None
    data = message.get("data") if isinstance(message, dict) else None
    if not isinstance(kind, str) or kind not in _VERBS:
        raise CouponProblem(400, "type_unknown", f"type must be one of {', '.join(_VERBS)}.")
    if not isinstance(data, dict):
        raise CouponProblem(400, "data_missing", "data must be an object.")
    return kind, data


def _issue(data: dict[str, Any]) -> Coupon:
    return coupons.issue(coupons.parse(data), config.get().now())


def _lookup(data: dict[str, Any]) -> Coupon:
    return coupons.lookup(coupons.read_code(data))


def _revoke(data: dict[str, Any]) -> Coupon:
    return coupons.revoke(coupons.read_code(data), config.get().now())


_VERBS: dict[str, Callable[[dict[str, Any]], Coupon]] = {
    "coupon.issue": _issue,
    "coupon.lookup": _lookup,
    "coupon.revoke": _revoke,
}


def _problem(problem: CouponProblem) -> JsonResponse:
    response = JsonResponse(
        {
            "type": "about:blank",
            "title": HTTPStatus(problem.status).phrase,
            "status": problem.status,
            "code": problem.code,
            "detail": problem.detail,
        },
        status=problem.status,
        content_type="application/problem+json",
    )
    if problem.status == HTTPStatus.METHOD_NOT_ALLOWED:
        response["Allow"] = "POST"
    return response
