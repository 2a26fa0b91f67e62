"""What is asked in a load: the requests, and what an answer acknowledges."""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
import time
from collections.abc import Callable, Iterator

import msgspec

from bench.orders import Orders, code

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/124.0 Mobile Safari/537.36"
)

OTHER_PREFIX = "S"
"""In front of the second store's codes: a code leads to one store only."""


class Shop(msgspec.Struct, frozen=True, kw_only=True):
    """The stores of a measurement: `store` is driven, `back` settles; both know these codes, the
    driven one with `prefix` in front."""

    store: str
    secret: str
    back: str
    codes: int
    back_secret: str = ""
    prefix: str = ""

    def other(self) -> Shop:
        """The same with the other store driven."""
        return Shop(
            store=self.back,
            secret=self.back_secret,
            back=self.store,
            back_secret=self.secret,
            codes=self.codes,
            prefix="" if self.prefix else OTHER_PREFIX,
        )


class Kind(msgspec.Struct, frozen=True):
    """A path: the endless requests for a shop (the text makes names unique), the right status,
    and what the head and body of an answer acknowledge."""

    requests: Callable[[Shop, str], Iterator[bytes]]
    status: bytes
    acknowledged: Callable[[bytes, bytes], str] | None = None


def _get(path: str, address: str = "") -> bytes:
    forwarded = f"X-Forwarded-For: {address}\r\n" if address else ""
    return (
        f"GET {path} HTTP/1.1\r\nHost: x\r\nUser-Agent: {PHONE}\r\n"
        f"Accept-Language: en\r\n{forwarded}\r\n"
    ).encode()


def _address(chance: random.Random) -> str:
    """Another visitor each time: public operations are limited by address."""
    return f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}"


def clicks(shop: Shop, name: str) -> Iterator[bytes]:
    """New visitors on links of any advocate."""
    chance = random.Random(name)
    before, after = _get(f"/r/{shop.prefix}=").split(b"=", 1)
    while True:
        yield before + code(int(chance.random() * shop.codes)).encode() + after


def codes(shop: Shop, name: str) -> Iterator[bytes]:
    """Questions for the offer behind any advocate's code, each from another address."""
    chance = random.Random(name)
    while True:
        path = f"/api/v1/codes/{shop.prefix}{code(chance.randrange(shop.codes))}"
        yield _get(path, _address(chance))


def widgets(shop: Shop, name: str) -> Iterator[bytes]:
    """The widget's one question, each from another address."""
    chance = random.Random(name)
    while True:
        yield _get(f"/s/-/{shop.store}/widget.json", _address(chance))


def deliveries(shop: Shop, name: str) -> Iterator[bytes]:
    """Signed orders, half of them with a code."""
    chance, orders = random.Random(name), Orders()
    key = base64.b64decode(shop.secret.removeprefix("whsec_"))
    number = 0
    while True:
        named = shop.prefix + code(chance.randrange(shop.codes)) if number % 2 else None
        body = orders.body(f"{name}-{number}", named)
        signed = f"{name}-{number}.{int(time.time())}."
        message, stamp, _ = signed.split(".")
        mac = base64.b64encode(hmac.digest(key, signed.encode() + body, hashlib.sha256)).decode()
        yield (
            f"POST /in/{shop.store}/generic HTTP/1.1\r\nHost: x\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"webhook-id: {message}\r\nwebhook-timestamp: {stamp}\r\n"
            f"webhook-signature: v1,{mac}\r\n\r\n"
        ).encode() + body
        number += 1


def click_of(head: bytes, body: bytes) -> str:
    """The click id in the token that the friend was sent on with."""
    token = head.partition(b"wm=")[2].partition(b".")[0]
    text = base64.urlsafe_b64decode(token + b"=" * (-len(token) % 4))
    return text.split(b"|")[2].decode()


def delivery_of(head: bytes, body: bytes) -> str:
    """The delivery id that the shop was told."""
    return str(msgspec.json.decode(body)["delivery"])


def _static(path: str) -> Callable[[Shop, str], Iterator[bytes]]:
    def requests(shop: Shop, name: str) -> Iterator[bytes]:
        request = _get(path)
        while True:
            yield request

    return requests


KINDS = {
    "click": Kind(clicks, b"302", click_of),
    "code": Kind(codes, b"200"),
    "widget": Kind(widgets, b"200"),
    "delivery": Kind(deliveries, b"202", delivery_of),
    "static-redirect": Kind(_static("/r/static"), b"302"),
    "static-json": Kind(_static("/static.json"), b"200"),
}
