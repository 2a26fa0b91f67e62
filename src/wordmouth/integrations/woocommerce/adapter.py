"""WooCommerce as a shop adapter, and how a store is connected with it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from wordmouth.fulfilment.ports import CouponPort
from wordmouth.integrations.accounts import Credential
from wordmouth.integrations.ports import CUSTOMER, ORDER, PRODUCT, Capabilities, Parsed, ShopApi
from wordmouth.integrations.shop_adapter import ApiShop
from wordmouth.integrations.shop_calls import ShopCalls
from wordmouth.integrations.woocommerce.api import PATH, WooApi, calls
from wordmouth.integrations.woocommerce.coupons import KINDS, WooCoupons
from wordmouth.integrations.woocommerce.parse import parse
from wordmouth.integrations.woocommerce.verify import WooSignatures

SECRET = "consumer_secret"  # noqa: S105 - the name of one


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """`url`: the shop's address, below which is /wp-json; `key`: the consumer key."""

    url: str
    key: str


class WooCommerce(ApiShop[ShopCalls]):
    """See `integrations.shop_adapter.ApiShop`. WooCommerce takes secrets as text, and signs with
    that of the connection."""

    name = "woocommerce"
    title = "WooCommerce"
    credentials = (Credential(name=SECRET, words="the consumer secret (cs_...)"),)
    options = Options
    capabilities = Capabilities(
        ping=True,
        lists=(ORDER, CUSTOMER, PRODUCT),
        subscriptions=True,
        coupons_by_api=True,
        unique_codes=True,
        customer_lock=True,
    )
    verifier = WooSignatures()
    makes = KINDS
    coupon_path = "/coupons"

    def address(self, options: Options) -> str:
        """Below the shop's own."""
        return options.url.rstrip("/") + PATH

    def calls(self, address: str, options: Options, secrets: Mapping[str, str]) -> ShopCalls:
        """Opened by the consumer key and its secret."""
        return calls(self.http, address, options.key, secrets[SECRET])

    def api_of(self, shop: ShopCalls, secrets: tuple[str, ...]) -> ShopApi:
        """Whose webhooks sign with the newest secret."""
        return WooApi(shop, next(iter(secrets), ""))

    def coupons_of(self, shop: ShopCalls) -> CouponPort:
        """Its coupons."""
        return WooCoupons(shop)

    def parse(self, headers: Mapping[str, str], body: bytes) -> Parsed:
        """What a delivery tells. Raises BadDelivery."""
        return parse(headers, body)
