"""Shift4Shop as a shop adapter, and how a store is connected with it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from wordmouth.fulfilment.ports import CouponPort
from wordmouth.integrations.accounts import Credential
from wordmouth.integrations.ports import CUSTOMER, ORDER, Capabilities, Parsed, ShopApi
from wordmouth.integrations.shift4shop.api import S4SApi
from wordmouth.integrations.shift4shop.calls import PATH, USUAL, S4SCalls
from wordmouth.integrations.shift4shop.coupons import KINDS, S4SCoupons
from wordmouth.integrations.shift4shop.coupons import PATH as COUPONS
from wordmouth.integrations.shift4shop.parse import parse
from wordmouth.integrations.shift4shop.verify import SecretAddress, address_key
from wordmouth.integrations.shop_adapter import ApiShop
from wordmouth.stores.facts import ConnectionFacts

KEY, TOKEN = "private_key", "token"


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """`url`: the shop's secure address, by which its API knows which shop is meant; `api`: another
    address of the API than the usual one."""

    url: str
    api: str = ""


class Shift4Shop(ApiShop[S4SCalls]):
    """See `integrations.shop_adapter.ApiShop`."""

    name = "shift4shop"
    title = "Shift4Shop"
    credentials = (
        Credential(name=KEY, words="the application's private key"),
        Credential(name=TOKEN, words="the token that the shop gave it"),
    )
    formerly = "keys"
    options = Options
    capabilities = Capabilities(
        thin=True,
        signed_body=False,
        lists=(ORDER, CUSTOMER),
        subscriptions=True,
        coupons_by_api=True,
    )
    verifier = SecretAddress()
    makes = KINDS
    coupon_path = COUPONS

    def keys(self, connection: ConnectionFacts) -> tuple[bytes, ...]:
        """What may stand in the address, of the newest secret first."""
        return tuple(address_key(secret).encode() for secret in connection.secrets)

    def address(self, options: Options) -> str:
        """One for all shops."""
        return (options.api or USUAL).rstrip("/") + PATH

    def calls(self, address: str, options: Options, secrets: Mapping[str, str]) -> S4SCalls:
        """Opened by key and token; the shop's address says which one is meant."""
        return S4SCalls(self.http, address, options.url, secrets[KEY], secrets[TOKEN])

    def api_of(self, shop: S4SCalls, secrets: tuple[str, ...]) -> ShopApi:
        """Whose webhooks have a key in their address."""
        return S4SApi(shop, tuple(address_key(secret) for secret in secrets))

    def coupons_of(self, shop: S4SCalls) -> CouponPort:
        """Its promotions."""
        return S4SCoupons(shop)

    def about(self, shop: S4SCalls) -> str:
        """What it counts in."""
        return f"The shop counts in {S4SApi(shop, ()).currency}."

    def parse(self, headers: Mapping[str, str], body: bytes) -> Parsed:
        """What a delivery tells. Raises BadDelivery."""
        return parse(headers, body)
