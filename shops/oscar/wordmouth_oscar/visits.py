"""The visit from a friend's link: who is here now, and what is kept of it with the order."""

import re
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from wordmouth_oscar.conf import config
from wordmouth_oscar.models import BasketVisit

TOKEN_COOKIE = "wordmouth_wm"  # noqa: S105 - a name, no password
COUPON_COOKIE = "wordmouth_coupon"

LONGEST_LOCALE = 12

_TOKEN = re.compile(r"[A-Za-z0-9._~-]{1,1024}")
_COUPON = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Visit:
    """What a request tells about its sender; the empty text for what it does not tell."""

    token: str = ""
    ip: str = ""
    user_agent: str = ""
    locale: str = ""


current: ContextVar[Visit | None] = ContextVar("wordmouth_visit", default=None)
"""The visit of the request being answered; signals of models carry no request."""


def token_of(request: HttpRequest) -> str:
    """Return the token the shop remembers or the address brings, the remembered one first.

    The first friend who brought a visitor keeps the claim; the engine signed the token together
    with that first moment and judges it.
    """
    for given in (request.COOKIES.get(TOKEN_COOKIE, ""), request.GET.get("wm", "")):
        if _TOKEN.fullmatch(given):
            return given
    return ""


def coupon_of(request: HttpRequest) -> str:
    """Return the code to put into the basket; a new click wins over a remembered one."""
    for given in (request.GET.get("coupon", ""), request.COOKIES.get(COUPON_COOKIE, "")):
        if _COUPON.fullmatch(given):
            return given.upper()
    return ""


def visit_of(request: HttpRequest) -> Visit:
    """Return the visit of a request."""
    return Visit(
        token=token_of(request),
        ip=str(request.META.get(config().client_ip_header, "")).strip()[:64],
        user_agent=request.headers.get("user-agent", "")[:500],
        locale=plain_locale(),
    )


def plain_locale() -> str:
    """Return the language of the page, such as ``et`` or ``pt-br``."""
    locale = get_language() or ""
    # Longer ones carry private extensions that mean nothing outside this shop.
    return locale if len(locale) <= LONGEST_LOCALE else locale.split("-")[0][:LONGEST_LOCALE]


def keep_for_basket(basket_id: int) -> None:
    """Keep the current visit with a basket that is about to be paid for."""
    visit = current.get()
    if visit is not None:
        BasketVisit.objects.update_or_create(basket_id=basket_id, defaults=asdict(visit))


def take_for_order(order: Any) -> Visit:
    """Return the visit that led to an order: the one kept with its basket, else the current one."""
    if order.basket_id is not None:
        kept = BasketVisit.objects.filter(basket_id=order.basket_id).first()
        if kept is not None:
            kept.delete()
            return Visit(kept.token, kept.ip, kept.user_agent, kept.locale)
    return current.get() or Visit()
