"""An adapter for a shop with an API: what is the same whatever the platform.

A platform says what it is opened with, where its API is, and how it is called (`ApiShop`); its
deliveries, coupons and lists are in modules of their own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import msgspec

from wordmouth.fulfilment.ports import CouponPort, CouponUnreachable, Unreachable
from wordmouth.inbox.ports import DeliveryVerifier
from wordmouth.integrations import following
from wordmouth.integrations.accounts import Credential, api_address, options_of, secrets_of
from wordmouth.integrations.ports import BROKEN, Capabilities, Parsed, ShopApi
from wordmouth.integrations.shop_calls import SaidNo
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import Http
from wordmouth.stores.facts import ConnectionFacts

Calls = TypeVar("Calls")
BETWEEN = ":"


class ApiShop(ABC, Generic[Calls]):
    """See `integrations.ports.ShopAdapter` and `integrations.accounts.ShopProvider`. `Calls` is
    what speaks with one shop's API."""

    name: str
    title: str
    credentials: tuple[Credential, ...]
    options: type[msgspec.Struct]
    capabilities: Capabilities
    verifier: DeliveryVerifier
    makes: frozenset[str]
    """The kinds of coupon that the platform has."""
    coupon_path: str
    """Where coupons are made, below the address of the API."""
    formerly: str = ""
    """Where all secrets were once kept as one: under this name, with colons between them."""

    def __init__(self, http: Http) -> None:
        self.http = http

    @abstractmethod
    def address(self, options: Any) -> str:
        """Where the API of the shop is, by its options. Raises Invalid."""

    @abstractmethod
    def calls(self, address: str, options: Any, secrets: Mapping[str, str]) -> Calls:
        """The shop at that address, opened by its secrets; optional ones may be missing."""

    @abstractmethod
    def api_of(self, shop: Calls, secrets: tuple[str, ...]) -> ShopApi:
        """The shop's API; `secrets` are those of its deliveries, newest first."""

    @abstractmethod
    def coupons_of(self, shop: Calls) -> CouponPort:
        """The shop's coupons."""

    @abstractmethod
    def parse(self, headers: Mapping[str, str], body: bytes) -> Parsed:
        """What a delivery tells. Raises BadDelivery."""

    def about(self, shop: Calls) -> str:
        """What else is told of a shop that was tried out, as sentences. Raises Unreachable,
        SaidNo."""
        return ""

    def keys(self, connection: ConnectionFacts) -> tuple[bytes, ...]:
        """What proves deliveries, newest first: the connection's secrets, as text."""
        return tuple(secret.encode() for secret in connection.secrets)

    def kinds(self, connection: ConnectionFacts | None) -> frozenset[str]:
        """The kinds of coupon that the platform has."""
        return self.makes

    def coupons(self, connection: ConnectionFacts) -> CouponPort:
        """The shop's coupons. Raises CouponUnreachable while its API is not open to us, or after
        the shop has ended the connection."""
        if why := following.why_closed(connection.store_id, self.name):
            raise CouponUnreachable(why)
        shop = self._shop(connection)
        if shop is None:
            raise CouponUnreachable(
                f"{self.title} is not connected with what opens its API; "
                f"connect it: wordmouth store connect STORE {self.name}"
            )
        return self.coupons_of(shop)

    def api(self, connection: ConnectionFacts) -> ShopApi | None:
        """The shop's API; None while it is not open to us."""
        shop = self._shop(connection)
        return None if shop is None else self.api_of(shop, connection.secrets)

    def coupon_address(self, options: Mapping[str, Any]) -> str:
        """Where the shop makes coupons. Raises Invalid."""
        return self.address(options_of(self.options, options, self.name)) + self.coupon_path

    def examine(self, options: Mapping[str, Any], secrets: Mapping[str, str]) -> str:
        """Ask the shop how the connection is; says what was found. Raises Invalid."""
        given = options_of(self.options, options, self.name)
        opened = secrets_of(self.credentials, secrets, self.title)
        shop = self.calls(api_address(self.http, self.address(given), ""), given, opened)
        first, *_ = self.api_of(shop, ()).health("")
        if first.state == BROKEN:
            raise Invalid(f"{first.text} {first.mend}".rstrip())
        try:
            return f"{first.text} {self.about(shop)}".rstrip()
        except (Unreachable, SaidNo) as error:
            raise Invalid(str(error)) from error

    def opened(self, connection: ConnectionFacts) -> dict[str, str]:
        """The secrets that open the API, by name; none where one is missing."""
        kept = connection.credentials
        if self.formerly in kept:
            names = [each.name for each in self.credentials]
            parts = kept[self.formerly].split(BETWEEN, len(names) - 1)
            kept = {name: part.strip() for name, part in zip(names, parts, strict=False)}
        whole = all(kept.get(each.name) for each in self.credentials if not each.optional)
        return dict(kept) if whole else {}

    def _shop(self, connection: ConnectionFacts) -> Calls | None:
        secrets = self.opened(connection)
        if not secrets:
            return None
        options = options_of(self.options, connection.options, self.name)
        return self.calls(self.address(options), options, secrets)
