"""Whether a store can keep what a programme promises: its shop, its currency, its catalogue.

Pure: a document and what is known of the store in, findings out. `surroundings` reads what is
known. Asked when a programme is saved, not when a document is read: what was promised once stays
a promise when the shop changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import get_args

import msgspec

from wordmouth.programs.document import (
    Eligibility,
    Kind,
    ProgramDocument,
    RedemptionOption,
    Reward,
)
from wordmouth.programs.finding import Finding, Path, shown
from wordmouth.programs.ports import Abilities


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a store.

    `currencies` are those it uses, its own first; `products` are the names of those products of
    the document that the catalogue knows, by id, and `nearest` for others what might be meant,
    as (id, name); `categories` those that there are products in; `today` is the day.
    """

    abilities: Abilities
    currencies: Sequence[str]
    products: Mapping[str, str]
    nearest: Mapping[str, Sequence[tuple[str, str]]]
    categories: frozenset[str]
    catalogue_size: int
    today: date


def fit(document: ProgramDocument, known: Surroundings) -> list[Finding]:
    """Everything in the document that the store cannot keep."""
    return [
        *_check_kinds(document, known.abilities),
        *_check_currency(document, known.currencies),
        *_check_products(document, known),
        *_check_access(document, known.today),
    ]


def rewards(document: ProgramDocument) -> Iterator[tuple[Path, Reward]]:
    """Every reward that the document promises, with its place."""
    for index, offer in enumerate(document.offers):
        if offer.friend is not None:
            yield ("offers", index, "friend"), offer.friend
        for number, reward in enumerate(offer.advocate):
            yield ("offers", index, "advocate", number), reward


def products(document: ProgramDocument) -> Iterator[tuple[Path, str]]:
    """Every product that the document names, with its place."""
    for place, reward in rewards(document):
        if reward.product is not None:
            yield (*place, "product"), reward.product
        if reward.access is not None:
            for index, product in enumerate(reward.access.products):
                yield (*place, "access", "products", index), product
    yield from _named(document.eligibility, "products")
    for place, option in _options(document):
        if option.product is not None:
            yield (*place, "product"), option.product


def categories(document: ProgramDocument) -> Iterator[tuple[Path, str]]:
    """Every category that the document names, with its place."""
    for place, reward in rewards(document):
        if reward.access is not None and reward.access.category is not None:
            yield (*place, "access", "category"), reward.access.category
    yield from _named(document.eligibility, "categories")


def _named(eligibility: Eligibility, key: str) -> Iterator[tuple[Path, str]]:
    for which in ("include", "exclude"):
        goods = getattr(eligibility, which)
        for index, name in enumerate(getattr(goods, key) if goods else ()):
            yield ("eligibility", which, key, index), name


def _options(document: ProgramDocument) -> Iterator[tuple[Path, RedemptionOption]]:
    for index, option in enumerate(document.wallet.redemptions):
        yield ("wallet", "redemptions", index), option


def _check_kinds(document: ProgramDocument, abilities: Abilities) -> Iterator[Finding]:
    can = tuple(kind for kind in get_args(Kind) if kind in abilities.kinds)
    promised = [(place, reward.kind) for place, reward in rewards(document)]
    for place, kind in (*promised, *((place, one.kind) for place, one in _options(document))):
        if kind not in abilities.kinds:
            why = abilities.why_not.get(kind, "the shop's connection has no way to do it")
            message = f"this store cannot give {kind}: {why}"
            yield Finding((*place, "kind"), message, can)


def _check_currency(document: ProgramDocument, used: Sequence[str]) -> Iterator[Finding]:
    currency = document.currency
    if currency is not None and currency not in used:
        message = f'this store does not use {currency}; write currency = "{used[0]}"'
        yield Finding(("eligibility", "currency"), message, tuple(used))


def _check_products(document: ProgramDocument, known: Surroundings) -> Iterator[Finding]:
    for place, product in products(document):
        if product not in known.products:
            yield Finding(place, f"{_unknown(product, known)}")


def _unknown(product: str, known: Surroundings) -> str:
    if not known.catalogue_size:
        return (
            f"the product {shown(product)} is not known, for the catalogue is empty: products "
            "become known when the shop delivers them as product.snapshot"
        )
    near = known.nearest.get(product, ())
    if not near:
        return f"the catalogue has no product {shown(product)}; write the shop's id of one it has"
    names = " or ".join(f"{shown(each)} ({name})" if name else shown(each) for each, name in near)
    return f"the catalogue has no product {shown(product)}; did you mean {names}?"


def _check_access(document: ProgramDocument, today: date) -> Iterator[Finding]:
    for place, reward in rewards(document):
        if reward.access is not None and reward.access.until <= today:
            until, first = reward.access.until, today + timedelta(days=1)
            message = f"early access until {until} is over; write a day from {first} on"
            yield Finding((*place, "access", "until"), message)
