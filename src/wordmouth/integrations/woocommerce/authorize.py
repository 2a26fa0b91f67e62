"""WooCommerce's way to hand out a key by one click (`/wc-auth/v1/authorize`).

The merchant is sent to the shop's own page and grants the key there; the shop posts it to us and
then sends the merchant back. With it comes the state that we gave along: it names the store and
the shop, is signed, and runs out. It also says what opened the shop before, so it is good once: as
soon as a key is kept, every state from before has lost its force.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

import msgspec
from django.conf import settings
from msgspec import Meta

from wordmouth.integrations import following
from wordmouth.integrations.shop_calls import shop_http
from wordmouth.integrations.woocommerce.adapter import SECRET, WooCommerce
from wordmouth.kit import clock
from wordmouth.kit.errors import Invalid, WordmouthError
from wordmouth.kit.http import AddressRefused, Http
from wordmouth.kit.signing import BadSignature, b64url, open_token, sign_token
from wordmouth.stores import addresses, queries, services
from wordmouth.stores.transactions import store_write
from wordmouth.stores.vault import derived_key

NAME, APP = "woocommerce", "Wordmouth"
PATH = "/wc-auth/v1/authorize"
LIVES = timedelta(hours=1)
"""How long the merchant may take to grant the key."""
SCOPE = "read_write"
_PURPOSE = "shop-authorization"

Word = Annotated[str, Meta(min_length=1, max_length=200)]


class BadAuthorization(WordmouthError):
    """The state that came with a key is not ours, ran out, or was good for another key already."""

    code, status, title = "bad_authorization", 403, "The key was not asked for"


class Granted(msgspec.Struct, frozen=True):
    """What the shop posts: a key, and in `user_id` the state that we gave along."""

    user_id: Annotated[str, Meta(max_length=4000)]
    consumer_key: Word
    consumer_secret: Word
    key_permissions: Word


class _State(msgspec.Struct, frozen=True, array_like=True):
    """For which store and shop, until when (unix seconds), and what opened the shop before."""

    store_id: str
    shop_url: str
    until: int
    before: str


def one_click_address(store_id: str, shop_url: str, return_url: str) -> str:
    """The page of the shop at which its merchant connects the store by one click, good for an hour
    and once. Afterwards the shop leads back to `return_url`, with `success=1`, or 0 where the
    merchant refused. Asks nobody anything.

    Raises Invalid: an address that may not be called or led back to, or a site without https, to
    which WooCommerce sends no key.
    """
    shop_url = shop_url.strip().rstrip("/")
    try:
        _http().check(shop_url)
    except AddressRefused as error:
        raise Invalid(f"{shop_url!r} cannot be called. {error}") from error
    back = urlsplit(return_url)
    if back.scheme not in ("http", "https") or not back.hostname:
        raise Invalid(f"{return_url!r} is no address to come back to.")
    callback = addresses.granted_keys(NAME)
    if not callback.startswith("https://"):
        raise Invalid(
            f"WooCommerce hands out keys to https:// addresses alone, and this site is {callback}. "
            "Set SITE_URL, or connect with a key that you made by hand."
        )
    until = int((clock.now() + LIVES).timestamp())
    state = _State(store_id, shop_url, until, _before(store_id))
    asked = {
        "app_name": APP,
        "scope": SCOPE,
        "user_id": sign_token(derived_key(_PURPOSE), NAME, msgspec.json.encode(state)),
        "return_url": return_url,
        "callback_url": callback,
    }
    return f"{shop_url}{PATH}?{urlencode(asked)}"


def connect(told: Any) -> str:
    """Connect the store with the key that its shop has posted, once the key has opened the shop,
    and begin to read; the store's id. Nothing is kept where anything is wrong.

    Raises BadAuthorization; Invalid, where this is no key or it does not open the shop.
    """
    granted = _granted(told)
    state = _opened(granted.user_id)
    if granted.key_permissions != SCOPE:
        raise Invalid(f"The key may {granted.key_permissions!r}; it has to be {SCOPE!r}.")
    shop = WooCommerce(_http())
    options = {"url": state.shop_url, "key": granted.consumer_key}
    secrets = {SECRET: granted.consumer_secret}
    shop.examine(options, secrets)
    with store_write(state.store_id):
        # Once more, as another key may have been kept while the shop was asked.
        _check_unused(state)
        services.connect_shop(
            state.store_id, NAME, secrets, options, coupon_url=shop.coupon_address(options)
        )
    following.begin(state.store_id, NAME)
    return state.store_id


def _http() -> Http:
    return shop_http(allow_private=settings.ALLOW_PRIVATE_SHOPS)


def _granted(told: Any) -> Granted:
    try:
        return msgspec.convert(told, Granted)
    except msgspec.ValidationError as error:
        raise Invalid(f"This is no key of WooCommerce's: {error}.") from error


def _opened(text: str) -> _State:
    try:
        payload = open_token(derived_key(_PURPOSE), NAME, text)
    except BadSignature as error:
        raise BadAuthorization(f"The user_id is none that was given out here: {error}.") from error
    state = msgspec.json.decode(payload, type=_State)
    if clock.now().timestamp() > state.until:
        raise BadAuthorization("It took more than an hour; begin again.")
    _check_unused(state)
    return state


def _check_unused(state: _State) -> None:
    if state.before != _before(state.store_id):
        raise BadAuthorization("The shop was connected since; begin again if it is to be anew.")


def _before(store_id: str) -> str:
    """What opens the shop now, as a digest that tells nobody else anything of it."""
    known = queries.connection(store_id, NAME)
    opens = [known.options, known.credentials] if known else []
    told = msgspec.json.encode(opens, order="sorted")
    return b64url(hmac.digest(derived_key(f"{_PURPOSE}-before"), told, "sha256"))
