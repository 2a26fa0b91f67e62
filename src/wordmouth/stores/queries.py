"""Questions about stores. They need no scope: a store is what everything else is scoped by."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django_scopes import scopes_disabled

from wordmouth.kit.errors import NotFound
from wordmouth.stores.facts import BESIDE_THE_SHOP, SHOP, ConnectionFacts, StoreFacts
from wordmouth.stores.models import Connection, Member, Store
from wordmouth.stores.rows import read_everywhere
from wordmouth.stores.vault import unseal

_NAMES = StoreFacts.__struct_fields__


def facts_of(store: Store) -> StoreFacts:
    """A row as facts."""
    return StoreFacts(**{name: getattr(store, name) for name in _NAMES})


def _one(**by: Any) -> StoreFacts:
    found = read_everywhere(Store, _NAMES, **by)
    if not found:
        raise NotFound("There is no such store.")
    return StoreFacts(**dict(zip(_NAMES, found[0], strict=True)))


def store(store_id: str) -> StoreFacts:
    """The store with this id. Raises NotFound."""
    return _one(id=store_id)


def store_by_slug(slug: str) -> StoreFacts:
    """The store with this slug. Raises NotFound."""
    return _one(slug=slug)


def store_by_host(host: str) -> StoreFacts | None:
    """The store that answers under this host name, if any."""
    found = Store.objects.filter(host=host.lower()).exclude(host="").first()
    return facts_of(found) if found else None


def list_stores() -> list[StoreFacts]:
    """All stores of this installation, oldest first."""
    return [facts_of(store) for store in Store.objects.order_by("id")]


def count() -> int:
    """How many stores this installation has."""
    return Store.objects.count()


def _connection_facts(row: Connection) -> ConnectionFacts:
    return ConnectionFacts(
        id=row.id,
        store_id=row.store_id,
        adapter=row.adapter,
        secrets=tuple(json.loads(unseal(row.secrets, f"{row.id}:secrets"))),
        coupon_url=row.coupon_url,
        options=row.options,
        serves=row.serves,
        credentials=(
            json.loads(unseal(row.credentials, f"{row.id}:credentials")) if row.credentials else {}
        ),
    )


def connections(store_id: str) -> list[ConnectionFacts]:
    """All shop connections of a store, with secrets opened."""
    return _connections(store_id, SHOP)


def connection(store_id: str, adapter: str) -> ConnectionFacts | None:
    """The store's connection to a shop through this adapter, if there is one."""
    return next(iter(_connections(store_id, SHOP, adapter=adapter)), None)


def connected_through(adapters: Iterable[str]) -> set[tuple[str, str]]:
    """Every store whose shop's API is open to us through one of these adapters, with the adapter.
    For work that is done by the clock."""
    with scopes_disabled():
        rows = Connection.objects.filter(serves=SHOP, adapter__in=list(adapters))
        return set(rows.exclude(credentials="").values_list("store_id", "adapter"))


def accounts(store_id: str, serves: str | None = None) -> list[ConnectionFacts]:
    """The store's accounts with those who make gift cards, carry out payouts or make rewards of
    their own, with secrets opened; `serves` picks one kind. Never a shop."""
    return _connections(store_id, *((serves,) if serves else BESIDE_THE_SHOP))


def _connections(store_id: str, *serves: str, **by: str) -> list[ConnectionFacts]:
    with scopes_disabled():
        rows = Connection.objects.filter(store_id=store_id, serves__in=serves, **by).order_by("id")
        return [_connection_facts(row) for row in rows]


def stores_of_user(user_id: int) -> list[StoreFacts]:
    """The stores whose desk this user may open."""
    with scopes_disabled():
        ids = list(Member.objects.filter(user_id=user_id).values_list("store_id", flat=True))
    return [facts_of(store) for store in Store.objects.filter(id__in=ids).order_by("id")]
