"""What an adapter brings to the conformance kit: a shop of its kind in which things happen, and the
deliveries that this shop sends, signed as that platform signs.

A bench says what happens in the words that all shops have in common (`Sale`); how its platform
writes it down is its own affair. It is written once for each adapter, below or in a file beside.
"""

from __future__ import annotations

from collections import deque
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

import msgspec

from wordmouth.fulfilment.ports import CouponPort
from wordmouth.integrations.ports import ShopAdapter
from wordmouth.stores import queries
from wordmouth.stores.facts import ConnectionFacts


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery as it arrives; header names are lower-case."""

    headers: dict[str, str]
    body: bytes


class Sale(msgspec.Struct, kw_only=True):
    """An order as the shop has it: goods for `total` (major units), no shipping and no tax.

    A guest has no `customer`. `refunds` are amounts that went back, in major units.
    """

    id: str = ""
    total: Decimal = Decimal(80)
    currency: str = "EUR"
    email: str = "friend@example.com"
    customer: str | None = None
    code: str = ""
    paid: bool = False
    cancelled: bool = False
    refunds: list[Decimal] = msgspec.field(default_factory=list)


class Bench(Protocol):
    """One kind of shop, ready to be tried."""

    name: str
    faults: deque[str | None]
    """What goes wrong with the next calls to the shop, by the names in `integrations.twins`."""

    def running(self) -> AbstractContextManager[None]:
        """The shop is open, and its kind is known to the engine."""
        ...

    def adapter(self) -> ShopAdapter:
        """The adapter under test, which may speak to this machine."""
        ...

    def connect(self) -> str:
        """Open a store with this shop; the store's id."""
        ...

    def save(self, sale: Sale) -> None:
        """The order is placed, or was changed; gives it its id."""
        ...

    def deliveries(self) -> list[Told]:
        """What the shop sends now about what happened since it last did."""
        ...

    def signed(self, body: bytes, like: Told, secret: str, at: datetime) -> Told:
        """A delivery of that body, signed with `secret` at that moment."""
        ...

    def unsigned(self, told: Told) -> Told:
        """The same without its proof."""
        ...

    def errors(self) -> list[bytes]:
        """Bodies that are errors, or nothing that the platform should send."""
        ...

    def ping(self) -> Told | None:
        """How the platform tries an address; None where it does not."""
        ...

    def coupons(self, connection: ConnectionFacts) -> CouponPort:
        """The coupons of this shop."""
        ...

    def use(self, code: str) -> None:
        """Somebody uses a coupon."""
        ...

    def own_coupon(self, code: str) -> None:
        """The shop makes a coupon by itself."""
        ...

    def usable(self, code: str) -> int:
        """How many coupons of this code could be used now."""
        ...

    def change_key(self, *, back: bool = False) -> None:
        """What opens the API does not open it any more, or does again."""
        ...

    def remove(self) -> None:
        """The merchant takes us off the shop: nothing opens it, until the key is changed back;
        where the platform tells it, that is among its next deliveries."""
        ...

    def put_clock(self, apart: timedelta) -> None:
        """The shop's clock is so far from ours."""
        ...

    def switch_off(self) -> None:
        """The shop stops to deliver, as its platform does after failures."""
        ...


def connection_of(store_id: str, name: str) -> ConnectionFacts:
    """The store's connection with the shop."""
    found = queries.connection(store_id, name)
    assert found is not None
    return found
