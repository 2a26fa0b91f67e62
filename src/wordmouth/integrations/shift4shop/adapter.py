"""Shift4Shop as a shop adapter, and how a store is connected with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from wordmouth.fulfilment.ports import CouponPort, CouponUnreachable, Unreachable
from wordmouth.inbox.ports import DeliveryVerifier
from wordmouth.integrations.accounts import api_address, options_of
from wordmouth.integrations.ports import CUSTOMER, ORDER, Capabilities, Parsed, ShopApi
from wordmouth.integrations.shift4shop.api import S4SApi
from wordmouth.integrations.shift4shop.calls import PATH, USUAL, WHO, S4SCalls
from wordmouth.integrations.shift4shop.coupons import KINDS, S4SCoupons
from wordmouth.integrations.shift4shop.coupons import PATH as COUPONS
from wordmouth.integrations.shift4shop.parse import parse
from wordmouth.integrations.shift4shop.verify import SecretAddress, address_key
from wordmouth.integrations.shop_calls import SaidNo
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import Http
from wordmouth.stores.facts import ConnectionFacts


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """`url`: the shop's secure address, by which its API knows which shop is meant; `api`: another
    address of the API than the usual one."""

    url: str
    api: str = ""


class Shift4Shop:
    """See `integrations.ports.ShopAdapter` and `integrations.accounts.ShopProvider`."""

    title: ClassVar[str] = "Shift4Shop"
    opened_by: ClassVar[str] = "private key and token with a colon between them"
    credential: ClassVar[str] = "keys"
    options: ClassVar[type[msgspec.Struct]] = Options
    capabilities = Capabilities(
        thin=True,
        signed_body=False,
        lists=(ORDER, CUSTOMER),
        subscriptions=True,
        coupons_by_api=True,
    )

    def __init__(self, http: Http) -> None:
        self.name = "shift4shop"
        self.verifier: DeliveryVerifier = SecretAddress()
        self._http = http

    def keys(self, connection: ConnectionFacts) -> tuple[bytes, ...]:
        """What may stand in the address, of the newest secret first."""
        return tuple(address_key(secret).encode() for secret in connection.secrets)

    def parse(self, headers: Mapping[str, str], body: bytes) -> Parsed:
        """What a delivery tells. Raises BadDelivery."""
        return parse(headers, body)

    def kinds(self, connection: ConnectionFacts | None) -> frozenset[str]:
        """The kinds of coupon that Shift4Shop has."""
        return KINDS

    def coupons(self, connection: ConnectionFacts) -> CouponPort:
        """The shop's coupons. Raises CouponUnreachable while its API is not open to us."""
        shop = self._shop(connection)
        if shop is None:
            raise CouponUnreachable(
                f"{WHO} is not connected with a token; "
                f"connect it: wordmouth store connect STORE {self.name}"
            )
        return S4SCoupons(shop)

    def api(self, connection: ConnectionFacts) -> ShopApi | None:
        """The shop's API; None while no token is connected."""
        shop = self._shop(connection)
        if shop is None:
            return None
        return S4SApi(shop, tuple(address_key(secret) for secret in connection.secrets))

    def coupon_address(self, options: Mapping[str, str]) -> str:
        """Where the shop makes coupons."""
        return f"{(options.get('api') or USUAL).rstrip('/')}{PATH}{COUPONS}"

    def examine(self, options: Mapping[str, str], secret: str) -> str:
        """Ask for what the shop counts in; says what was found. Raises Invalid."""
        given = options_of(Options, options, self.name)
        key, token = _halves(secret)
        if not key or not token:
            raise Invalid(f"{WHO} is opened by {self.opened_by}.")
        api = api_address(self._http, given.api, USUAL)
        try:
            counts_in = S4SApi(S4SCalls(self._http, api, given.url, key, token), ()).currency
        except (Unreachable, SaidNo) as error:
            raise Invalid(str(error)) from error
        return f"{WHO} accepts the token. The shop counts in {counts_in}."

    def _shop(self, connection: ConnectionFacts) -> S4SCalls | None:
        keys = connection.credentials.get(self.credential, "")
        if not keys:
            return None
        given = connection.options
        return S4SCalls(self._http, given.get("api", ""), given["url"], *_halves(keys))


def _halves(keys: str) -> tuple[str, str]:
    """Private key and token; neither has a colon in it."""
    key, _, token = keys.partition(":")
    return key.strip(), token.strip()
