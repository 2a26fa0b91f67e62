"""Who the visitor is to one store: signed cookies that hold ids and only reach that store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from wordmouth.kit import clock
from wordmouth.kit.signing import BadSignature, open_token, sign_token
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.vault import derived_key
from wordmouth.visits import tokens
from wordmouth.visits.tokens import Token

LIVES = timedelta(days=90)
PORTAL, CLAIM = "wordmouth_me", "wordmouth_claim"


def _remember(response: HttpResponse, store: StoreFacts, name: str, value: str) -> None:
    payload = f"{store.id}|{value}|{int(clock.now().timestamp())}"
    response.set_cookie(
        name,
        sign_token(derived_key("storefront-session"), name, payload.encode()),
        max_age=LIVES,
        path=f"/s/{store.slug}",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _remembered(request: HttpRequest, store: StoreFacts, name: str) -> str:
    try:
        payload = open_token(derived_key("storefront-session"), name, request.COOKIES.get(name, ""))
        store_id, value, at = payload.decode().split("|")
        made = datetime.fromtimestamp(int(at), UTC)
    except (BadSignature, ValueError):
        return ""
    return value if store_id == store.id and clock.now() - made <= LIVES else ""


def enter(response: HttpResponse, store: StoreFacts, advocate_id: str) -> None:
    """Open the advocate's page in this browser."""
    _remember(response, store, PORTAL, advocate_id)


def advocate_of(request: HttpRequest, store: StoreFacts) -> str:
    """The advocate whose page is open in this browser; empty where none is."""
    return _remembered(request, store, PORTAL)


def leave(response: HttpResponse, store: StoreFacts) -> None:
    """Close the advocate's page in this browser."""
    response.delete_cookie(PORTAL, path=f"/s/{store.slug}")


def hold(response: HttpResponse, store: StoreFacts, claim_id: str, *, own: bool) -> None:
    """Remember the friend's claim. `own`: it was made here or opened from its owner's mail, so
    that the whole story of the coupon may be shown."""
    _remember(response, store, CLAIM, f"{claim_id}{'+' if own else ''}")


def held_claim(request: HttpRequest, store: StoreFacts) -> tuple[str, bool]:
    """The claim that this browser holds and whether it is its owner's; empty where none is."""
    value = _remembered(request, store, CLAIM)
    return value.removesuffix("+"), value.endswith("+")


def first_touch(request: HttpRequest, store: StoreFacts) -> Token | None:
    """The genuine token that the visitor came with: in the address, else in the cookie."""
    for text in (request.GET.get("wm", ""), request.COOKIES.get(f"wm_{store.slug}", "")):
        token = tokens.read(text, store.id)
        if token is not None:
            return token
    return None
