"""BigCommerce as a shop adapter, and how a store is connected with it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from wordmouth.fulfilment.ports import CouponPort
from wordmouth.integrations.accounts import Credential
from wordmouth.integrations.bigcommerce import wire
from wordmouth.integrations.bigcommerce.api import BigApi
from wordmouth.integrations.bigcommerce.calls import BigCalls
from wordmouth.integrations.bigcommerce.coupons import KINDS, PATH, BigCoupons
from wordmouth.integrations.bigcommerce.parse import parse
from wordmouth.integrations.generic.verify import StandardWebhooks
from wordmouth.integrations.ports import CUSTOMER, ORDER, Capabilities, Parsed, ShopApi
from wordmouth.integrations.shop_adapter import ApiShop
from wordmouth.kit.errors import Invalid
from wordmouth.kit.signing import secret_bytes
from wordmouth.stores.facts import ConnectionFacts

VERSIONS = ("/v2", "/v3")
TOKEN, SIGNS = "access_token", "client_secret"


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """`url`: the API path of the account, such as https://api.bigcommerce.com/stores/abc123/v3/."""

    url: str


class BigCommerce(ApiShop[BigCalls]):
    """See `integrations.shop_adapter.ApiShop`."""

    name = "bigcommerce"
    title = "BigCommerce"
    credentials = (
        Credential(name=TOKEN, words="the account's access token"),
        Credential(name=SIGNS, words="the account's client secret"),
    )
    formerly = "account"
    options = Options
    capabilities = Capabilities(
        thin=True,
        event_ids=True,
        signed_time=True,
        lists=(ORDER, CUSTOMER),
        subscriptions=True,
        tells_its_end=True,
        coupons_by_api=True,
        unique_codes=True,
    )
    verifier = StandardWebhooks()
    makes = KINDS
    coupon_path = PATH

    def keys(self, connection: ConnectionFacts) -> tuple[bytes, ...]:
        """The client secret of the account, as text, and the secrets of the connection. While an
        account is replaced, its old client secret can be kept there: `whsec_` and its base64."""
        kept = tuple(secret_bytes(secret) for secret in connection.secrets)
        account = self.opened(connection)
        return (account[SIGNS].encode(), *kept) if account else kept

    def address(self, options: Options) -> str:
        """Without a version: orders are in v2, webhooks in v3. Raises Invalid."""
        base = options.url.rstrip("/")
        if "/stores/" not in base:
            raise Invalid(
                f"{options.url!r} is not the API path of an account, such as "
                "https://api.bigcommerce.com/stores/abc123/v3/."
            )
        return base[: -len(VERSIONS[0])] if base.endswith(VERSIONS) else base

    def calls(self, address: str, options: Options, secrets: Mapping[str, str]) -> BigCalls:
        """Opened by the access token."""
        return BigCalls(self.http, address, secrets[TOKEN])

    def api_of(self, shop: BigCalls, secrets: tuple[str, ...]) -> ShopApi:
        """Its orders, customers and webhooks."""
        return BigApi(shop)

    def coupons_of(self, shop: BigCalls) -> CouponPort:
        """Its coupons."""
        return BigCoupons(shop)

    def about(self, shop: BigCalls) -> str:
        """Its name, and what it counts in."""
        found = shop.read(shop.get("/v2/store"), wire.Store)
        return f"The shop is {found.name!r} and counts in {found.currency}."

    def parse(self, headers: Mapping[str, str], body: bytes) -> Parsed:
        """What a delivery tells. Raises BadDelivery."""
        return parse(headers, body)
