"""WooCommerce as a shop adapter, and how a store is connected with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from wordmouth.fulfilment.ports import CouponPort, CouponUnreachable
from wordmouth.inbox.ports import DeliveryVerifier
from wordmouth.integrations.accounts import options_of
from wordmouth.integrations.ports import CUSTOMER, ORDER, Capabilities, Parsed, ShopApi
from wordmouth.integrations.shop_calls import ShopCalls
from wordmouth.integrations.woocommerce.api import PATH, WooApi, calls
from wordmouth.integrations.woocommerce.coupons import KINDS, WooCoupons
from wordmouth.integrations.woocommerce.parse import parse
from wordmouth.integrations.woocommerce.verify import WooSignatures
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import AddressRefused, Http
from wordmouth.stores.facts import ConnectionFacts


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """`url`: the shop's address, below which is /wp-json; `key`: the consumer key."""

    url: str
    key: str


class WooCommerce:
    """See `integrations.ports.ShopAdapter` and `integrations.accounts.ShopProvider`."""

    title: ClassVar[str] = "WooCommerce"
    opened_by: ClassVar[str] = "the consumer secret (cs_...)"
    credential: ClassVar[str] = "consumer_secret"
    options: ClassVar[type[msgspec.Struct]] = Options
    capabilities = Capabilities(
        ping=True,
        lists=(ORDER, CUSTOMER),
        subscriptions=True,
        coupons_by_api=True,
        unique_codes=True,
        customer_lock=True,
    )

    def __init__(self, http: Http) -> None:
        self.name = "woocommerce"
        self.verifier: DeliveryVerifier = WooSignatures()
        self._http = http

    def keys(self, connection: ConnectionFacts) -> tuple[bytes, ...]:
        """The secrets as WooCommerce takes them: as text."""
        return tuple(secret.encode() for secret in connection.secrets)

    def parse(self, headers: Mapping[str, str], body: bytes) -> Parsed:
        """What a delivery tells. Raises BadDelivery."""
        return parse(headers, body)

    def kinds(self, connection: ConnectionFacts | None) -> frozenset[str]:
        """The kinds of coupon that WooCommerce has."""
        return KINDS

    def coupons(self, connection: ConnectionFacts) -> CouponPort:
        """The shop's coupons. Raises CouponUnreachable while its API is not open to us."""
        shop = self._shop(connection)
        if shop is None:
            raise CouponUnreachable(
                "WooCommerce is not connected with a key; "
                "connect it: wordmouth store connect STORE woocommerce"
            )
        return WooCoupons(shop)

    def api(self, connection: ConnectionFacts) -> ShopApi | None:
        """The shop's API; None while no key is connected."""
        shop = self._shop(connection)
        return WooApi(shop, connection.secrets[0]) if shop else None

    def coupon_address(self, options: Mapping[str, str]) -> str:
        """Where the shop makes coupons."""
        return f"{options['url'].rstrip('/')}{PATH}/coupons"

    def examine(self, options: Mapping[str, str], secret: str) -> str:
        """Ask the shop for its webhooks, which is what the key has to be good for; says what was
        found. Raises Invalid."""
        given = options_of(Options, options, self.name)
        try:
            self._http.check(given.url)
        except AddressRefused as error:
            raise Invalid(f"{given.url!r} cannot be called. {error}") from error
        (found, *_) = WooApi(calls(self._http, given.url, given.key, secret), secret).health("")
        if found.state != "ok":
            raise Invalid(f"{found.text} {found.mend}")
        return found.text

    def _shop(self, connection: ConnectionFacts) -> ShopCalls | None:
        if not connection.credentials:
            return None
        given = connection.options
        return calls(
            self._http, given["url"], given["key"], connection.credentials[self.credential]
        )
