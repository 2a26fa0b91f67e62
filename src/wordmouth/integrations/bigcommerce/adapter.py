"""BigCommerce as a shop adapter, and how a store is connected with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from wordmouth.fulfilment.ports import CouponPort, CouponUnreachable, Unreachable
from wordmouth.inbox.ports import DeliveryVerifier
from wordmouth.integrations.accounts import options_of
from wordmouth.integrations.bigcommerce import wire
from wordmouth.integrations.bigcommerce.api import BigApi
from wordmouth.integrations.bigcommerce.calls import WHO, BigCalls
from wordmouth.integrations.bigcommerce.coupons import KINDS, PATH, BigCoupons
from wordmouth.integrations.bigcommerce.parse import parse
from wordmouth.integrations.generic.verify import StandardWebhooks
from wordmouth.integrations.ports import CUSTOMER, ORDER, Capabilities, Parsed, ShopApi
from wordmouth.integrations.shop_calls import SaidNo
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import AddressRefused, Http
from wordmouth.kit.signing import secret_bytes
from wordmouth.stores.facts import ConnectionFacts

VERSIONS = ("/v2", "/v3")


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """`url`: the API path of the account, such as https://api.bigcommerce.com/stores/abc123/v3/."""

    url: str


class BigCommerce:
    """See `integrations.ports.ShopAdapter` and `integrations.accounts.ShopProvider`."""

    title: ClassVar[str] = "BigCommerce"
    opened_by: ClassVar[str] = "access token and client secret with a colon between them"
    credential: ClassVar[str] = "account"
    options: ClassVar[type[msgspec.Struct]] = Options
    capabilities = Capabilities(
        thin=True,
        event_ids=True,
        signed_time=True,
        lists=(ORDER, CUSTOMER),
        subscriptions=True,
        coupons_by_api=True,
        unique_codes=True,
    )

    def __init__(self, http: Http) -> None:
        self.name = "bigcommerce"
        self.verifier: DeliveryVerifier = StandardWebhooks()
        self._http = http

    def keys(self, connection: ConnectionFacts) -> tuple[bytes, ...]:
        """The client secret of the account, as text, and the secrets of the connection. While an
        account is replaced, its old client secret can be kept there: `whsec_` and its base64."""
        kept = tuple(secret_bytes(secret) for secret in connection.secrets)
        account = connection.credentials.get(self.credential, "")
        return (_halves(account)[1].encode(), *kept) if account else kept

    def parse(self, headers: Mapping[str, str], body: bytes) -> Parsed:
        """What a delivery tells. Raises BadDelivery."""
        return parse(headers, body)

    def kinds(self, connection: ConnectionFacts | None) -> frozenset[str]:
        """The kinds of coupon that BigCommerce has."""
        return KINDS

    def coupons(self, connection: ConnectionFacts) -> CouponPort:
        """The shop's coupons. Raises CouponUnreachable while its API is not open to us."""
        shop = self._shop(connection)
        if shop is None:
            raise CouponUnreachable(
                f"{WHO} is not connected with an account; "
                f"connect it: wordmouth store connect STORE {self.name}"
            )
        return BigCoupons(shop)

    def api(self, connection: ConnectionFacts) -> ShopApi | None:
        """The shop's API; None while no account is connected."""
        shop = self._shop(connection)
        return BigApi(shop) if shop else None

    def coupon_address(self, options: Mapping[str, str]) -> str:
        """Where the shop makes coupons."""
        return f"{_base(options['url'])}{PATH}"

    def examine(self, options: Mapping[str, str], secret: str) -> str:
        """Ask for the shop's name and its webhooks; says what was found. Raises Invalid."""
        given = options_of(Options, options, self.name)
        token, signing = _halves(secret)
        if not token or not signing:
            raise Invalid(f"{WHO} is opened by the {self.opened_by}.")
        base = _base(given.url)
        if "/stores/" not in base:
            raise Invalid(
                f"{given.url!r} is not the API path of an account, such as "
                "https://api.bigcommerce.com/stores/abc123/v3/."
            )
        try:
            self._http.check(base)
        except AddressRefused as error:
            raise Invalid(f"{given.url!r} cannot be called. {error}") from error
        shop = BigCalls(self._http, base, token)
        (found, *_) = BigApi(shop).health("")
        if found.state != "ok":
            raise Invalid(f"{found.text} {found.mend}")
        try:
            about = shop.read(shop.get("/v2/store"), wire.Store)
        except (Unreachable, SaidNo) as error:
            raise Invalid(str(error)) from error
        return f"{found.text} The shop is {about.name!r} and counts in {about.currency}."

    def _shop(self, connection: ConnectionFacts) -> BigCalls | None:
        account = connection.credentials.get(self.credential, "")
        if not account:
            return None
        return BigCalls(self._http, _base(connection.options["url"]), _halves(account)[0])


def _base(url: str) -> str:
    """The address of the shop's API without a version: orders are in v2, webhooks in v3."""
    base = url.rstrip("/")
    return base[: -len(VERSIONS[0])] if base.endswith(VERSIONS) else base


def _halves(account: str) -> tuple[str, str]:
    """Access token and client secret; neither has a colon in it."""
    token, _, signing = account.partition(":")
    return token.strip(), signing.strip()
