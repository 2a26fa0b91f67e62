"""The kinds of shop in words: what each is, what it asks for, and where in the shop to get it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wordmouth.integrations.ports import CUSTOMER, ORDER, PRODUCT

Words = str | Promise


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of shop: its name, how it is connected in a sentence, what is done in the shop first,
    step by step, and the rights that are given away."""

    title: Words
    line: Words
    steps: tuple[Words, ...] = ()
    rights: tuple[Words, ...] = ()


PLUGIN = _("By a plug-in in your shop.")
API = _("By its own API; nothing is installed in the shop.")

KINDS: Mapping[str, Kind] = {
    "woocommerce": Kind(
        title="WooCommerce",
        line=API,
        steps=(
            _("In the shop open WooCommerce, Settings, Advanced, REST API, and choose Add key."),
            _("Choose a user who may manage the shop, and Read/Write."),
            _("It shows a consumer key and a consumer secret. Enter both here."),
        ),
        rights=(
            _(
                "WooCommerce knows no finer right than Read/Write. The key is used for orders, "
                "customers, coupons and webhooks."
            ),
        ),
    ),
    "shopify": Kind(
        title="Shopify",
        line=_("By an app of your own, made in its Dev Dashboard."),
        steps=(
            _("Make an app in Shopify's Dev Dashboard, with the scopes below, and release it."),
            _("Install it in your shop."),
            _("Its settings show a client ID and a client secret. Enter both here."),
        ),
        rights=(
            _("read_orders, read_all_orders: orders with refunds, also those of long ago"),
            _("read_customers, read_fulfillments: who is new, and what has arrived"),
            _("read_shopify_payments_disputes: charge backs"),
            _("write_discounts: the coupons"),
        ),
    ),
    "bigcommerce": Kind(
        title="BigCommerce",
        line=API,
        steps=(
            _("In the shop open Settings, API accounts, and choose Create API account."),
            _("Choose V2/V3 API token, and the rights below."),
            _("It shows an API path, an access token and a client secret, this once."),
        ),
        rights=(
            _("Orders, order transactions, customers: read-only"),
            _("Information and settings: read-only"),
            _("Marketing: modify, for the coupons"),
        ),
    ),
    "magento": Kind(
        title=_("Magento, Adobe Commerce, Mage-OS"),
        line=API,
        steps=(
            _("In the shop open System, Extensions, Integrations, and add an integration."),
            _("Give it the resources below, save it and activate it. It shows four keys."),
        ),
        rights=(
            _("Sales: view orders, invoices, shipments and credit memos"),
            _("Customers: all customers, and their groups; Catalog: products"),
            _("Stores: settings, all stores"),
            _("Marketing: cart price rules, for the coupons"),
        ),
    ),
    "shift4shop": Kind(
        title="Shift4Shop",
        line=API,
        steps=(
            _("Register an application at Shift4Shop's developer portal. It has a private key."),
            _("In the shop open Modules, REST API, add the application and authorize it."),
            _("The shop gives it a token. Enter key and token here."),
        ),
        rights=(
            _("Orders, customers, settings: read"),
            _("Promotions and webhooks: read and write"),
        ),
    ),
    "saleor": Kind(
        title="Saleor",
        line=API,
        steps=(
            _("In the Dashboard open Extensions, Add extension, Provide details manually."),
            _("Give it the permissions below. It shows a token, this once."),
        ),
        rights=(
            _("MANAGE_ORDERS: orders, what was paid and what went back, products"),
            _("MANAGE_USERS: who is new"),
            _("MANAGE_DISCOUNTS: vouchers, for the coupons"),
        ),
    ),
    "oscar": Kind(
        title="django-oscar",
        line=_("By the app wordmouth-oscar."),
        steps=(_("Install the app in the shop and give it the address and the secret."),),
    ),
    "prestashop": Kind(
        title=_("thirty bees and PrestaShop"),
        line=_("By a module in your shop."),
        steps=(
            _("Upload the module in the back office under Modules."),
            _("Enter the store's id, the address and the secret on the module's page."),
        ),
    ),
    "medusa": Kind(
        title="Medusa",
        line=_("By the plug-in medusa-plugin-wordmouth."),
        steps=(_("Add the plug-in to the shop and give it the address and the secret."),),
    ),
    "vendure": Kind(
        title="Vendure",
        line=_("By the plug-in vendure-plugin-wordmouth."),
        steps=(_("Add the plug-in to the shop and give it the address and the secret."),),
    ),
    "generic": Kind(
        title=_("Any other shop"),
        line=_("By a few lines of your own: the shop sends each order, signed with a secret."),
        steps=(_("Have the shop send every order to the address, signed with the secret."),),
    ),
}

