"""Those outside that this installation can speak to: shops, by the name in their delivery
address, issuers of gift cards, payment services and the merchant's own program; and what a store
can promise."""

from __future__ import annotations

from django.conf import settings

from wordmouth.fulfilment import registry as fulfilment
from wordmouth.fulfilment.ports import CouponPort, CouponUnreachable
from wordmouth.fulfilment.registry import Beside
from wordmouth.fulfilment.rules import SHOP_KINDS
from wordmouth.integrations import following, shops
from wordmouth.integrations.accounts import (
    GiftCardProvider,
    PayoutProvider,
    Provider,
    ShopProvider,
)
from wordmouth.integrations.bigcommerce.adapter import BigCommerce
from wordmouth.integrations.custom.provider import CustomProgram
from wordmouth.integrations.generic.adapter import GenericAdapter
from wordmouth.integrations.giftcards.fake import FakeIssuer
from wordmouth.integrations.magento.adapter import Magento
from wordmouth.integrations.paypal.provider import PayPal
from wordmouth.integrations.ports import ShopAdapter
from wordmouth.integrations.rest import money_http
from wordmouth.integrations.saleor.adapter import Saleor
from wordmouth.integrations.shift4shop.adapter import Shift4Shop
from wordmouth.integrations.shop_calls import shop_http
from wordmouth.integrations.shopify.adapter import Shopify
from wordmouth.integrations.smtp import SmtpMailer, SmtpSettings
from wordmouth.integrations.stripe.provider import Stripe
from wordmouth.integrations.tremendous.provider import Tremendous
from wordmouth.integrations.woocommerce.adapter import WooCommerce
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import Http
from wordmouth.messages import registry as messages
from wordmouth.payouts import registry as payouts
from wordmouth.payouts.ports import PayoutRail, RailRefused
from wordmouth.programs import ports as programs
from wordmouth.programs.document import WALLET_KINDS
from wordmouth.programs.ports import Abilities
from wordmouth.stores import queries as stores
from wordmouth.stores.facts import CUSTOM, PAYOUTS, ConnectionFacts

_http = Http(allow_private=settings.ALLOW_PRIVATE_SHOPS)
_shops = shop_http(allow_private=settings.ALLOW_PRIVATE_SHOPS)
_money = money_http(allow_private=settings.ALLOW_PRIVATE_SHOPS)

PLUGIN_KINDS = frozenset({"percent_off", "amount_off", "free_shipping", "free_product"})
"""What our plugins for shops make; they have nothing that could stand for early access."""

_bigcommerce = BigCommerce(_shops)
_magento = Magento(_shops)
_saleor = Saleor(_shops)
_shift4shop = Shift4Shop(_shops)
_woocommerce = WooCommerce(_shops)
_shopify = Shopify(_shops)

ADAPTERS: dict[str, ShopAdapter] = {
    adapter.name: adapter
    for adapter in (
        GenericAdapter("generic", _http),
        GenericAdapter("medusa", _http, PLUGIN_KINDS),
        GenericAdapter("oscar", _http, PLUGIN_KINDS),
        GenericAdapter("prestashop", _http, PLUGIN_KINDS),
        GenericAdapter("vendure", _http, PLUGIN_KINDS),
        _woocommerce,
        _bigcommerce,
        _magento,
        _saleor,
        _shift4shop,
        _shopify,
    )
}
_issuers: list[GiftCardProvider] = [Tremendous(_money)]
if settings.DEMO:
    _issuers.append(FakeIssuer(settings.DATA / "fake-gift-cards.sqlite3"))
