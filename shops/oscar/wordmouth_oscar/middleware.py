"""Remembers a visit from a friend's link and puts the friend's code into the basket."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from wordmouth_oscar import visits, vouchers
from wordmouth_oscar.conf import config

_DAY = 86_400


class WordmouthMiddleware:
    """Belongs below oscar's BasketMiddleware.

    ``?wm=`` is kept in a cookie, the first one wins; ``?coupon=`` is kept until the voucher is in
    the basket or turns out to be of no use.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request; everything that happens meanwhile knows whose visit it is."""
        if not config().connected:
            return self._get_response(request)
        reset = visits.current.set(visits.visit_of(request))
        try:
            response = self._get_response(request)
        finally:
            visits.current.reset(reset)
        self._remember(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        """Look after the basket's coupons on oscar's basket and checkout pages."""
        if not config().connected or not hasattr(request, "basket"):
            return None
        match = request.resolver_match
        place = match.namespace if match else ""
        if place == "checkout" and match and match.url_name != "thank-you":
            dropped = vouchers.drop_refused(request)
            if dropped and request.method == "POST" and match.url_name == "preview":
                # The total that the customer agreed to has changed: show it before going on.
                return redirect("basket:summary")
        if place in ("basket", "checkout") and request.method == "GET":
            self._add_coupon(request)
        return None

    def _add_coupon(self, request: HttpRequest) -> None:
        code = visits.coupon_of(request)
        if code and vouchers.add_to_basket(request, code):
            request.wordmouth_coupon_done = True  # type: ignore[attr-defined]

    def _remember(self, request: HttpRequest, response: HttpResponse) -> None:
        token, code = visits.token_of(request), visits.coupon_of(request)
        settings: dict[str, Any] = {
            "secure": request.is_secure(),
            "httponly": True,
            "samesite": "Lax",
            "max_age": config().cookie_days * _DAY,
        }
        if token and visits.TOKEN_COOKIE not in request.COOKIES:
            response.set_cookie(visits.TOKEN_COOKIE, token, **settings)
        if getattr(request, "wordmouth_coupon_done", False):
            if visits.COUPON_COOKIE in request.COOKIES:
                response.delete_cookie(visits.COUPON_COOKIE, samesite="Lax")
        elif code and code != request.COOKIES.get(visits.COUPON_COOKIE):
            response.set_cookie(visits.COUPON_COOKIE, code, **settings)
