"""What every shop adapter is: how deliveries are proven and read, how coupons are made, and what
the shop's own API can do, under one name. How to write one: `docs/shops/writing-an-adapter.md`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec

from wordmouth.catalog.snapshot import ProductSnapshot
from wordmouth.fulfilment.ports import CouponPort
from wordmouth.inbox.facts import Fetched
from wordmouth.inbox.ports import DeliveryVerifier
from wordmouth.orders.snapshot import OrderSnapshot
from wordmouth.people.snapshot import CustomerSnapshot, PrivacyAsk
from wordmouth.stores.facts import ConnectionFacts

ORDER, CUSTOMER, PRODUCT = "order", "customer", "product"
"""The kinds of thing that a shop is read for."""


class Ref(msgspec.Struct, frozen=True, kw_only=True):
    """A thing in the shop by its `kind` and the shop's own id."""

    kind: str
    id: str


class Parsed(msgspec.Struct, frozen=True, kw_only=True):
    """What one delivery tells. `refetch` names things of which it tells only that they changed:
    they are read at the shop, and what the shop answers settles like any other delivery. `closed`
    says in a sentence that the shop has ended the connection (empty: it did not), `asks` what
    somebody asked the shop about personal data."""

    orders: tuple[OrderSnapshot, ...] = ()
    customers: tuple[CustomerSnapshot, ...] = ()
    products: tuple[ProductSnapshot, ...] = ()
    refetch: tuple[Ref, ...] = ()
    closed: str = ""
    asks: tuple[PrivacyAsk, ...] = ()


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a platform can do. The conformance kit tests what is claimed here, and that what is
    not claimed is refused in words."""

    push: bool = True
    """The shop tells by itself what happened."""
    thin: bool = False
    """Its deliveries name what changed, and not how it is now."""
    event_ids: bool = False
    """A delivery has an id that is the same when it is told again, and never another's."""
    signed_body: bool = True
    """What proves a delivery proves its content too; else it is only a hint, and `thin`."""
    signed_time: bool = False
    """A delivery proves when it was sent: one that was kept and sent later is refused."""
    ping: bool = False
    """The platform tries the address without proof before it uses it."""
    lists: tuple[str, ...] = ()
    """The kinds of thing whose history can be read, and what changed since."""
    subscriptions: bool = False
    """The shop is told by its API where to deliver; it may forget that, and is told again."""
    tells_its_end: bool = False
    """The shop tells when the merchant takes us off it."""
    coupons_by_api: bool = False
    """Coupons are made by the shop's own API (else by its plug-in's address for coupons)."""
    unique_codes: bool = False
    """The shop refuses a second coupon of the same code by itself, also to whoever did not look
    before."""
    customer_lock: bool = False
    """A coupon can be made for one customer alone."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a shop's list, in the order of change. `cursor` says where to read on, in the
    adapter's own words; `done`: there is nothing behind it now."""

    items: tuple[Fetched, ...]
    cursor: str
    done: bool


OK, WARNING, BROKEN = "ok", "warning", "broken"
"""A warning is something to live with: the connection works. What is broken is soon looked at
again."""
SUBSCRIPTIONS, CREDENTIALS, CLOCK = "subscriptions", "credentials", "clock"
"""Names of findings that every adapter with an API uses."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a look at a connection found under a `name`: `ok`, `warning` or `broken`, in a
    sentence, and how a person mends it where that is needed."""

    name: str
    state: str
    text: str
    mend: str = ""


class ShopApi(Protocol):
    """The API of one store's shop. Every call may raise fulfilment.ports.Unreachable (not now)
    or Refused (never); none is called inside of a transaction."""

    def fetch(self, ref: Ref) -> Fetched | None:
        """The thing as it is now, whole; None where the shop has none (any more)."""
        ...

    def changes(self, kind: str, cursor: str) -> Page:
        """The next things of a list after `cursor`; empty: from the beginning of the shop's
        history. A thing may come several times; none that changed may be left out for ever."""
        ...

    def install(self, address: str) -> tuple[str, ...]:
        """Have the shop deliver to `address`: make what is missing and mend what is broken, in
        sentences that say what was done. Doing it again does nothing."""
        ...

    def health(self, address: str) -> tuple[Finding, ...]:
        """How the connection is. What is wrong is told as findings, not raised."""
        ...


class ShopAdapter(Protocol):
    """One kind of shop."""

    name: str
    capabilities: Capabilities

    @property
    def verifier(self) -> DeliveryVerifier:
        """What proves deliveries."""
        ...

    def keys(self, connection: ConnectionFacts) -> tuple[bytes, ...]:
        """What proves deliveries of the shop behind this connection, newest first; none: nothing
        can be delivered yet."""
        ...

    def parse(self, headers: Mapping[str, str], body: bytes) -> Parsed:
        """What a delivery tells. One that the engine read itself has the header
        `inbox.ports.FETCHED` with the kind of thing, and is never to be fetched again.

        Raises integrations.errors.BadDelivery; a body that tells nothing (any more) is no error.
        """
        ...

    def kinds(self, connection: ConnectionFacts | None) -> frozenset[str]:
        """The kinds of reward that the shop behind this connection makes (None: a shop that is
        connected like any other)."""
        ...

    def coupons(self, connection: ConnectionFacts) -> CouponPort:
        """The coupons of the shop behind this connection."""
        ...

    def api(self, connection: ConnectionFacts) -> ShopApi | None:
        """The shop's own API; None where the platform has none, or it is not open to us yet."""
        ...
