"""A fake twin of a shop that speaks the generic format: a real HTTP server with every trap.

For tests and simulations only. `faults` says, request by request, what goes wrong, and `hold`
makes it slow; what the shop really holds is in `coupons`. A careless shop accepts the same code
twice, as several real shop systems do: nothing but looking first keeps one coupon from becoming
two.
"""

from __future__ import annotations

import json
import threading
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wordmouth.integrations import twins
from wordmouth.kit import clock, signing

FAULTS = (
    "lost_reply",  # done, and then the connection breaks
    "html_after",  # done, and then a page instead of JSON
    "truncated",  # done, and then half an answer
    "reset",  # the connection breaks before anything is done
    "500",
    "503",
    "429",  # with Retry-After in seconds
    "429_date",  # with Retry-After as a date
    "html",  # a maintenance page with status 200
    "garbage",  # JSON of another shape
    "redirect",
    "endless",  # an answer that does not end
)
AFTER = frozenset({"lost_reply", "html_after", "truncated"})
"""The faults that happen after the shop has done what it was asked."""

PAGE = b"<!doctype html><title>Shop</title><h1>We are improving our shop for you</h1>"
RETRY_SECONDS = 90

Reply = tuple[int, str, bytes, dict[str, str]]


class TwinShop:
    """The shop behind the server; every attribute may be read and set by a test.

    `kinds` are those that it makes, `products` those that it has (None: any).
    """

    def __init__(self, secret: str, *, careless: bool = False) -> None:
        self.secret = secret
        self.careless = careless
        self.kinds = {
            "percent_off",
            "amount_off",
            "free_shipping",
            "free_product",
            "early_access",
        }
        self.products: set[str] | None = None
        self.coupons: list[dict[str, Any]] = []
        self.faults: deque[str | None] = deque()
        self.down = False
        self.hold: threading.Event | None = None
        """While this is there and not set, what is asked is done and no answer goes out."""
        self.requests: list[tuple[str, str]] = []
        self.url = ""
        self._lock = threading.Lock()

    def active(self) -> Counter[str]:
        """How many usable coupons there are under each code."""
        with self._lock:
            return Counter(c["code"] for c in self.coupons if c["state"] == "active")

    def use(self, code: str) -> None:
        """A customer uses the code once."""
        for coupon in self._under(code):
            coupon.update(state="used", times_used=1)

    def answer(self, headers: dict[str, str], body: bytes) -> Reply | str:
        """What the shop says: a reply, or the name of a fault of the connection."""
        with self._lock:
            fault = self.faults.popleft() if self.faults else None
            if self.down:
                fault = "503"
            request = json.loads(body)
            self.requests.append((request["type"], request["data"]["code"]))
            if fault is not None and fault not in AFTER:
                return _FAULTY.get(fault, fault)
            reply = self._done(headers, body, request)
        if (hold := self.hold) is not None:
            hold.wait()
        return _FAULTY.get(fault, fault) if fault else reply

    def _done(self, headers: dict[str, str], body: bytes, request: dict[str, Any]) -> Reply:
        try:
            key = signing.secret_bytes(self.secret)
            signing.verify_webhook([key], headers, body, clock.now())
        except signing.BadSignature as error:
            return _problem(401, "bad_signature", str(error))
        act = {
            "coupon.issue": self._issue,
            "coupon.lookup": self._lookup,
            "coupon.revoke": self._revoke,
        }.get(request["type"])
        if act is None:
            return _problem(422, "unknown_type", f"{request['type']} is not known here")
        return act(request["data"])

    def _under(self, code: str) -> list[dict[str, Any]]:
        return [coupon for coupon in self.coupons if coupon["code"] == code]

    def _issue(self, data: dict[str, Any]) -> Reply:
        known = self._under(data["code"])
        if known and not self.careless:
            if known[0]["terms"] != data:
                return _problem(409, "other_terms", "This code exists with other terms")
            return _coupon(known[0])
        if data["kind"] not in self.kinds:
            return _problem(422, "unknown_kind", f"{data['kind']} cannot be made here")
        product = data.get("product")
        if product is not None and self.products is not None and product not in self.products:
            return _problem(422, "unknown_product", f"There is no product {product} here")
        number = f"cpn-{len(self.coupons) + 1}"
        coupon = {"code": data["code"], "state": "active", "times_used": 0, "reference": number}
        self.coupons.append({**coupon, "terms": data})
        return _coupon(coupon)

    def _lookup(self, data: dict[str, Any]) -> Reply:
        known = self._under(data["code"])
        return _coupon(known[0]) if known else _problem(404, "unknown_code", "No such coupon")

    def _revoke(self, data: dict[str, Any]) -> Reply:
        known = self._under(data["code"])
        for coupon in known:
            if coupon["state"] != "used":
                coupon["state"] = "revoked"
        return _coupon(known[0]) if known else _problem(404, "unknown_code", "No such coupon")


def _coupon(coupon: dict[str, Any]) -> Reply:
    shown = {name: value for name, value in coupon.items() if name != "terms"}
    return 200, "application/json", json.dumps(shown).encode(), {}


def _problem(status: int, code: str, detail: str) -> Reply:
    document = {"type": "about:blank", "title": code, "status": status, "code": code}
    body = json.dumps({**document, "detail": detail}).encode()
    return status, "application/problem+json", body, {}


_DATE = "Fri, 31 Dec 2027 23:59:59 GMT"
_FAULTY: dict[str, Reply] = {
    "500": (500, "text/html", PAGE, {}),
    "503": _problem(503, "maintenance", "Back soon"),
    "429": (429, "text/plain", b"slow down", {"Retry-After": str(RETRY_SECONDS)}),
    "429_date": (429, "text/plain", b"slow down", {"Retry-After": _DATE}),
    "html": (200, "text/html; charset=utf-8", PAGE, {}),
    "html_after": (200, "text/html; charset=utf-8", PAGE, {}),
    "garbage": (200, "application/json", b'{"state": ["active"], "code": 7}', {}),
    "redirect": (302, "text/plain", b"", {"Location": "http://127.0.0.1:9/elsewhere"}),
}


class _Front:
    """What stands between the server and the shop."""

    def __init__(self, shop: TwinShop) -> None:
        self._shop = shop

    def answer(self, request: twins.Request) -> twins.Reply | str:
        """What the shop says."""
        outcome = self._shop.answer(request.headers, request.body)
        if isinstance(outcome, str):
            return outcome
        status, kind, content, extra = outcome
        return twins.Reply(status=status, body=content, kind=kind, headers=extra)


@contextmanager
def running(shop: TwinShop) -> Iterator[TwinShop]:
    """Serve `shop` on a port of 127.0.0.1; its address is in `shop.url`."""
    with twins.serving(_Front(shop)) as url:
        shop.url = f"{url}/coupons"
        try:
            yield shop
        finally:
            if shop.hold is not None:
                shop.hold.set()
