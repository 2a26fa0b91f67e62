"""Where the wiring plugs in those outside: from a connection to its coupons, its gift cards, the
merchant's own program."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from wordmouth.fulfilment.ports import CouponPort, CustomPort, GiftCardPort, Unreachable
from wordmouth.kit.errors import Invalid
from wordmouth.stores import queries as stores
from wordmouth.stores.facts import CUSTOM, GIFT_CARDS, ConnectionFacts

PortFactory = Callable[[ConnectionFacts], CouponPort]


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """Whom rewards are asked of beside the shop: issuers of gift cards by their adapter, and the
    merchant's own program."""

    gift_cards: Mapping[str, Callable[[ConnectionFacts], GiftCardPort]] = msgspec.field(
        default_factory=dict
    )
    custom: Callable[[ConnectionFacts], CustomPort] | None = None


_factory: PortFactory | None = None
_beside = Beside()


def install(factory: PortFactory) -> None:
    """Make `factory` the way to a shop's coupons in this process."""
    global _factory
    _factory = factory


def install_beside(beside: Beside) -> None:
    """Make these the ways to everything that is no shop."""
    global _beside
    _beside = beside


def shop(store_id: str) -> ConnectionFacts | None:
    """The store's connection to its shop: the one that makes coupons, else the first."""
    known = stores.connections(store_id)
    return _with_coupons(known) or (known[0] if known else None)


def connection(store_id: str, adapter: str) -> ConnectionFacts:
    """The connection through which the store's coupons are made.

    Raises Unreachable while the store has none with an address for coupons: the merchant may
    still enter it.
    """
    known = stores.connections(store_id)
    named = [one for one in known if one.adapter == adapter]
    found = _with_coupons(named) or _with_coupons(known)
    if found is None:
        raise Unreachable("No coupon address is set for this store's shop.")
    return found


def preferred_adapter(store_id: str) -> str:
    """The adapter that new coupons of this store are meant for."""
    chosen = shop(store_id)
    return chosen.adapter if chosen else "generic"


def port(store_id: str, adapter: str) -> CouponPort:
    """The coupons of a store's shop. Raises Unreachable when no shop is connected."""
    if _factory is None:
        raise Unreachable("No shop adapters are installed in this process.")
    return _factory(connection(store_id, adapter))


def issuer(store_id: str) -> str:
    """The adapter of the issuer that the store's gift cards come from; empty while none is
    connected."""
    known = [one.adapter for one in stores.accounts(store_id, GIFT_CARDS)]
    return next((adapter for adapter in known if adapter in _beside.gift_cards), "")


def gift_cards(store_id: str, adapter: str) -> GiftCardPort:
    """The store's account with an issuer. Raises Unreachable while it is not connected."""
    accounts = stores.accounts(store_id, GIFT_CARDS)
    found = next((one for one in accounts if one.adapter == adapter), None)
    if found is None or adapter not in _beside.gift_cards:
        raise Unreachable(f"The issuer {adapter} of this store's gift cards is not connected.")
    try:
        return _beside.gift_cards[adapter](found)
    except Invalid as error:
        raise Unreachable(error.detail) from error


def custom(store_id: str) -> CustomPort:
    """The store's own program. Raises Unreachable while none is connected."""
    known = stores.accounts(store_id, CUSTOM)
    if not known or _beside.custom is None:
        raise Unreachable("No address is connected for this store's own rewards.")
    return _beside.custom(known[0])


def _with_coupons(known: list[ConnectionFacts]) -> ConnectionFacts | None:
    return next((one for one in known if one.coupon_url), None)
