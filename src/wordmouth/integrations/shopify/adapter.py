"""Shopify as a shop adapter, and how a store is connected with it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from wordmouth.fulfilment.ports import CouponPort
from wordmouth.integrations.accounts import Credential
from wordmouth.integrations.ports import CUSTOMER, ORDER, Capabilities, Parsed, ShopApi
from wordmouth.integrations.shop_adapter import ApiShop
from wordmouth.integrations.shopify.api import ShopifyApi
from wordmouth.integrations.shopify.calls import ShopifyCalls, Tokens
from wordmouth.integrations.shopify.coupons import KINDS, ShopifyCoupons
from wordmouth.integrations.shopify.parse import parse
from wordmouth.integrations.shopify.questions import PATH
from wordmouth.integrations.shopify.verify import ShopifySignatures
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import Http
from wordmouth.stores.facts import ConnectionFacts

_SHOP = re.compile(r"https://[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com")
SECRET, OLD_SECRET = "client_secret", "old_client_secret"


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """`url`: the shop's own address at Shopify, such as https://tea.myshopify.com; `client_id`:
    that of the app."""

    url: str
    client_id: str


class Shopify(ApiShop[ShopifyCalls]):
    """See `integrations.shop_adapter.ApiShop`."""

    name = "shopify"
    title = "Shopify"
    credentials = (
        Credential(name=SECRET, words="the app's client secret"),
        Credential(
            name=OLD_SECRET,
            words="its old client secret, for an hour after it was changed",
            optional=True,
        ),
    )
    options = Options
    capabilities = Capabilities(
        event_ids=True,
        lists=(ORDER, CUSTOMER),
        subscriptions=True,
        tells_its_end=True,
        coupons_by_api=True,
        unique_codes=True,
        customer_lock=True,
    )
    verifier = ShopifySignatures()
    makes = KINDS
    coupon_path = PATH

    def __init__(self, http: Http) -> None:
        super().__init__(http)
        self._tokens = Tokens(http)

    def keys(self, connection: ConnectionFacts) -> tuple[bytes, ...]:
        """The client secrets, with which Shopify signs: while one is changed it signs with the
        old one. The store's own secrets count too, for deliveries that the merchant sends."""
        given = _secrets(self.opened(connection))
        return tuple(secret.encode() for secret in (*given, *connection.secrets))

    def address(self, options: Options) -> str:
        """The shop's own at Shopify. Raises Invalid: its domain for customers has no API."""
        address = options.url.strip().rstrip("/")
        if address.startswith("https://") and not _SHOP.fullmatch(address.lower()):
            raise Invalid(
                f"{options.url!r} is not the shop's own address, such as https://tea.myshopify.com."
            )
        return address

    def calls(self, address: str, options: Options, secrets: Mapping[str, str]) -> ShopifyCalls:
        """Opened by tokens that the app gets for its id and secret."""
        return ShopifyCalls(self.http, self._tokens, address, options.client_id, _secrets(secrets))

    def api_of(self, shop: ShopifyCalls, secrets: tuple[str, ...]) -> ShopApi:
        """Its orders, customers and subscriptions."""
        return ShopifyApi(shop)

    def coupons_of(self, shop: ShopifyCalls) -> CouponPort:
        """Its discounts."""
        return ShopifyCoupons(shop)

    def parse(self, headers: Mapping[str, str], body: bytes) -> Parsed:
        """What a delivery tells. Raises BadDelivery."""
        return parse(headers, body)


def _secrets(opened: Mapping[str, str]) -> list[str]:
    """The client secrets, newest first. Both were once kept as one, with a space between them."""
    return " ".join((opened.get(SECRET, ""), opened.get(OLD_SECRET, ""))).split()
