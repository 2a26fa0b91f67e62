"""Verbs on people: who is meant by a set of keys, in sets of customers."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import msgspec

from wordmouth.kit import clock, events
from wordmouth.kit.errors import NotFound
from wordmouth.kit.ids import new_id
from wordmouth.people import queries
from wordmouth.people.errors import BadEmail
from wordmouth.people.events import PersonLearned, PersonsMerged
from wordmouth.people.models import Person, PersonKey, PrivacyRequest
from wordmouth.people.rules import canonical_email
from wordmouth.people.snapshot import CustomerSnapshot, PrivacyAsk
from wordmouth.stores import rows, tables
from wordmouth.stores.records import new_record

Key = tuple[str, str]


def keys_of(customer: CustomerSnapshot) -> list[Key]:
    """The keys that a customer record tells; an unusable e-mail is no key."""
    keys: list[Key] = []
    if customer.email:
        with suppress(BadEmail):
            keys.append(("email", canonical_email(customer.email)))
    if customer.id:
        keys.append(("customer", customer.id))
    return keys


def resolve(
    store_id: str,
    customers: Sequence[CustomerSnapshot | None],
    known: Sequence[str | None] | None = None,
) -> list[str | None]:
    """The person behind each customer record, made where new; None where there is no key.

    `known` names persons already known to stand behind a record (an order's buyer so far): the
    record's keys then name the same human. Keys told together make one human, so persons merge.
    """
    telling = [keys_of(customer) if customer else [] for customer in customers]
    hints: list[str | None] = list(known) if known is not None else [None] * len(customers)
    if not any(telling):
        return hints
    book = _Book(store_id, {key for keys in telling for key in keys}, hints)
    answer = [book.place(*told) for told in zip(customers, telling, hints, strict=True)]
    book.write()
    return answer


class _Book:
    """The keys and persons that one call touches: read once, joined in memory, written once."""

    def __init__(self, store_id: str, keys: set[Key], hints: Sequence[str | None]) -> None:
        self.store_id = store_id
        self.person_of = _known_keys(keys)
        ids = {*self.person_of.values(), *(hint for hint in hints if hint)}
        self.persons = {row.id: row for row in rows.read_records(Person, id__in=ids)}
        self.root_of = {row.id: row.root_id for row in self.persons.values()}
        self.now = clock.now()
        self.new_persons: list[Person] = []
        self.made: set[str] = set()
        self.new_keys: list[dict[str, str]] = []
        self.renamed: dict[str, Person] = {}
        self.merged: list[tuple[str, str]] = []

    def place(
        self, customer: CustomerSnapshot | None, keys: Sequence[Key], hint: str | None
    ) -> str | None:
        """The person for one record; joins everybody the record names."""
        named = [self.person_of[key] for key in keys if key in self.person_of]
        if hint:
            named.insert(0, hint)
        if not named and not keys:
            return None
        person = named[0] if named else self._add(customer)
        for key in keys:
            if key not in self.person_of:
                self._learn(key, person)
        for other in named[1:]:
            self._join(person, other)
        if customer is not None:
            self._rename(self.persons[person], customer)
        return person

    def _add(self, customer: CustomerSnapshot | None) -> str:
        key, made = new_id("per"), self.now
        new = new_record(Person, id=key, root_id=key, store_id=self.store_id, created_at=made)
        self.persons[new.id] = new
        self.root_of[new.id] = new.id
        self.new_persons.append(new)
        self.made.add(new.id)
        return new.id

    def _learn(self, key: Key, person: str) -> None:
        self.person_of[key] = person
        kind, value = key
        self.new_keys.append(
            {"store_id": self.store_id, "kind": kind, "value": value, "person_id": person}
        )

    def _join(self, one: str, other: str) -> None:
        winner, loser = sorted((self._root(one), self._root(other)))
        if winner != loser:
            self.merged.append((winner, loser))
            self.root_of[loser] = winner

    def _root(self, person: str) -> str:
        root = self.root_of.setdefault(person, person)
        while self.root_of.get(root, root) != root:
            root = self.root_of[root]
        return root

    def _rename(self, person: Person, customer: CustomerSnapshot) -> None:
        """The newest told name and address are shown; what is not told is kept."""
        changed = False
        for field in ("email", "first_name", "last_name", "locale"):
            told = (getattr(customer, field) or "").strip()
            if told and told != getattr(person, field):
                setattr(person, field, told[: 254 if field == "email" else 120])
                changed = True
        if changed and person.id not in self.made:
            self.renamed[person.id] = person

    def write(self) -> None:
        """Store what is new; on a merge, everybody of the lost root follows the winner."""
        self._remember()
        tables.insert_rows(self.new_persons)
        tables.insert_values(PersonKey, self.new_keys)
        if self.renamed:
            fields = ["email", "first_name", "last_name", "locale"]
            Person.objects.bulk_update(list(self.renamed.values()), fields)
        learned = {self._root(person) for person in self._met()}
        events.emit(*(PersonLearned(store_id=self.store_id, root=r) for r in sorted(learned)))
        for winner, loser in self.merged:
            Person.objects.filter(root=loser).update(root=winner)
            events.emit(PersonsMerged(store_id=self.store_id, root=winner, absorbed=loser))

    def _remember(self) -> None:
        """Whoever is new is a human of their own, known by what was told now."""
        addresses: dict[str, set[str]] = {person: set() for person in self.made}
        for key in self.new_keys:
            hosts = addresses.get(key["person_id"])
            if hosts is not None and key["kind"] == "email":
                hosts.add(queries.host_of(key["value"]))
        queries.MADE.put(dict.fromkeys(self.made))
        queries.ROOTS.put({person: person for person in self.made})
        queries.MEMBERS.put({person: [person] for person in self.made})
        queries.HOSTS.put({person: tuple(sorted(hosts)) for person, hosts in addresses.items()})
        if self.merged:
            queries.ROOTS.clear()
            queries.MEMBERS.clear()
            queries.HOSTS.clear()
        queries.HOSTS.forget(self._root(person) for person in self._met())

    def _met(self) -> set[str]:
        """Whom the store knew, and now by another key as well."""
        return {key["person_id"] for key in self.new_keys} - self.made


def _known_keys(keys: set[Key]) -> dict[Key, str]:
    found: dict[Key, str] = {}
    for kind in ("email", "customer"):
        values = [value for k, value in keys if k == kind]
        known = rows.read(PersonKey, ("value", "person_id"), kind=kind, value__in=values)
        found |= {(kind, value): person for value, person in known}
    return found


def person_for(store_id: str, customer: CustomerSnapshot) -> str:
    """The one person behind a record that must have an e-mail. Raises BadEmail."""
    canonical_email(customer.email or "")
    person = resolve(store_id, [customer])[0]
    if person is None:
        raise BadEmail("An e-mail address is needed.")
    return person


def take(store_id: str, customers: Sequence[CustomerSnapshot]) -> None:
    """Learn customer records from the shop."""
    resolve(store_id, [msgspec.structs.replace(c, id=c.id or None) for c in customers])


def keep_asks(store_id: str, adapter: str, asks: Sequence[PrivacyAsk]) -> None:
    """Keep what was asked about personal data through a shop, until somebody says that it is done.
    What is asked again while it is open is the same request."""
    for each in asks:
        who = each.customer or CustomerSnapshot()
        told = {
            "store_id": store_id,
            "adapter": adapter,
            "kind": each.kind,
            "customer": (who.id or "")[:120],
            "email": (who.email or "")[:254],
        }
        if not PrivacyRequest.objects.filter(done_at=None, **told).exists():
            PrivacyRequest.objects.create(id=new_id("prq"), asked_at=clock.now(), **told)


def close_request(request_id: str) -> None:
    """Somebody did what was asked; whom it was about is forgotten here. Raises NotFound where no
    such request is open."""
    row = PrivacyRequest.objects.filter(id=request_id, done_at=None)
    if not row.update(done_at=clock.now(), customer="", email=""):
        raise NotFound(f"No request {request_id!r} is open in this store.")
