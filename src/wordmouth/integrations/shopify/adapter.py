"""Shopify as a shop adapter, and how a store is connected with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

import msgspec

from wordmouth.fulfilment.ports import CouponPort, CouponUnreachable
from wordmouth.inbox.ports import DeliveryVerifier
from wordmouth.integrations.accounts import options_of
from wordmouth.integrations.ports import BROKEN, CUSTOMER, ORDER, Capabilities, Parsed, ShopApi
from wordmouth.integrations.shopify.api import ShopifyApi
from wordmouth.integrations.shopify.calls import ShopifyCalls, Tokens
from wordmouth.integrations.shopify.coupons import KINDS, ShopifyCoupons
from wordmouth.integrations.shopify.parse import parse
from wordmouth.integrations.shopify.questions import PATH
from wordmouth.integrations.shopify.verify import ShopifySignatures
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import AddressRefused, Http
from wordmouth.stores.facts import ConnectionFacts

_SHOP = re.compile(r"https://[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com")


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """`url`: the shop's own address at Shopify, such as https://tea.myshopify.com; `client_id`:
    that of the app."""

    url: str
    client_id: str


class Shopify:
    """See `integrations.ports.ShopAdapter` and `integrations.accounts.ShopProvider`."""

    title: ClassVar[str] = "Shopify"
    opened_by: ClassVar[str] = (
        "the app's client secret; while it is changed the new one, a space and the old one"
    )
    credential: ClassVar[str] = "client_secret"
    options: ClassVar[type[msgspec.Struct]] = Options
    capabilities = Capabilities(
        event_ids=True,
        lists=(ORDER, CUSTOMER),
        subscriptions=True,
        coupons_by_api=True,
        unique_codes=True,
        customer_lock=True,
    )

    def __init__(self, http: Http) -> None:
        self.name = "shopify"
        self.verifier: DeliveryVerifier = ShopifySignatures()
        self._http = http
        self._tokens = Tokens(http)

    def keys(self, connection: ConnectionFacts) -> tuple[bytes, ...]:
        """The client secrets, with which Shopify signs: while one is changed it signs with the
        old one. The store's own secrets count too, for deliveries that the merchant sends."""
        given = connection.credentials.get(self.credential, "").split()
        return tuple(secret.encode() for secret in (*given, *connection.secrets))

    def parse(self, headers: Mapping[str, str], body: bytes) -> Parsed:
        """What a delivery tells. Raises BadDelivery."""
        return parse(headers, body)

    def kinds(self, connection: ConnectionFacts | None) -> frozenset[str]:
        """The kinds of coupon that Shopify has."""
        return KINDS

    def coupons(self, connection: ConnectionFacts) -> CouponPort:
        """The shop's coupons. Raises CouponUnreachable while its API is not open to us."""
        shop = self._shop(connection)
        if shop is None:
            raise CouponUnreachable(
                "Shopify is not connected with an app; "
                "connect it: wordmouth store connect STORE shopify"
            )
        return ShopifyCoupons(shop)

    def api(self, connection: ConnectionFacts) -> ShopApi | None:
        """The shop's API; None while no app is connected."""
        shop = self._shop(connection)
        return ShopifyApi(shop) if shop else None

    def coupon_address(self, options: Mapping[str, str]) -> str:
        """Where the shop makes coupons."""
        return _address(options["url"]) + PATH

    def examine(self, options: Mapping[str, str], secret: str) -> str:
        """Ask the shop what the app may do; says what was found. Raises Invalid."""
        given = options_of(Options, options, self.name)
        if not secret.split():
            raise Invalid("Shopify is connected with the app's client secret; it is empty.")
        address = _address(given.url)
        try:
            self._http.check(address)
        except AddressRefused as error:
            raise Invalid(f"{given.url!r} cannot be called. {error}") from error
        (found, *_) = ShopifyApi(self._calls(address, given.client_id, secret)).health("")
        if found.state == BROKEN:
            raise Invalid(f"{found.text} {found.mend}")
        return found.text

    def _shop(self, connection: ConnectionFacts) -> ShopifyCalls | None:
        secret = connection.credentials.get(self.credential, "")
        if not secret.split():
            return None
        given = connection.options
        return self._calls(_address(given["url"]), given["client_id"], secret)

    def _calls(self, address: str, client_id: str, secret: str) -> ShopifyCalls:
        return ShopifyCalls(self._http, self._tokens, address, client_id, secret.split())


def _address(shop: str) -> str:
    """Where the shop's API is. Raises Invalid: the shop's domain for customers has none."""
    address = shop.strip().rstrip("/")
    if address.startswith("https://") and not _SHOP.fullmatch(address.lower()):
        raise Invalid(f"{shop!r} is not the shop's own address, such as https://tea.myshopify.com.")
    return address
