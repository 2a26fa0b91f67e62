"""Verbs on stores, keys and connections."""

from __future__ import annotations

import json
import re
import secrets as randomness
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django_scopes import scope, scopes_disabled

from wordmouth.kit import clock
from wordmouth.kit.ids import new_id
from wordmouth.kit.money import is_currency
from wordmouth.kit.signing import fingerprint, new_secret, secret_bytes
from wordmouth.stores import queries
from wordmouth.stores.errors import BadStore, SlugTaken
from wordmouth.stores.facts import BESIDE_THE_SHOP, SHOP, Created, KeyFacts, StoreFacts
from wordmouth.stores.models import ApiKey, Connection, Member, Store
from wordmouth.stores.transactions import write_gate
from wordmouth.stores.vault import seal

USED_AT_EVERY = timedelta(minutes=5)
CHANGEABLE = frozenset({"name", "locale", "shop_url", "host", "lands_on", "brand"})


def slugify(name: str) -> str:
    """A store's name as part of an address."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]


def create_store(
    name: str,
    *,
    adapter: str = "generic",
    currency: str = "EUR",
    slug: str | None = None,
    shop_url: str = "",
    locale: str = "en",
    coupon_url: str = "",
) -> Created:
    """Open a store with one API key and one shop connection.

    Raises BadStore for an unknown currency or an empty name, SlugTaken.
    """
    slug = slug or slugify(name)
    if not slug:
        raise BadStore("The store needs a name with at least one letter or digit.")
    if not is_currency(currency):
        raise BadStore(f"{currency!r} is not a currency code of ISO 4217, such as EUR.")
    with write_gate(), transaction.atomic():
        if Store.objects.filter(slug=slug).exists():
            raise SlugTaken(f"A store named {slug!r} exists already; choose another slug.")
        store = Store.objects.create(
            id=new_id("str"),
            slug=slug,
            name=name,
            currency=currency,
            locale=locale,
            shop_url=shop_url,
            created_at=clock.now(),
        )
        with scope(store=store.id):
            key = _add_key(store.id, "first key", "live")
            secret = _connect(store.id, adapter, coupon_url)
    return Created(store=queries.facts_of(store), api_key=key, webhook_secret=secret)


def _add_key(store_id: str, name: str, mode: str) -> str:
    token = f"wm_{mode}_{randomness.token_urlsafe(32)}"
    ApiKey.objects.create(
        id=new_id("key"),
        store_id=store_id,
        digest=fingerprint(token),
        name=name,
        hint=token[-4:],
        mode=mode,
        created_at=clock.now(),
    )
    return token


def _connect(store_id: str, adapter: str, coupon_url: str) -> str:
    secret = new_secret()
    connection_id = new_id("con")
    Connection.objects.create(
        id=connection_id,
        store_id=store_id,
        adapter=adapter,
        secrets=seal(json.dumps([secret]), f"{connection_id}:secrets"),
        coupon_url=coupon_url,
        created_at=clock.now(),
    )
    return secret


def new_api_key(store_id: str, name: str, mode: str = "live") -> str:
    """Another API key, `live` or `test`; the answer is the only time it is seen."""
    if mode not in ("live", "test"):
        raise BadStore(f"A key's mode is live or test, not {mode!r}.")
    with write_gate(), transaction.atomic(), scope(store=store_id):
        return _add_key(store_id, name, mode)


def revoke_api_key(store_id: str, key_id: str) -> None:
    """The key opens nothing from now on."""
    with write_gate(), transaction.atomic(), scope(store=store_id):
        ApiKey.objects.filter(id=key_id, revoked_at=None).update(revoked_at=clock.now())


def authenticate(token: str) -> KeyFacts | None:
    """Whose key this is, or None. Notes its use at most every five minutes."""
    with scopes_disabled():
        key = ApiKey.objects.filter(digest=fingerprint(token), revoked_at=None).first()
        if key is None:
            return None
        now = clock.now()
        if key.last_used_at is None or now - key.last_used_at > USED_AT_EVERY:
            with write_gate(), transaction.atomic():
                ApiKey.objects.filter(id=key.id).update(last_used_at=now)
    return KeyFacts(id=key.id, store_id=key.store_id, mode=key.mode)


def update_store(store_id: str, **changes: Any) -> StoreFacts:
    """Change name, locale, shop_url, host, lands_on or brand."""
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise BadStore(f"A store has no {sorted(unknown)}; changeable: {sorted(CHANGEABLE)}.")
    if changes.get("lands_on", "shop") not in ("friend_page", "shop"):
        raise BadStore("lands_on is friend_page or shop.")
    with write_gate(), transaction.atomic():
        Store.objects.filter(id=store_id).update(**changes)
    return queries.store(store_id)


def update_connection(
    store_id: str,
    adapter: str,
    *,
    coupon_url: str | None = None,
    add_secret: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> None:
    """Change where coupons are made, or add a secret beside the old ones (the newest two count);
    set single `options`, or take away those that are None.

    Raises BadStore when there is no such connection or the secret is malformed.
    """
    if add_secret is not None:
        try:
            secret_bytes(add_secret)
        except ValueError as error:
            raise BadStore("A webhook secret is whsec_ followed by base64.") from error
    with write_gate(), transaction.atomic(), scope(store=store_id):
        known = queries.connection(store_id, adapter)
        if known is None:
            raise BadStore(f"This store has no connection named {adapter!r}.")
        changes: dict[str, Any] = {}
        if options is not None:
            merged = {**known.options, **options}
            changes["options"] = {
                name: value for name, value in merged.items() if value is not None
            }
        if coupon_url is not None:
            changes["coupon_url"] = coupon_url
        if add_secret is not None:
            kept = [add_secret, *known.secrets][:2]
            changes["secrets"] = seal(json.dumps(kept), f"{known.id}:secrets")
        if changes:
            Connection.objects.filter(id=known.id).update(**changes)


def connect(
    store_id: str, adapter: str, secrets: Sequence[str], options: Mapping[str, Any], *, serves: str
) -> None:
    """Keep the store's account with somebody who `serves` it `gift_cards`, `payouts` or `custom`
    rewards: what it is opened with (encrypted) and what else it takes (readable). Replaces what
    was there.

    Raises BadStore without a secret, for another purpose, and where `adapter` is a shop's.
    """
    if serves not in BESIDE_THE_SHOP:
        allowed = ", ".join(BESIDE_THE_SHOP)
        raise BadStore(f"An account serves one of {allowed}, not {serves!r}.")
    if not secrets or not all(secrets):
        raise BadStore("An account needs a secret that is not empty.")
    with write_gate(), transaction.atomic(), scope(store=store_id):
        known = Connection.objects.filter(adapter=adapter).first()
        if known is not None and known.serves == SHOP:
            raise BadStore(f"{adapter!r} is how this store's shop is connected.")
        connection_id = known.id if known else new_id("con")
        values = {
            "secrets": seal(json.dumps(list(secrets)), f"{connection_id}:secrets"),
            "options": dict(options),
            "serves": serves,
        }
        Connection.objects.update_or_create(
            store_id=store_id,
            adapter=adapter,
            defaults=values,
            create_defaults={"id": connection_id, "created_at": clock.now(), **values},
        )


def connect_shop(
    store_id: str,
    adapter: str,
    credentials: Mapping[str, str],
    options: Mapping[str, Any],
    *,
    coupon_url: str,
) -> None:
    """Keep what opens the API of the store's shop (encrypted), what else its adapter takes
    (readable) and where its coupons are made. Replaces what was there, but the secret by which
    the shop's deliveries are proven stays.

    Raises BadStore without credentials, and where `adapter` is an account of another kind.
    """
    if not credentials or not all(credentials.values()):
        raise BadStore("A shop is connected with credentials that are not empty.")
    with write_gate(), transaction.atomic(), scope(store=store_id):
        known = Connection.objects.filter(adapter=adapter).first()
        if known is None:
            _connect(store_id, adapter, coupon_url)
            known = Connection.objects.get(adapter=adapter)
        if known.serves != SHOP:
            raise BadStore(f"{adapter!r} is an account of this store's, not its shop.")
        Connection.objects.filter(id=known.id).update(
            credentials=seal(json.dumps(dict(credentials)), f"{known.id}:credentials"),
            options=dict(options),
            coupon_url=coupon_url,
        )


def add_shop(store_id: str, adapter: str) -> str:
    """Connect a shop that tells by itself, through a plug-in or a program of the merchant's. Gives
    the secret by which its deliveries are proven: the only time it is seen.

    Raises BadStore where something of that name is connected already.
    """
    with write_gate(), transaction.atomic(), scope(store=store_id):
        if Connection.objects.filter(adapter=adapter).exists():
            raise BadStore(f"This store has a connection named {adapter!r} already.")
        return _connect(store_id, adapter, coupon_url="")


def disconnect_shop(store_id: str, adapter: str) -> None:
    """Forget how the store's shop is connected, with all its secrets: what it delivers is refused
    from now on. Raises BadStore where no shop is connected by that name."""
    with write_gate(), transaction.atomic(), scope(store=store_id):
        gone, _ = Connection.objects.filter(adapter=adapter, serves=SHOP).delete()
    if not gone:
        raise BadStore(f"No shop of this store is connected through {adapter!r}.")


def disconnect(store_id: str, adapter: str) -> None:
    """Forget an account with its secrets. Raises BadStore where the store has none of that name;
    a shop's connection is none."""
    with write_gate(), transaction.atomic(), scope(store=store_id):
        gone, _ = Connection.objects.filter(adapter=adapter).exclude(serves=SHOP).delete()
    if not gone:
        raise BadStore(f"This store has no account named {adapter!r}.")


def add_member(store_id: str, username: str, password: str, role: str = "owner") -> None:
    """Give somebody the store's desk; makes the user when there is none of that name."""
    users = get_user_model().objects
    with write_gate(), transaction.atomic(), scope(store=store_id):
        user = users.filter(username=username).first()
        if user is None:
            user = users.create_user(username=username, password=password)
        Member.objects.get_or_create(store_id=store_id, user=user, defaults={"role": role})
