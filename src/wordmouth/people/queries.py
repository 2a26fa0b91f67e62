"""Questions about people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from wordmouth.people.facts import PersonFacts
from wordmouth.people.models import Person, PersonKey
from wordmouth.people.rules import canonical_email
from wordmouth.stores import rows
from wordmouth.stores.memory import Memory

ROOTS: Memory[str, str] = Memory()
"""The root of a person."""
MEMBERS: Memory[str, list[str]] = Memory()
"""All persons of a root."""
HOSTS: Memory[str, tuple[str, ...]] = Memory()
"""The hosts of all addresses of a root."""
MADE: Memory[str, None] = Memory()
"""Whom this store write has met for the first time."""
COLUMNS = ("id", "root_id", "email", "first_name", "last_name", "locale")


def persons(ids: Iterable[str]) -> dict[str, PersonFacts]:
    """Those persons by id; unknown ids are left out."""
    found = rows.read(Person, COLUMNS, id__in=ids)
    return {row[0]: PersonFacts(**dict(zip(_FIELDS, row, strict=True))) for row in found}


_FIELDS = tuple(name.removesuffix("_id") if name != "id" else name for name in COLUMNS)


def find(email: str) -> PersonFacts | None:
    """Who is known by this address. Raises BadEmail."""
    key = PersonKey.objects.filter(kind="email", value=canonical_email(email)).first()
    return persons([key.person_id]).get(key.person_id) if key else None


def by_customer(customer_id: str) -> PersonFacts | None:
    """Who is known by this id of the shop's."""
    key = PersonKey.objects.filter(kind="customer", value=customer_id).first()
    return persons([key.person_id]).get(key.person_id) if key else None


def roots(ids: Iterable[str]) -> dict[str, str]:
    """The root of each person."""
    return ROOTS.get(ids, _roots)


def _roots(ids: Collection[str]) -> dict[str, str]:
    return dict(rows.read(Person, ("id", "root_id"), id__in=ids))


def members(of: Iterable[str]) -> dict[str, list[str]]:
    """All persons of each root."""
    return MEMBERS.get(of, _members)


def _members(of: Collection[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for person, root in rows.read(Person, ("id", "root_id"), order_by=("id",), root_id__in=of):
        found[root].append(person)
    return dict(found)


def email_hosts(of: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The hosts of all addresses that each root was ever known by: evidence without addresses."""
    return HOSTS.get(of, _email_hosts)


def _email_hosts(of: Collection[str]) -> dict[str, tuple[str, ...]]:
    root_of = {person: root for root, persons in members(of).items() for person in persons}
    found: dict[str, set[str]] = defaultdict(set)
    # The kind is looked at here: asked for in the statement, it is every address of the store.
    keys = rows.read(PersonKey, ("person_id", "kind", "value"), person_id__in=root_of)
    for person, kind, value in keys:
        if kind == "email":
            found[root_of[person]].add(host_of(value))
    return {root: tuple(sorted(hosts)) for root, hosts in found.items()}


def host_of(address: str) -> str:
    """What stands behind the @ of an address."""
    return address.rpartition("@")[2]


def met() -> set[str]:
    """Whom this store write has met for the first time."""
    return MADE.keys()


def all_roots() -> list[str]:
    """Every human of the store, by root."""
    roots = Person.objects.order_by("root_id").values_list("root_id", flat=True)
    return list(roots.distinct())