ISSUERS: dict[str, GiftCardProvider] = {issuer.name: issuer for issuer in _issuers}
"""Who makes gift cards, by the name of the store's account."""
PAYERS: dict[str, PayoutProvider] = {
    payer.name: payer for payer in (PayPal(_money), Stripe(_money))
}
"""Who pays people, by the name of the store's account, which is that of the rail too."""
OWN_PROGRAM = CustomProgram(_http)
PROVIDERS: dict[str, Provider] = {**ISSUERS, **PAYERS, OWN_PROGRAM.name: OWN_PROGRAM}
"""Whom a store can have an account with, beside its shop."""
SHOPS: dict[str, ShopProvider] = {
    _woocommerce.name: _woocommerce,
    _bigcommerce.name: _bigcommerce,
    _magento.name: _magento,
    _saleor.name: _saleor,
    _shift4shop.name: _shift4shop,
    _shopify.name: _shopify,
}
"""Shops that are connected with what opens their API, by the name of their adapter."""


def coupon_port(connection: ConnectionFacts) -> CouponPort:
    """The coupons of the shop behind a connection. Raises CouponUnreachable for an adapter
    that this version does not have."""
    adapter = ADAPTERS.get(connection.adapter)
    if adapter is None:
        allowed = ", ".join(sorted(ADAPTERS))
        raise CouponUnreachable(
            f"This version has no adapter {connection.adapter!r}; it has {allowed}."
        )
    return adapter.coupons(connection)


def abilities(store_id: str) -> Abilities:
    """What can be promised in a store, as it is connected now.

    Early access and the wallet need nobody outside. A shop that has yet to be connected is able
    to do what its adapter can.
    """
    shop = fulfilment.shop(store_id)
    name = shop.adapter if shop else "generic"
    adapter = ADAPTERS.get(name)
    made = adapter.kinds(shop) & SHOP_KINDS if adapter else frozenset()
    kinds = made | WALLET_KINDS | {"early_access"}
    if fulfilment.issuer(store_id):
        kinds |= {"gift_card"}
    if stores.accounts(store_id, CUSTOM):
        kinds |= {"custom"}
    return Abilities(adapter=name, kinds=kinds, why_not=_why_not(name, made, kinds))


def _why_not(shop: str, made: frozenset[str], kinds: frozenset[str]) -> dict[str, str]:
    """For each kind that the store cannot give, what would make it possible."""
    makes = ", ".join(sorted(made)) or "no coupons that this version knows"
    why = dict.fromkeys(SHOP_KINDS, f"the shop is connected by {shop}, which makes {makes}")
    why["gift_card"] = (
        "no issuer of gift cards is connected; "
        "connect one: wordmouth store connect STORE tremendous"
    )
    why["custom"] = (
        "your own program for it is not connected; connect it: wordmouth store connect STORE custom"
    )
    return {kind: words for kind, words in why.items() if kind not in kinds}


def payout_rail(store_id: str, name: str) -> PayoutRail:
    """The store's account with the payment service `name`. Raises RailRefused where it has none
    that can be used, with what to do about it."""
    payer = PAYERS.get(name)
    if payer is None:
        raise RailRefused(f"This version has no rail {name!r}; it has {', '.join(sorted(PAYERS))}.")
    known = {account.adapter: account for account in stores.accounts(store_id, PAYOUTS)}
    if name not in known:
        raise RailRefused(
            f"No account with {payer.title} is connected; "
            f"connect it: wordmouth store connect STORE {name}"
        )
    try:
        return payer.rail(known[name])
    except Invalid as error:
        raise RailRefused(error.detail) from error


def install() -> None:
    """Plug those outside into the rooms that need them, once per process."""
    following.install(ADAPTERS)
    shops.install(ADAPTERS, SHOPS)
    fulfilment.install(coupon_port)
    fulfilment.install_beside(
        Beside(
            gift_cards={name: issuer.gift_cards for name, issuer in ISSUERS.items()},
            custom=OWN_PROGRAM.rewards,
        )
    )
    payouts.install(payout_rail)
    programs.install(abilities)
    messages.install(
        SmtpMailer(
            SmtpSettings(
                host=settings.MAIL_HOST,
                port=settings.MAIL_PORT,
                user=settings.MAIL_USER,
                password=settings.MAIL_PASSWORD,
                starttls=settings.MAIL_STARTTLS,
            )
        )
    )
