"""What every page of the demo shares: cookies, the one notice after an action, the page frame.

The demo keeps its browser state in signed cookies of its own path, so it needs neither a session
table nor anything of the engine's.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from wordmouth_demo import catalog, config, coupons, deliveries
from wordmouth_demo.models import Customer, Delivery, Mail
from wordmouth_demo.pricing import MAX_QUANTITY, BasketLine, CouponTerms, describe, items_sum

BASKET, COUPON, BUYER, NOTICE, TOKEN = (
    "kohvik_basket",
    "kohvik_coupon",
    "kohvik_buyer",
    "kohvik_notice",
    "wm",
)
_MONTHS_THREE = 90 * 86400
_LONGEST_TOKEN = 1000


@dataclass(frozen=True)
class Notice:
    """One message to the person: what happened and where to look. Tone: good, bad or plain."""

    text: str
    tone: str = "good"
    link_url: str = ""
    link_label: str = ""


@dataclass(frozen=True)
class CouponCheck:
    """The coupon a basket carries: what it takes off, or why it does not."""

    code: str
    terms: CouponTerms | None
    refusal: str

    @property
    def words(self) -> str:
        """What the coupon takes off, in words."""
        return describe(self.terms.kind, self.terms.value) if self.terms else ""


View = Callable[..., HttpResponse]


def page(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    """Render a page in the demo's frame; also sends what still waits to be delivered."""
    deliveries.flush(limit=5, at_once=False)
    shop = config.get()
    notice = _read(request, NOTICE)
    frame: dict[str, object] = {
        "clock": shop.now(),
        "landing_url": shop.landing_url,
        "portal_url": shop.portal_url,
        "desk_url": shop.desk_url,
        "basket_count": sum(line.quantity for line in basket(request)),
        "unread_mails": Mail.objects.filter(opened_at=None).count(),
        "undelivered": Delivery.objects.exclude(state=Delivery.State.DELIVERED).count(),
        "notice": Notice(**notice) if notice else None,
    }
    response = render(request, f"wordmouth_demo/{template}", {**frame, **context})
    if notice:
        response.delete_cookie(NOTICE, path=_path())
    # Every page shows a basket, a clock and a notice of this moment.
    response["Cache-Control"] = "no-store"
    return response


def go(url: str, notice: Notice | None = None) -> HttpResponseRedirect:
    """Redirect after an action, with a notice for the next page."""
    response = HttpResponseRedirect(url)
    if notice:
        _write(response, NOTICE, asdict(notice), max_age=60)
    return response


def basket(request: HttpRequest) -> list[BasketLine]:
    """Return the articles in the basket; what the shop no longer sells is left out."""
    lines = []
    for product_id, quantity in (_read(request, BASKET) or {}).items():
        product = catalog.by_id(product_id)
        if product and isinstance(quantity, int) and quantity > 0:
            lines.append(BasketLine(product, min(quantity, MAX_QUANTITY)))
    return lines


def keep_basket(response: HttpResponse, quantities: Mapping[str, int]) -> None:
    """Remember how many of which article id; an empty mapping empties the basket."""
    kept = {key: min(count, MAX_QUANTITY) for key, count in quantities.items() if count > 0}
    _write(response, BASKET, kept)


def coupon_code(request: HttpRequest) -> str:
    """Return the code of the coupon that the basket carries, or ""."""
    return str((_read(request, COUPON) or {}).get("code", ""))


def keep_coupon(response: HttpResponse, code: str) -> None:
    """Remember the coupon of the basket; "" takes it out."""
    _write(response, COUPON, {"code": code[:64]} if code else {})


def check_coupon(code: str, lines: list[BasketLine]) -> CouponCheck | None:
    """Say what the coupon does for these articles, or None without a coupon."""
    if not code:
        return None
    try:
        terms = coupons.check(code, items_sum(lines), None, config.get().now())
    except coupons.CouponRefused as refused:
        return CouponCheck(code, None, str(refused))
    return CouponCheck(code, terms, "")


def buyer(request: HttpRequest) -> Customer | None:
    """Return the customer who last bought or signed in with this browser."""
    customer_id = (_read(request, BUYER) or {}).get("id")
    return Customer.objects.filter(pk=customer_id).first() if customer_id else None


def keep_buyer(response: HttpResponse, customer_id: int | None) -> None:
    """Remember who uses this browser; None signs out."""
    _write(response, BUYER, {"id": customer_id} if customer_id else {})


def forget_purchase(response: HttpResponse) -> None:
    """After an order: the basket, its coupon and the visit that led here belong to it."""
    for name in (BASKET, COUPON, TOKEN):
        response.delete_cookie(name, path=_path())


def token(request: HttpRequest) -> str:
    """Return the engine's visit token that this browser arrived with, or ""."""
    return request.COOKIES.get(TOKEN, "")


def remembers_arrival(view: View) -> View:
    """Wrap a shop page: keep `?wm=` and `?coupon=` of the engine's link, then drop them.

    The first token is kept until an order is placed (the first touch wins); a coupon that can no
    longer be used is not kept, and the page says why.
    """

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        arrived = request.GET.copy()
        visit = "".join(arrived.pop("wm", [])[:1])
        code = "".join(arrived.pop("coupon", [])[:1]).strip().upper()[:64]
        if request.method != "GET" or not (visit or code):
            return view(request, *args, **kwargs)
        url = request.path + (f"?{urlencode(arrived, doseq=True)}" if arrived else "")
        response = go(url, _arrival_notice(request, code))
        if visit and not token(request) and _is_token(visit):
            response.set_cookie(
                TOKEN, visit, max_age=_MONTHS_THREE, path=_path(), httponly=True, samesite="Lax"
            )
        if code and not _is_over(code):
            keep_coupon(response, code)
        return response

    return wrapped


def _arrival_notice(request: HttpRequest, code: str) -> Notice | None:
    check = check_coupon(code, basket(request))
    if check is None:
        return None
    if check.terms:
        return Notice(f"Your coupon {code} is in the basket: {check.words}.")
    return Notice(check.refusal, "bad" if _is_over(code) else "plain")


def _is_over(code: str) -> bool:
    try:
        coupons.check(code, 10**9, None, config.get().now())
    except coupons.CouponRefused as refused:
        return refused.for_good
    return False


def _is_token(text: str) -> bool:
    return len(text) <= _LONGEST_TOKEN and all(c.isalnum() or c in "-_.~=:" for c in text)


def _path() -> str:
    return reverse("wordmouth_demo:start")


def _read(request: HttpRequest, name: str) -> dict[str, Any] | None:
    text = request.get_signed_cookie(name, default="", salt=name)
    value = json.loads(text) if text else None
    return value if isinstance(value, dict) else None


def _write(
    response: HttpResponse, name: str, value: Mapping[str, object], max_age: int = _MONTHS_THREE
) -> None:
    text = json.dumps(value, separators=(",", ":"))
    response.set_signed_cookie(
        name, text, salt=name, max_age=max_age, path=_path(), httponly=True, samesite="Lax"
    )