LABELS: Mapping[tuple[str, str], Words] = {
    ("bigcommerce", "url"): _("API path"),
    ("saleor", "url"): _("Address of the API"),
    ("", "url"): _("Address of the shop"),
    ("", "website"): _("Code of the website"),
    ("", "consumer_key"): _("Consumer key"),
    ("", "consumer_secret"): _("Consumer secret"),
    ("", "access_token"): _("Access token"),
    ("", "access_token_secret"): _("Access token secret"),
    ("", "client_secret"): _("Client secret"),
    ("", "old_client_secret"): _("Old client secret"),
    ("", "private_key"): _("Private key"),
    ("", "token"): _("Token"),
    ("", "key"): _("Consumer key"),
    ("", "client_id"): _("Client ID"),
    ("", "api"): _("Another address of the API"),
}
HINTS: Mapping[tuple[str, str], Words] = {
    ("woocommerce", "url"): _("Such as https://tea.example"),
    ("woocommerce", "key"): _("It begins with ck_"),
    ("woocommerce", "consumer_secret"): _("It begins with cs_"),
    ("shopify", "old_client_secret"): _("Only for an hour after it was changed."),
    ("magento", "website"): _("Only where the shop has several and one of them is meant."),
    ("shopify", "url"): _("Its own address at Shopify, such as https://tea.myshopify.com"),
    ("bigcommerce", "url"): _("Such as https://api.bigcommerce.com/stores/abc123/v3/"),
    ("shift4shop", "url"): _("Its secure URL, such as https://tea.3dcartstores.com"),
    ("saleor", "url"): _("Such as https://tea.saleor.cloud/graphql/"),
    ("", "api"): _("Leave it empty, unless you were told otherwise."),
}
READ: Mapping[str, tuple[Words, Words]] = {
    ORDER: (
        _("Orders, with their refunds"),
        _("to see what a friend bought, who is a customer already, and what went back"),
    ),
    CUSTOMER: (_("Customers: name and e-mail address"), _("so that only new ones count as new")),
    PRODUCT: (_("Products"), _("for offers about certain goods")),
}
COUPONS: tuple[Words, Words] = (
    _("Coupons are written"),
    _("made for rewards, looked up and taken back; yours are left alone"),
)
TOLD: tuple[Words, Words] = (
    _("Orders, customers and products"),
    _("as far as the shop sends them; nothing is fetched from it"),
)


def kind(adapter: str, title: str = "") -> Kind:
    """What is said of a kind of shop; of one that nothing is said of here, only its own `title`."""
    return KINDS.get(adapter) or Kind(title=title or adapter, line=API)


def label(adapter: str, name: str, words: str) -> str:
    """What a field is called: by a name of ours, else by the adapter's own `words` for it."""
    known = LABELS.get((adapter, name)) or LABELS.get(("", name))
    if known:
        return str(known)
    plain = (words or name.replace("_", " ")).removeprefix("the ")
    return plain[:1].upper() + plain[1:]


def hint(adapter: str, name: str) -> str:
    """What helps to fill a field in; empty where nothing needs to be said."""
    return str(HINTS.get((adapter, name)) or HINTS.get(("", name)) or "")


def read_from(lists: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """What is read in a shop of which these lists are read, and why; and what is written."""
    found = [READ[each] for each in lists if each in READ] if lists else [TOLD]
    return tuple((str(what), str(why)) for what, why in (*found, COUPONS))
