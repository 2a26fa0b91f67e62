"""What every shop adapter is: a verifier, a parser and a way to coupons, under one name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec

from wordmouth.catalog.snapshot import ProductSnapshot
from wordmouth.fulfilment.ports import CouponPort
from wordmouth.inbox.ports import DeliveryVerifier
from wordmouth.orders.snapshot import OrderSnapshot
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.stores.facts import ConnectionFacts


class Parsed(msgspec.Struct, frozen=True, kw_only=True):
    """What one delivery tells."""

    orders: tuple[OrderSnapshot, ...] = ()
    customers: tuple[CustomerSnapshot, ...] = ()
    products: tuple[ProductSnapshot, ...] = ()


class ShopAdapter(Protocol):
    """One kind of shop."""

    name: str
    verifier: DeliveryVerifier

    def parse(self, headers: Mapping[str, str], body: bytes) -> Parsed:
        """What a delivery tells. Raises integrations.errors.BadDelivery."""
        ...

    def kinds(self, connection: ConnectionFacts | None) -> frozenset[str]:
        """The kinds of reward that the shop behind this connection makes (None: a shop that is
        connected like any other)."""
        ...

    def coupons(self, connection: ConnectionFacts) -> CouponPort:
        """The coupons of the shop behind this connection."""
        ...
