"""Where the wiring plugs in the shops: from a connection to its coupons."""

from __future__ import annotations

from collections.abc import Callable

from wordmouth.fulfilment.ports import CouponPort, CouponUnreachable
from wordmouth.stores import queries as stores
from wordmouth.stores.facts import ConnectionFacts

PortFactory = Callable[[ConnectionFacts], CouponPort]

_factory: PortFactory | None = None


def install(factory: PortFactory) -> None:
    """Make `factory` the way to a shop's coupons in this process."""
    global _factory
    _factory = factory


def connection(store_id: str, adapter: str) -> ConnectionFacts:
    """The connection through which the store's coupons are made.

    Raises CouponUnreachable while the store has none with an address for coupons: the merchant
    may still enter it.
    """
    found = stores.connection(store_id, adapter)
    if found is None or not found.coupon_url:
        found = _with_coupons(stores.connections(store_id))
    if found is None:
        raise CouponUnreachable("No coupon address is set for this store's shop.")
    return found


def preferred_adapter(store_id: str) -> str:
    """The adapter that new coupons of this store are meant for."""
    known = stores.connections(store_id)
    chosen = _with_coupons(known) or (known[0] if known else None)
    return chosen.adapter if chosen else "generic"


def port(store_id: str, adapter: str) -> CouponPort:
    """The coupons of a store's shop. Raises CouponUnreachable when no shop is connected."""
    if _factory is None:
        raise CouponUnreachable("No shop adapters are installed in this process.")
    return _factory(connection(store_id, adapter))


def _with_coupons(known: list[ConnectionFacts]) -> ConnectionFacts | None:
    return next((one for one in known if one.coupon_url), None)
