"""Magento as a shop adapter, and how a store is connected with it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from wordmouth.fulfilment.ports import CouponPort
from wordmouth.integrations.accounts import Credential
from wordmouth.integrations.generic.verify import StandardWebhooks
from wordmouth.integrations.magento.api import MagentoApi
from wordmouth.integrations.magento.calls import PATH, MagentoCalls
from wordmouth.integrations.magento.coupons import KINDS, MagentoCoupons
from wordmouth.integrations.magento.coupons import PATH as COUPONS
from wordmouth.integrations.magento.oauth import Keys
from wordmouth.integrations.magento.parse import parse
from wordmouth.integrations.magento.shop import MagentoShop
from wordmouth.integrations.ports import (
    CUSTOMER,
    ORDER,
    PRODUCT,
    Capabilities,
    Parsed,
    ShopApi,
)
from wordmouth.integrations.shop_adapter import ApiShop
from wordmouth.kit.signing import secret_bytes
from wordmouth.stores.facts import ConnectionFacts


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """`url`: the shop's address, below which is /rest; `website`: the code of the website that is
    meant, where the shop has several."""

    url: str
    website: str = ""


class Magento(ApiShop[MagentoShop]):
    """See `integrations.shop_adapter.ApiShop`."""

    name = "magento"
    title = "Magento"
    credentials = (
        Credential(name="consumer_key", words="the integration's consumer key"),
        Credential(name="consumer_secret", words="its consumer secret"),
        Credential(name="access_token", words="its access token"),
        Credential(name="access_token_secret", words="its access token secret"),
    )
    options = Options
    capabilities = Capabilities(
        push=False,
        thin=True,
        event_ids=True,
        signed_time=True,
        lists=(ORDER, CUSTOMER, PRODUCT),
        coupons_by_api=True,
        unique_codes=True,
    )
    verifier = StandardWebhooks()
    makes = KINDS
    coupon_path = COUPONS

    def keys(self, connection: ConnectionFacts) -> tuple[bytes, ...]:
        """What proves hints: the connection's secrets."""
        return tuple(secret_bytes(secret) for secret in connection.secrets)

    def address(self, options: Options) -> str:
        """Below the shop's own."""
        return options.url.rstrip("/") + PATH

    def calls(self, address: str, options: Options, secrets: Mapping[str, str]) -> MagentoShop:
        """Opened by the four keys of an integration."""
        keys = msgspec.convert(dict(secrets), Keys)
        return MagentoShop(MagentoCalls(self.http, address, keys), options.website)

    def api_of(self, shop: MagentoShop, secrets: tuple[str, ...]) -> ShopApi:
        """Its lists."""
        return MagentoApi(shop)

    def coupons_of(self, shop: MagentoShop) -> CouponPort:
        """Codes below its cart price rules."""
        return MagentoCoupons(shop)

    def about(self, shop: MagentoShop) -> str:
        """How many websites are meant, and what they count in."""
        count = len(shop.websites)
        return f"{count} website{'s' if count > 1 else ''} counted in {shop.currency}."

    def parse(self, headers: Mapping[str, str], body: bytes) -> Parsed:
        """What a hint, or what was read, tells. Raises BadDelivery."""
        return parse(headers, body)
