"""Saleor as a shop adapter, and how a store is connected with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from wordmouth.fulfilment.ports import CouponPort
from wordmouth.integrations.accounts import Credential
from wordmouth.integrations.ports import CUSTOMER, ORDER, PRODUCT, Capabilities, Parsed, ShopApi
from wordmouth.integrations.saleor.api import KeptKeys, SaleorApi
from wordmouth.integrations.saleor.calls import SaleorCalls
from wordmouth.integrations.saleor.coupons import KINDS, SaleorCoupons
from wordmouth.integrations.saleor.parse import parse
from wordmouth.integrations.saleor.questions import PATH
from wordmouth.integrations.saleor.verify import SaleorSignatures, key_of, secret_of
from wordmouth.integrations.saleor.wire import Jwk
from wordmouth.integrations.shop_adapter import ApiShop
from wordmouth.stores import services
from wordmouth.stores.facts import ConnectionFacts

TOKEN = "token"  # noqa: S105 - the name of one
SIGNS_WITH = "signs_with"
"""The option of a connection in which the keys are kept that the shop signs with: they are public,
and nobody is asked for them."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """`url`: the address of the API, such as https://tea.saleor.cloud/graphql/."""

    url: str


class Saleor(ApiShop[SaleorCalls]):
    """See `integrations.shop_adapter.ApiShop`. Deliveries are proven by the keys that the shop
    shows; the store's own secrets count too, for webhooks that the merchant makes with one of
    them."""

    name = "saleor"
    title = "Saleor"
    credentials = (Credential(name=TOKEN, words="the token of the app"),)
    options = Options
    capabilities = Capabilities(
        lists=(ORDER, CUSTOMER, PRODUCT),
        subscriptions=True,
        coupons_by_api=True,
        unique_codes=True,
    )
    verifier = SaleorSignatures()
    makes = KINDS
    coupon_path = PATH

    def address(self, options: Options) -> str:
        """Without the end that every API of Saleor's has."""
        return options.url.strip().rstrip("/").removesuffix(PATH.rstrip("/"))

    def calls(self, address: str, options: Options, secrets: Mapping[str, str]) -> SaleorCalls:
        """Opened by the token of an app."""
        return SaleorCalls(self.http, address, secrets[TOKEN])

    def api(self, connection: ConnectionFacts) -> ShopApi | None:
        """The shop's API; None while it is not open to us."""
        shop = self._shop(connection)
        if shop is None:
            return None

        def keep(shown: Sequence[Jwk]) -> None:
            told = {SIGNS_WITH: msgspec.to_builtins(shown)}
            services.update_connection(connection.store_id, self.name, options=told)

        return SaleorApi(shop, KeptKeys(_kept(connection), keep))

    def api_of(self, shop: SaleorCalls, secrets: tuple[str, ...]) -> ShopApi:
        """A shop that is only looked at: no keys of it are known, and none are kept."""
        return SaleorApi(shop, KeptKeys((), lambda shown: None))

    def coupons_of(self, shop: SaleorCalls) -> CouponPort:
        """Its coupons."""
        return SaleorCoupons(shop)

    def keys(self, connection: ConnectionFacts) -> tuple[bytes, ...]:
        """The keys that the shop signs with, and the store's own secrets."""
        shown = (key_of(jwk) for jwk in _kept(connection))
        return (*shown, *(secret_of(secret) for secret in connection.secrets))

    def parse(self, headers: Mapping[str, str], body: bytes) -> Parsed:
        """What a delivery tells. Raises BadDelivery."""
        return parse(headers, body)

    def _shop(self, connection: ConnectionFacts) -> SaleorCalls | None:
        asked = {name: text for name, text in connection.options.items() if name != SIGNS_WITH}
        return super()._shop(msgspec.structs.replace(connection, options=asked))


def _kept(connection: ConnectionFacts) -> tuple[Jwk, ...]:
    kept = connection.options.get(SIGNS_WITH, [])
    return msgspec.convert(kept, type=tuple[Jwk, ...])
